"""Writes the files of a site into its new folder; one that stays the same is not written again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from filecmp import cmp
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from jkgraph.site.bundle import Content

# Without a size Python would ask of every file whether it is a terminal.
BUFFER = 8192


class Output(NamedTuple):
    """The new folder of a site, with the folder that it replaces."""

    folder: Path
    before: Path

    def write(self, files: Iterable[tuple[str, Content]]) -> None:
        """Write files at their addresses; folders are made.

        A file that was there before with the same content becomes a second name of that one, and
        so keeps its time, by which programs that copy and servers see that nothing changed.
        """
        for name, content in files:
            try:
                self._put(name, content)
            except FileNotFoundError:
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                self._put(name, content)
            except FileExistsError:
                # Never into what is there: it can be a second name of a file that must stay.
                (self.folder / name).unlink()
                self._put(name, content)

    def _put(self, name: str, content: Content) -> None:
        path, old = f"{self.folder}/{name}", f"{self.before}/{name}"
        size = _size(old)
        if isinstance(content, bytes) and size == len(content) and _holds(old, content):
            # Not every disk knows second names.
            with suppress(OSError):
                os.link(old, path)
                return
        with open(path, "xb", BUFFER) as file:  # noqa: PTH123  (thousands of files: Path takes time)
            file.writelines([content] if isinstance(content, bytes) else content)
        if not isinstance(content, bytes) and size is not None and cmp(old, path, shallow=False):
            second = Path(path).with_name(f".{Path(path).name}")
            with suppress(OSError):
                os.link(old, second)
                second.replace(path)


def _holds(path: str, content: bytes) -> bool:
    try:
        return Path(path).read_bytes() == content
    except OSError:
        return False


def _size(path: str) -> int | None:
    """Return how long a plain file is; None where there is none."""
    try:
        stat = os.lstat(path)
    except OSError:
        return None
    return stat.st_size if S_ISREG(stat.st_mode) else None
