"""Files that stand beside the pages, put together as they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

# What a file holds: at once, or piece by piece where that is too much to have at once. Pieces
# are to be taken before the next file is asked for.
Content = bytes | Iterator[bytes]
Files = Iterator[tuple[str, Content]]


def joined(content: Content) -> bytes:
    """Return all that a file holds."""
    return content if isinstance(content, bytes) else b"".join(content)


class Bundle(NamedTuple):
    """Files of a site that are made together: how, and where they stand.

    ``stems`` are their addresses without the last ending, or folders, with a slash at the end.
    """

    stems: tuple[str, ...]
    make: Callable[[], Files]


class Beside(Protocol):
    """The files that stand beside the pages, by their addresses from the root of the site."""

    def read(self, address: str) -> bytes:
        """Return what a file holds."""

    def size(self, address: str) -> int:
        """Return how many bytes a file has."""


class NotYet(Exception):  # noqa: N818  (nothing is wrong)
    """A file is asked for that may still be in the making."""


@dataclass
class Written:
    """Files that are in a folder; until that is ``complete`` nothing is told of them."""

    folder: Path
    complete: bool = True

    def read(self, address: str) -> bytes:
        """Return what a file holds."""
        return self._path(address).read_bytes()

    def size(self, address: str) -> int:
        """Return how many bytes a file has, without opening it."""
        return self._path(address).stat().st_size

    def _path(self, address: str) -> Path:
        if not self.complete:
            raise NotYet(address)
        return self.folder / address
