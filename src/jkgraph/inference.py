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
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal as Choice

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text
from jkgraph.graph import INFERRED, OWL, RDF, RDFS, TYPE, Graph, members

Engine = Choice["compiled", "owlrl"]
Triple = tuple[int, int, int]
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

AXIOMS = (SUB_CLASS, SUB_PROPERTY, DOMAIN, RANGE, INVERSE, CHAIN, *EQUIVALENT)
LIST = (f"{RDF}first", f"{RDF}rest")
# Terms of OWL that say nothing from which a triple about a record follows.
SILENT = frozenset(
    OWL + name
    for name in (
        "AllDisjointClasses AnnotationProperty Class DatatypeProperty NamedIndividual Ontology "
        "ObjectProperty Thing deprecated disjointWith members versionIRI versionInfo"
    ).split()
)


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
    known = {*AXIOMS, *SILENT, SYMMETRIC, TRANSITIVE}
    for quad in graph.store.quads_for_pattern(None, None, None):
        for term in (quad.predicate, quad.object if quad.predicate == TYPE else None):
            if term is not None and isinstance(term, ox.NamedNode):
                if term.value.startswith(OWL) and term.value not in known:
                    raise JkgraphError("axiom-not-compiled", term=graph.addresses.compact(term.value))


def _axioms(graph: Graph) -> Iterator[Axiom]:
    for name in (*AXIOMS, *LIST):
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

    def term(name: str) -> rdflib.URIRef | rdflib.BNode:
        return rdflib.BNode(name[2:]) if name.startswith("_:") else rdflib.URIRef(name)

    closed = rdflib.Graph()
    for axiom in axioms:
        closed.add(tuple(map(term, axiom)))  # type: ignore[arg-type]  # three terms
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    named = (t for t in closed if all(isinstance(x, rdflib.URIRef) for x in t))
    return frozenset((str(s), str(p), str(o)) for s, p, o in named)


def _is_top(cls: str) -> bool:
    return cls in {f"{OWL}Thing", f"{RDFS}Resource"}


def _members(closed: frozenset[Axiom], cls: str) -> set[str]:
    return {a for a, r, b in closed if r == TYPE.value and b == cls}


def _steps(graph: Graph, transitive: set[str]) -> Iterator[Axiom]:
    """Yield chains as steps of two; a longer chain goes by way of made-up properties."""
    from jkgraph.graph import members

    yield from ((p, p, p) for p in transitive)
    for quad in graph.store.quads_for_pattern(None, ox.NamedNode(CHAIN), None):
        first, *others = [_name(t) for t in members(graph.store, quad.object)]
        for number, step in enumerate(others, 1):
            last = number == len(others)
            result = _name(quad.subject) if last else f"{_name(quad.object)} {number}"
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


def _by_rules(graph: Graph) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    closure = _Closure(compile_rules(graph))
    for name in closure.rules.properties:
        for quad in graph.store.quads_for_pattern(None, ox.NamedNode(name), None):
            closure.state(quad)
    for cls in closure.rules.above:
        for quad in graph.store.quads_for_pattern(None, TYPE, ox.NamedNode(cls)):
            closure.state(quad)
    closure.run()
    for triple in closure.inferred():
        if next(iter(graph.store.quads_for_pattern(*triple)), None) is None:
            yield triple


@dataclass
class _Closure:
    """The triples that the rules work on, as numbers, and those still to be looked at."""

    rules: Rules
    numbers: dict[object, int] = field(default_factory=dict)
    known: set[Triple] = field(default_factory=set)
    stated: int = 0
    queue: list[Triple] = field(default_factory=list)

    def number(self, term: object) -> int:
        return self.numbers.setdefault(term, len(self.numbers))

    def state(self, quad: ox.Quad) -> None:
        self.add((self.number(quad.subject), self.number(quad.predicate), self.number(quad.object)))

    def add(self, triple: Triple) -> None:
        if triple not in self.known:
            self.known.add(triple)
            self.queue.append(triple)

    def run(self) -> None:
        self.stated = len(self.queue)
        compiled = self._numbered()
        literals = {n for term, n in self.numbers.items() if isinstance(term, ox.Literal)}
        ends: dict[tuple[int, int], set[int]] = defaultdict(set)
        starts: dict[tuple[int, int], set[int]] = defaultdict(set)
        for s, p, o in self.queue:
            forward, backward, links, subject_types, object_types, classes = compiled(p, o)
            for q in forward:
                self.add((s, q, o))
            if o not in literals:
                for q in backward:
                    self.add((o, q, s))
                for cls in object_types:
                    self.add((o, self.type_, cls))
            for cls in (*subject_types, *classes):
                self.add((s, self.type_, cls))
            if links:
                ends[p, s].add(o)
                starts[p, o].add(s)
            for is_first, other, result in links:
                if is_first:
                    for end in tuple(ends[other, o]):
                        self.add((s, result, end))
                else:
                    for start in tuple(starts[other, s]):
                        self.add((start, result, o))

    def _numbered(self):  # type: ignore[no-untyped-def]  # a closure over tables of numbers
        number = self.number
        self.type_ = number(TYPE)

        def table(names: Mapping[str, frozenset[str]]) -> dict[int, tuple[int, ...]]:
            return {
                number(ox.NamedNode(k)): tuple(number(ox.NamedNode(v)) for v in sorted(values))
                for k, values in names.items()
            }

        def node(name: str) -> object:
            return name if " " in name else ox.NamedNode(name)

        links = {
            number(node(p)): tuple((f, number(node(a)), number(node(b))) for f, a, b in steps)
            for p, steps in self.rules.links.items()
        }
        r = self.rules
        forward, backward, above = table(r.forward), table(r.backward), table(r.above)
        subjects, objects = table(r.subject_types), table(r.object_types)

        @cache
        def compiled(p: int, cls: int):  # type: ignore[no-untyped-def]  # tuples of numbers
            return (
                forward.get(p, ()),
                backward.get(p, ()),
                links.get(p, ()),
                subjects.get(p, ()),
                objects.get(p, ()),
                above.get(cls, ()),
            )

        return lambda p, o: compiled(p, o if p == self.type_ else -1)

    def inferred(self) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
        terms = list(self.numbers)
        for triple in self.queue[self.stated :]:
            s, p, o = (terms[n] for n in triple)
            if isinstance(p, ox.NamedNode):
                yield s, p, o  # type: ignore[misc]  # subjects and predicates are nodes


def _by_owlrl(graph: Graph) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    """Close everything with owlrl and keep what is useful: sound RDF about records."""
    import owlrl
    import rdflib

    closed = rdflib.Graph()
    lines = ox.serialize((q.triple for q in graph.store), format=ox.RdfFormat.N_TRIPLES)
    closed.parse(data=lines.decode(), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    sound = (t for t in closed if isinstance(t[0], rdflib.URIRef))
    triples = rdflib.Graph()
    for triple in sound:
        triples.add(triple)
    for quad in ox.parse(triples.serialize(format="nt").encode(), ox.RdfFormat.N_TRIPLES):
        triple = quad.triple
        if is_useful(graph, triple) and not any(graph.store.quads_for_pattern(*triple)):
            yield triple.subject, triple.predicate, triple.object  # type: ignore[misc]


def is_useful(graph: Graph, triple: ox.Triple) -> bool:
    """Tell whether an inferred triple tells a reader anything about a record or list value."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    if not isinstance(subject, ox.NamedNode) or graph.addresses.kind_and_slug(subject.value) is None:
        return False
    if predicate.value == f"{OWL}sameAs":
        return subject != value
    return not (predicate == TYPE and _is_top(getattr(value, "value", "")))
