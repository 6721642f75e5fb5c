"""Which record or part each row is about: one that was exported, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.exchange.columns import PART, RECORD, SLUG, Sheet
from jkgraph.exchange.contents import Contents
from jkgraph.exchange.names import PART as PART_NAME
from jkgraph.exchange.names import Names
from jkgraph.exchange.tables import Place, Received, Remark, Row, Table
from jkgraph.findings import Severity
from jkgraph.graph import Graph
from jkgraph.iri import SLUG_LENGTH, is_slug, slugify
from jkgraph.messages import Message


class Told(NamedTuple):
    """A row with what it is about: a record, or a part of one."""

    row: Row
    sheet: Sheet
    subject: ox.NamedNode
    is_new: bool

    @property
    def record(self) -> ox.NamedNode:
        """The record that the row is about, or a part of."""
        return ox.NamedNode(self.subject.value.partition("#")[0])


@dataclass
class Rows:
    """Finds out what rows are about; what cannot be found out becomes a remark."""

    graph: Graph
    contents: Contents
    received: Received
    names: Names
    remarks: list[Remark] = field(default_factory=list)
    told: dict[ox.NamedNode, Told] = field(default_factory=dict)

    def read(self) -> Iterator[Told]:
        """Yield every row whose record or part is known, records first."""
        tables = sorted(self.received.tables, key=lambda table: table.sheet.is_part)
        records = [t for t in tables if not t.sheet.is_part]
        for table, row in self._usable(records):
            self._tell(row, table.sheet, self._record(row, table.sheet), row.at(SLUG))
        for told in self.told.values():
            if told.is_new:
                label = self._label(told.row, told.sheet) or told.subject.value
                self.names.new[told.subject] = told.sheet.kind.iri, label
        parts = self._usable(t for t in tables if t.sheet.is_part)
        # A row with a name first, so that a new part gets a name that none has.
        for table, row in sorted(parts, key=lambda pair: not pair[1].text(PART)):
            self._tell(row, table.sheet, self._part(row, table.sheet), row.at(PART))
        yield from self.told.values()

    def _usable(self, tables: Iterable[Table]) -> Iterator[tuple[Table, Row]]:
        """Yield the rows of which it can be read what they are about."""
        for table, row in ((t, row) for t in tables for row in t.rows):
            keys = [row.cells[key] for key in table.sheet.keys if key in row.cells]
            for cell in (cell for cell in keys if cell.fault):
                self._remark(cell.place, cell.fault)
            if not any(cell.fault for cell in keys):
                yield table, row

    def _tell(self, row: Row, sheet: Sheet, subject: ox.NamedNode | None, place: Place) -> None:
        if subject is None:
            return
        is_there, sent = self.contents.has(subject), self.received.sent
        name = self.graph.addresses.compact(subject.value)
        if subject in self.told:
            self._remark(place, "row-twice", other=self.told[subject].row.place)
        elif sent is not None and subject not in sent and is_there:
            self._remark(place, "row-taken", name=name)
        elif sent is not None and subject in sent and not is_there:
            # What is gone from the files stays gone, unless a person worked on it here.
            if any(row.text(c.key) != sent[subject].text(c.key) for c in sheet.columns):
                self._remark(place, "row-gone", name=name)
        else:
            self.told[subject] = Told(row, sheet, subject, is_new=not is_there)

    def _record(self, row: Row, sheet: Sheet) -> ox.NamedNode | None:
        slug = row.text(SLUG)
        is_given = bool(slug)
        if not is_given:
            slug = slugify(self._label(row, sheet))
            if not slug:
                self._remark(row.at(SLUG), "row-nameless")
                return None
        address = self.graph.addresses.record(sheet.kind.name, slug)
        if not is_slug(slug) and address not in self._addresses:
            self._remark(row.at(SLUG), "row-slug", slug=slug, length=SLUG_LENGTH)
            return None
        record = ox.NamedNode(address)
        if not is_given and (self.contents.has(record) or record in self.told):
            self._remark(row.at(SLUG), "row-exists", slug=slug)
            return None
        return record

    @cached_property
    def _addresses(self) -> frozenset[str]:
        return frozenset(record.value for record in self.contents.entries)

    def _part(self, row: Row, sheet: Sheet) -> ox.NamedNode | None:
        text = row.text(RECORD)
        found = self.names.find(text, (), ox.NamedNode(self.graph.addresses.records))
        if len(found) != 1 or not (self.contents.has(found[0]) or found[0] in self.told):
            rule = "part-of-several" if len(found) > 1 else "part-of-none"
            self._remark(row.at(RECORD), rule, value=text, hint=self.names.hint(text, ()))
            return None
        name = row.text(PART).lstrip("#") or self._free(found[0], sheet)
        if not PART_NAME.fullmatch(name):
            self._remark(row.at(PART), "part-form", value=name)
            return None
        return ox.NamedNode(f"{found[0].value}#{name}")

    def _free(self, record: ox.NamedNode, sheet: Sheet) -> str:
        """Return the first name for a part that no part of a record has."""
        letter, number = sheet.kind.name[0], 1
        while self._is_known(ox.NamedNode(f"{record.value}#{letter}{number}")):
            number += 1
        return f"{letter}{number}"

    def _is_known(self, part: ox.NamedNode) -> bool:
        return self.contents.has(part) or part in self.told

    def _label(self, row: Row, sheet: Sheet) -> str:
        role = self.graph.role("label")
        texts = (row.text(c.key) for c in sheet.columns if c.path == role)
        return " ".join(next(filter(None, texts), "").split())

    def _remark(self, place: Place, rule: str, **values: object) -> None:
        message = Message(f"error.{rule}", values)
        self.remarks.append(Remark(place, rule, Severity.VIOLATION, message))
