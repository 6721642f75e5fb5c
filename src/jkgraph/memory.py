"""How many bytes of memory there are: of the machine, of this process, for a new one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def of_the_machine() -> float:
    """Return what the machine has; without end where that is not told."""
    with suppress(AttributeError, ValueError, OSError):
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return float("inf")


def in_use() -> int:
    """Return what this process has; 0 where that is not told."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    with suppress(ImportError):
        import resource

        # The systems without /proc count in bytes.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0


def available() -> int:
    """Return what a new process could have (Linux)."""
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) * 1024
