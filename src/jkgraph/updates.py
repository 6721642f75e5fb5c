"""Bulk change: a SPARQL Update, worked out on a copy and brought back to the record files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import date
from pathlib import Path
from textwrap import shorten

import pyoxigraph as ox

from jkgraph.edits import Edit, Editor
from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.iri import is_slug
from jkgraph.kinds import Kinds
from jkgraph.lifecycle import touched, whole_of
from jkgraph.sparql import QUIET, require_prefixes

# What reaches beyond the records of the workspace.
BEYOND = re.compile(
    r"(?<![\w:?$@.-])(SERVICE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD|GRAPH|WITH|USING)\b(?![\w-]*:)",
    re.IGNORECASE,
)


def update(graph: Graph, kinds: Kinds, text: str, name: str, today: date) -> list[Edit]:
    """Work out what a SPARQL Update changes, as edits of record files; write nothing.

    Statements that stay keep their literals as they were written. Raises JkgraphError for an
    update that cannot be read, reaches beyond the records, or would leave nothing of one.
    """
    before = {quad.triple for quad in graph.store}
    after = _run(graph, before, text, name)
    changed: dict[ox.NamedNode, set[ox.Triple]] = defaultdict(set)
    for triple in before ^ after:
        changed[_owner(graph, kinds, triple)].add(triple)
    editor = Editor(graph, kinds)
    return [
        editor.edit(_path(graph, record), _now(graph, record, changed[record], today))
        for record in sorted(changed, key=str)
    ]


def _now(
    graph: Graph, record: ox.NamedNode, changed: Set[ox.Triple], today: date
) -> list[ox.Triple]:
    """Return what a record says now, given the statements that went and came."""
    old = graph.document(record).triples if graph.has(record) else ()
    kept = [triple for triple in old if _stored(triple) not in changed]
    new = sorted(changed - {*map(_stored, old)}, key=str)
    triples = [*kept, *new]
    if not any(triple.subject == record for triple in triples):
        raise JkgraphError("update-removes", name=graph.addresses.compact(record.value))
    is_dated = graph.role("modified") in {triple.predicate for triple in new}
    return triples if is_dated else touched(graph, triples, record, today)


def _stored(triple: ox.Triple) -> ox.Triple:
    """Return a statement as the store writes it: 24.50 becomes 24.5."""
    if isinstance(triple.object, ox.Literal) and not triple.object.language:
        store = ox.Store()
        store.add(ox.Quad(*triple))
        (triple,) = (quad.triple for quad in store)
    return triple


def _owner(graph: Graph, kinds: Kinds, triple: ox.Triple) -> ox.NamedNode:
    """Return the record whose file a changed statement belongs in; elsewhere none may change."""
    if any(isinstance(term, ox.BlankNode) for term in (triple.subject, triple.object)):
        raise JkgraphError("update-blank")
    record = whole_of(triple.subject)
    folder, slug = graph.addresses.kind_and_slug(record.value) or ("", "")
    if folder not in kinds.by_name or not is_slug(slug):
        raise JkgraphError("update-elsewhere", name=graph.addresses.compact(record.value))
    return record


def _path(graph: Graph, record: ox.NamedNode) -> Path:
    folder, slug = graph.addresses.kind_and_slug(record.value) or ("", "")
    return graph.workspace.record_path(folder, slug)


def _run(graph: Graph, before: Iterable[ox.Triple], text: str, name: str) -> set[ox.Triple]:
    if found := BEYOND.search(QUIET.sub(" ", text)):
        raise JkgraphError("update-word", word=found[1].upper())
    require_prefixes(name, text, graph.addresses.prefixes)
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in before)
    try:
        store.update(text, prefixes=dict(graph.addresses.prefixes))
    except (SyntaxError, ValueError, RuntimeError) as error:
        reason = shorten(str(error), 200, placeholder=" …")
        raise JkgraphError("bad-update", file=name, reason=reason) from error
    return {quad.triple for quad in store}
