"""Writes what is wrong beside the cells, in a copy of the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from jkgraph.bounds import Bounds
from jkgraph.exchange.intake import open_book
from jkgraph.exchange.tables import Remark
from jkgraph.exchange.workbook import AUTHOR, note

RED = "F6C6C0"
# What a remark may take of a comment: a cell can hold many.
LONGEST = 2_000


def marked(
    content: bytes,
    bounds: Bounds,
    remarks: Sequence[tuple[Remark, str]],
    title: str,
    head: str,
) -> bytes:
    """Return a copy of a workbook with remarks in words at their cells, and a list of them.

    ``title`` is that of the sheet with the list, ``head`` its heading; earlier marks go.
    """
    book = open_book(content, bounds)
    if title in book.sheetnames:
        del book[title]
    _clear(book)
    page = book.create_sheet(title, 0)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 110
    page.append([head])
    page["A1"].font = Font(bold=True)
    for number, (remark, words) in enumerate(remarks, 2):
        place = remark.place
        link = page.cell(number, 1, str(place))
        text = page.cell(number, 2, words)
        for cell in (link, text):
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if place.sheet in book.sheetnames:
            quoted = place.sheet.replace("'", "''")
            target = f"'{quoted}'!{place.cell}"
            link.hyperlink = Hyperlink(ref=link.coordinate, location=target)
            link.font = Font(underline="single", color="1F4E9E")
            _mark(book[place.sheet].cell(place.row, place.column), words)
    book.active = 0
    for other in book.worksheets:
        # Excel types into all sheets that are selected at once.
        other.sheet_view.tabSelected = other is page
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(cell: Any, words: str) -> None:
    earlier = cell.comment.text if cell.comment else ""
    cell.comment = note(f"{earlier}\n\n{words}".strip()[:LONGEST])
    cell.fill = PatternFill("solid", start_color=RED)


def _clear(book: Any) -> None:
    """Take away the marks that an earlier import left; the help above the columns stays."""
    for page in book.worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row if cell.comment):
            if cell.row == 1:
                cell.comment = note(cell.comment.text)
            elif cell.comment.author == AUTHOR:
                cell.comment, cell.fill = None, PatternFill()
