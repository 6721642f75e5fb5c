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
            path = self.folder / name
            try:
                self._put(name, content)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._put(name, content)
            except FileExistsError:
                # Never into what is there: it can be a second name of a file that must stay.
                path.unlink()
                self._put(name, content)

    def _put(self, name: str, content: Content) -> None:
        path, old = self.folder / name, self.before / name
        if isinstance(content, bytes) and _holds(old, content):
            # Not every disk knows second names.
            with suppress(OSError):
                os.link(old, path)
                return
        with path.open("xb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        if not isinstance(content, bytes) and _is_plain(old) and cmp(old, path, shallow=False):
            second = path.with_name(f".{path.name}")
            with suppress(OSError):
                os.link(old, second)
                second.replace(path)


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a path is a plain file with this content."""
    try:
        is_as_long = path.lstat().st_size == len(content)
        return is_as_long and _is_plain(path) and path.read_bytes() == content
    except OSError:
        return False


def _is_plain(path: Path) -> bool:
    try:
        return S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
