"""Checks of the checks: kinds, shapes and queries that can find nothing, and do so in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.checks.vocabulary import is_unknown, own_names
from jkgraph.findings import Finding, Location, finding
from jkgraph.graph import Graph, Term, graph_path
from jkgraph.iri import split
from jkgraph.kinds import SH, Kinds, is_class
from jkgraph.messages import did_you_mean
from jkgraph.queries import read_query, saved_queries, unknown_terms

TARGET = ox.NamedNode(f"{SH}targetClass")


def check_emptiness(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find kinds without a shape, and shapes and queries about what does not exist."""
    yield from _kinds_without_shape(graph, kinds, places)
    yield from _shapes(graph, places)
    yield from _queries(graph)


def _kinds_without_shape(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    for kind in (*kinds.records, *kinds.parts):
        if not any(graph.shapes.quads_for_pattern(None, TARGET, kind.iri)):
            path = f"{graph.workspace.relative(graph.workspace.shapes)}/{kind.name}.ttl"
            name = graph.addresses.compact(kind.iri.value)
            yield finding("kind-without-shape", places.of(kind.iri), kind=name, file=path)


def _shapes(graph: Graph, places: Places) -> Iterator[Finding]:
    known = own_names(graph)
    classes = [n for n in known if is_class(graph, ox.NamedNode(graph.addresses.terms + n))]

    def is_no_class(graph: Graph, term: Term) -> bool:
        return not is_class(graph, term)

    def is_blank(_: Graph, term: Term) -> bool:
        return isinstance(term, ox.BlankNode)

    faults: list[tuple[str, Callable[[Graph, Term], bool], str, list[str]]] = [
        ("targetClass", is_no_class, "shape-without-target", classes),
        ("property", is_blank, "shape-unnamed", []),
        ("path", is_unknown, "unknown-term", known),
        ("class", is_unknown, "unknown-term", classes),
    ]
    for name, is_fault, rule, words in faults:
        for quad in graph.shapes.quads_for_pattern(None, ox.NamedNode(SH + name), None):
            if is_fault(graph, quad.object):
                yield _shape_finding(graph, places, quad, rule, words)


def _shape_finding(
    graph: Graph, places: Places, quad: ox.Quad, rule: str, known: list[str]
) -> Finding:
    subject = quad.subject if isinstance(quad.subject, ox.NamedNode) else None
    path = graph_path(quad.graph_name) or ""
    place = places.within(path, subject, quad.predicate, quad.object)
    iri = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
    hint = did_you_mean(split(iri)[1], known)
    return finding(rule, place, name=graph.addresses.compact(iri), hint=hint)


def _queries(graph: Graph) -> Iterator[Finding]:
    known = own_names(graph)
    for path in (*saved_queries(graph).values(), *sorted(graph.workspace.rules.glob("*.rq"))):
        text = read_query(graph, path).text
        for term in unknown_terms(graph, text, known):
            name = graph.addresses.compact(graph.addresses.terms + term)
            place = _place(graph, path, text, name)
            yield finding("unknown-term", place, name=name, hint=did_you_mean(term, known))


def _place(graph: Graph, path: Path, text: str, name: str) -> Location:
    before = text.partition(name)[0]
    column = len(before.rpartition("\n")[2]) + 1
    return Location(graph.workspace.relative(path), before.count("\n") + 1, column)
