"""Reads an Excel workbook that anybody may have made: nothing in it runs, and its size is bound."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import openpyxl

from jkgraph.bounds import Bounds
from jkgraph.errors import JkgraphError
from jkgraph.exchange.columns import Sheet, Sheets, plain_header
from jkgraph.exchange.state import LISTS, SHEET, State, header_keys, read_state
from jkgraph.exchange.tables import (
    Cell,
    Place,
    Received,
    Remark,
    Row,
    Table,
    refuse_wide,
    too_large,
)
from jkgraph.exchange.values import text_of
from jkgraph.findings import Severity
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds
from jkgraph.messages import Message

_CELL = re.compile(rb"<(?:\w+:)?c[ >/]")


def read_workbook(content: bytes, graph: Graph, kinds: Kinds) -> Received:
    """Read the sheets of a workbook that was exported; raises JkgraphError for any other file."""
    bounds = graph.workspace.limits
    book = open_book(content, bounds)
    if SHEET not in book.sheetnames:
        raise JkgraphError("workbook-foreign")
    page = book[SHEET]
    state = read_state(page.iter_rows(values_only=True))
    sheets = Sheets(graph, kinds, state.language)
    known = {sheet.kind.iri.value: sheet for sheet in sheets.all}
    word, languages = graph.workspace.catalogue.word, graph.workspace.languages
    own = {word(key, lang) for key in ("sheet.guide", "sheet.faults") for lang in languages}
    tables: list[Table] = []
    notes: list[Remark] = []
    for page in book.worksheets:
        if page.title in state.headers and state.headers[page.title][0] in known:
            reader = _Reader(page, known[state.headers[page.title][0]], state, notes)
            tables.append(reader.table(bounds))
        elif page.title not in own | {SHEET, LISTS}:
            notes.append(_note("sheet-ignored", Place(page.title, 1), name=page.title))
    return Received(state.language, tuple(tables), state.revision, state.sent, tuple(notes))


def open_book(content: bytes, bounds: Bounds) -> Any:
    """Open a workbook after its size and its parts were looked at."""
    try:
        _refuse(content, bounds)
        return openpyxl.load_workbook(BytesIO(content), keep_links=False)
    except JkgraphError:
        raise
    except Exception as error:
        # The readers of archives and of workbooks let through whatever their assumptions raise.
        raise JkgraphError("workbook-unreadable") from error


def _refuse(content: bytes, bounds: Bounds) -> None:
    """Refuse what is no workbook, is too large, has macros, or declares entities."""
    unpacked = cells = 0
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > bounds.workbook_parts:
            raise too_large(bounds, "workbook_parts", len(parts))
        for part in parts:
            if part.filename.lower().endswith("vbaproject.bin"):
                raise JkgraphError("workbook-macros")
            # What an archive says of its sizes need not be true.
            with archive.open(part) as file:
                read = file.read(bounds.workbook_bytes - unpacked + 1)
            unpacked += len(read)
            cells += len(_CELL.findall(read))
            for setting, found in (("workbook_bytes", unpacked), ("workbook_cells", cells)):
                if found > getattr(bounds, setting):
                    raise too_large(bounds, setting, found)
            is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
            if is_xml and (b"<!DOCTYPE" in read or b"\0" in read):
                raise JkgraphError("workbook-unreadable")


def _note(rule: str, place: Place, **values: object) -> Remark:
    return Remark(place, rule, Severity.INFO, Message(f"error.{rule}", values))


class _Reader:
    """Reads one sheet: which columns it has, and what stands in its rows."""

    def __init__(self, page: Any, sheet: Sheet, state: State, notes: list[Remark]) -> None:
        self._page, self._sheet, self._notes = page, sheet, notes
        headers = header_keys(sheet, state.headers[page.title][1])
        self._keys = {plain_header(header): key for header, key in headers.items()}

    def table(self, bounds: Bounds) -> Table:
        page = self._page
        refuse_wide(bounds, page.max_row, page.max_column)
        rows = page.iter_rows()
        columns = dict(self._columns(next(rows, ())))
        merged = self._merged(bounds)
        found = (self._row(cells, columns, merged) for cells in rows)
        return Table(self._sheet, page.title, tuple(row for row in found if _says(row)))

    def _columns(self, head: tuple[Any, ...]) -> Iterator[tuple[int, str]]:
        taken: set[str] = set()
        for cell in head:
            header = text_of(cell.value)
            key = self._keys.get(plain_header(header))
            place = Place(self._page.title, 1, cell.column)
            if key in taken:
                raise JkgraphError("workbook-column-twice", place=place, name=header)
            if key is not None:
                taken.add(key)
                yield cell.column, key
            elif header:
                self._notes.append(_note("column-ignored", place, name=header))
        missing = [key for key in self._sheet.keys if key not in taken]
        if missing and self._page.max_row > 1:
            names = {key: header for header, key in self._keys.items()}
            raise JkgraphError(
                "workbook-key-missing",
                sheet=self._page.title,
                name=", ".join(names.get(key, key) for key in missing),
            )

    def _merged(self, bounds: Bounds) -> frozenset[tuple[int, int]]:
        """Return the cells that are merged with others."""
        ranges = [r for r in self._page.merged_cells.ranges if r.max_row > 1]
        number = sum(r.size["rows"] * r.size["columns"] for r in ranges)
        if number > bounds.workbook_cells:
            raise too_large(bounds, "workbook_cells", number)
        return frozenset(place for found in ranges for place in found.cells)

    def _row(
        self,
        cells: tuple[Any, ...],
        columns: Mapping[int, str],
        merged: frozenset[tuple[int, int]],
    ) -> Row:
        found = {}
        for cell in cells:
            key = columns.get(cell.column)
            if key is not None:
                place = Place(self._page.title, cell.row, cell.column)
                fault = "cell-merged" if (cell.row, cell.column) in merged else _fault(cell)
                text = text_of(cell.value) if fault != "cell-formula" else ""
                found[key] = Cell(place, text, fault)
        return Row(Place(self._page.title, cells[0].row if cells else 1), found)


def _says(row: Row) -> bool:
    return any(cell.text or cell.fault for cell in row.cells.values())


def _fault(cell: Any) -> str:
    if cell.data_type == "f":
        return "cell-formula"
    return "cell-error" if cell.data_type == "e" else ""
