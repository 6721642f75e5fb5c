"""Writing a folder so that nothing is lost: it takes the place of the old one when it is whole."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jkgraph.errors import JkgraphError
from jkgraph.files import lock, sync, writing

AT_FDCWD = -100
RENAME_EXCHANGE = 2


@contextmanager
def new_folder(target: Path, mark: str = "") -> Iterator[Path]:
    """Give a folder beside the target, which takes its place when nothing went wrong.

    ``mark`` is the name of a file by which a folder is known that may be replaced; without one
    none is.
    """
    with lock(beside(target, "lock")), writing(target):
        new, old = beside(target, "new"), beside(target, "old")
        # What a build left that was killed: perhaps between its two renames.
        if old.exists() and not target.exists():
            old.rename(target)
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        if target.exists() and any(target.iterdir()) and not (target / mark).is_file():
            raise JkgraphError("not-a-site", folder=target)
        try:
            new.mkdir()
            yield new
            if mark:
                (new / mark).write_text("", "utf-8")
            _take_place(new, target, old)
        finally:
            shutil.rmtree(new, ignore_errors=True)
            # When it could not be moved back, it is all there is.
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)


def beside(target: Path, end: str = "") -> Path:
    """Return what stands beside a folder while it is written; without an end, how it all begins."""
    return target.with_name(f".{target.name}.jkgraph-{end}")


def _take_place(new: Path, target: Path, old: Path) -> None:
    # Not before all of it is on the disk: a folder can be found again sooner than what it holds.
    if hasattr(os, "sync"):
        os.sync()
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        target.rename(old)
        try:
            new.rename(target)
        except OSError:
            old.rename(target)
            raise
    sync(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can (Linux)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = (os.fsencode(one), os.fsencode(other))
    return bool(rename(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0)
