"""What holds in every worksheet: how much it takes, and that text in it stays text."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any

from jkgraph.errors import JkgraphError

# What a sheet and a cell can hold, counted as Excel counts.
LAST_ROW, LONGEST = 1_048_576, 32_767
# The control characters that no workbook can hold, and what a spreadsheet takes for a formula.
ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORMULA_SIGNS = ("=", "+", "-", "@")


def require() -> None:
    """Raise JkgraphError without the package that reads and writes worksheets."""
    if find_spec("openpyxl") is None:
        raise JkgraphError("no-extra", extra="sheets")


def fill(cell: Any, text: str) -> None:
    """Put a text in a cell so that nothing in it runs, cut off where the cell is full."""
    cell.value = ODD.sub("\ufffd", text)[:LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_SIGNS)
