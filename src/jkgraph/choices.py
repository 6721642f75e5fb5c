"""What a person may answer to a question about a field, and what an answer means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import Graph, Term, is_withdrawn
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.lexical import is_well_formed
from jkgraph.messages import nearest
from jkgraph.typed import is_certain, rewritten

# From which part of the records on a value is one to suggest.
ALIKE = 0.9


class Choice(NamedTuple):
    """A record or list value that a field may have, and how it is called."""

    node: ox.NamedNode
    label: str
    names: tuple[str, ...]


def part_of(kinds: Kinds, field: Field) -> Kind | None:
    """Return the kind of parts that a field is about; None when it is about something else."""
    return next((part for part in kinds.parts if part.iri in field.classes), None)


def choices(graph: Graph, field: Field, language: str) -> list[Choice]:
    """Return what a field may have, by name; nothing when it is no link."""
    values = (value for value in field.values if isinstance(value, ox.NamedNode))
    found = {*graph.instances(field.classes), *values}
    named = (_choice(graph, node, language) for node in found if not is_withdrawn(graph, node))
    return sorted(named, key=lambda c: (c.label.casefold(), c.node.value))


def _choice(graph: Graph, node: ox.NamedNode, language: str) -> Choice:
    names = (*graph.names(node), graph.addresses.compact(node.value))
    return Choice(node, graph.label(node, language), names)


def fitting(text: str, offered: Sequence[Choice]) -> list[Choice]:
    """Return the choices that a text means: by its whole name, else a part, else the nearest."""
    wanted = text.casefold()
    names = {name.casefold(): choice for choice in offered for name in choice.names}
    if wanted in names:
        return [names[wanted]]
    found = [c for c in offered if any(wanted in name.casefold() for name in c.names)]
    near = nearest(text, names)
    return found or ([names[near]] if near else [])


def usual(graph: Graph, field: Field) -> ox.NamedNode | None:
    """Return the value that nearly all records give a field; None when they differ."""
    values = Counter(q.object for q in graph.store.quads_for_pattern(None, field.path, None))
    value, times = values.most_common(1)[0] if values else (None, 0)
    is_usual = times > 1 and times > ALIKE * values.total()
    return value if is_usual and isinstance(value, ox.NamedNode) else None


def literal(field: Field, text: str, language: str) -> Term | None:
    """Read a text as a value of a field; None when it is not well formed.

    ``language`` is empty for a field without languages.
    """
    if language:
        return ox.Literal(text, language=language)
    if field.is_address:
        return _address(text)
    for datatype in field.datatypes:
        said = text if is_well_formed(text, datatype.value) else rewritten(text, datatype.value)
        if said is not None and is_certain(text):
            return ox.Literal(said, datatype=datatype)
    return None if field.datatypes else ox.Literal(text)


def _address(text: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(text) if text.startswith(("https://", "http://")) else None
    except ValueError:
        return None
