"""Whatever fails, and whenever a command is killed: the old state stands, or the new one.

As a program (`python tests/test_nothing_lost.py FOLDER COMMAND TIMES SEED`) it kills a command so
many times, and tells what was found that is neither.
"""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from unittest.mock import patch

import pytest

from jkgraph import files, folders
from jkgraph.cli import main
from jkgraph.journal import recover
from jkgraph.workspace import open_workspace

BRIDGES = ("houten-brug", "oude-steenbrug", "spoorbrug")
UPDATE = 'INSERT { ?b skos:altLabel "Oversteek"@nl } WHERE { ?b a br:Bridge }'
COMMANDS = {
    "format": ("format",),
    "new": ("new", "bridge", "Ophaalbrug"),
    "withdraw": ("withdraw", "lange-vaart", "--reason", "Gedempt."),
    "merge": ("merge", "lange-vaart", "brede-stroom"),
    "update": ("update", "order.ru", "--yes"),
    "import": ("import", "bridge.csv", "--write"),
    "build": ("build",),
    "fix": ("validate", "--fix"),
}
State = dict[str, bytes]


def called(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run a command in this process; return its exit code and what it tells."""
    told = TextIOWrapper(BytesIO(), encoding="utf-8", newline="")
    words = ["jkgraph", "--root", str(folder), "--lang", "en", *arguments]
    with patch("sys.argv", words), redirect_stdout(told), redirect_stderr(told):
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
    told.flush()
    return code, told.buffer.getvalue().decode()


def prepare(folder: Path, command: str) -> None:
    """Give a command something to do."""
    if command in {"format", "fix"}:
        wrong = ("skos:prefLabel", "skos:prefLabell" if command == "fix" else " skos:prefLabel")
        for name in BRIDGES:
            file = folder / "data" / "bridge" / f"{name}.ttl"
            file.write_text(file.read_text("utf-8").replace(*wrong), "utf-8")
    elif command == "update":
        (folder / "order.ru").write_text(UPDATE, "utf-8")
    elif command == "import":
        text = called(folder, "export", "bridge", "--csv")[1]
        (folder / "bridge.csv").write_text(re.sub(r"(?m)^([a-z-]+;)", r"\1De ", text), "utf-8")
    elif command == "build":
        called(folder, "build")
        (folder / "data" / "bridge" / "spoorbrug.ttl").unlink()


def run_in(folder: Path, command: str) -> tuple[int, str]:
    """Run one of the commands, in the folder that its files stand in."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        return called(folder, *COMMANDS[command])
    finally:
        os.chdir(here)


def state(folder: Path) -> State:
    """Return what every file holds, but for what may be made again."""
    found = (path for path in folder.rglob("*") if path.is_file())
    cache = folder / "build" / "cache"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if not path.is_relative_to(cache)
    }


