"""Checks of the words: terms and values that do not exist, or are not what they should be.

SHACL passes in silence when a term is misspelt. These checks do not.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.findings import Finding, finding
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.iri import split, whole
from jkgraph.kinds import Kind, Kinds
from jkgraph.lexical import example_of, is_no_day, is_well_formed
from jkgraph.messages import NOTHING, Message, did_you_mean, nearest


def check_vocabulary(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find terms that the ontology does not have, and values that are not well formed."""
    yield from _unknown_terms(graph, places)
    yield from _unshaped_properties(graph, kinds, places)
    yield from _ill_typed_literals(graph, places)


def check_links(graph: Graph, _: Kinds, places: Places) -> Iterator[Finding]:
    """Find links to records and list values that are not there."""
    named = (value for value in graph.values if isinstance(value, ox.NamedNode))
    records = (value for value in named if value.value.startswith(graph.addresses.records))
    missing = (value for value in records if not graph.has(value))
    for value in sorted(missing, key=lambda v: v.value):
        if whole(value.value) in graph.unread:
            continue
        namespace, local = split(value.value)
        hint = did_you_mean(local, names_in(graph, namespace))
        is_part = namespace.endswith("#")
        name = f":{local}" if is_part else graph.addresses.compact(value.value)
        for said in _said(graph, None, value):
            yield finding("link-unknown", places.of(*said), about=(*said,), name=name, hint=hint)


def _said(graph: Graph, predicate: ox.NamedNode | None, value: Term | None) -> Iterator[ox.Triple]:
    """Yield the statements with a property or a value, each once."""
    quads = graph.store.quads_for_pattern(None, predicate, value)
    yield from dict.fromkeys(quad.triple for quad in quads)


def is_unknown(graph: Graph, term: Term) -> bool:
    """Tell whether a term is in the workspace's own namespace and not in its ontology."""
    if not isinstance(term, ox.NamedNode) or not term.value.startswith(graph.addresses.terms):
        return False
    return not graph.has(term, TYPE)


def names_in(graph: Graph, namespace: str) -> list[str]:
    """Return the local names of what is described in a namespace."""
    query = f'SELECT DISTINCT ?s WHERE {{ ?s a ?c FILTER(STRSTARTS(STR(?s), "{namespace}")) }}'
    return sorted(split(row["s"].value)[1] for row in graph.select(query))


def _unknown_terms(graph: Graph, places: Places) -> Iterator[Finding]:
    known = graph.own_names()
    used = [row["p"] for row in graph.select("SELECT DISTINCT ?p WHERE { ?s ?p ?o }")]
    for is_value, terms in ((False, used), (True, graph.values)):
        named = (t for t in terms if isinstance(t, ox.NamedNode) and is_unknown(graph, t))
        for term in sorted(named, key=lambda t: t.value):
            yield from _uses(graph, places, term, known, is_value=is_value)


def _uses(
    graph: Graph, places: Places, term: ox.NamedNode, known: list[str], *, is_value: bool
) -> Iterator[Finding]:
    name = graph.addresses.compact(term.value)
    hint = did_you_mean(split(term.value)[1], known)
    for said in _said(graph, *((None, term) if is_value else (term, None))):
        about = (said.subject, said.predicate, said.object if is_value else None)
        yield finding("unknown-term", places.of(*about), about=about, name=name, hint=hint)


def _unshaped_properties(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    for row in graph.select("SELECT DISTINCT ?class ?p WHERE { ?s a ?class ; ?p ?o }"):
        kind, predicate = kinds.by_class.get(row["class"].value), row["p"]
        if kind is None or not kind.fields or predicate == TYPE or predicate.value in kind.order:
            continue
        is_told = is_unknown(graph, predicate) or split(predicate.value)[1] in _meant(graph, kind)
        if not is_told:
            yield from _unshaped(graph, places, kind, predicate)


def _meant(graph: Graph, kind: Kind) -> set[str | None]:
    """Return the properties that misspelt fields of a kind are for."""
    misspelt = (path for path in kind.order if is_unknown(graph, ox.NamedNode(path)))
    return {nearest(split(path)[1], graph.own_names()) for path in misspelt}


def _unshaped(
    graph: Graph, places: Places, kind: Kind, predicate: ox.NamedNode
) -> Iterator[Finding]:
    hint = did_you_mean(split(predicate.value)[1], (split(path)[1] for path in kind.order))
    for subject in graph.subjects(TYPE, kind.iri):
        if graph.has(subject, predicate):
            yield finding(
                "property-without-shape",
                places.of(subject, predicate),
                about=(subject, predicate),
                name=graph.addresses.compact(predicate.value),
                kind=graph.addresses.compact(kind.iri.value),
                hint=hint,
            )


def ill_typed(graph: Graph) -> Iterator[ox.Triple]:
    """Yield the statements whose value is not what its datatype promises."""
    for value in graph.values:
        if isinstance(value, ox.Literal) and not is_well_formed(value.value, value.datatype.value):
            yield from _said(graph, None, value)


def _ill_typed_literals(graph: Graph, places: Places) -> Iterator[Finding]:
    for said in ill_typed(graph):
        value = said.object
        assert isinstance(value, ox.Literal)  # noqa: S101  (ill_typed yields no other)
        kind = graph.addresses.compact(value.datatype.value)
        yield finding(
            "ill-typed-literal",
            places.of(*said),
            about=(*said,),
            value=value.value,
            type=kind,
            hint=Message("hint.no-such-day") if is_no_day(value.value) else NOTHING,
            example=example_of(value.datatype.value),
        )
