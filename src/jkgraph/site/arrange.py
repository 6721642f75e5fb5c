"""Arranges the rows of a query for a view: what stands beside, above or below what.

A view reads named variables: ``list`` and ``table`` take any, ``matrix`` and ``counts`` row,
column and cell, ``tree`` item and parent, ``steps`` step, ``tiles`` x, y and item, ``cover`` item
and need and, if they are there, the group that the need belongs to and the section that the item
stands in.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from jkgraph.errors import JkgraphError
from jkgraph.messages import did_you_mean
from jkgraph.site.contents import alphabetic

VIEWS: Mapping[str, tuple[str, ...]] = {
    "list": (),
    "table": (),
    "matrix": ("row", "column", "cell"),
    "counts": ("row", "column", "cell"),
    "tree": ("item", "parent"),
    "steps": ("step",),
    "tiles": ("x", "y", "item"),
    "cover": ("item", "need"),
}

Rows = Sequence[Mapping[str, Any]]


class Matrix(NamedTuple):
    """Columns, and lines of a heading with one cell of values for every column."""

    columns: tuple[Any, ...]
    lines: tuple[tuple[Any, tuple[tuple[Any, ...], ...]], ...]


class Cover(NamedTuple):
    """Needs in groups, and items in sections, each once, with the needs that it meets.

    An item comes with a cell for every group: the places of needs among those of the group.
    """

    groups: tuple[tuple[Any, tuple[Any, ...]], ...]
    sections: tuple[tuple[Any, tuple[tuple[Any, tuple[tuple[int, ...], ...]], ...]], ...]


class Tile(NamedTuple):
    """A place in a grid, counted from the left and from above, with the rows that belong there."""

    x: Any
    y: Any
    rows: tuple[Mapping[str, Any], ...]


class Branch(NamedTuple):
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


def arrange(view: str, rows: Rows, lines: Iterable[Any] = (), columns: Iterable[Any] = ()) -> Any:
    """Return rows in the form that a view draws.

    In a matrix the lines and columns that are given come first, also when they stay empty.
    """
    if view == "list":
        return grouped(rows)
    if view in {"matrix", "counts"}:
        return matrix(rows, ("row", "column", "cell"), lines, columns)
    if view == "cover":
        return cover(rows)
    if view == "tiles":
        return tiles(rows)
    return tree(rows) if view == "tree" else rows


def grouped(rows: Rows) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return each first value once, with the other values that stand beside it."""
    found: dict[Hashable, dict[Hashable, Any]] = {}
    for row in rows:
        first, *others = row.values()
        found.setdefault(first, {}).update({v: v for v in others if v is not None})
    return [(item, tuple(values)) for item, values in found.items()]


def matrix(
    rows: Rows, names: tuple[str, str, str], first: Iterable[Any] = (), across: Iterable[Any] = ()
) -> Matrix:
    """Set values out in rows and columns, both in the order in which they come."""
    row, column, cell = names
    columns = dict.fromkeys([*across, *(r[column] for r in rows if r[column] is not None)])
    cells: dict[Hashable, dict[Hashable, dict[Hashable, None]]] = {head: {} for head in first}
    for r in rows:
        found = cells.setdefault(r[row], {}).setdefault(r[column], {})
        if r[cell] is not None:
            found[r[cell]] = None
    lines = ((head, tuple(tuple(by.get(c, ())) for c in columns)) for head, by in cells.items())
    return Matrix(tuple(columns), tuple(lines))


def cover(rows: Rows) -> Cover:
    """Set needs out in groups, as these come, and items in sections; all of them in order."""
    found: dict[Hashable, set[Any]] = {}
    met: dict[Hashable, set[Any]] = {}
    sections: dict[Hashable, Any] = {}
    for row in rows:
        item, pair = row["item"], (row.get("group"), row["need"])
        sections.setdefault(item, row.get("section"))
        met.setdefault(item, set()).add(pair)
        if row["need"] is not None:
            found.setdefault(row.get("group"), set()).add(row["need"])
    groups = tuple((group, tuple(sorted(needs, key=_order))) for group, needs in found.items())
    by_section: dict[Hashable, list[Any]] = {}
    for item in sorted(met, key=_order):
        cells = tuple(_places(group, needs, met[item]) for group, needs in groups)
        by_section.setdefault(sections[item], []).append((item, cells))
    named = sorted((s for s in by_section if s is not None), key=_order)
    ordered = (*named, *by_section.keys() - set(named))
    return Cover(groups, tuple((section, tuple(by_section[section])) for section in ordered))


def _order(value: Any) -> tuple[int, str]:
    """Return what a value is sorted by: its place in a list, and its name."""
    resource = getattr(value, "resource", None)
    return (resource.place if resource else 0), alphabetic(str(getattr(value, "text", value)))


def _places(group: Any, needs: Sequence[Any], met: set[Any]) -> tuple[int, ...]:
    return tuple(place for place, need in enumerate(needs) if (group, need) in met)


def tiles(rows: Rows) -> tuple[Tile, ...]:
    """Put rows together that belong at one place of a grid, in the order in which they come."""
    places: dict[tuple[Any, Any], list[Mapping[str, Any]]] = {}
    for row in rows:
        places.setdefault((row["x"], row["y"]), []).append(row)
    return tuple(Tile(x, y, tuple(found)) for (x, y), found in places.items())


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
