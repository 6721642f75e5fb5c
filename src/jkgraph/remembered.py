"""Remembers what was made before, up to a bound, so that what is large fits in memory."""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Made = TypeVar("Made")

# A site of thousands of records is remembered whole.
MOST = 20_000


class Remembered(dict[Key, Made]):
    """What was made, by its name; all of it is forgotten when it becomes too much."""

    def __setitem__(self, name: Key, made: Made) -> None:
        """Remember something."""
        if len(self) >= MOST:
            self.clear()
        super().__setitem__(name, made)
