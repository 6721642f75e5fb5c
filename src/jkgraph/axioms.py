"""The axioms of an ontology, closed by owlrl and compiled to rules.

The axioms are few, so owlrl, which is slow, has little to do, and what it made of them is
kept: the same axioms are closed once.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text
from jkgraph.graph import FIRST, OWL, RDFS, REST, TYPE, Graph, Term, members

Axiom = tuple[str, str, str]

SUB_CLASS = f"{RDFS}subClassOf"
SUB_PROPERTY = f"{RDFS}subPropertyOf"
DOMAIN = f"{RDFS}domain"
RANGE = f"{RDFS}range"
INVERSE = f"{OWL}inverseOf"
CHAIN = f"{OWL}propertyChainAxiom"
SYMMETRIC = f"{OWL}SymmetricProperty"
TRANSITIVE = f"{OWL}TransitiveProperty"
EQUIVALENT = (f"{OWL}equivalentClass", f"{OWL}equivalentProperty")

AXIOMS = (SUB_CLASS, SUB_PROPERTY, DOMAIN, RANGE, INVERSE, *EQUIVALENT)
# Terms of OWL that say nothing from which a triple about a record follows.
SILENT = frozenset(
    OWL + name
    for name in (
        "AllDisjointClasses",
        "AnnotationProperty",
        "Class",
        "DatatypeProperty",
        "NamedIndividual",
        "ObjectProperty",
        "Ontology",
        "Thing",
        "deprecated",
        "differentFrom",
        "disjointWith",
        "members",
        "versionIRI",
        "versionInfo",
    )
)
# In the names of properties that join the steps of a chain: no IRI has a space.
MADE_UP = " step "
SHORTEST_CHAIN = 2


class Rules(NamedTuple):
    """Compiled axioms: for each property what to add when a triple with it appears.

    ``forward`` and ``backward`` give the properties that hold too, in the same and in the
    turned direction. ``links`` gives, for a step in a chain, the other step and the result.
    ``subject_types``, ``object_types`` and ``above`` give classes.
    """

    forward: Mapping[str, frozenset[str]]
    backward: Mapping[str, frozenset[str]]
    links: Mapping[str, tuple[tuple[bool, str, str], ...]]
    subject_types: Mapping[str, frozenset[str]]
    object_types: Mapping[str, frozenset[str]]
    above: Mapping[str, frozenset[str]]

    @property
    def properties(self) -> list[str]:
        """The properties from which something may follow."""
        tables = (self.forward, self.backward, self.links, self.subject_types, self.object_types)
        return sorted({p for table in tables for p in table})


def compile_rules(graph: Graph) -> Rules:
    """Compile the axioms of the ontology; an axiom that cannot be compiled is an error."""
    _refuse_unknown_axioms(graph)
    closed = _closed_axioms(frozenset(_axioms(graph)), graph.workspace.cache)
    backward = _table((p, q) for a, r, b in closed if r == INVERSE for p, q in ((a, b), (b, a)))
    symmetric = _members(closed, SYMMETRIC)
    turned = _merge(backward, {p: frozenset({p}) for p in symmetric})
    links: dict[str, set[tuple[bool, str, str]]] = defaultdict(set)
    for first, second, result in _steps(graph, _members(closed, TRANSITIVE)):
        links[first].add((True, second, result))
        links[second].add((False, first, result))
    return Rules(
        forward=_table((a, b) for a, r, b in closed if r == SUB_PROPERTY and a != b),
        backward=turned,
        links={p: tuple(sorted(steps)) for p, steps in links.items()},
        subject_types=_table((a, b) for a, r, b in closed if r == DOMAIN and not is_top(b)),
        object_types=_table((a, b) for a, r, b in closed if r == RANGE and not is_top(b)),
        above=_table((a, b) for a, r, b in closed if r == SUB_CLASS and a != b and not is_top(b)),
    )


def is_axiom(triple: ox.Triple) -> bool:
    """Tell whether a triple has a say in what follows from others, or may not be there."""
    terms = [getattr(term, "value", "") for term in (triple.predicate, triple.object)]
    owl = {term for term in terms if term.startswith(OWL)} - SILENT
    return bool(owl) or triple.predicate in {FIRST, REST} or terms[0] in AXIOMS


def _refuse_unknown_axioms(graph: Graph) -> None:
    known = {*AXIOMS, *SILENT, CHAIN, SYMMETRIC, TRANSITIVE}
    query = f"""SELECT DISTINCT ?term WHERE {{ {{ ?s ?term ?o }} UNION {{ ?s a ?term }}
        FILTER(STRSTARTS(STR(?term), "{OWL}")) }}"""
    for row in graph.select(query):
        if row["term"].value not in known:
            raise _not_compiled(graph, row["term"].value)


def _not_compiled(graph: Graph, axiom: str) -> JkgraphError:
    return JkgraphError("axiom-not-compiled", term=graph.addresses.compact(axiom))


def axioms(graph: Graph) -> Iterator[ox.Quad]:
    """Yield what the ontology says about its classes and properties, but for chains."""
    store = graph.store
    for name in AXIOMS:
        yield from store.quads_for_pattern(None, ox.NamedNode(name), None)
    for name in (SYMMETRIC, TRANSITIVE):
        yield from store.quads_for_pattern(None, TYPE, ox.NamedNode(name))


def chains(graph: Graph) -> Iterator[tuple[ox.Quad, tuple[ox.NamedNode, ...]]]:
    """Yield each chain of properties, with its steps."""
    for quad in graph.store.quads_for_pattern(None, ox.NamedNode(CHAIN), None):
        steps = tuple(_name(graph, step, CHAIN) for step in members(graph.store, quad.object))
        if len(steps) < SHORTEST_CHAIN:
            raise _not_compiled(graph, CHAIN)
        yield quad, steps


def _axioms(graph: Graph) -> Iterator[Axiom]:
    for quad in axioms(graph):
        name = getattr(quad.object if quad.predicate == TYPE else quad.predicate, "value", "")
        subject, value = (_name(graph, t, name).value for t in (quad.subject, quad.object))
        yield subject, quad.predicate.value, value


def _name(graph: Graph, term: Term, axiom: str) -> ox.NamedNode:
    """Return a class or property; for one without a name there are no rules."""
    if not isinstance(term, ox.NamedNode):
        raise _not_compiled(graph, axiom)
    return term


def _closed_axioms(axioms: frozenset[Axiom], cached: Path) -> frozenset[Axiom]:
    """Close axioms with owlrl, or read what it made of the same axioms before."""
    name = hashlib.sha256(repr(sorted(axioms)).encode()).hexdigest()
    path = cached / f"axioms-{name}.json"
    with suppress(OSError, ValueError):
        return frozenset((s, p, o) for s, p, o in json.loads(path.read_text("utf-8")))
    closed = _close(axioms)
    with suppress(JkgraphError):
        replace_text(path, json.dumps(sorted(closed)))
    return closed


def _close(axioms: frozenset[Axiom]) -> frozenset[Axiom]:
    import owlrl
    import rdflib

    closed = rdflib.Graph()
    for subject, predicate, value in axioms:
        closed.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), rdflib.URIRef(value)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    named = (t for t in closed if all(isinstance(x, rdflib.URIRef) for x in t))
    return frozenset((str(s), str(p), str(o)) for s, p, o in named)


def is_top(cls: str) -> bool:
    """Tell whether a class holds everything, so that membership says nothing."""
    return cls in {f"{OWL}Thing", f"{RDFS}Resource"}


def _members(closed: frozenset[Axiom], cls: str) -> set[str]:
    return {a for a, r, b in closed if r == TYPE.value and b == cls}


def _steps(graph: Graph, transitive: set[str]) -> Iterator[Axiom]:
    """Yield chains as steps of two; a longer chain goes by way of made-up properties."""
    yield from ((p, p, p) for p in transitive)
    for quad, (start, *others) in chains(graph):
        first = start.value
        for number, step in enumerate(others, 1):
            last = number == len(others)
            own = f"{quad.object}{MADE_UP}{number}"
            result = _name(graph, quad.subject, CHAIN).value if last else own
            yield first, step.value, result
            first = result


def _table(pairs: Iterator[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _merge(*tables: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    keys = {key for table in tables for key in table}
    return {k: frozenset().union(*(t.get(k, ()) for t in tables)) for k in keys}
