"""CSV: written so that Excel in the Netherlands opens it, and read however a program saved it.

Values are parted by semicolons, because Excel takes the list separator of the country, and the
file begins with a byte order mark, without which Excel does not see that it is UTF-8. A text that
a spreadsheet would run as a formula gets an apostrophe before it; reading takes that one away.
"""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Mapping
from pathlib import Path

from jkgraph.bounds import Bounds
from jkgraph.errors import JkgraphError
from jkgraph.exchange.columns import KEY_WORDS, VERSION, Sheet, Sheets, plain_header
from jkgraph.exchange.leaves import Leaf
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

SEPARATORS = ";,\t"
UTF_16 = {BOM_UTF16_LE, BOM_UTF16_BE}
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


def write_csv(leaf: Leaf, sheets: Sheets) -> str:
    """Return a sheet as CSV; its last column holds the version of each record."""
    sheet = leaf.sheet
    names = _headers(sheet, sheets)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=SEPARATORS[0], lineterminator="\r\n")
    writer.writerow(names.values())
    for line in leaf.lines:
        cells = {key: cell.text for key, cell in line.cells.items()}
        writer.writerow(_guarded({**line.keys, **cells}.get(key, "")) for key in names)
    return f"\ufeff{out.getvalue()}"


def _headers(sheet: Sheet, sheets: Sheets) -> dict[str, str]:
    """Return the headers of a sheet by key; the last one tells which kind it is."""
    keys = {key: sheets.word(KEY_WORDS[key]) for key in sheet.keys}
    own = {column.key: column.header for column in sheet.columns}
    version = f"{sheets.word(KEY_WORDS[VERSION])} ({sheet.kind.name})"
    return {**keys, **own, VERSION: version}


def _guarded(text: str) -> str:
    return f"'{text}" if _RISKY.match(text) and not _NUMBER.fullmatch(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def read_csv(files: Mapping[str, bytes], graph: Graph, kinds: Kinds) -> Received:
    """Read files of CSV by name; raises JkgraphError for what is none."""
    tables: list[Table] = []
    notes: list[Remark] = []
    languages: set[str] = set()
    for name, content in files.items():
        rows = _rows(name, content, graph.workspace.limits)
        language, sheet = _sheet(name, rows[0] if rows else [], graph, kinds)
        headers = {plain_header(h): key for key, h in _headers(sheet[0], sheet[1]).items()}
        columns = dict(enumerate(headers.get(plain_header(h)) for h in (rows or [[]])[0]))
        for number, key in columns.items():
            header = rows[0][number]
            if key is None and header:
                place = Place(name, 1, number + 1)
                message = Message("error.column-ignored", {"name": header})
                notes.append(Remark(place, "column-ignored", Severity.INFO, message))
        tables.append(Table(sheet[0], name, tuple(_read(name, rows[1:], columns))))
        languages.add(language)
    if len(languages) > 1:
        raise JkgraphError("csv-languages")
    return Received(languages.pop(), tuple(tables), notes=tuple(notes))


def _rows(name: str, content: bytes, bounds: Bounds) -> list[list[str]]:
    if len(content) > bounds.workbook_bytes:
        raise too_large(bounds, "workbook_bytes", len(content))
    try:
        text = content.decode(
            "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        )
    except UnicodeDecodeError as error:
        raise JkgraphError("csv-encoding", file=name) from error
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise JkgraphError("csv-unreadable", file=name) from error
    refuse_wide(bounds, len(rows), max(map(len, rows), default=0))
    return rows


def _sheet(
    name: str, head: list[str], graph: Graph, kinds: Kinds
) -> tuple[str, tuple[Sheet, Sheets]]:
    """Find the sheet of a file by its headers, else by its name, in the language that fits best."""
    given = {plain_header(header) for header in head}
    best: tuple[int, str, Sheet, Sheets] | None = None
    for language in graph.workspace.languages:
        sheets = Sheets(graph, kinds, language)
        for sheet in sheets.all:
            headers = {k: plain_header(h) for k, h in _headers(sheet, sheets).items()}
            if headers[VERSION] in given or Path(name).stem.casefold() == sheet.kind.name:
                number = len(given & set(headers.values()))
                has_keys = all(headers[key] in given for key in sheet.keys)
                if has_keys and (best is None or number > best[0]):
                    best = number, language, sheet, sheets
    if best is None:
        raise JkgraphError("csv-kind", file=name)
    return best[1], best[2:]


def _read(name: str, rows: Iterable[list[str]], columns: Mapping[int, str | None]) -> Iterable[Row]:
    for number, cells in enumerate(rows, 2):
        found = {
            key: Cell(Place(name, number, column + 1), text_of(_unguarded(cells[column])))
            for column, key in columns.items()
            if key is not None and column < len(cells)
        }
        if any(cell.text for key, cell in found.items() if key != VERSION):
            yield Row(Place(name, number), found)
