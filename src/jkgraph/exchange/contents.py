"""What the records of a graph say, by resource and property, every value as it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import pyoxigraph as ox

from jkgraph.exchange.cells import Terms
from jkgraph.exchange.columns import Column, Sheet
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.iri import natural_order
from jkgraph.kinds import Kind, Kinds
from jkgraph.syntaxes import n_triples

Said = Mapping[ox.NamedNode, Mapping[ox.NamedNode, list[Term]]]


@dataclass(frozen=True)
class Entry:
    """A record: its triples, and what they say of it and of its parts."""

    record: ox.NamedNode
    triples: tuple[ox.Triple, ...]

    @cached_property
    def said(self) -> Said:
        """The values by resource and property; blank nodes are in no cell."""
        found: dict[ox.NamedNode, dict[ox.NamedNode, list[Term]]] = {}
        for subject, predicate, value in self.triples:
            if isinstance(subject, ox.NamedNode) and not isinstance(value, ox.BlankNode):
                found.setdefault(subject, {}).setdefault(predicate, []).append(value)
        return found

    @cached_property
    def version(self) -> str:
        """The same text for the same triples, another for others."""
        return sha256(n_triples(self.triples)).hexdigest()[:32]

    @property
    def parts(self) -> list[ox.NamedNode]:
        """The parts of the record that say something, in their natural order."""
        parts = (node for node in self.said if node.value.startswith(f"{self.record.value}#"))
        return sorted(parts, key=lambda node: natural_order(node.value))


class Contents:
    """The records of a graph, each read once from its file."""

    def __init__(self, graph: Graph, kinds: Kinds) -> None:
        self._kinds = kinds
        self.entries = {r: Entry(r, graph.document(r).triples) for r in graph.records()}

    def of(self, subject: ox.NamedNode) -> Entry | None:
        """Return the record that a resource is, or is a part of."""
        return self.entries.get(ox.NamedNode(subject.value.partition("#")[0]))

    def kind(self, subject: ox.NamedNode) -> Kind | None:
        """Return the kind of a record or of a part."""
        entry = self.of(subject)
        return self._kinds.of(list(entry.said.get(subject, {}).get(TYPE, ()))) if entry else None

    def has(self, subject: ox.NamedNode) -> bool:
        """Tell whether anything is said of a resource in the file of its record."""
        entry = self.of(subject)
        return entry is not None and subject in entry.said

    def values(self, sheet: Sheet, subject: ox.NamedNode) -> Mapping[Column, Terms]:
        """Return the values of a resource by the columns of its sheet."""
        entry = self.of(subject)
        said = entry.said.get(subject, {}) if entry else {}
        found: dict[Column, set[Term]] = defaultdict(set)
        for path in said.keys() & sheet.paths:
            for value in said[path]:
                found[sheet.column(path, value)].add(value)
        return {column: frozenset(values) for column, values in found.items()}

    def rest(self, sheet: Sheet, subject: ox.NamedNode) -> list[str]:
        """Return the properties of a resource that have no column."""
        entry = self.of(subject)
        told = entry.said.get(subject, {}).keys() if entry else set()
        return sorted(path.value for path in told - sheet.paths - {TYPE})
