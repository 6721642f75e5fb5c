"""Shares work among copies of this process, where the system makes such copies safely (Linux)."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from jkgraph import memory

Item = TypeVar("Item")
PR_SET_PDEATHSIG = 1
# More copies than this take more memory than time is gained.
MOST = 4
# Work is handed out in so many parts, that nobody waits long for the last; fewer are not shared.
PARTS = 200


def share(
    items: Sequence[Item],
    do: Callable[[Item], bool],
    last: Callable[[Item], None],
    done: Callable[[int], None],
) -> None:
    """Do something with every item, in any order; ``done`` is told now and then how many are.

    What ``do`` says cannot be done yet is done with ``last``, when all others are.
    What is done must be worth the same when it is done twice: when a copy fails everything is
    done again here, in order, so that the first failure is the one that is raised. Whatever the
    copies start and remember is theirs: this process stays as small as it is, without threads.
    """
    number = _processes()
    if number == 1 or len(items) < PARTS or not _with_copies(number, items, do, last, done):
        late = []
        for at, item in enumerate(items, 1):
            if not do(item):
                late.append(item)
            done(at)
        for item in late:
            last(item)


def _processes() -> int:
    if sys.platform != "linux" or _threads() > 1:
        return 1
    # A copy may come to hold all that this process holds: what it looks at, it counts and changes.
    room = memory.available() // memory.in_use()
    return max(1, min(len(os.sched_getaffinity(0)), MOST, room))


def _threads() -> int:
    """Count the threads of this process: a copy of one that has several may stand still."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def _with_copies(
    number: int,
    items: Sequence[Item],
    do: Callable[[Item], bool],
    last: Callable[[Item], None],
    done: Callable[[int], None],
) -> bool:
    """Let copies do the work, and tell whether all of it was done."""
    handed = [
        _handed(range(PARTS * at // number, PARTS * (at + 1) // number)) for at in range(number)
    ]
    finished, finishing = os.pipe()
    rest, busy = os.pipe()

    # What is looked at for garbage is written to, and so would be copied; what is free too.
    gc.freeze()
    _give_back()
    work = partial(_take, items, do, last)
    ends = (_Pipes(handed[at:] + handed[:at], finishing, rest, busy) for at in range(number))
    copies = [get_context("fork").Process(target=work, args=(pipes,)) for pipes in ends]
    for copy in copies:
        copy.start()
    os.close(finishing)
    os.close(busy)
    ready = 0
    try:
        while part := os.read(finished, PARTS):
            ready += len(part)
            done(len(items) * ready // PARTS)
    except BaseException:
        for copy in copies:
            copy.kill()
        raise
    finally:
        for copy in copies:
            copy.join()
        gc.unfreeze()
        for end in (*handed, finished, rest):
            os.close(end)
    return ready == PARTS


def _handed(parts: Iterable[int]) -> int:
    """Return the end of a pipe where parts can be taken, each once."""
    end, handing = os.pipe()
    os.write(handing, bytes(parts))
    os.close(handing)
    return end


class _Pipes(NamedTuple):
    """Where a copy takes parts, its own first, and tells which are finished.

    All copies hold ``busy`` open while they do parts; ``rest`` ends when none does any more.
    """

    handed: Sequence[int]
    finishing: int
    rest: int
    busy: int


def _take(
    items: Sequence[Item],
    do: Callable[[Item], bool],
    last: Callable[[Item], None],
    pipes: _Pipes,
) -> None:
    """Do the parts that this copy gets, and tell of each that it is finished."""
    # A copy alone would go on writing, and keep the lock of a build that was killed.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    late: list[tuple[bytes, list[Item]]] = []
    try:
        for part in _parts(pipes):
            start, end = (len(items) * (part[0] + edge) // PARTS for edge in (0, 1))
            if left := [item for item in items[start:end] if not do(item)]:
                late.append((part, left))
            else:
                os.write(pipes.finishing, part)
        os.close(pipes.busy)
        os.read(pipes.rest, 1)
        for part, left in late:
            for item in left:
                last(item)
            os.write(pipes.finishing, part)
    except BaseException:
        # What fails is done again where it can be raised, so nothing more is handed out.
        for _ in _parts(pipes):
            pass


def _parts(pipes: _Pipes) -> Iterator[bytes]:
    """Take parts, neighbours first: what one needs is still remembered for the next."""
    for end in pipes.handed:
        while part := os.read(end, 1):
            yield part


def _give_back() -> None:
    """Give memory that is free back to the system, where the C library can do that on request."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
