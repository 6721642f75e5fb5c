"""The end of a record: withdrawn, or emptied for privacy. Its address stays, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.edits import Edit, Editor, with_values
from jkgraph.errors import JkgraphError
from jkgraph.graph import TRUE, TYPE, Graph, Term, is_draft, is_withdrawn
from jkgraph.iri import whole
from jkgraph.kinds import Kinds
from jkgraph.queries import XSD

DAY = ox.NamedNode(f"{XSD}date")


class End(NamedTuple):
    """Why and when a record comes to its end, and which record takes its place."""

    today: date
    reason: str = ""
    successor: ox.NamedNode | None = None


def references(graph: Graph, record: ox.NamedNode) -> list[ox.Triple]:
    """Return what other records say of a record or of its parts, in a fixed order."""
    own = {record, *(triple.subject for triple in graph.document(record).triples)}
    quads = (q for node in own for q in graph.store.quads_for_pattern(None, None, node))
    others = {*graph.records()} - {record}
    named = {q.triple for q in quads if isinstance(q.subject, ox.NamedNode)}
    return sorted((t for t in named if whole_of(t.subject) in others), key=str)


def whole_of(node: Term) -> ox.NamedNode:
    """Return the record that a node is, or is a part of."""
    return ox.NamedNode(whole(str(node)[1:-1]))


def withdraw(graph: Graph, kinds: Kinds, record: ox.NamedNode, end: End) -> Edit:
    """Make a record a tombstone: it keeps what it says, and says that it is withdrawn, and why.

    Of a draft, which readers never saw, only the name stays. Raises JkgraphError when it is
    withdrawn already, or cannot be replaced by its successor.
    """
    if is_withdrawn(graph, record):
        raise JkgraphError("already-withdrawn", name=graph.addresses.compact(record.value))
    linked = {triple.object for triple in references(graph, record)}
    kept = remains(graph, record, linked)
    return Editor(graph, kinds).edit(graph.path(record), tombstone(graph, kept, record, end))


def erase(graph: Graph, kinds: Kinds, record: ox.NamedNode, end: End) -> Edit:
    """Empty a record: what stays is that it was there, that it is withdrawn, and why.

    Parts that other records refer to keep their address and kind, and nothing else.
    """
    linked = {record, *(triple.object for triple in references(graph, record))}
    said = graph.document(record).triples
    kept = (t for t in said if t.predicate == TYPE and t.subject in linked)
    return Editor(graph, kinds).edit(graph.path(record), tombstone(graph, kept, record, end))


def remains(graph: Graph, record: ox.NamedNode, linked: Set[Term]) -> Sequence[ox.Triple]:
    """Return what a tombstone keeps of a record: all, or of a draft only names.

    Parts of a draft stay when they are linked, with their kind.
    """
    said = graph.document(record).triples
    if is_withdrawn(graph, record) or not is_draft(graph, record):
        return said
    names = {TYPE, graph.required_role("label")}
    return [t for t in said if t.subject in {record, *linked} and t.predicate in names]


def tombstone(
    graph: Graph, kept: Iterable[ox.Triple], record: ox.NamedNode, end: End
) -> list[ox.Triple]:
    """Add to what is kept of a record that it is withdrawn, why, and since when."""
    if end.successor is not None:
        _require_fit(graph, record, end.successor)
    triples = with_values(kept, record, graph.required_role("deprecated"), TRUE)
    for predicate, value in _marks(graph, end):
        triples = with_values(triples, record, predicate, value)
    if end.reason:
        text = ox.Literal(f"{end.today}: {end.reason}", language=graph.workspace.languages[0])
        triples.append(ox.Triple(record, graph.required_role("change"), text))
    return triples


def touched(
    graph: Graph, triples: list[ox.Triple], record: ox.NamedNode, today: date
) -> list[ox.Triple]:
    """Let a record say that it was changed today."""
    modified = graph.role("modified")
    return with_values(triples, record, modified, day(today)) if modified else triples


def day(value: date) -> ox.Literal:
    """Write a day as a value."""
    return ox.Literal(value.isoformat(), datatype=DAY)


def _marks(graph: Graph, end: End) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    if status := graph.role("status"):
        yield status, graph.required_role("withdrawn")
    if modified := graph.role("modified"):
        yield modified, day(end.today)
    if end.successor is not None:
        yield graph.required_role("successor"), end.successor


def _require_fit(graph: Graph, record: ox.NamedNode, successor: ox.NamedNode) -> None:
    """Refuse a successor to which readers cannot be sent on."""
    name = graph.addresses.compact(successor.value)
    if successor == record:
        raise JkgraphError("own-successor", name=name)
    if is_withdrawn(graph, successor):
        raise JkgraphError("successor-withdrawn", name=name)
    if is_draft(graph, successor) and not is_draft(graph, record):
        raise JkgraphError("successor-draft", name=name)
