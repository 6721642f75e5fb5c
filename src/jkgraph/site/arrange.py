"""Arranges the rows of a query for a view: what stands beside, above or below what.

A view reads named variables: ``list`` and ``table`` take any, ``matrix`` row, column and
cell, ``tree`` item and parent, ``steps`` step, ``tiles`` x, y and item, ``cover`` item and need.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jkgraph.errors import JkgraphError
from jkgraph.messages import did_you_mean

VIEWS: Mapping[str, tuple[str, ...]] = {
    "list": (),
    "table": (),
    "matrix": ("row", "column", "cell"),
    "tree": ("item", "parent"),
    "steps": ("step",),
    "tiles": ("x", "y", "item"),
    "cover": ("item", "need"),
}

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Matrix:
    """Columns, and lines of a heading with one cell of values for every column."""

    columns: tuple[Any, ...]
    lines: tuple[tuple[Any, tuple[tuple[Any, ...], ...]], ...]


@dataclass(frozen=True)
class Branch:
    """An item of a tree with what stands below it."""

    item: Any
    below: tuple[Branch, ...]


def require_view(name: str, variables: Sequence[str], query: str) -> str:
    """Return the name of a view that a query names and has the variables for."""
    if name not in VIEWS:
        raise JkgraphError("unknown-view", query=query, name=name, hint=did_you_mean(name, VIEWS))
    missing = [f"?{v}" for v in VIEWS[name] if v not in variables]
    if missing:
        raise JkgraphError("view-variables", query=query, name=name, missing=", ".join(missing))
    return name


def arrange(view: str, rows: Rows) -> Any:
    """Return rows in the form that a view draws."""
    if view == "list":
        return grouped(rows)
    if view == "matrix":
        return matrix(rows, "row", "column", "cell")
    if view == "cover":
        return matrix(rows, "item", "need", "need")
    if view == "tiles":
        return matrix(rows, "y", "x", "item")
    return tree(rows) if view == "tree" else rows


def grouped(rows: Rows) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return each first value once, with the other values that stand beside it."""
    found: dict[Hashable, dict[Hashable, Any]] = {}
    for row in rows:
        first, *others = row.values()
        found.setdefault(first, {}).update({v: v for v in others if v is not None})
    return [(item, tuple(values)) for item, values in found.items()]


def matrix(rows: Rows, row: str, column: str, cell: str) -> Matrix:
    """Set values out in rows and columns, both in the order in which they come."""
    columns = dict.fromkeys(r[column] for r in rows if r[column] is not None)
    cells: dict[Hashable, dict[Hashable, dict[Hashable, None]]] = {}
    for r in rows:
        found = cells.setdefault(r[row], {}).setdefault(r[column], {})
        if r[cell] is not None:
            found[r[cell]] = None
    lines = ((head, tuple(tuple(by.get(c, ())) for c in columns)) for head, by in cells.items())
    return Matrix(tuple(columns), tuple(lines))


def tree(rows: Rows) -> tuple[Branch, ...]:
    """Set items below their parents; an item whose parent is not there stands on top."""
    items = dict.fromkeys(row["item"] for row in rows)
    below: dict[Hashable, list[Any]] = {}
    for row in rows:
        if row["parent"] in items and row["parent"] != row["item"]:
            below.setdefault(row["parent"], []).append(row["item"])
    held = {item for children in below.values() for item in children}
    return tuple(_branch(item, below, ()) for item in items if item not in held)


def _branch(item: Any, below: Mapping[Hashable, list[Any]], above: tuple[Any, ...]) -> Branch:
    children = [c for c in below.get(item, ()) if c not in (*above, item)]
    return Branch(item, tuple(_branch(c, below, (*above, item)) for c in children))
