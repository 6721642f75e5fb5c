"""Writes the answer to a query in the format that somebody asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import Term
from jkgraph.iri import Addresses
from jkgraph.queries import Solutions
from jkgraph.sparql import gives_triples

if TYPE_CHECKING:
    from jkgraph.columns import Label

ROW_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
GRAPH_FORMATS = ("ttl", "nt", "jsonld")
DRAWN_FORMATS = ("table", "md")
FILE_FORMATS = ("jsonl", "html", "xlsx")
FORMATS = (*DRAWN_FORMATS, *ROW_FORMATS, *FILE_FORMATS, *GRAPH_FORMATS)


def answer_formats(text: str) -> tuple[str, ...]:
    """Return the formats in which the answer to a query is offered beside a page."""
    return GRAPH_FORMATS if gives_triples(text) else ("csv", "json")


def write_answer(  # noqa: PLR0913  (what an answer looks like has this many sides)
    solutions: Solutions,
    form: str,
    out: BinaryIO,
    addresses: Addresses,
    *,
    width: int = 0,
    label: Label | None = None,
    limit: int | None = None,
    title: str = "",
) -> int | None:
    """Write an answer; triples are written as a graph, rows and yes or no as a table.

    ``width`` is that of the terminal, 0 for no limit; ``label`` gives the name of a resource
    for a table; ``limit`` is the largest number of rows or triples. Formats other than a
    table or sheet go out row by row. Returns the number of rows of a table. Raises
    JkgraphError for a format that does not suit the kind of answer.
    """
    if isinstance(solutions, ox.QueryTriples):
        _write_graph(islice(solutions, limit), "ttl" if form == "table" else form, out, addresses)
    elif form in GRAPH_FORMATS:
        raise JkgraphError("format-needs-graph", format=form)
    elif isinstance(solutions, ox.QueryBoolean):
        _write_boolean(solutions, form, out)
    elif form in ROW_FORMATS:
        _first(solutions, limit).serialize(out, ROW_FORMATS[form])
        if form in {"json", "xml"}:
            out.write(b"\n")
    else:
        names, rows = [v.value for v in solutions.variables], islice(_rows(solutions), limit)
        if form in FILE_FORMATS:
            from jkgraph.rows import WRITERS

            WRITERS[form](title, names, rows, out)
        else:
            from jkgraph.columns import columns, markdown, shown

            texts = [shown(row, addresses, label) for row in rows]
            drawn = markdown(names, texts) if form == "md" else columns(names, texts, width)
            out.write(drawn.encode())
            return len(texts)
    return None


def _rows(solutions: ox.QuerySolutions) -> Iterator[list[Term | None]]:
    names = [v.value for v in solutions.variables]
    for row in solutions:
        yield [row[name] for name in names]


def _write_boolean(answer: ox.QueryBoolean, form: str, out: BinaryIO) -> None:
    if form in FILE_FORMATS:
        raise JkgraphError("format-needs-rows", format=form, known="table, csv, json")
    if form in ROW_FORMATS:
        answer.serialize(out, ROW_FORMATS[form])
    else:
        out.write(b"true" if answer else b"false")
    if form not in {"csv", "tsv"}:
        out.write(b"\n")


def _first(solutions: ox.QuerySolutions, limit: int | None) -> ox.QuerySolutions:
    """Return the first rows of an answer as an answer."""
    if limit is None:
        return solutions
    import json

    names = [v.value for v in solutions.variables]
    bindings = [
        {name: _binding(term) for name, term in zip(names, row, strict=True) if term}
        for row in islice(_rows(solutions), limit)
    ]
    text = json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}})
    first = ox.parse_query_results(text, ox.QueryResultsFormat.JSON)
    assert isinstance(first, ox.QuerySolutions)  # noqa: S101  (rows were written)
    return first


def _binding(term: Term) -> dict[str, object]:
    """Write a term as the JSON of query results does."""
    if isinstance(term, ox.Triple):
        names = ("subject", "predicate", "object")
        return {"type": "triple", "value": {n: _binding(getattr(term, n)) for n in names}}
    if not isinstance(term, ox.Literal):
        return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}
    kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **kind}


def _write_graph(
    triples: Iterable[ox.Triple], form: str, out: BinaryIO, addresses: Addresses
) -> None:
    if form not in GRAPH_FORMATS:
        raise JkgraphError("format-needs-rows", format=form, known=", ".join(GRAPH_FORMATS))
    # Not at the top: most questions ask for rows.
    from jkgraph.syntaxes import json_ld, n_triples
    from jkgraph.turtle import write

    found = list(dict.fromkeys(triples))
    if form == "ttl":
        out.write(write(found, addresses.prefixes).encode())
    else:
        out.write(n_triples(found) if form == "nt" else json_ld(found, addresses.prefixes))
