"""What a record will say when the changed cells count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pyoxigraph as ox

from jkgraph.exchange.cells import Terms
from jkgraph.exchange.columns import Column
from jkgraph.exchange.contents import Contents
from jkgraph.exchange.rows import Told
from jkgraph.exchange.tables import Received, Remark
from jkgraph.exchange.values import DATE
from jkgraph.findings import Severity
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.messages import Message

# The values that cells have now, by resource and property.
Changed = Mapping[tuple[ox.NamedNode, ox.NamedNode], dict[Column, Terms]]


@dataclass
class Drafts:
    """Puts the triples of a record together."""

    graph: Graph
    contents: Contents
    received: Received
    told: Mapping[ox.NamedNode, Told]
    changed: Changed
    today: date
    remarks: list[Remark] = field(default_factory=list)

    def triples(self, record: ox.NamedNode) -> list[ox.Triple]:
        """Return what a record will say; what no changed cell is about stays as it is."""
        entry = self.contents.entries.get(record)
        before = list(entry.triples) if entry else []
        rows = self._rows.get(record, [])
        said = [triple for triple in before if not self._is_replaced(triple)]
        for row in rows:
            if row.is_new:
                said.append(ox.Triple(row.subject, TYPE, row.sheet.kind.iri))
            said += self._new(row)
        said += self._links(said, rows)
        if entry:
            said = self._without_loose(said, before)
        if set(said) != set(before):
            said = self._managed(said, record)
        return said

    @cached_property
    def _rows(self) -> Mapping[ox.NamedNode, list[Told]]:
        """The rows by record; to be asked for when all are known."""
        found: dict[ox.NamedNode, list[Told]] = {}
        for row in self.told.values():
            found.setdefault(row.record, []).append(row)
        return found

    def _is_replaced(self, triple: ox.Triple) -> bool:
        if not isinstance(triple.subject, ox.NamedNode) or isinstance(triple.object, ox.BlankNode):
            return False
        cells = self.changed.get((triple.subject, triple.predicate))
        if not cells:
            return False
        return self.told[triple.subject].sheet.column(triple.predicate, triple.object) in cells

    def _new(self, row: Told) -> Iterator[ox.Triple]:
        for path in dict.fromkeys(column.path for column in row.sheet.columns):
            for terms in self.changed.get((row.subject, path), {}).values():
                yield from (ox.Triple(row.subject, path, term) for term in terms)

    def _links(self, said: list[ox.Triple], rows: Iterable[Told]) -> Iterator[ox.Triple]:
        """Link a record to its new parts that no cell names, where there is one way to do so."""
        named = {triple.object for triple in said}
        for row in rows:
            if not row.is_new or not row.sheet.is_part or row.subject in named:
                continue
            paths = self._paths(row)
            if len(paths) == 1:
                yield ox.Triple(row.record, paths[0], row.subject)
            else:
                name = row.subject.value.partition("#")[2]
                place = row.row.at(row.sheet.keys[-1])
                message = Message("error.part-unnamed", {"name": name})
                self.remarks.append(Remark(place, "part-unnamed", Severity.VIOLATION, message))

    def _paths(self, row: Told) -> list[ox.NamedNode]:
        """Return the properties by which a record may have a part."""
        owner = self.told.get(row.record)
        kind = owner.sheet.kind if owner else self.contents.kind(row.record)
        fields = kind.fields if kind else ()
        own = {row.sheet.kind.iri, *row.sheet.kind.parents}
        return list(dict.fromkeys(f.path for f in fields if own & set(f.classes)))

    def _without_loose(self, said: list[ox.Triple], before: list[ox.Triple]) -> list[ox.Triple]:
        """Leave out the parts whose row is gone and that nothing names any more."""
        once = {triple.object for triple in before}
        while True:
            named = {triple.object for triple in said}
            loose = {t.subject for t in said if t.subject in once and t.subject not in named}
            loose = {s for s in loose if s in (self.received.sent or ()) and s not in self.told}
            if not loose:
                return said
            said = [triple for triple in said if triple.subject not in loose]

    def _managed(self, said: list[ox.Triple], record: ox.NamedNode) -> list[ox.Triple]:
        """Fill in what people need not: the status of a new record, and the days of its making."""
        day = ox.Literal(self.today.isoformat(), datatype=ox.NamedNode(DATE))
        kind = self.told[record].sheet.kind if record in self.told else self.contents.kind(record)
        known: dict[str, Term | None] = {"modified": day}
        if record not in self.contents.entries:
            known |= {"status": self.graph.role("draft"), "created": day}
        for name, value in known.items():
            path = self.graph.role(name)
            if path is None or value is None or kind is None or path.value not in kind.order:
                continue
            if self.changed.get((record, path)):
                continue
            said = [t for t in said if (t.subject, t.predicate) != (record, path)]
            said.append(ox.Triple(record, path, value))
        return said
