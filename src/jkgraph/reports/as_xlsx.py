"""Findings as a workbook: a row for each, to sort, divide and tick off."""

from __future__ import annotations

import io

from jkgraph import worksheets
from jkgraph.reports.report import Entry, Report

COLUMNS = {
    "report.severity": 14,
    "report.label": 36,
    "report.field": 24,
    "report.value": 32,
    "report.message": 60,
    "report.repair": 44,
    "report.file": 48,
    "report.line": 8,
    "report.column": 8,
    "report.rule": 26,
}
Row = list[str | int]


def document(report: Report) -> bytes:
    """Write one sheet with a heading that stays in view."""
    worksheets.require()
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = report.say("report.sheet")
    heading: Row = [report.say(key) for key in COLUMNS]
    rows = [heading, *map(_row, report.entries)]
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if isinstance(value, int):
                cell.value = value
            else:
                worksheets.fill(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for letter, width in zip("ABCDEFGHIJ", COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(entry: Entry) -> Row:
    found = entry.finding
    return [
        entry.severity,
        entry.label,
        entry.field,
        entry.value,
        entry.sentence,
        entry.repair,
        found.location.path,
        found.location.line,
        found.location.column,
        found.rule,
    ]
