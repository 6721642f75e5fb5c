"""What follows from the records: rules compiled from the ontology, run to the end.

``infer(graph, "owlrl")`` runs owlrl over everything instead: it gives the same useful
triples, slowly, and is the reference in the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Literal as Choice

import pyoxigraph as ox

from jkgraph.axioms import compile_rules, is_axiom, is_top
from jkgraph.closure import Closure
from jkgraph.graph import INFERRED, OWL, TYPE, Graph
from jkgraph.syntaxes import n_triples

Engine = Choice["compiled", "owlrl"]
ENGINES: tuple[Engine, ...] = ("compiled", "owlrl")


def infer(graph: Graph, engine: Engine = "compiled") -> int:
    """Fill the inferred graph with what follows and was not stated; return how many triples."""
    if engine == "compiled":
        return Consequences(graph).number
    graph.store.remove_graph(INFERRED)
    return _fill(graph.store, _by_owlrl(graph))


class Consequences:
    """What follows from a graph, in its inferred graph, which can follow changes of the files.

    ``number`` is how many triples were inferred from the files as they were at first.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.number = self._infer()

    def _infer(self) -> int:
        store = self._graph.store
        store.remove_graph(INFERRED)
        self._closure = Closure(compile_rules(self._graph))
        found = _follow(self._closure, store)
        useful = (t for t in found if is_useful(self._graph, t) and not self._graph.has(*t))
        return _fill(store, useful)

    def change(self, gone: Collection[ox.Triple], come: Collection[ox.Triple]) -> None:
        """Follow a change of the files, which the graph holds already.

        When an axiom is among it, everything is inferred anew.
        """
        if any(map(is_axiom, (*gone, *come))):
            self.number = self._infer()
            return
        store = self._graph.store
        for triple in self._closure.change(gone, come, self._is_stated):
            holds = self._closure.holds(triple) and is_useful(self._graph, triple)
            if holds and not self._is_stated(triple):
                store.add(_inferred(triple))
            else:
                store.remove(_inferred(triple))

    def _is_stated(self, triple: ox.Triple) -> bool:
        quads = self._graph.store.quads_for_pattern(*triple)
        return any(quad.graph_name != INFERRED for quad in quads)


def with_everything(graph: Graph) -> Graph:
    """Return a copy of a graph that also holds what follows and says nothing of a record."""
    store = ox.Store()
    store.bulk_extend(graph.store)
    found = _follow(Closure(compile_rules(graph)), graph.store)
    _fill(store, (triple for triple in found if not graph.has(*triple)))
    return replace(graph, store=store)


def _follow(closure: Closure, store: ox.Store) -> Iterator[ox.Triple]:
    return closure.add(
        quad.triple
        for predicate, value in closure.patterns()
        for quad in store.quads_for_pattern(None, predicate, value)
    )


def _inferred(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED)


def _fill(store: ox.Store, triples: Iterable[ox.Triple]) -> int:
    found = set(triples)
    store.bulk_extend(map(_inferred, found))
    return len(found)


def _by_owlrl(graph: Graph) -> Iterator[ox.Triple]:
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
            yield quad.triple


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
