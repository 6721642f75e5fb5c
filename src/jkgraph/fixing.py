"""Safe repairs made: what becomes of the record files whose findings have one.

A repair is made only when the file says everything else as it did before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from jkgraph.edits import Edit
from jkgraph.findings import Finding
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds
from jkgraph.layout import Layout
from jkgraph.turtle import (
    CommentsWouldBeLost,
    Positions,
    Spots,
    TurtleSyntaxError,
    parse,
    plain_lines,
)

# A line to be filled in, which the canonical form would take away.
HINT = re.compile(r"^\s*#>", re.MULTILINE)


def safe_edits(
    graph: Graph, kinds: Kinds, findings: Iterable[Finding], files: Iterable[Path]
) -> Iterator[Edit]:
    """Yield what becomes of record files: their safe repairs, then the canonical form.

    A file that is being filled in, or has comments, keeps its own form.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for found in findings:
        if found.repair and found.repair.is_safe:
            by_file[found.location.path].append(found)
    layout = Layout(graph, kinds)
    for path in files:
        try:
            before = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        after = _repaired(plain_lines(before), by_file[graph.workspace.relative(path)])
        if not HINT.search(after):
            with suppress(CommentsWouldBeLost, TurtleSyntaxError):
                after = layout.canonical(path, after)
        if after != before:
            yield Edit(path, before, after)


def _repaired(text: str, findings: list[Finding]) -> str:
    """Make the repairs that can be made together and change nothing else."""
    made: list[Finding] = []
    result = text
    for found in findings:
        tried = _replaced(text, [*made, found])
        if tried is not None and _is_only_that(text, tried, [*made, found]):
            made.append(found)
            result = tried
    return result


def _replaced(text: str, findings: list[Finding]) -> str | None:
    made = (found.repair.replacements for found in findings if found.repair)
    return Spots(text).replace(list(chain.from_iterable(made)))


def _is_only_that(before: str, after: str, findings: list[Finding]) -> bool:
    """Tell whether a text says what it said, but for the values that the findings are about."""
    try:
        new = set(parse(after).triples)
    except TurtleSyntaxError:
        return False
    try:
        old = set(parse(before).triples)
    except TurtleSyntaxError:
        # What stood before the fault must still be said.
        return {placed.triple for placed in Positions(before).triples} <= new
    gone, come = old - new, new - old
    records = {found.record for found in findings}
    is_told = all(any(_is_about(found, triple) for found in findings) for triple in gone)
    return is_told and all(f"{t.subject}"[1:-1] in records for t in come)


def _is_about(found: Finding, triple: ox.Triple) -> bool:
    if (f"{triple.subject}"[1:-1], triple.predicate.value) != (found.record, found.predicate):
        return False
    return found.value is None or found.value == str(triple.object)
