"""What a workbook tells of itself in a hidden sheet: how its cells were when it was exported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.exchange.columns import Sheet
from jkgraph.exchange.leaves import Leaf, Line
from jkgraph.exchange.tables import Sent
from jkgraph.exchange.values import exact, read_exact
from jkgraph.graph import Term

SHEET, LISTS = "_jkgraph", "_jkgraph_lists"
FORM = "jkgraph 1"
# Half of what a cell holds: some characters count for two.
STEP = 16_000
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class State(NamedTuple):
    """The language, the revision, the headers of each sheet by title, and the rows as sent."""

    language: str
    revision: str
    headers: Mapping[str, tuple[str, Mapping[str, str]]]
    sent: Mapping[ox.NamedNode, Sent]


def write_state(
    leaves: Iterable[Leaf], headers: Mapping[str, Mapping[str, str]], language: str, revision: str
) -> Iterator[list[str]]:
    """Yield the rows of the hidden sheet; ``headers`` are the keys by header, by title."""
    yield [FORM, language, revision]
    leaves = list(leaves)
    for leaf in leaves:
        own = _pack(headers[leaf.sheet.title])
        yield ["sheet", leaf.sheet.title, leaf.sheet.kind.iri.value, *own]
    for leaf in leaves:
        for line in leaf.lines:
            yield ["row", line.subject.value, line.version, *_pack(_cells(line))]


def _cells(line: Line) -> dict[str, object]:
    return {
        key: [cell.text, {text: exact(term) for text, term in cell.meanings.items()}]
        if cell.meanings is not None
        else [cell.text, None]
        for key, cell in line.cells.items()
    }


def read_state(rows: Iterable[Sequence[object]]) -> State:
    """Read the rows of the hidden sheet; raises JkgraphError when somebody changed them."""
    try:
        (form, language, revision, *_), *others = [list(map(_text, row)) for row in rows]
        if form != FORM:
            raise JkgraphError("workbook-form", form=form)
        headers = {row[1]: (row[2], _unpack(row[3:])) for row in others if row[0] == "sheet"}
        sent = {
            ox.NamedNode(row[1]): Sent(row[2], {k: _cell(c) for k, c in _unpack(row[3:]).items()})
            for row in others
            if row[0] == "row"
        }
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise JkgraphError("workbook-damaged", sheet=SHEET) from error
    return State(language, revision, headers, sent)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _cell(packed: Any) -> tuple[str, Mapping[str, Term] | None]:
    text, meanings = packed
    if meanings is None:
        return str(text), None
    terms = {line: read_exact(term) for line, term in meanings.items()}
    known = {line: term for line, term in terms.items() if term is not None}
    if len(known) < len(terms):
        raise ValueError(text)
    return str(text), known


def _pack(value: object) -> list[str]:
    # Excel reads _x0041_ as the code of a character, wherever it stands.
    text = _CODE.sub(r"\\u005f", json.dumps(value, ensure_ascii=False))
    text = text.replace("\x7f", "\\u007f")
    return [text[n : n + STEP] for n in range(0, len(text), STEP)]


def _unpack(chunks: Sequence[str]) -> Mapping[str, Any]:
    return dict(json.loads("".join(chunks)))


def header_keys(sheet: Sheet, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the keys by header that the sheet still has."""
    known = {*sheet.keys, *(column.key for column in sheet.columns)}
    return {header: key for header, key in headers.items() if key in known}
