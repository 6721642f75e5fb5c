"""Records in a spreadsheet and back: one sheet a kind, one row a record, one column a field.

A cell tells a set of values. What a cell means is decided in `cells`; files of spreadsheets are
known in `workbook`, `intake`, `marks` (Excel) and `delimited` (CSV) only.
"""

from jkgraph.exchange.contents import Contents
from jkgraph.exchange.leaves import Leaf, leaves
from jkgraph.exchange.plan import Plan, make_plan
from jkgraph.exchange.tables import Place, Remark, Sent, Table

__all__ = [
    "Contents",
    "Leaf",
    "Place",
    "Plan",
    "Remark",
    "Sent",
    "Table",
    "leaves",
    "make_plan",
]
