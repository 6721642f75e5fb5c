"""What follows from the records: rules compiled from the ontology, run to the end.

``infer(graph, "owlrl")`` runs owlrl over everything instead: it gives the same useful
triples, slowly, and is the reference in the tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Literal as Choice

import pyoxigraph as ox

from jkgraph.axioms import MADE_UP, Rules, compile_rules, is_top
from jkgraph.graph import INFERRED, OWL, TYPE, Graph
from jkgraph.syntaxes import n_triples

Engine = Choice["compiled", "owlrl"]
ENGINES: tuple[Engine, ...] = ("compiled", "owlrl")
Triple = tuple[int, int, int]
Inferred = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]


def infer(graph: Graph, engine: Engine = "compiled") -> int:
    """Fill the inferred graph with what follows and was not stated; return how many triples."""
    graph.store.remove_graph(INFERRED)
    found = set(_by_owlrl(graph) if engine == "owlrl" else _by_rules(graph))
    graph.store.bulk_extend(ox.Quad(*triple, INFERRED) for triple in found)
    return len(found)


def _by_rules(graph: Graph) -> Iterator[Inferred]:
    closure = _Closure(compile_rules(graph))
    for predicate, value in closure.patterns():
        for quad in graph.store.quads_for_pattern(None, predicate, value):
            closure.state(quad)
    closure.run()
    for triple in closure.inferred():
        if is_useful(graph, ox.Triple(*triple)) and not graph.has(*triple):
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
    return not (predicate == TYPE and is_top(getattr(value, "value", "")))
