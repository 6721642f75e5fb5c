"""A record, and what is said of it as values of Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, total_ordering
from html import escape
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph import rows
from jkgraph.api.reader import Reader, told_in
from jkgraph.graph import TYPE, Term, is_draft, is_withdrawn
from jkgraph.iri import natural_order, whole
from jkgraph.kinds import Kind
from jkgraph.lookup import folded


@total_ordering
class Record:
    """A record, a part of one, or a value of a closed list, and what is said of it.

    ``str(record)`` is its label. Records are equal when their addresses are, and are put in
    order by label.

    >>> bridge = kg["bridge/oude-steenbrug"]
    >>> bridge
    <Record bridge:oude-steenbrug "Old Stone Bridge">
    >>> bridge["crosses"]
    (<Record water:lange-vaart "Lange Vaart">,)
    """

    def __init__(self, reader: Reader, node: ox.NamedNode) -> None:
        self._reader, self._node = reader, node

    @property
    def iri(self) -> str:
        """Its lasting address."""
        return self._node.value

    @property
    def name(self) -> str:
        """How it is written in a query: ``kind:slug``; of a part with ``#`` and its name behind."""
        _, _, part = self.iri.partition("#")
        record = self._reader.graph.addresses.compact(whole(self.iri))
        return f"{record}#{part}" if part else record

    @property
    def kind(self) -> str:
        """The name of its kind, part or list, such as the folder of its file; else empty."""
        return self._kind.name if self._kind else ""

    @cached_property
    def label(self) -> str:
        """What it is called; of a part without a label its name."""
        label = self._reader.label(self._node)
        return self.name if label.startswith("<") else label

    @property
    def definition(self) -> str:
        """What it is, in a few sentences; empty when nothing says so."""
        graph = self._reader.graph
        found = (graph.texts(self._node, role) for role in graph.roles("summary"))
        return next((self._reader.choose(texts) for texts in found if texts), "")

    @property
    def fields(self) -> Mapping[str, tuple[Value, ...]]:
        """All that is said of it, by the names of its fields, in the order of its kind."""
        return {name: values(self._reader, terms) for name, terms in self._said().items()}

    @property
    def links(self) -> Mapping[str, tuple[Record, ...]]:
        """The records that it leads to, by the names of its fields."""
        records = self._reader.graph.record_files
        found = {
            name: tuple(v for v in said if isinstance(v, Record) and v.iri in records)
            for name, said in self.fields.items()
        }
        return {name: linked for name, linked in found.items() if linked}

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where what is said here stands in the sources."""
        graph, role = self._reader.graph, self._reader.graph.role("citation")
        nodes = graph.objects(self._node, role) if role else []
        named = [node for node in nodes if isinstance(node, ox.NamedNode)]
        in_order = sorted(named, key=lambda node: natural_order(node.value))
        return tuple(Citation.of(Record(self._reader, node)) for node in in_order)

    @property
    def file(self) -> str:
        """The file that says it, as a path from the root of the workspace."""
        return self._reader.graph.file_of(self._node) or ""

    @property
    def is_draft(self) -> bool:
        """Whether the site leaves it out because it is not finished."""
        return is_draft(self._reader.graph, self._node)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        return is_withdrawn(self._reader.graph, self._node)

    def __getitem__(self, field: str) -> tuple[Value, ...]:
        """Return the values of a field, none when nothing is said.

        The field goes by the local or compact name of its property (``crosses``,
        ``br:crosses``), or by its name on a form or page. An unknown one is an error.
        """
        with told_in(self._reader.language):
            predicate = self._reader.predicate(field, self._kind)
            return values(self._reader, self._reader.graph.objects(self._node, predicate))

    @cached_property
    def _kind(self) -> Kind | None:
        return self._reader.kind(self._node)

    def _said(self) -> Mapping[str, set[Term]]:
        reader = self._reader
        terms: dict[ox.NamedNode, set[Term]] = {}
        for quad in reader.graph.store.quads_for_pattern(self._node, None, None):
            if quad.predicate != TYPE:
                terms.setdefault(quad.predicate, set()).add(quad.object)
        order = self._kind.order if self._kind else {}
        names: dict[str, set[Term]] = {}
        for path in sorted(terms, key=lambda p: (order.get(p.value, float("inf")), p.value)):
            name = reader.field(path, self._kind)
            if name in names:
                name = f"{name} ({reader.graph.addresses.compact(path.value)})"
            names[name] = terms[path]
        return names

    def __str__(self) -> str:
        """Give its label."""
        return self.label

    def __repr__(self) -> str:
        """Give its name and its label."""
        return f'<Record {self.name} "{self.label}">'

    def _repr_html_(self) -> str:
        lines = (
            f"<tr><th>{escape(name)}</th><td>{escape('; '.join(map(str, said)))}</td></tr>"
            for name, said in self.fields.items()
        )
        return f"<b>{escape(self.label)}</b> ({escape(self.name)})<table>{''.join(lines)}</table>"

    def __eq__(self, other: object) -> bool:
        """Tell whether it has the same address."""
        return isinstance(other, Record) and self.iri == other.iri

    def __lt__(self, other: Record) -> bool:
        """Tell whether its label comes before another."""
        return (folded(self.label), self.iri) < (folded(other.label), other.iri)

    def __hash__(self) -> int:
        """Go by the address."""
        return hash(self.iri)


class Citation(NamedTuple):
    """Where in a source something stands; ``part`` has all that is said of it.

    >>> [str(citation) for citation in kg["bridge/oude-steenbrug"].citations]
    ['De bruggen van de streek, p. 12-13']
    """

    source: Record | None
    pages: str
    section: str
    item: str
    part: Record

    @classmethod
    def of(cls, part: Record) -> Citation:
        """Read a citation."""
        reader = part._reader

        def said(role: str) -> list[Value]:
            path = reader.graph.role(role)
            return [*values(reader, reader.graph.objects(part._node, path))] if path else []

        sources = (value for value in said("source") if isinstance(value, Record))
        pages, section, item = (", ".join(map(str, said(r))) for r in ("pages", "section", "item"))
        return cls(next(sources, None), pages, section, item, part)

    def __str__(self) -> str:
        """Give the source and the place in it."""
        pages = f"p. {self.pages}" if self.pages else ""
        source = self.source.label if self.source else ""
        return ", ".join(filter(None, (source, self.section, self.item, pages)))


Value = rows.Value | Record


def value(reader: Reader, term: Term | None) -> Value:
    """Return a record, a number, a date, yes or no, or a text; an address is a text."""
    if isinstance(term, ox.NamedNode) and reader.graph.addresses.kind_and_slug(term.value):
        return Record(reader, term)
    return rows.value(term)


def values(reader: Reader, terms: Iterable[Term]) -> tuple[Value, ...]:
    """Return values in one language, the records last and in order of label."""
    found = [value(reader, term) for term in reader.in_language(terms)]
    records = sorted(one for one in found if isinstance(one, Record))
    return (*(one for one in found if not isinstance(one, Record)), *records)
