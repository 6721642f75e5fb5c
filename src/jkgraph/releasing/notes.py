"""What the changelog says of a release: its day, and what is new in each of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

# The parts that have a version of their own, as headings of the changelog name them.
SOFTWARE, ONTOLOGY, DATA = "Software", "Ontology", "Data"
_SECTION = re.compile(r"(?m)^## ")
_HEADING = re.compile(r"\[?([^\s\]]+)\]?(?: - (\S+))?\s*")
_PART = re.compile(r"(?m)^### (.+?)\s*$")


class Notes(NamedTuple):
    """A section of the changelog: the line of its heading, its day (or ""), and its text.

    ``parts`` are the headings in it that have something below them.
    """

    line: int
    day: str
    text: str
    parts: frozenset[str]

    def missing(self, versions: Iterable[tuple[str, str]]) -> list[str]:
        """Return the headings that are not there of some parts with their versions."""
        wanted = (f"{name} {version}" for name, version in versions)
        return [heading for heading in wanted if heading not in self.parts]


def notes_of(changelog: str, version: str) -> Notes | None:
    """Return the section about a version; None when there is none."""
    starts = [match.start() for match in _SECTION.finditer(changelog)]
    for start, end in zip(starts, [*starts[1:], len(changelog)], strict=True):
        heading, _, text = changelog[start:end].partition("\n")
        match = _HEADING.fullmatch(heading.removeprefix("## "))
        if match and match[1] == version:
            _, *parts = _PART.split(text)
            filled = (
                name for name, said in zip(parts[::2], parts[1::2], strict=True) if said.strip()
            )
            line = changelog.count("\n", 0, start) + 1
            return Notes(line, _day(match[2]), text.strip() + "\n", frozenset(filled))
    return None


def _day(text: str | None) -> str:
    try:
        return date.fromisoformat(text or "").isoformat()
    except ValueError:
        return ""
