"""Writing files so that nothing is lost: the new text stands whole, or the old one does.

What is new is written beside its place and takes it in one step, when the disk has it.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from time import monotonic, sleep
from typing import BinaryIO

from jkgraph.errors import JkgraphError, unwritable

try:
    import fcntl
except ImportError:  # Windows, where nothing is locked
    fcntl = None  # type: ignore[assignment]  # not on Windows

NEW = ".jkgraph-new"
# How long an impatient look at a lock may take.
MOMENT = 0.02


def replace_text(path: Path, text: str) -> None:
    """Replace the text of a file as `replace_content` does."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Replace the content of a file as `replace_content` does."""
    replace_content(path, io.BytesIO(content))


def replace_content(path: Path, content: BinaryIO) -> None:
    """Replace the content of a file in one step by what can be read; folders are made.

    The file keeps its permissions, and a link goes on leading to it. Raises JkgraphError when
    it cannot be written; then everything is as it was.
    """
    place = path.resolve()
    with writing(path):
        _sweep(place)
        new = prepare(place, content)
        try:
            put(new, place)
        except BaseException:
            drop(new)
            raise


def prepare(path: Path, content: BinaryIO) -> Path:
    """Write the content that a file is to have into a file beside it, and return that one.

    Raises OSError; then nothing is left of it.
    """
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    # A folder is for its owner to change all the same, and who may do everything may do this.
    if mode is not None and not (mode & 0o222 and os.access(path, os.W_OK)):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}{NEW}")
    drop(new)
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as out:
            copyfileobj(content, out)
            out.flush()
            if mode is not None:
                new.chmod(mode)
            os.fsync(out.fileno())
    except BaseException:
        drop(new)
        raise
    return new


def put(new: Path, path: Path) -> None:
    """Let a file take the place of another, so that it lasts."""
    new.replace(path)
    sync(path.parent)


def drop(path: Path) -> None:
    """Take a file away that nobody needs, if there is one and that is allowed."""
    with suppress(OSError):
        path.unlink()


def sync(folder: Path) -> None:
    """Let the disk know what is in a folder now, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell in people's words why a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def _sweep(path: Path) -> None:
    """Take away what commands that were killed wrote beside a file."""
    start = f".{path.name}."
    for left in path.parent.iterdir() if path.parent.is_dir() else ():
        if left.name.startswith(start) and left.name.endswith(NEW):
            maker = left.name[len(start) : -len(NEW)]
            if maker.isdecimal() and not _is_running(int(maker)):
                drop(left)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


@contextmanager
def lock(path: Path, seconds: float = 0) -> Iterator[None]:
    """Hold a file that one process at a time can hold; a process that is gone holds nothing.

    Raises JkgraphError when another one holds it for longer than some seconds.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _held(path, monotonic() + seconds)
    try:
        yield
    finally:
        drop(path)
        os.close(handle)


def _held(path: Path, until: float) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        try:
            if fcntl:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its last holder may have taken it away meanwhile.
            if os.path.samestat(os.fstat(handle), path.stat()):
                os.truncate(handle, 0)
                os.write(handle, str(os.getpid()).encode())
                return handle
        except FileNotFoundError:
            pass
        except BlockingIOError as error:
            if monotonic() > until:
                holder = os.read(handle, 20).decode("ascii", "replace")
                os.close(handle)
                raise JkgraphError("busy", process=holder, file=path) from error
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        sleep(MOMENT)
