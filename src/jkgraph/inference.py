"""What follows from the records: rules compiled from the ontology, run to the end.

owlrl closes the axioms of the ontology, which are few; the closed axioms are compiled to
rules that run over the data. ``infer(graph, "owlrl")`` runs owlrl over everything instead:
it gives the same useful triples, slowly, and is the reference in the tests.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as Choice

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text
from jkgraph.graph import INFERRED, OWL, RDFS, TYPE, Graph, members
from jkgraph.syntaxes import n_triples

Engine = Choice["compiled", "owlrl"]
Triple = tuple[int, int, int]
Axiom = tuple[str, str, str]
Inferred = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]

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
        "disjointWith",
        "members",
        "versionIRI",
        "versionInfo",
    )
)
# In the names of properties that join the steps of a chain: no IRI has a space.
MADE_UP = " step "


@dataclass(frozen=True)
class Rules:
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


def infer(graph: Graph, engine: Engine = "compiled") -> int:
    """Fill the inferred graph with what follows and was not stated; return how many triples."""
    graph.store.remove_graph(INFERRED)
    found = set(_by_owlrl(graph) if engine == "owlrl" else _by_rules(graph))
    graph.store.bulk_extend(ox.Quad(*triple, INFERRED) for triple in found)
    return len(found)


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
        subject_types=_table((a, b) for a, r, b in closed if r == DOMAIN and not _is_top(b)),
        object_types=_table((a, b) for a, r, b in closed if r == RANGE and not _is_top(b)),
        above=_table((a, b) for a, r, b in closed if r == SUB_CLASS and a != b and not _is_top(b)),
    )


def _refuse_unknown_axioms(graph: Graph) -> None:
    known = {*AXIOMS, *SILENT, CHAIN, SYMMETRIC, TRANSITIVE}
    query = f"""SELECT DISTINCT ?term WHERE {{ {{ ?s ?term ?o }} UNION {{ ?s a ?term }}
        FILTER(STRSTARTS(STR(?term), "{OWL}")) }}"""
    for row in graph.select(query):
        if row["term"].value not in known:
            raise JkgraphError(
                "axiom-not-compiled", term=graph.addresses.compact(row["term"].value)
            )


def _axioms(graph: Graph) -> Iterator[Axiom]:
    for name in AXIOMS:
        for quad in graph.store.quads_for_pattern(None, ox.NamedNode(name), None):
            yield _name(quad.subject), name, _name(quad.object)
    for name in (SYMMETRIC, TRANSITIVE):
        for quad in graph.store.quads_for_pattern(None, TYPE, ox.NamedNode(name)):
            yield _name(quad.subject), TYPE.value, name


def _name(term: object) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value  # type: ignore[attr-defined]  # axioms hold no literals


def _closed_axioms(axioms: frozenset[Axiom], cached: Path) -> frozenset[Axiom]:
    """Close axioms with owlrl, or read what it made of the same axioms before."""
    name = hashlib.sha256(repr(sorted(axioms)).encode()).hexdigest()
    path = cached / f"axioms-{name}.json"
    with suppress(OSError, ValueError):
        return frozenset((s, p, o) for s, p, o in json.loads(path.read_text("utf-8")))
    closed = _close(axioms)
    with suppress(OSError):
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


def _is_top(cls: str) -> bool:
    return cls in {f"{OWL}Thing", f"{RDFS}Resource"}


def _members(closed: frozenset[Axiom], cls: str) -> set[str]:
    return {a for a, r, b in closed if r == TYPE.value and b == cls}


def _steps(graph: Graph, transitive: set[str]) -> Iterator[Axiom]:
    """Yield chains as steps of two; a longer chain goes by way of made-up properties."""
    yield from ((p, p, p) for p in transitive)
    for quad in graph.store.quads_for_pattern(None, ox.NamedNode(CHAIN), None):
        first, *others = [_name(t) for t in members(graph.store, quad.object)]
        for number, step in enumerate(others, 1):
            last = number == len(others)
            result = _name(quad.subject) if last else f"{_name(quad.object)}{MADE_UP}{number}"
            yield first, step, result
            first = result


def _table(pairs: Iterator[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _merge(*tables: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    keys = {key for table in tables for key in table}
    return {k: frozenset().union(*(t.get(k, ()) for t in tables)) for k in keys}


def _by_rules(graph: Graph) -> Iterator[Inferred]:
    closure = _Closure(compile_rules(graph))
    for predicate, value in closure.patterns():
        for quad in graph.store.quads_for_pattern(None, predicate, value):
            closure.state(quad)
    closure.run()
    for triple in closure.inferred():
        if not graph.has(*triple):
            yield triple


class _Closure:
    """The triples that the rules work on, as numbers, and those still to be looked at."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._numbers: dict[object, int] = {}
        self._known: set[Triple] = set()
        self._queue: list[Triple] = []
        self._stated = 0
        self._ends: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._starts: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._type = self._number(TYPE)
        self._forward = self._table(rules.forward)
        self._backward = self._table(rules.backward)
        self._above = self._table(rules.above)
        self._subject_types = self._table(rules.subject_types)
        self._object_types = self._table(rules.object_types)
        self._links = {
            self._named(name): tuple((f, self._named(a), self._named(b)) for f, a, b in steps)
            for name, steps in rules.links.items()
        }

    def patterns(self) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | None]]:
        """Yield the property, and for types the class, of the triples that rules look at."""
        for name in self._rules.properties:
            if MADE_UP not in name:
                yield ox.NamedNode(name), None
        for cls in self._rules.above:
            yield TYPE, ox.NamedNode(cls)

    def state(self, quad: ox.Quad) -> None:
        """Take up a triple that somebody stated."""
        terms = (quad.subject, quad.predicate, quad.object)
        self._add(*(self._number(term) for term in terms))
        self._stated = len(self._queue)

    def run(self) -> None:
        """Add what follows, and what follows from that, until nothing new does."""
        add, kind = self._add, self._type
        literals = {n for term, n in self._numbers.items() if isinstance(term, ox.Literal)}
        for s, p, o in self._queue:
            for q in self._forward.get(p, ()):
                add(s, q, o)
            for cls in self._above.get(o, ()) if p == kind else self._subject_types.get(p, ()):
                add(s, kind, cls)
            if p in self._links:
                self._chain(s, p, o)
            if o not in literals:
                for q in self._backward.get(p, ()):
                    add(o, q, s)
                for cls in self._object_types.get(p, ()):
                    add(o, kind, cls)

    def inferred(self) -> Iterator[Inferred]:
        """Yield what was added, without the properties that only join chains."""
        terms = list(self._numbers)
        for triple in self._queue[self._stated :]:
            s, p, o = (terms[n] for n in triple)
            if isinstance(p, ox.NamedNode):
                yield s, p, o  # type: ignore[misc]  # the numbers stand for nodes

    def _chain(self, s: int, p: int, o: int) -> None:
        """Join a step of a chain to the steps before and after it that are known."""
        self._ends[p, s].add(o)
        self._starts[p, o].add(s)
        for is_first, other, result in self._links[p]:
            if is_first:
                for end in tuple(self._ends[other, o]):
                    self._add(s, result, end)
            else:
                for start in tuple(self._starts[other, s]):
                    self._add(start, result, o)

    def _add(self, s: int, p: int, o: int) -> None:
        triple = s, p, o
        if triple not in self._known:
            self._known.add(triple)
            self._queue.append(triple)

    def _number(self, term: object) -> int:
        return self._numbers.setdefault(term, len(self._numbers))

    def _named(self, name: str) -> int:
        return self._number(name if MADE_UP in name else ox.NamedNode(name))

    def _table(self, names: Mapping[str, frozenset[str]]) -> dict[int, tuple[int, ...]]:
        return {self._named(k): tuple(map(self._named, sorted(v))) for k, v in names.items()}


def _by_owlrl(graph: Graph) -> Iterator[Inferred]:
    """Close everything with owlrl and keep what is useful: sound RDF about records."""
    import owlrl
    import rdflib

    closed = rdflib.Graph()
    stated = n_triples(quad.triple for quad in graph.store if quad.graph_name != INFERRED)
    closed.parse(data=stated.decode(), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    # owlrl makes statements about literals, which RDF does not allow.
    sound = rdflib.Graph()
    for triple in closed:
        if isinstance(triple[0], rdflib.URIRef):
            sound.add(triple)
    for quad in ox.parse(sound.serialize(format="nt").encode(), ox.RdfFormat.N_TRIPLES):
        if is_useful(graph, quad.triple) and not graph.has(*quad.triple):
            yield tuple(quad.triple)


def is_useful(graph: Graph, triple: ox.Triple) -> bool:
    """Tell whether an inferred triple tells a reader anything about a record or list value."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if (
        not isinstance(subject, ox.NamedNode)
        or graph.addresses.kind_and_slug(subject.value) is None
    ):
        return False
    if predicate.value == f"{OWL}sameAs":
        return subject != value
    return not (predicate == TYPE and _is_top(getattr(value, "value", "")))
