"""Writes an Excel workbook: a sheet a kind, drop-downs, and what it needs to come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from jkgraph.exchange.columns import (
    KEY_WORDS,
    MARK,
    PART,
    RECORD,
    REST,
    SLUG,
    Column,
    Sheets,
)
from jkgraph.exchange.leaves import Leaf, Line
from jkgraph.exchange.state import LISTS, SHEET, write_state
from jkgraph.exchange.values import DATE, NUMBERS, Content
from jkgraph.worksheets import FORMULA_SIGNS, LAST_ROW

AUTHOR = "jkgraph"
DAY, AS_TEXT, GENERAL = "d-m-yyyy", "@", "General"
WIDTHS = {SLUG: 24, RECORD: 36, PART: 12, REST: 24}
LONG, MEDIUM, SHORT = 60, 34, 14
# A name, which stays in sight, takes less room than the texts that follow.
NAME = 36
PINNED = 2
HEAD, REQUIRED_HEAD, KEY_HEAD = "DDE6EE", "BCD3E6", "E8E8E8"


def write_workbook(leaves: Sequence[Leaf], sheets: Sheets, revision: str) -> bytes:
    """Return the bytes of a workbook."""
    return _Book(leaves, sheets, revision).bytes()


class _Book:
    def __init__(self, leaves: Sequence[Leaf], sheets: Sheets, revision: str) -> None:
        self._leaves, self._sheets, self._revision = leaves, sheets, revision
        self._book: Any = openpyxl.Workbook(write_only=True)
        self._ranges: dict[tuple[str, ...], str] = {}
        self._styles: dict[tuple[str, bool], Any] = {}

    def bytes(self) -> bytes:
        self._explain()
        pages = [(leaf, self._book.create_sheet(leaf.sheet.title)) for leaf in self._leaves]
        self._write_lists()
        headers = {leaf.sheet.title: self._write(leaf, page) for leaf, page in pages}
        page = self._book.create_sheet(SHEET)
        page.sheet_state = "veryHidden"
        language = self._sheets.language
        for row in write_state(self._leaves, headers, language, self._revision):
            page.append([self._cell(page, text) for text in row])
        out = BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _explain(self) -> None:
        """Write the sheet that says how the others work."""
        page = self._book.create_sheet(self._sheets.word("sheet.guide"))
        page.column_dimensions["A"].width = 100
        number = sum(len(leaf.lines) for leaf in self._leaves if not leaf.sheet.is_part)
        text = self._sheets.word(
            "sheet.explanation", number=number, revision=self._revision[:12] or "–"
        )
        for paragraph in text.split("\n"):
            page.append([self._cell(page, paragraph)])

    def _write_lists(self) -> None:
        """Write every list of choices once, in a column of a hidden sheet."""
        choices = dict.fromkeys(texts for leaf in self._leaves for texts in leaf.lists.values())
        page = self._book.create_sheet(LISTS)
        page.sheet_state = "hidden"
        for number, texts in enumerate(choices, 1):
            letter = get_column_letter(number)
            self._ranges[texts] = f"'{LISTS}'!${letter}$1:${letter}${len(texts)}"
        for n in range(max(map(len, choices), default=0)):
            row = [texts[n] if n < len(texts) else None for texts in choices]
            page.append([self._cell(page, text) for text in row])

    def _write(self, leaf: Leaf, page: Any) -> dict[str, str]:
        """Write a sheet; return the keys of its columns by header."""
        sheet = leaf.sheet
        rest = [REST] if any(line.keys[REST] for line in leaf.lines) else []
        keys = [*sheet.keys, *(column.key for column in sheet.columns), *rest]
        page.freeze_panes = f"{get_column_letter(PINNED + 1)}2"
        page.auto_filter.ref = f"A1:{get_column_letter(len(keys))}{len(leaf.lines) + 1}"
        columns = {column.key: column for column in sheet.columns}
        for number, key in enumerate(keys, 1):
            own = page.column_dimensions[get_column_letter(number)]
            own.width = WIDTHS.get(key) or (_width(columns[key]) if number > PINNED else NAME)
            own.number_format = _format(columns.get(key))
            own.alignment = Alignment(wrap_text=True, vertical="top")
            if key in leaf.lists:
                page.data_validations.append(self._choice(columns[key], number, leaf.lists[key]))
        page.append([self._head(page, columns.get(key), key) for key in keys])
        for line in leaf.lines:
            page.append([self._value(page, columns.get(key), line, key) for key in keys])
        return {self._header(columns.get(key), key): key for key in keys if key != REST}

    def _header(self, column: Column | None, key: str) -> str:
        if column is None:
            return self._sheets.word(KEY_WORDS[key])
        return f"{column.header} {MARK}" if column.is_required else column.header

    def _head(self, page: Any, column: Column | None, key: str) -> Any:
        cell = WriteOnlyCell(page, self._header(column, key))
        color = KEY_HEAD if column is None else REQUIRED_HEAD if column.is_required else HEAD
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color=color)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = note(self._help(column) if column else self._sheets.word(KEY_HELP[key]))
        return cell

    def _help(self, column: Column) -> str:
        said = [column.help]
        if column.is_required:
            said.append(self._sheets.word("sheet.required"))
        if not column.is_single:
            said.append(self._sheets.word("sheet.several"))
        return "\n".join(filter(None, said))

    def _value(self, page: Any, column: Column | None, line: Line, key: str) -> Any:
        if column is None:
            return self._cell(page, line.keys.get(key))
        written = line.cells.get(key)
        return self._cell(page, written.content if written else None, _format(column))

    def _cell(self, page: Any, content: Content, form: str = AS_TEXT) -> Any:
        """Make a cell of which nothing runs: text is marked as text."""
        if content in {None, ""}:
            return None
        cell = WriteOnlyCell(page, content)
        is_guarded = isinstance(content, str) and content.startswith(FORMULA_SIGNS)
        if isinstance(content, str):
            cell.data_type = "s"
            form = AS_TEXT
        elif isinstance(content, date):
            form = DAY
        if (form, is_guarded) not in self._styles:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = form
            cell.quotePrefix = is_guarded
            self._styles[form, is_guarded] = cell._style
        # The one way that does not look every style up again for every cell.
        cell._style = self._styles[form, is_guarded]
        return cell

    def _choice(self, column: Column, number: int, texts: tuple[str, ...]) -> DataValidation:
        """Offer a list; several values in a cell are none of its texts, and may stand there."""
        letter = get_column_letter(number)
        rule = DataValidation("list", formula1=self._ranges[texts], allow_blank=True)
        rule.errorStyle, rule.showErrorMessage = "warning", column.is_single
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        return rule


KEY_HELP = {
    SLUG: "sheet.slug-help",
    RECORD: "sheet.record-help",
    PART: "sheet.part-help",
    REST: "sheet.rest-help",
}


def note(text: str) -> Comment:
    """Return a comment on a cell that is as large as its text."""
    return Comment(text, AUTHOR, height=20 * (2 + text.count("\n") + len(text) // 45), width=320)


def _width(column: Column) -> int:
    if column.is_link:
        return MEDIUM
    is_long = column.is_text and (column.is_single or bool(column.language))
    return LONG if is_long else MEDIUM if column.is_text else SHORT


def _format(column: Column | None) -> str:
    """Return the format in which new values are typed: text, unless that spoils numbers or days."""
    if column is None or column.is_link or column.language:
        return AS_TEXT
    if column.datatypes == (DATE,):
        return DAY
    return GENERAL if set(column.datatypes) <= NUMBERS else AS_TEXT
