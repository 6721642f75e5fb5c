"""Writes the rows of an answer for other programs: lines of JSON, a web page, a spreadsheet."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from html import escape
from math import isfinite
from typing import BinaryIO

import pyoxigraph as ox

from jkgraph import worksheets
from jkgraph.errors import JkgraphError
from jkgraph.graph import Term

XSD = "http://www.w3.org/2001/XMLSchema#"
# A sheet counts in doubles, and its days begin in this year.
EXACT, FIRST_YEAR = 10**15, 1900
ILLEGAL_TITLE = re.compile(r"[\\\\*?:/\[\]]")
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}"
    "td,th{border:1px solid;padding:.25rem .5rem;text-align:left;vertical-align:top}"
)

Row = Sequence[Term | None]
Value = str | int | float | bool | date | None


def _number(text: str) -> float:
    number = float(text)
    # Neither JSON nor a sheet has a number for what is none or has no end.
    if not isfinite(number):
        raise ValueError
    return number


READERS: Mapping[str, Callable[[str], Value]] = {
    **{f"{XSD}{name}": int for name in ("integer", "nonNegativeInteger", "positiveInteger", "int")},
    **{f"{XSD}{name}": _number for name in ("decimal", "double", "float")},
    f"{XSD}boolean": lambda text: text in {"true", "1"},
    f"{XSD}date": date.fromisoformat,
    f"{XSD}dateTime": datetime.fromisoformat,
}


def value(term: Term | None) -> Value:
    """Return a term as a number, a date, yes or no, or as text where it is none of these."""
    if isinstance(term, ox.Literal):
        with suppress(ValueError):
            return READERS.get(term.datatype.value, str)(term.value)
        return term.value
    return term.value if isinstance(term, ox.NamedNode) else str(term) if term else None


def write_json_lines(_: str, names: Sequence[str], rows: Iterable[Row], out: BinaryIO) -> None:
    """Write an object a line, with what has a value: numbers as numbers, addresses in full."""
    encode = json.JSONEncoder(ensure_ascii=False, default=date.isoformat).encode
    for row in rows:
        found = ((name, value(term)) for name, term in zip(names, row, strict=True))
        line = encode({name: told for name, told in found if told is not None})
        out.write(f"{line}\n".encode())


def write_html(title: str, names: Sequence[str], rows: Iterable[Row], out: BinaryIO) -> None:
    """Write a web page with a table, which asks for nothing from elsewhere."""
    head = "".join(f'<th scope="col">{escape(name)}' for name in names)
    start = f"<!doctype html>\n<meta charset=utf-8>\n<title>{escape(title)}</title>\n"
    style = f"<style>{STYLE}</style>\n"
    out.write(f"{start}{style}<table>\n<thead><tr>{head}\n<tbody>\n".encode())
    for row in rows:
        out.write(f"<tr>{''.join(map(_html_cell, row))}\n".encode())
    out.write(b"</table>\n")


def _html_cell(term: Term | None) -> str:
    text = escape(str(getattr(term, "value", term or "")))
    if isinstance(term, ox.NamedNode) and term.value.startswith(("http://", "https://")):
        return f'<td><a href="{text}">{text}</a>'
    lang = getattr(term, "language", None)
    return f'<td lang="{escape(lang)}">{text}' if lang else f"<td>{text}"


def write_sheet(title: str, names: Sequence[str], rows: Iterable[Row], out: BinaryIO) -> None:
    """Write a workbook with one sheet, of which no cell is a formula.

    Raises JkgraphError without the package that writes sheets, and for too many rows.
    """
    worksheets.require()
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    def cell(told: Value) -> object:
        if not isinstance(told, str) and _fits(told):
            return told
        made = WriteOnlyCell(sheet)
        worksheets.fill(made, str(told))
        return made

    book = Workbook(write_only=True)
    sheet = book.create_sheet(ILLEGAL_TITLE.sub(" ", title)[:31])
    sheet.append([cell(name) for name in names])
    for number, row in enumerate(rows, 2):
        if number > worksheets.LAST_ROW:
            raise JkgraphError("sheet-full", number=worksheets.LAST_ROW)
        sheet.append([cell(value(term)) for term in row])
    book.save(out)


def _fits(told: Value) -> bool:
    """Tell whether a sheet can hold a number or date as it is."""
    if isinstance(told, date):
        return told.year >= FIRST_YEAR and getattr(told, "tzinfo", None) is None
    return not isinstance(told, int) or abs(told) < EXACT


WRITERS = {"jsonl": write_json_lines, "html": write_html, "xlsx": write_sheet}
