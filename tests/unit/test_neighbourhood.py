"""A picture shows the nearest neighbours of a record: few, each once, or none at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from jkgraph.site.neighbourhood import MOST, PROPERTIES, Neighbourhood, neighbourhood
from jkgraph.site.values import Link, Row, Text


@dataclass(frozen=True)
class Thing:
    """As much of a resource as the picture looks at: a record, or a value at a place in a list."""

    kind: object = "a kind"
    place: int = 0


def row(label: str, *names: str, thing: Any = Thing()) -> Row:
    return Row(label, tuple(Link(f"{n}.html", Text(n), resource=thing) for n in names))


def names(side: Any) -> dict[str, list[str]]:
    return {" ".join(b.lines): [n.link.text.text for n in b.neighbours] for b in side}


def drawn(incoming: list[Row], outgoing: list[Row]) -> Neighbourhood:
    found = neighbourhood("Middle", incoming, outgoing)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("incoming", "outgoing"),
    [
        ([row("in", "a")], [row("out", "b")]),
        ([row("in", "a", "b", "c", "d")], []),
        ([], [row("out", "a", "b", "c", "d")]),
        ([row("in", "a")], [row("out", "b", "c", thing=Thing(place=1))]),
        ([row("in", "a")], [Row("out", (Text("b"), Link("c", Text("c"), external=True)))]),
    ],
    ids=["few", "only in", "only out", "values of a list", "texts and other sites"],
)
def test_there_is_no_picture_where_it_would_say_nothing(incoming: Any, outgoing: Any) -> None:
    assert neighbourhood("Middle", incoming, outgoing) is None


def test_a_picture_has_what_leads_here_on_one_side_and_where_this_leads_on_the_other() -> None:
    found = drawn([row("in", "a", "b")], [row("out", "c")])

    assert (names(found.incoming), names(found.outgoing)) == ({"in": ["a", "b"]}, {"out": ["c"]})


def test_a_neighbour_stands_in_a_picture_once() -> None:
    found = drawn([row("in", "a", "b", "c")], [row("out", "a"), row("other", "a", "d")])

    assert names(found.outgoing) == {"out": ["a"], "other": ["d"]}
    assert names(found.incoming) == {"in": ["b", "c"]}


def test_a_picture_stays_small_and_tells_how_many_there_are() -> None:
    many = [row(f"p{p}", *(f"{p}-{n}" for n in range(20 + p))) for p in range(9)]
    found = drawn(many, [row("out", "x", "y", "z")])

    assert sum(bundle.shown for side in (found.incoming, found.outgoing) for bundle in side) == MOST
    assert [" ".join(bundle.lines) for bundle in found.incoming] == ["p5", "p6", "p7", "p8"]
    assert len(found.incoming) == PROPERTIES
    assert (found.incoming[0].shown, found.incoming[0].all) == (2, 25)


def test_no_name_is_cut_off_and_none_stands_over_another() -> None:
    long = "A name of many words that does not fit on one line of the picture at all"
    found = drawn([row("in", long, "b"), row("to", "c")], [row("out", "d")])

    first = found.incoming[0].neighbours[0]
    assert " ".join(first.lines) == long
    assert len(first.lines) > 1
    heights = [y for b in found.incoming for y in (b.y, *(n.y for n in b.neighbours))]
    assert heights == sorted(set(heights))
    assert heights[-1] < found.height
