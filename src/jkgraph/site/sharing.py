"""Shares work among copies of this process, where the system makes such copies safely (Linux)."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
PR_SET_PDEATHSIG = 1
# More copies than this take more memory than time is gained.
MOST = 4
# Work is handed out in so many parts, that nobody waits long for the last; fewer are not shared.
PARTS = 200


def share(items: Sequence[Item], do: Callable[[Item], None], done: Callable[[int], None]) -> None:
    """Do something with every item, in any order; ``done`` is told now and then how many are.

    What is done must be worth the same when it is done twice: when a copy fails everything is
    done again here, in order, so that the first failure is the one that is raised.
    """
    number = _processes()
    if number == 1 or len(items) < PARTS or not _with_copies(number, items, do, done):
        for at, item in enumerate(items, 1):
            do(item)
            done(at)


def _processes() -> int:
    if sys.platform != "linux" or _threads() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST)


def _threads() -> int:
    """Count the threads of this process: a copy of one that has several may stand still."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def _with_copies(
    number: int, items: Sequence[Item], do: Callable[[Item], None], done: Callable[[int], None]
) -> bool:
    """Work together with copies, and tell whether all went well."""
    reader, writer = os.pipe()
    failed, failing = os.pipe()
    os.write(writer, bytes(range(PARTS)))
    os.close(writer)

    def work(told: Callable[[int], None]) -> None:
        for at in _taken(reader):
            for item in items[at::PARTS]:
                do(item)
            told(len(items) * (at + 1) // PARTS)

    def work_silently() -> None:
        # A copy alone would go on writing, and keep the lock of a build that was killed.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # What fails is done again where it can be raised; what is broken off needs no traceback.
        try:
            work(lambda _: None)
        except BaseException:
            os.write(failing, b"!")

    # What is looked at for garbage is written to, and so would be copied.
    gc.freeze()
    copies = [get_context("fork").Process(target=work_silently) for _ in range(number - 1)]
    for copy in copies:
        copy.start()
    try:
        work(done)
    except Exception:
        os.write(failing, b"!")
    finally:
        for copy in copies:
            copy.join()
        gc.unfreeze()
        os.close(failing)
        went_well = not os.read(failed, 1) and not any(copy.exitcode for copy in copies)
        os.close(reader)
        os.close(failed)
    return went_well


def _taken(reader: int) -> Iterator[int]:
    """Yield the parts that this process gets: each part goes to one process only."""
    while part := os.read(reader, 1):
        yield part[0]
