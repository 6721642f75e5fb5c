"""Where an input is tried: a small workspace with a secret beside it, watched from all sides.

A command runs in a copy of the process, so that whatever ends it ends the copy alone: too much
time or memory, a fault in a library, or the bounds of the engine itself.
"""

from __future__ import annotations

import io
import os
import re
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile

from jkgraph.cli import main

MINIMAL = Path(__file__).parent.parent / "workspaces" / "minimal"
HIDDEN = "GEHEIM"
# Seconds of the processor, and bytes, of one command; the smallest workspace needs a hundredth.
PATIENCE, MEMORY = 20, 4_000_000_000
# All that a terminal obeys, and the signs that turn the direction of what is read.
COMMANDS = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
BROKEN = 70
USUAL = (
    ["validate"],
    ["format", "--check"],
    ["query", "upstream"],
    ["query", "-e", "SELEKT"],
    ["export", "bridge", "--csv"],
    ["stats"],
    ["show", "houten-brug"],
    ["why", "houten-brug"],
)

Files = Mapping[str, bytes]


class Fault(AssertionError):  # noqa: N818 - the name tells what it is about
    """What may never happen has happened; ``sign`` is the same for the same fault."""

    def __init__(self, sign: str, told: str = "") -> None:
        super().__init__(f"{sign}\n{told[-1500:]}")
        self.sign = sign


class Arena:
    """A copy of the minimal workspace, which every trial gives back as it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "minimal"
        shutil.copytree(MINIMAL, self.root, ignore=shutil.ignore_patterns("build"))
        (folder / "outside").mkdir()
        (folder / "outside" / "secret.ttl").write_text(f"<urn:s> <urn:p> '{HIDDEN}' .", "utf-8")
        for command in USUAL:
            # What a command needs is loaded once, and not in every copy.
            self.output(*command)
        self._before = self._state()

    def output(self, *command: str) -> bytes:
        """Run a command in this process, and return what it writes."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in "oe")
        kept = sys.argv
        with redirect_stdout(out), redirect_stderr(err):
            self._run(command)
        sys.argv = kept
        out.flush()
        return out.buffer.getvalue()

    def _run(self, command: tuple[str, ...]) -> int:
        sys.argv = ["jkgraph", "--lang", "en", *command]
        with chdir(self.root):
            try:
                main()
            except SystemExit as stop:
                return int(stop.code or 0)
        return 0

    def attack(
        self, files: Files, *commands: tuple[str, ...], given: bytes = b"", may_write: str = "$^"
    ) -> None:
        """Plant files, run commands, and raise Fault when one does what it may not.

        ``may_write`` is the form of the names of the files that may change.
        """
        try:
            for name, content in files.items():
                self.root.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
                self.root.joinpath(name).write_bytes(content)
            planted = self._state()
            for command in commands:
                self._judge(command, *self._apart(command, given))
            now = self._state()
            for name in sorted(k for k in {*planted, *now} if planted.get(k) != now.get(k)):
                if not re.fullmatch(may_write, name):
                    raise Fault(f"wrote {name}")
        finally:
            self._restore()

    def _judge(self, command: tuple[str, ...], code: int, told: str) -> None:
        said = f"{' '.join(command)[:200]}\n{told}"
        if "Traceback" in told or "panicked" in told:
            raise Fault(sign_of(told), said)
        if code not in {0, 1, 2, 130}:
            raise Fault(f"{command[0]} ended with {code}", said)
        if HIDDEN in told:
            raise Fault(f"{command[0]} told the secret", said)
        is_data = {"-f", "--csv", "infer"} & {*command}
        if not is_data and (found := COMMANDS.search(told)):
            raise Fault(f"{command[0]} commands the terminal", f"{found[0]!r}\n{said}")
        if code == 2 and not re.search("^jkgraph: ", told, re.MULTILINE):
            raise Fault(f"{command[0]} does not say what is wrong", said)

    def _apart(self, command: tuple[str, ...], given: bytes) -> tuple[int, str]:
        with TemporaryFile() as out, TemporaryFile() as into:
            into.write(given)
            into.seek(0)
            copy = os.fork()
            if copy == 0:
                self._be_the_copy(command, out.fileno(), into.fileno())
            status = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
            out.seek(0)
            return status, out.read().decode("utf-8", "backslashreplace")

    def _be_the_copy(self, command: tuple[str, ...], out: int, given: int) -> None:
        code = BROKEN
        try:
            for number, place in ((0, given), (1, out), (2, out)):
                os.dup2(place, number)
            sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115  (kept)
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  (kept for the life of the copy)
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  (kept for the life of the copy)
            resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(3 * PATIENCE)
            code = self._run(command)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _state(self) -> dict[str, bytes]:
        """Return all files, but for what is kept and built."""
        kept = self.root / "build"
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and kept not in path.parents
        }

    def _restore(self) -> None:
        for name, content in self._state().items():
            if self._before.get(name) != content:
                self.folder.joinpath(name).unlink()
        for name, content in self._before.items():
            path = self.folder / name
            if not path.exists():
                path.write_bytes(content)


def sign_of(told: str) -> str:
    """Return what a traceback ends with: the place and the kind of error."""
    frames = re.findall(r'File "[^"]*/(?:src|site-packages)/([^"]+)", line \d+, in (\S+)', told)
    own = [f"{file}:{name}" for file, name in frames if file.startswith("jkgraph/")]
    kinds = re.findall(r"^([\w.]+(?:Error|Exception|Warning|Interrupt|Exit)\b)", told, re.MULTILINE)
    panic = re.search("panicked at [^\n]*", told)
    return " ".join(filter(None, [*own[-1:], *kinds[-1:], panic and panic[0]])) or "traceback"


@contextmanager
def watched(seconds: int = PATIENCE) -> Iterator[None]:
    """Turn what must not be raised into a Fault, and stop what takes too long."""

    def stop(*_: object) -> None:
        raise Fault(f"took longer than {seconds} s", "".join(traceback.format_stack()))

    kept = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        told = traceback.format_exc()
        raise Fault(sign_of(told), told) from error
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, kept)


Attempt = Callable[[Arena, bytes], None]
