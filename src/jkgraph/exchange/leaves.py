"""What is exported: the rows of the sheets that are asked for, and the rows of their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.exchange.cells import Cells, Written
from jkgraph.exchange.columns import PART, RECORD, REST, SLUG, VERSION, Column, Sheet, Sheets
from jkgraph.exchange.contents import Contents
from jkgraph.exchange.names import Names
from jkgraph.graph import Graph
from jkgraph.iri import split
from jkgraph.kinds import Kind, Kinds


class Line(NamedTuple):
    """A row: what it is about, and its cells by the keys of their columns."""

    subject: ox.NamedNode
    version: str
    cells: Mapping[str, Written]
    keys: Mapping[str, str]


@dataclass(frozen=True)
class Leaf:
    """A sheet with its rows; ``lists`` are the texts that a field may point to, by column."""

    sheet: Sheet
    lines: list[Line] = field(default_factory=list)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def too_long(self) -> Iterator[tuple[ox.NamedNode, str]]:
        """The resources and headers of what did not fit in a cell."""
        headers = {column.key: column.header for column in self.sheet.columns}
        for line in self.lines:
            for key, cell in line.cells.items():
                if cell.meanings is None:
                    yield line.subject, headers[key]


def leaves(graph: Graph, kinds: Kinds, sheets: Sheets, wanted: Iterable[Kind]) -> list[Leaf]:
    """Write the records of some kinds, and their parts, to the rows of their sheets."""
    return _Writer(graph, kinds, sheets).leaves([sheets.records[kind.iri] for kind in wanted])


class _Writer:
    def __init__(self, graph: Graph, kinds: Kinds, sheets: Sheets) -> None:
        self._graph, self._sheets = graph, sheets
        self._names = Names(graph, kinds, sheets.language)
        self._cells = Cells(self._names)
        self._contents = Contents(graph, kinds)
        self._chosen: dict[object, tuple[str, ...]] = {}

    def leaves(self, wanted: list[Sheet]) -> list[Leaf]:
        parts: dict[ox.NamedNode, list[Line]] = defaultdict(list)
        written = []
        for sheet in wanted:
            lines = []
            for record in self._records(sheet):
                lines.append(self._line(sheet, record, record))
                for part in self._contents.entries[record].parts:
                    kind = self._contents.kind(part)
                    if kind and kind.iri in self._sheets.parts:
                        own = self._sheets.parts[kind.iri]
                        parts[kind.iri].append(self._line(own, part, record))
            written.append(Leaf(sheet, lines, self._lists(sheet)))
        needed = {cls for sheet in wanted for cls in self._classes(sheet)} | parts.keys()
        written += [
            Leaf(sheet, parts[cls], self._lists(sheet))
            for cls, sheet in self._sheets.parts.items()
            if cls in needed
        ]
        return written

    def _records(self, sheet: Sheet) -> list[ox.NamedNode]:
        def is_own(record: ox.NamedNode) -> bool:
            found = self._graph.addresses.kind_and_slug(record.value)
            return found is not None and found[0] == sheet.kind.name

        return [record for record in self._contents.entries if is_own(record)]

    def _classes(self, sheet: Sheet) -> set[ox.NamedNode]:
        """Return the kinds of parts that a record may have, and their parts."""
        found = [cls for c in sheet.columns for cls in c.classes if cls in self._sheets.parts]
        for cls in found:
            inner = (k for c in self._sheets.parts[cls].columns for k in c.classes)
            found += [k for k in inner if k in self._sheets.parts and k not in found]
        return set(found)

    def _line(self, sheet: Sheet, subject: ox.NamedNode, record: ox.NamedNode) -> Line:
        values = self._contents.values(sheet, subject)
        cells = {c.key: self._cells.write(c, record, terms) for c, terms in values.items()}
        rest = map(self._graph.addresses.compact, self._contents.rest(sheet, subject))
        version = self._contents.entries[record].version
        keys = {REST: ", ".join(rest), VERSION: version, **self._keys(sheet, subject, record)}
        return Line(subject, version, cells, keys)

    def _keys(self, sheet: Sheet, subject: ox.NamedNode, record: ox.NamedNode) -> dict[str, str]:
        if not sheet.is_part:
            return {SLUG: split(subject.value)[1]}
        named = (
            text
            for text in self._names.texts(record, record)
            if self._names.find(text, (), record) == (record,)
        )
        return {RECORD: next(named), PART: subject.value.partition("#")[2]}

    def _lists(self, sheet: Sheet) -> dict[str, tuple[str, ...]]:
        """Return what can be chosen in each column, in the words that cells show."""
        found = {column.key: self._choices(column) for column in sheet.columns}
        return {key: texts for key, texts in found.items() if texts}

    def _choices(self, column: Column) -> tuple[str, ...]:
        question = column.classes, column.values
        if question not in self._chosen:
            index = self._names.index(column.classes) if column.classes else None
            nodes = [n for ns in index.shown.values() for n in ns] if index else []
            owner = ox.NamedNode(self._graph.addresses.records)
            values = column.values or dict.fromkeys(nodes)
            texts = (self._cells.write(column, owner, [value]).text for value in values)
            self._chosen[question] = tuple(sorted(texts, key=str.casefold))
        return self._chosen[question]
