"""What an edit changes in what a record says: by resource and property, not by line."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import NamedTuple, cast

import pyoxigraph as ox

from jkgraph.edits import Edit
from jkgraph.graph import Node, Term
from jkgraph.iri import natural_order
from jkgraph.turtle import parse

_Place = tuple[Node, ox.NamedNode]
Statement = tuple[Node, ox.NamedNode, Term]


class Fate(Enum):
    """What becomes of a record."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Change(NamedTuple):
    """The values of one property of a record, or of a part of it, that come and go."""

    subject: Node
    predicate: ox.NamedNode
    removed: tuple[Term, ...]
    added: tuple[Term, ...]


class Difference(NamedTuple):
    """What an edit does to the record of its file; ``changes`` are in the order of writing."""

    edit: Edit
    fate: Fate
    changes: tuple[Change, ...]


def difference(edit: Edit) -> Difference | None:
    """Tell what an edit changes; None when the record says the same as before.

    Raises TurtleSyntaxError when one of the texts cannot be read.
    """
    changes = changes_between(statements(edit.before), statements(edit.after))
    if edit.before is None or edit.after is None:
        return Difference(edit, Fate.ADDED if edit.before is None else Fate.REMOVED, changes)
    return Difference(edit, Fate.CHANGED, changes) if changes else None


@lru_cache(512)
def statements(text: str | None) -> frozenset[Statement]:
    """Return what a text says; no text says nothing. What was read last is remembered."""
    # Triples about triples are refused on reading.
    triples = parse(text).triples if text else ()
    return frozenset((cast("Node", t.subject), t.predicate, t.object) for t in triples)


def changes_between(old: frozenset[Statement], new: frozenset[Statement]) -> tuple[Change, ...]:
    """Return what goes and what comes, by resource and property."""
    gone, come = old - new, new - old
    places = sorted({statement[:2] for statement in gone | come}, key=_order)
    return tuple(Change(*place, _values(gone, place), _values(come, place)) for place in places)


def _order(place: _Place) -> tuple[tuple[str, int, str], str]:
    subject, predicate = place
    return natural_order(subject.value), predicate.value


def _values(statements: frozenset[Statement], place: _Place) -> tuple[Term, ...]:
    return tuple(sorted((value for *of, value in statements if tuple(of) == place), key=str))
