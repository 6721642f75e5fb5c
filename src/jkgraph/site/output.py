"""Writes the files of a site into its new folder; one that stays the same is not written again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple


class Output(NamedTuple):
    """The new folder of a site, with the folder that it replaces."""

    folder: Path
    before: Path

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
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

    def _put(self, name: str, content: bytes) -> None:
        path, old = self.folder / name, self.before / name
        if _holds(old, content):
            # Not every disk knows second names.
            with suppress(OSError):
                os.link(old, path)
                return
        with path.open("xb") as file:
            file.write(content)


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a path is a plain file with this content."""
    try:
        state = path.lstat()
        return (
            S_ISREG(state.st_mode)
            and state.st_size == len(content)
            and path.read_bytes() == content
        )
    except OSError:
        return False
