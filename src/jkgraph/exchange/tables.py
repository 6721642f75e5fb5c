"""What was read from a spreadsheet, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.bounds import Bounds
from jkgraph.errors import JkgraphError
from jkgraph.exchange.columns import Sheet
from jkgraph.findings import Severity
from jkgraph.graph import Term
from jkgraph.messages import Message


def too_large(bounds: Bounds, setting: str, found: int) -> JkgraphError:
    """Return the error that a file is larger than a bound: a mistake, or meant ill."""
    return JkgraphError("workbook-large", bound=bounds.over(setting, found))


def refuse_wide(bounds: Bounds, rows: int, columns: int) -> None:
    """Refuse a sheet with too many rows or columns."""
    for setting, found in (("sheet_rows", rows), ("sheet_columns", columns)):
        if found > getattr(bounds, setting):
            raise too_large(bounds, setting, found)


class Place(NamedTuple):
    """A cell: the title of its sheet, and its row and column, counted from one."""

    sheet: str
    row: int
    column: int = 1

    @property
    def cell(self) -> str:
        """The name of the cell, such as B7."""
        letters, number = "", self.column
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{self.row}"

    def __str__(self) -> str:
        """Write the place as ``Sheet!B7``."""
        return f"{self.sheet}!{self.cell}"


class Remark(NamedTuple):
    """What is to be said of a cell, by which rule."""

    place: Place
    rule: str
    severity: Severity
    message: Message


class Cell(NamedTuple):
    """A cell: its text, and why it cannot be used, if so."""

    place: Place
    text: str
    fault: str = ""


class Row(NamedTuple):
    """A row: its cells by the keys of their columns."""

    place: Place
    cells: Mapping[str, Cell]

    def text(self, key: str) -> str:
        """Return the text of a cell; a column that is not there is empty."""
        return self.cells[key].text if key in self.cells else ""

    def at(self, key: str) -> Place:
        """Return the place of a cell, else of the row."""
        return self.cells[key].place if key in self.cells else self.place


class Table(NamedTuple):
    """A sheet as it was read."""

    sheet: Sheet
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sent:
    """A row as it was exported: the version of its record, and what its cells meant.

    A column that is not in ``cells`` was empty; one without meanings did not fit in its cell.
    """

    version: str
    cells: Mapping[str, tuple[str, Mapping[str, Term] | None]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return the text of a cell."""
        return self.cells[key][0] if key in self.cells else ""


class Received(NamedTuple):
    """All that was read: sheets, what they held when they were exported, and what was passed over.

    ``sent`` is None where a file does not tell; then every row carries the version of its record.
    """

    language: str
    tables: tuple[Table, ...]
    revision: str = ""
    sent: Mapping[ox.NamedNode, Sent] | None = None
    notes: tuple[Remark, ...] = ()
