"""Runs commands as fresh processes, in turns, and keeps time, peak memory and output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

import psutil

PYTHON = sys.executable
HERE = Path(__file__).parent
# Compiled modules and templates are kept, as they are for whoever runs a command again.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
# After this many seconds a side is not run again, however few times that was.
ENOUGH = 12
RUSAGE_UNIT = 1024 if sys.platform == "darwin" else 1

Command = Sequence[str]


@dataclass(frozen=True)
class Ran:
    """What one run took, and what it said.

    Computing is the time of all its processes. Megabytes are those of its largest process;
    ``together`` those of all at one time, what they share counted once, where it was watched.
    """

    seconds: float
    megabytes: float
    out: str
    computing: float = 0.0
    together: float = 0.0

    @property
    def data(self) -> Any:
        """What a measuring child says."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Side:
    """All runs of one command."""

    runs: tuple[Ran, ...]

    @property
    def seconds(self) -> float:
        """The median time."""
        return median(run.seconds for run in self.runs)

    @property
    def computing(self) -> float:
        """The median computing time."""
        return median(run.computing for run in self.runs)

    @property
    def megabytes(self) -> float:
        """The median peak memory."""
        return median(run.megabytes for run in self.runs)

    def padded(self, number: int) -> tuple[Ran, ...]:
        """Return so many runs: the last one again where there were fewer."""
        return self.runs + self.runs[-1:] * (number - len(self.runs))

    @property
    def out(self) -> str:
        """What the last run said."""
        return self.runs[-1].out


def pass_by() -> None:
    """Do nothing."""


def run(
    command: Command,
    *,
    fails: bool = False,
    watched: bool = False,
    before: Callable[[], None] = pass_by,
) -> Ran:
    """Run a command to its end; one that fails without leave is an error."""
    before()
    # What others wrote must not wait for the disk within this time.
    os.sync()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=errors, env=ENVIRONMENT)  # noqa: S603  (our own)
        with _watching(child.pid) if watched else nullcontext([0.0]) as sums:
            _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, errors):
            stream.seek(0)
        if child.returncode and not (fails and child.returncode == 1):
            told = errors.read().decode(errors="replace")
            raise SystemExit(f"{' '.join(command)}\n{told}")
        computing = usage.ru_utime + usage.ru_stime
        largest, said = usage.ru_maxrss / RUSAGE_UNIT / 1024, out.read().decode()
        return Ran(seconds, largest, said, computing, max(sums))


@contextmanager
def _watching(process: int) -> Iterator[list[float]]:
    """Note each second how many megabytes a process and its copies have together."""
    sums, ended = [0.0], Event()

    def watch() -> None:
        while not ended.wait(1):
            # Any of them may end meanwhile, and not every system tells this.
            with suppress(psutil.Error, AttributeError):
                first = psutil.Process(process)
                family = [first, *first.children(recursive=True)]
                sums.append(sum(one.memory_full_info().pss for one in family) / 2**20)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield sums
    finally:
        ended.set()
        watcher.join()


def race(
    commands: Mapping[str, Command],
    *,
    times: int = 5,
    least: int = 1,
    fails: bool = False,
    before: Callable[[], None] = pass_by,
) -> dict[str, Side]:
    """Run commands in turns, each turn in the opposite order, and return their runs.

    What takes long is run fewer times, but not fewer than the least.

    Something may have to be done before each run, outside the time that is measured.
    Files are read once before that, by the first command, so that no side reads them from disk.
    """
    names = list(commands)
    run(commands[names[0]], fails=fails)
    runs: dict[str, list[Ran]] = {name: [] for name in names}
    for turn in range(times):
        for name in names if turn % 2 == 0 else reversed(names):
            if turn < least or sum(r.seconds for r in runs[name]) < ENOUGH:
                runs[name].append(run(commands[name], fails=fails, before=before))
    return {name: Side(tuple(done)) for name, done in runs.items()}


def script(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a script of this folder."""
    return [PYTHON, str(HERE / f"{name}.py"), *map(str, arguments)]


def beside(name: str) -> str:
    """Return a program that is installed with this interpreter."""
    return str(Path(PYTHON).with_name(name))


def jkgraph(root: Path, *arguments: object) -> list[str]:
    """Return the command that runs the engine on a workspace."""
    return [beside("jkgraph"), "--root", str(root), *map(str, arguments)]
