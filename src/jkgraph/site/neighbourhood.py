"""Chooses the nearest neighbours of a record and gives each a place in a small picture."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jkgraph.site.values import Link, Row

FEWEST, MOST, PROPERTIES = 3, 10, 4
# Of a line of text: its height in the units of the picture, and its longest in letters.
LINE, LETTERS = 17, 30
# What a name leaves free for how many of how many are shown.
COUNT = 10
# Between properties, and between the neighbours by one of them.
GAP, SPACE = 9, 4


class Neighbour(NamedTuple):
    """A record in the picture: its name in lines, and the height of the first of them."""

    link: Link
    lines: tuple[str, ...]
    y: int


class Bundle(NamedTuple):
    """Neighbours by one property, ``shown`` of ``all``, with its name in lines and their height."""

    lines: tuple[str, ...]
    shown: int
    all: int
    y: int
    neighbours: tuple[Neighbour, ...]


class Neighbourhood(NamedTuple):
    """What leads to a record and where it leads, with the height of the picture.

    The sides begin at the heights ``left`` and ``right``. The record's own name stands in the
    middle, in lines; ``reach`` is half of its width.
    """

    incoming: tuple[Bundle, ...]
    outgoing: tuple[Bundle, ...]
    left: int
    right: int
    height: int
    name: tuple[str, ...]

    @property
    def reach(self) -> int:
        """How far the name goes to the left and to the right of the middle."""
        return 10 + 4 * max(map(len, self.name))


def neighbourhood(
    name: str, incoming: Iterable[Row], outgoing: Iterable[Row]
) -> Neighbourhood | None:
    """Choose neighbours from the links to and from a record.

    None where there are few, or on one side only: a list says that as well. Each side gets half
    of the places, and what the other side leaves, for the properties with most to show; each of
    these gets one before another gets its second. A record stands in the picture once.
    """
    seen: set[str] = set()
    sides = [_only_records(rows, seen) for rows in (outgoing, incoming)]
    sizes = [sum(len(links) for _, links in side) for side in sides]
    if sum(sizes) < FEWEST or not all(sizes):
        return None
    room = [max(MOST // 2, MOST - other) for other in reversed(sizes)]
    own = _lines(name, LETTERS * 2 // 3)
    (right, outward), (left, inward) = (
        _placed(_choose(side, most)) for side, most in zip(sides, room, strict=True)
    )
    height = max(left, right, len(own) * LINE)
    return Neighbourhood(inward, outward, (height - left) // 2, (height - right) // 2, height, own)


Links = tuple[str, list[Link]]
Chosen = tuple[str, int, list[Link]]


def _only_records(rows: Iterable[Row], seen: set[str]) -> list[Links]:
    found = []
    for row in rows:
        links = []
        for value in row.values:
            if isinstance(value, Link) and _is_record(value) and value.href not in seen:
                seen.add(value.href)
                links.append(value)
        if links:
            found.append((row.label, links))
    most = sorted(found, key=lambda links: len(links[1]), reverse=True)[:PROPERTIES]
    return [links for links in found if links in most]


def _is_record(link: Link) -> bool:
    return link.resource is not None and link.resource.kind is not None and not link.resource.place


def _choose(side: Sequence[Links], most: int) -> list[Chosen]:
    turns = sorted(
        (turn, place) for place, (_, links) in enumerate(side) for turn in range(len(links))
    )[:most]
    number = [sum(1 for _, place in turns if place == own) for own in range(len(side))]
    return [
        (label, len(links), links[:n]) for (label, links), n in zip(side, number, strict=True) if n
    ]


def _lines(text: str, letters: int = LETTERS) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, letters, break_long_words=False))


def _placed(side: Sequence[Chosen]) -> tuple[int, tuple[Bundle, ...]]:
    """Set a side out below each other; return the height that it takes too."""
    bundles, y = [], 0
    for label, number, links in side:
        name = _lines(label, LETTERS - (COUNT if number > len(links) else 0))
        start, neighbours = y, []
        y += LINE * len(name)
        for link in links:
            neighbours.append(Neighbour(link, _lines(link.text.text), y))
            y += LINE * len(neighbours[-1].lines) + SPACE
        bundles.append(Bundle(name, len(links), number, start, tuple(neighbours)))
        y += GAP
    return y - GAP - SPACE, tuple(bundles)
