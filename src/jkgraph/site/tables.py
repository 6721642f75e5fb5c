"""Records as tables for spreadsheets: a row a record, a column for each thing said of it."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import Term
from jkgraph.kinds import Field, Kind
from jkgraph.remembered import Remembered
from jkgraph.site.bundle import Bundle, Files
from jkgraph.site.contents import Facet
from jkgraph.site.plan import WHOLE, Plan

SEPARATOR = " | "
# A spreadsheet takes a cell that begins with one of these for a formula; a number is harmless.
RISKY = frozenset("=+-@\t\r\n")
NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
# Without this mark some spreadsheets read the letters of another alphabet.
MARK = "\N{BOM}".encode()


class Column(NamedTuple):
    """A column of a table: what it holds of which property, in which language."""

    head: str
    predicate: ox.NamedNode
    language: str | None = None
    is_label: bool = False


class Tables:
    """Writes the records of a site as tables."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._graph = plan.graph
        self._columns: dict[str, tuple[Column, ...]] = {}
        self._places: dict[str, Mapping[str, list[tuple[int, Column]]]] = {}
        self._labels = Remembered[str, str]()
        # Of one kind, as they are written: a row stands in its table and in those of its facets.
        self._kind, self._lines = "", dict[str, bytes]()

    def of_kinds(self) -> Iterator[tuple[str, bytes]]:
        """Yield the table of every kind and family."""
        for kind in (*self._plan.kinds.records, *self._plan.kinds.families):
            if self._plan.lists[kind.name]:
                yield table_path(kind), self.write(kind, self._plan.lists[kind.name])

    def of_facets(self) -> Iterator[Bundle]:
        """Yield the table of every facet, beside its page."""
        for facets in self._plan.facets.values():
            for facet in facets:
                yield Bundle((facet.path.removesuffix(".html"),), partial(self._of_facet, facet))

    def _of_facet(self, facet: Facet) -> Files:
        yield beside(facet.path), self.write(facet.kind, facet.records)

    def write(self, kind: Kind, records: Iterable[ox.NamedNode]) -> bytes:
        """Write records of a kind as CSV with heads."""
        heads = ["id", *(column.head for column in self._of(kind))]
        if kind.name != self._kind:
            self._kind, self._lines = kind.name, {}
        return b"".join((MARK, _line(heads), *(self._row(kind, record) for record in records)))

    def _of(self, kind: Kind) -> tuple[Column, ...]:
        if kind.name not in self._columns:
            by_path = kind.by_path()
            label = self._graph.role("label")
            first = {path: by_path[path] for path in by_path if label and path == label.value}
            columns = (c for fields in {**first, **by_path}.values() for c in self._field(fields))
            self._columns[kind.name] = tuple(columns)
        return self._columns[kind.name]

    def _field(self, fields: tuple[Field, ...]) -> Iterator[Column]:
        """Yield the columns of a property: of each language, or of addresses and of names."""
        path, languages = fields[0].path, self._plan.languages
        leading = languages[0]
        name = fields[0].name.get(leading) or self._graph.label(path, leading)
        compact = self._graph.addresses.compact(path.value)
        if any(f.languages for f in fields):
            for lang in languages:
                yield Column(f"{name} {lang} ({compact}@{lang})", path, lang)
            return
        yield Column(f"{name} ({compact})", path)
        classes = {cls.value for field in fields for cls in field.classes}
        if classes and not classes & self._parts:
            yield Column(name, path, is_label=True)

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(kind.iri.value for kind in self._plan.kinds.parts)

    def _placed(self, kind: Kind) -> Mapping[str, list[tuple[int, Column]]]:
        """Return the columns of each property with their places in a row."""
        if kind.name not in self._places:
            found = self._places[kind.name] = defaultdict(list)
            for place, column in enumerate(self._of(kind), 1):
                found[column.predicate.value].append((place, column))
        return self._places[kind.name]

    def _row(self, kind: Kind, record: ox.NamedNode) -> bytes:
        if record.value not in self._lines:
            cells, placed = [record.value, *("" for _ in self._of(kind))], self._placed(kind)
            for predicate, terms in self._plan.statements.stated(record).items():
                for place, column in placed.get(predicate, ()):
                    cells[place] = self._cell(column, terms)
            self._lines[record.value] = _line(cells)
        return self._lines[record.value]

    def _cell(self, column: Column, terms: Iterable[Term]) -> str:
        texts = (self._text(column, term) for term in terms)
        return SEPARATOR.join(filter(None, texts))

    def _text(self, column: Column, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self._label(term) if column.is_label else term.value
        if not isinstance(term, ox.Literal) or column.is_label:
            return ""
        return term.value if column.language in {None, term.language} else ""

    def _label(self, node: ox.NamedNode) -> str:
        found = self._labels.get(node.value)
        if found is None:
            found = self._labels[node.value] = self._graph.label(node, self._plan.languages[0])
        return found


def table_path(kind: Kind) -> str:
    """Return the address of the table of a kind, from the root of the site."""
    return f"{WHOLE}/{kind.name}.csv"


def beside(path: str) -> str:
    """Return the address of the table beside a page."""
    return f"{path.removesuffix('.html')}.csv"


def harmless_csv(content: bytes) -> bytes:
    """Write CSV again, so that no cell is taken for a formula."""
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return b"".join((MARK, *map(_line, rows)))


def _line(cells: Iterable[str]) -> bytes:
    """Write a row of a table; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(map(harmless, cells))
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    risky = cell[:1] in RISKY and not NUMBER.fullmatch(cell)
    return f"'{cell}" if risky else cell
