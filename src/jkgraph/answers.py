"""Writes the answer to a query in the format that somebody asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import Term
from jkgraph.iri import Addresses
from jkgraph.queries import Solutions
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import write

ROW_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPH_FORMATS = ("ttl", "nt", "jsonld")
NARROWEST_COLUMN = 8
DRAWN_FORMATS = ("table", "md")
FORMATS = (*DRAWN_FORMATS, *ROW_FORMATS, *GRAPH_FORMATS)

Label = Callable[[ox.NamedNode], str]


def answer_formats(solutions: Solutions) -> tuple[str, ...]:
    """Return the formats in which an answer is offered beside a page."""
    return GRAPH_FORMATS if isinstance(solutions, ox.QueryTriples) else ("csv", "json")


def write_answer(
    solutions: Solutions, form: str, out: BinaryIO, addresses: Addresses, width: int = 0
) -> None:
    """Write an answer; triples are written as a graph, rows and yes or no as a table.

    ``width`` is that of the terminal, 0 for no limit. Raises JkgraphError for a format
    that does not suit the kind of answer.
    """
    if isinstance(solutions, ox.QueryTriples):
        _write_graph(solutions, "ttl" if form == "table" else form, out, addresses)
    elif form in ROW_FORMATS:
        solutions.serialize(out, ROW_FORMATS[form])
        if form in {"json", "xml"}:
            out.write(b"\n")
    elif form in GRAPH_FORMATS:
        raise JkgraphError("format-needs-graph", format=form)
    elif isinstance(solutions, ox.QueryBoolean):
        out.write(b"true\n" if solutions else b"false\n")
    else:
        _draw(solutions, form, out, addresses, width)


def _write_graph(
    triples: Iterable[ox.Triple], form: str, out: BinaryIO, addresses: Addresses
) -> None:
    if form not in GRAPH_FORMATS:
        raise JkgraphError("format-needs-rows", format=form, known=", ".join(GRAPH_FORMATS))
    found = list(dict.fromkeys(triples))
    if form == "ttl":
        out.write(write(found, addresses.prefixes).encode())
    else:
        out.write(n_triples(found) if form == "nt" else json_ld(found, addresses.prefixes))


def _draw(
    solutions: ox.QuerySolutions, form: str, out: BinaryIO, addresses: Addresses, width: int
) -> None:
    names = [v.value for v in solutions.variables]
    rows = [[_shown(row[name], addresses) for name in names] for row in solutions]
    text = _markdown(names, rows) if form == "md" else columns(names, rows, width)
    out.write(text.encode())


def _shown(term: Term | None, addresses: Addresses) -> str:
    if isinstance(term, ox.NamedNode):
        return addresses.compact(term.value)
    return " ".join(term.value.split()) if isinstance(term, ox.Literal) else str(term or "")


def _markdown(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
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
    shown = (_fit(cell, width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(shown).rstrip()


def _fit(text: str, width: int) -> str:
    if _width(text) > width:
        while _width(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
