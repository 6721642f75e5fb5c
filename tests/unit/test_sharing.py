"""Work that is shared among copies of a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jkgraph import memory
from jkgraph.site import sharing
from jkgraph.site.sharing import PARTS, share

processes = sharing._processes
NUMBERS = range(3 * PARTS + 7)


@pytest.fixture(autouse=True, params=[1, 3])
def number(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Work alone, and with two copies where the system can make them."""
    copies = request.param if sys.platform == "linux" and sharing._threads() == 1 else 1
    monkeypatch.setattr(sharing, "_processes", lambda: copies)
    return int(request.param)


def never(_: int) -> None:
    """Nothing has to wait here."""
    raise AssertionError


def test_everything_is_done(tmp_path: Path) -> None:
    told: list[int] = []

    share(NUMBERS, lambda n: bool((tmp_path / str(n)).write_text("x")), never, told.append)

    assert {int(path.name) for path in tmp_path.iterdir()} == set(NUMBERS)
    assert told == sorted(told)
    assert told[-1] == len(NUMBERS)


def test_what_has_to_wait_is_done_when_all_else_is(tmp_path: Path) -> None:
    def do(n: int) -> bool:
        if n % 50:
            (tmp_path / str(n)).touch()
        return n % 50 != 0

    def last(n: int) -> None:
        assert {m for m in NUMBERS if m % 50} <= {int(path.name) for path in tmp_path.iterdir()}
        (tmp_path / str(n)).touch()

    share(NUMBERS, do, last, lambda _: None)

    assert {int(path.name) for path in tmp_path.iterdir()} == set(NUMBERS)


APART = """
import os, threading
from jkgraph.site import sharing

def do(n):
    threading.Thread(target=print, args=(os.getpid(),), daemon=True).start()
    return True

sharing._processes = lambda: 2
sharing.share(range(400), do, None, lambda _: None)
print("here", os.getpid(), sharing._threads())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
def test_what_copies_start_is_theirs() -> None:
    # A process that has threads could make no copies again.
    command = [sys.executable, "-u", "-c", APART]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  (our own text)

    *numbers, last = ran.stdout.split("\n")[:-1]
    _, here, threads = last.split()
    assert here not in numbers
    assert threads == "1"


def test_the_first_failure_is_raised() -> None:
    def fail(n: int) -> bool:
        if n % 5 == 4:
            raise ValueError(n)
        return True

    with pytest.raises(ValueError, match=r"^4$"):
        share(NUMBERS, fail, never, lambda _: None)


def test_the_first_failure_of_what_waits_is_raised() -> None:
    def fail(n: int) -> None:
        if n % 5 == 4:
            raise ValueError(n)

    with pytest.raises(ValueError, match=r"^4$"):
        share(NUMBERS, lambda n: n < 2, fail, lambda _: None)


def test_what_kills_a_copy_kills_no_work(tmp_path: Path) -> None:
    here = os.getpid()

    def die_elsewhere(n: int) -> bool:
        if os.getpid() != here:
            os._exit(3)
        (tmp_path / str(n)).touch()
        return True

    share(NUMBERS, die_elsewhere, never, lambda _: None)

    assert {int(path.name) for path in tmp_path.iterdir()} == set(NUMBERS)


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")
@pytest.mark.parametrize(("room", "copies"), [(0, 1), (1, 1), (2, 2), (100, 3)])
def test_there_are_no_more_copies_than_memory_has_room_for(
    monkeypatch: pytest.MonkeyPatch, room: int, copies: int
) -> None:
    monkeypatch.setattr(sharing, "_threads", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2})
    monkeypatch.setattr(memory, "available", lambda: room * memory.in_use() * 1.2)

    assert processes() == copies
