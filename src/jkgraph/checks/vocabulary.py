"""Checks of the words: terms, values and addresses that do not exist, and checks of nothing.

SHACL passes in silence when a term or a target is misspelt. These checks do not.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from jkgraph.checks.lexical import is_well_formed
from jkgraph.checks.places import Places
from jkgraph.findings import Finding, Location, Severity, finding
from jkgraph.graph import TYPE, Graph, Term, graph_path
from jkgraph.iri import kebab, split
from jkgraph.kinds import SH, Kinds, is_class
from jkgraph.messages import did_you_mean
from jkgraph.queries import read_query, saved_queries, unknown_terms

PLAIN = {
    "http://www.w3.org/2001/XMLSchema#string",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
}


def check_vocabulary(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find terms that the ontology does not have, and values that are not well formed."""
    yield from _unknown_terms(graph, places)
    yield from _unshaped_properties(graph, kinds, places)
    yield from _ill_typed(graph, places)


def check_links(graph: Graph, _: Kinds, places: Places) -> Iterator[Finding]:
    """Find links to records and list values that are not there."""
    base = f"{graph.addresses.base}id/"
    query = f"""SELECT DISTINCT ?s ?p ?o WHERE {{ ?s ?p ?o
        FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{base}")) FILTER NOT EXISTS {{ ?o ?q ?v }} }}"""
    for row in graph.store.query(query, use_default_graph_as_union=True):
        subject, predicate, value = row["s"], row["p"], row["o"]
        namespace, local = split(value.value)
        hint = did_you_mean(local, _names_in(graph, namespace))
        yield finding(
            "link-unknown",
            places.of(subject, predicate, value),
            record=subject.value,
            name=graph.addresses.compact(value.value),
            hint=hint,
        )


