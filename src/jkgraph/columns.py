"""Draws rows as a table for people: on a terminal, and in Markdown."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import pyoxigraph as ox

from jkgraph.graph import Term
from jkgraph.iri import Addresses

NARROWEST_COLUMN = 8

Label = Callable[[ox.NamedNode], str]
Row = Sequence[Term | None]


def shown(row: Row, addresses: Addresses, label: Label | None) -> list[str]:
    """Return the texts of a row; a resource has its name beside it, if no cell has that yet."""
    texts = [_text(term, addresses) for term in row]
    if label is None:
        return texts
    named = (_name(term, label) for term in row)
    return [
        f"{name} ({text})" if name and name not in texts else text
        for name, text in zip(named, texts, strict=True)
    ]


def _text(term: Term | None, addresses: Addresses) -> str:
    if isinstance(term, ox.NamedNode):
        return addresses.compact(term.value)
    return plain(term.value) if isinstance(term, ox.Literal) else str(term or "")


def _name(term: Term | None, label: Label) -> str:
    return plain(label(term)) if isinstance(term, ox.NamedNode) else ""


def plain(text: str) -> str:
    """Return a text on one line, without the signs by which a terminal can be commanded."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def markdown(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Draw rows as a table in Markdown."""
    lines = [names, ["---"] * len(names), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )


def columns(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Draw rows as columns; where the screen is too narrow, the widest column gives way."""
    lines = [names, *rows]
    widths = [max(_width(line[n]) for line in lines) for n in range(len(names))]
    while width and sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > NARROWEST_COLUMN:
        widths[widths.index(max(widths))] -= 1
    drawn = [_line(line, widths) for line in lines]
    return "\n".join([drawn[0], "  ".join("─" * w for w in widths), *drawn[1:], ""])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    fitted = (_fit(cell, width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(fitted).rstrip()


def _fit(text: str, width: int) -> str:
    if _width(text) > width:
        while _width(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
