"""Checks of the words: terms and values that do not exist, or are not what they should be.

SHACL passes in silence when a term is misspelt. These checks do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from jkgraph.checks.lexical import is_well_formed
from jkgraph.checks.places import Places
from jkgraph.findings import Finding, finding
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.iri import split
from jkgraph.kinds import Kind, Kinds
from jkgraph.messages import did_you_mean, nearest


def check_vocabulary(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find terms that the ontology does not have, and values that are not well formed."""
    yield from _unknown_terms(graph, places)
    yield from _unshaped_properties(graph, kinds, places)
    yield from _ill_typed_literals(graph, places)


def check_links(graph: Graph, _: Kinds, places: Places) -> Iterator[Finding]:
    """Find links to records and list values that are not there."""
    records = graph.addresses.records
    query = f"""SELECT DISTINCT ?s ?p ?o WHERE {{ ?s ?p ?o
        FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{records}")) FILTER NOT EXISTS {{ ?o ?q ?v }} }}"""
    for row in graph.select(query):
        subject, predicate, value = row["s"], row["p"], row["o"]
        if value.value.partition("#")[0] in graph.unread:
            continue
        namespace, local = split(value.value)
        yield finding(
            "link-unknown",
            places.of(subject, predicate, value),
            record=subject.value,
            name=graph.addresses.compact(value.value),
            hint=did_you_mean(local, names_in(graph, namespace)),
        )


def is_unknown(graph: Graph, term: Term) -> bool:
    """Tell whether a term is in the workspace's own namespace and not in its ontology."""
    if not isinstance(term, ox.NamedNode) or not term.value.startswith(graph.addresses.terms):
        return False
    return not graph.has(term, TYPE)


def own_names(graph: Graph) -> list[str]:
    """Return the local names of the terms of the workspace's own ontology."""
    return [split(term.value)[1] for term in graph.own_terms()]


def names_in(graph: Graph, namespace: str) -> list[str]:
    """Return the local names of what is described in a namespace."""
    query = f'SELECT DISTINCT ?s WHERE {{ ?s a ?c FILTER(STRSTARTS(STR(?s), "{namespace}")) }}'
    return sorted(split(row["s"].value)[1] for row in graph.select(query))


def _unknown_terms(graph: Graph, places: Places) -> Iterator[Finding]:
    known = own_names(graph)
    for variable in ("?p", "?o"):
        query = f"""SELECT DISTINCT ({variable} AS ?term) WHERE {{ ?s ?p ?o
            FILTER(isIRI({variable}) && STRSTARTS(STR({variable}), "{graph.addresses.terms}")) }}"""
        for row in graph.select(query):
            if is_unknown(graph, term := row["term"]):
                yield from _uses(graph, places, term, known, is_value=variable == "?o")


def _uses(
    graph: Graph, places: Places, term: ox.NamedNode, known: list[str], *, is_value: bool
) -> Iterator[Finding]:
    name = graph.addresses.compact(term.value)
    hint = did_you_mean(split(term.value)[1], known)
    pattern = (None, None, term) if is_value else (None, term, None)
    for quad in graph.store.quads_for_pattern(*pattern):
        place = places.of(quad.subject, quad.predicate, quad.object if is_value else None)
        yield finding("unknown-term", place, record=_iri(quad.subject), name=name, hint=hint)


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
    return {nearest(split(path)[1], own_names(graph)) for path in misspelt}


def _unshaped(
    graph: Graph, places: Places, kind: Kind, predicate: ox.NamedNode
) -> Iterator[Finding]:
    hint = did_you_mean(split(predicate.value)[1], (split(path)[1] for path in kind.order))
    for subject in graph.subjects(TYPE, kind.iri):
        if graph.has(subject, predicate):
            yield finding(
                "property-without-shape",
                places.of(subject, predicate),
                record=subject.value,
                name=graph.addresses.compact(predicate.value),
                kind=graph.addresses.compact(kind.iri.value),
                hint=hint,
            )


@dataclass(frozen=True)
class Typed:
    """A statement whose value has a datatype."""

    subject: ox.NamedNode | ox.BlankNode
    predicate: ox.NamedNode
    value: ox.Literal

    @property
    def triple(self) -> ox.Triple:
        """The statement itself."""
        return ox.Triple(self.subject, self.predicate, self.value)


def ill_typed(graph: Graph) -> Iterator[Typed]:
    """Yield the statements whose value is not what its datatype promises."""
    query = """SELECT ?s ?p ?o WHERE { ?s ?p ?o FILTER(isLiteral(?o)
        && DATATYPE(?o) NOT IN (xsd:string, rdf:langString)) }"""
    for row in graph.select(query):
        if not is_well_formed(row["o"].value, row["o"].datatype.value):
            yield Typed(row["s"], row["p"], row["o"])


def _ill_typed_literals(graph: Graph, places: Places) -> Iterator[Finding]:
    for said in ill_typed(graph):
        yield finding(
            "ill-typed-literal",
            places.of(said.subject, said.predicate, said.value),
            record=said.subject.value,
            value=said.value.value,
            type=graph.addresses.compact(said.value.datatype.value),
        )


def _iri(term: Term) -> str | None:
    return term.value if isinstance(term, ox.NamedNode) else None
