"""Files that stand beside the pages, put together as they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Bundle:
    """Files of a site that are made together: how, and where they stand.

    ``stems`` are their addresses without the last ending, or folders, with a slash at the end.
    """

    stems: tuple[str, ...]
    make: Callable[[], Files]