@contextmanager
def stopping(folder: Path, stop: Callable[[int, str], None]) -> Iterator[None]:
    """Call something with a number and a path before each step that changes a folder."""
    number = 0

    def told(place: object) -> None:
        nonlocal number
        name = f"/proc/self/fd/{place}" if isinstance(place, int) else str(place)
        path = os.path.realpath(name)
        if path.startswith(str(folder)) and "/build/cache" not in path:
            number += 1
            stop(number, path)

    def before(module: object, name: str) -> object:
        real = getattr(module, name)

        def step(place: object, *rest: object, **more: object) -> object:
            if name != "open" or int(rest[0] if rest else 0) & os.O_CREAT:
                told(place)
            return real(place, *rest, **more)

        return patch.object(module, name, step)

    def half(content: object, out: object) -> None:
        """Break off in the middle of what is written."""
        text = content.read()
        out.write(text[: len(text) // 2])
        out.flush()
        told(out.fileno())
        out.write(text[len(text) // 2 :])

    def opened(path: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if not mode.startswith("r"):
            told(path)
        return real(path, mode, *rest, **more)

    real = Path.open
    names = ("open", "fsync", "link", "replace", "rename", "unlink", "mkdir", "write")
    patches = [before(os, name) for name in names]
    patches += [before(folders, "_exchange"), patch.object(files, "copyfileobj", half)]
    patches.append(patch.object(Path, "open", opened))
    with ExitStack() as all_of_them:
        for one in patches:
            all_of_them.enter_context(one)
        yield


class Trial:
    """A command in a folder that can be set back: its old state, its new one, its steps."""

    def __init__(self, kept: Path, command: str) -> None:
        self.command, self._kept, self.folder = command, kept, kept.with_name("w")
        prepare(kept, command)
        self.set_back()
        self.old, self.steps = state(self.folder), 0
        with stopping(self.folder, self._count):
            code, told = run_in(self.folder, command)
        assert code == 0, told
        self.new = state(self.folder)
        assert self.new != self.old
        assert not any(
            "jkgraph-" in name for name in self.new.keys() - {"build/site/.jkgraph-site"}
        )

    def _count(self, number: int, _: str) -> None:
        self.steps = number

    def set_back(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._kept, self.folder)

    @property
    def is_done(self) -> bool:
        found = state(self.folder)
        return all(found.get(name) == content for name, content in self.new.items())

    def fault(self) -> str:
        """Tell what is wrong after the next command has looked; nothing when all is well."""
        if self.command == "build":
            # A build that was killed leaves its own work beside the site, until the next one.
            found = {n: c for n, c in state(self.folder).items() if "/.site.jkgraph-" not in n}
        else:
            recover(open_workspace(self.folder))
            found = state(self.folder)
        if found in (self.old, self.new):
            return ""
        names = self.old.keys() | self.new.keys() | found.keys()
        return (
            ", ".join(
                sorted(n for n in names if found.get(n) not in (self.old.get(n), self.new.get(n)))
            )
            or "part is old and part is new"
        )


def spread(steps: int, most: int) -> list[int]:
    """Choose some of the steps, the first and the last among them."""
    return sorted({round(1 + at * (steps - 1) / (most - 1)) for at in range(most)})


def failing(trial: Trial, at: int, code: int, *, lasting: bool) -> str:
    """Let a step fail, and those after it if asked; tell what is wrong then."""

    def stop(number: int, path: str) -> None:
        if number == at or (lasting and number > at):
            raise OSError(code, os.strerror(code), path)

    trial.set_back()
    with stopping(trial.folder, stop):
        ended, told = run_in(trial.folder, trial.command)
    if "Traceback" in told or ended not in {0, 2} or (ended and "jkgraph: " not in told):
        return told
    wrong = trial.fault()
    if not wrong and ended == 0 and not trial.is_done:
        return "ended well without having done it"
    return wrong


def try_faults(command: str, kept: Path, most: int | None) -> None:
    trial = Trial(kept, command)
    for at in spread(trial.steps, most) if most else range(1, trial.steps + 1):
        for code, lasting in ((errno.ENOSPC, True), (errno.EACCES, False)):
            wrong = failing(trial, at, code, lasting=lasting)
            assert not wrong, f"step {at} of {trial.steps}, {errno.errorcode[code]}: {wrong}"


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - {"build"}))
def test_a_fault_of_the_disk_leaves_all_or_nothing(command: str, minimal: Path) -> None:
    try_faults(command, minimal, 3)


@pytest.mark.full
@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_at_any_step_leaves_all_or_nothing(command: str, minimal: Path) -> None:
    try_faults(command, minimal, 30 if command == "build" else None)


def killed(trial: Trial, chance: random.Random, seconds: float) -> int:
    """Run a command in a copy of this process, and kill it at some step or moment.

    Returns the group of processes that its own copies are in, which may go on for a while.
    """
    at = chance.randint(1, trial.steps) if chance.random() < 0.7 else 0
    moment = chance.random() * seconds
    trial.set_back()
    copy = os.fork()
    if copy == 0:
        os.setsid()
        with stopping(trial.folder, lambda number, _: number == at and os.kill(os.getpid(), 9)):
            run_in(trial.folder, trial.command)
        os._exit(0)
    if not at:
        sleep(moment)
        os.kill(copy, signal.SIGKILL)
    os.waitpid(copy, 0)
    return copy


def kill(kept: Path, command: str, times: int, seed: int) -> None:
    """Kill a command some times, and tell what is left that is neither old nor new."""
    chance = random.Random(f"{command} {seed}")  # noqa: S311  (to be repeated)
    trial = Trial(kept, command)
    for number in range(times):
        group = killed(trial, chance, 0.4)
        if wrong := trial.fault():
            sys.stderr.write(f"kill {number}: {wrong}\n")
        # Else they could write into what is set back.
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    # The next command works, and clears away what was left.
    code, told = called(trial.folder, "build")
    left = [p.name for p in trial.folder.rglob(".*jkgraph-*") if p.name != ".jkgraph-site"]
    if code or left:
        sys.stderr.write(f"{code} {told} {left}\n")


@pytest.mark.parametrize("command", ["format", "import", "build"])
def test_a_killed_command_leaves_all_or_nothing(command: str, minimal: Path) -> None:
    assert ran_killing(minimal, command, 3 if command == "build" else 10) == ""


@pytest.mark.full
@pytest.mark.parametrize(
    ("command", "times"), [("format", 150), ("merge", 150), ("import", 150), ("build", 50)]
)
def test_a_command_killed_500_times_leaves_all_or_nothing(
    command: str, times: int, minimal: Path
) -> None:
    assert ran_killing(minimal, command, times) == ""


def ran_killing(kept: Path, command: str, times: int) -> str:
    """Kill in a process that has one thread, so that it can be copied."""
    words = [sys.executable, __file__, str(kept), command, str(times), "8"]
    # What is killed cannot clear its temporary folder away.
    with TemporaryDirectory() as passing:
        surroundings = {**os.environ, "TMPDIR": passing}
        done = subprocess.run(  # noqa: S603  (our own program)
            words, env=surroundings, capture_output=True, text=True, check=False
        )
    return done.stdout + done.stderr


if __name__ == "__main__":
    kill(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