def check_shape_files(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find kinds without a shape, and shapes and queries that can find nothing."""
    for kind in (*kinds.records, *kinds.parts):
        if not kind.fields:
            path = f"{graph.workspace.relative(graph.workspace.shapes)}/{kind.name}.ttl"
            name = graph.addresses.compact(kind.iri.value)
            yield finding("kind-without-shape", places.of(kind.iri), kind=name, file=path)
    for quad in graph.shapes.quads_for_pattern(None, None, None):
        if quad.predicate.value == f"{SH}targetClass" and not is_class(graph, quad.object):
            yield _shape_finding(graph, places, quad, "shape-without-target", _classes(graph))
        elif quad.predicate.value == f"{SH}property" and isinstance(quad.object, ox.BlankNode):
            yield _shape_finding(graph, places, quad, "shape-unnamed", [])
        elif quad.predicate.value in {f"{SH}path", f"{SH}class"} and _is_unknown(graph, quad.object):
            yield _shape_finding(graph, places, quad, "unknown-term", _terms(graph))
    yield from _query_terms(graph)


def _query_terms(graph: Graph) -> Iterator[Finding]:
    known = _terms(graph)
    rules = sorted(graph.workspace.rules.glob("*.rq"))
    for path in (*saved_queries(graph).values(), *rules):
        for term in unknown_terms(graph, read_query(graph, path).text, known):
            place = _text_place(graph, path, f":{term}")
            name = graph.addresses.compact(graph.addresses.terms + term)
            yield finding("unknown-term", place, name=name, hint=did_you_mean(term, known))


def _text_place(graph: Graph, path, text: str) -> Location:  # type: ignore[no-untyped-def]
    before = path.read_text("utf-8").partition(text)[0]
    return Location(
        graph.workspace.relative(path), before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    )


def _shape_finding(
    graph: Graph, places: Places, quad: ox.Quad, rule: str, known: list[str]
) -> Finding:
    path = graph_path(quad.graph_name) or ""
    place = places.within(path, quad.subject, quad.predicate, quad.object)
    iri = getattr(quad.object, "value", "")
    hint = did_you_mean(split(iri)[1], known)
    return finding(rule, place, name=graph.addresses.compact(iri), hint=hint)


def _unknown_terms(graph: Graph, places: Places) -> Iterator[Finding]:
    own = graph.addresses.terms
    query = f"""SELECT DISTINCT ?s ?p ?o ?term WHERE {{ ?s ?p ?o
        {{ BIND(?p AS ?term) }} UNION {{ BIND(?o AS ?term) }}
        FILTER(isIRI(?term) && STRSTARTS(STR(?term), "{own}"))
        FILTER NOT EXISTS {{ ?term a ?class }} }}"""
    known = _terms(graph)
    for row in graph.store.query(query, use_default_graph_as_union=True):
        value = row["o"] if row["term"] == row["o"] else None
        name = graph.addresses.compact(row["term"].value)
        hint = did_you_mean(split(row["term"].value)[1], known)
        place = places.of(row["s"], row["p"], value)
        yield finding("unknown-term", place, record=row["s"].value, name=name, hint=hint)


def _unshaped_properties(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    query = "SELECT DISTINCT ?class ?p WHERE { ?s a ?class ; ?p ?o }"
    for row in graph.store.query(query, use_default_graph_as_union=True):
        kind = kinds.by_class.get(row["class"].value)
        if kind is None or not kind.fields or row["p"] == TYPE or _is_unknown(graph, row["p"]):
            continue
        if row["p"].value not in kind.order:
            yield from _unshaped(graph, kinds, places, row["class"], row["p"])


def _unshaped(
    graph: Graph, kinds: Kinds, places: Places, cls: ox.NamedNode, predicate: ox.NamedNode
) -> Iterator[Finding]:
    known = {split(p)[1]: p for p in kinds.by_class[cls.value].order}
    hint = did_you_mean(split(predicate.value)[1], known)
    for subject in graph.subjects(TYPE, cls):
        if any(graph.store.quads_for_pattern(subject, predicate, None)):
            yield finding(
                "property-without-shape",
                places.of(subject, predicate),
                record=subject.value,
                name=graph.addresses.compact(predicate.value),
                kind=graph.addresses.compact(cls.value),
                hint=hint,
            )


def _ill_typed(graph: Graph, places: Places) -> Iterator[Finding]:
    for quad in ill_typed(graph):
        value = quad.object
        yield finding(
            "ill-typed-literal",
            places.of(quad.subject, quad.predicate, value),
            record=quad.subject.value,
            value=value.value,
            type=graph.addresses.compact(value.datatype.value),
        )


def ill_typed(graph: Graph) -> list[ox.Quad]:
    """Return the statements whose value is not what its datatype promises."""
    query = """SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } FILTER(isLiteral(?o)
        && DATATYPE(?o) NOT IN (xsd:string, rdf:langString)) }"""
    rows = graph.store.query(query, prefixes=dict(graph.addresses.prefixes))
    return [
        ox.Quad(row["s"], row["p"], row["o"], row["g"])
        for row in rows
        if not is_well_formed(row["o"].value, row["o"].datatype.value)
    ]


def _is_unknown(graph: Graph, term: Term) -> bool:
    if not isinstance(term, ox.NamedNode) or not term.value.startswith(graph.addresses.terms):
        return False
    return not any(graph.store.quads_for_pattern(term, TYPE, None))


def _terms(graph: Graph) -> list[str]:
    return [split(term.value)[1] for term in graph.own_terms()]


def _classes(graph: Graph) -> list[str]:
    return [name for name in _terms(graph) if is_class(graph, ox.NamedNode(graph.addresses.terms + name))]


def _names_in(graph: Graph, namespace: str) -> list[str]:
    query = f'SELECT DISTINCT ?s WHERE {{ ?s a ?c FILTER(STRSTARTS(STR(?s), "{namespace}")) }}'
    rows = graph.store.query(query, use_default_graph_as_union=True)
    return sorted(split(row["s"].value)[1] for row in rows)
