"""Checks of the checks: what can find nothing, and does so in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.checks.vocabulary import is_unknown, names_in
from jkgraph.findings import Finding, Location, finding
from jkgraph.graph import TYPE, Graph, Term, graph_path
from jkgraph.iri import split
from jkgraph.kinds import SH, Kinds, is_class
from jkgraph.messages import did_you_mean
from jkgraph.queries import read_query, saved_queries, unknown_terms
from jkgraph.workspace import FILE

TARGET = ox.NamedNode(f"{SH}targetClass")


def check_emptiness(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find kinds without a shape; shapes, queries and settings about what does not exist."""
    yield from _kinds_without_shape(graph, kinds, places)
    yield from _shapes(graph, places)
    yield from _queries(graph)
    yield from _settings(graph)


def _kinds_without_shape(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    for kind in (*kinds.records, *kinds.parts):
        if not any(graph.shapes.quads_for_pattern(None, TARGET, kind.iri)):
            path = f"{graph.workspace.relative(graph.workspace.shapes)}/{kind.name}.ttl"
            name = graph.addresses.compact(kind.iri.value)
            yield finding("kind-without-shape", places.of(kind.iri), kind=name, file=path)


def _shapes(graph: Graph, places: Places) -> Iterator[Finding]:
    known = graph.own_names()
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
    about = (subject, quad.predicate, quad.object)
    return finding(rule, place, about=about, name=graph.addresses.compact(iri), hint=hint)


def _queries(graph: Graph) -> Iterator[Finding]:
    known = graph.own_names()
    for path in (*saved_queries(graph).values(), *sorted(graph.workspace.rules.glob("*.rq"))):
        query = read_query(graph, path)
        types = [split(p.type.value)[1] for p in query.parameters if is_unknown(graph, p.type)]
        unknown = (name.local for name in unknown_terms(graph, query.text))
        for term in dict.fromkeys([*types, *unknown]):
            name = graph.addresses.compact(graph.addresses.terms + term)
            place = _place(graph, path, query.text, name)
            yield finding("unknown-term", place, name=name, hint=did_you_mean(term, known))


def _settings(graph: Graph) -> Iterator[Finding]:
    path = graph.workspace.root / FILE
    text = path.read_text("utf-8")
    listed = ((value,) if isinstance(value, str) else value for value in graph.workspace.roles)
    names = [*(name for value in listed for name in value), *graph.workspace.facets.fields]
    for name in filter(None, dict.fromkeys(names)):
        term = graph.term(name)
        place = _place(graph, path, text, f'"{name}"')
        namespace, local = split(term.value)
        if is_unknown(graph, term):
            hint = did_you_mean(local, graph.own_names())
            yield finding("unknown-term", place, name=name, hint=hint)
        elif graph.addresses.kind_and_slug(term.value) and not graph.has(term, TYPE):
            hint = did_you_mean(local, names_in(graph, namespace))
            yield finding("link-unknown", place, name=name, hint=hint)


def _place(graph: Graph, path: Path, text: str, name: str) -> Location:
    before = text.partition(name)[0]
    column = len(before.rpartition("\n")[2]) + 1
    return Location(graph.workspace.relative(path), before.count("\n") + 1, column)
