"""What is said of a resource: by its own file, by what follows, and by other records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from jkgraph.graph import INFERRED, TYPE, Node, Term, graph_path
from jkgraph.kinds import inverses
from jkgraph.proofs import Fact, Proof, Proofs
from jkgraph.remembered import Remembered

if TYPE_CHECKING:
    from jkgraph.site.plan import Plan

ByProperty = Mapping[str, list[Term]]
ByPredicate = Mapping[ox.NamedNode, set[ox.NamedNode]]
Pair = tuple[ox.NamedNode, Term]


class Linkers(NamedTuple):
    """The records that link to a resource: with a property that has no inverse, or with others.

    Those stand under the property that turns theirs round.
    """

    direct: ByPredicate
    backward: ByPredicate

    def by(self, predicate: ox.NamedNode) -> Set[ox.NamedNode]:
        """Return those of one property."""
        return self.direct.get(predicate) or self.backward.get(predicate) or frozenset()

    def every(self) -> set[ox.NamedNode]:
        """Return all of them."""
        return set().union(*self.direct.values(), *self.backward.values())


class Statements:
    """The statements behind the pages of one site, for all its languages."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._graph = plan.graph
        self._files = Remembered[str, Mapping[str, list[Pair]]]()
        self._stated = Remembered[str, ByProperty]()
        self._inferred = Remembered[str, ByProperty]()
        # What very many link to takes much room, and a page asks for few of them.
        self.linkers = lru_cache(maxsize=16)(self._linkers)

    def stated(self, node: Node) -> ByProperty:
        """Return what the file of a resource says of it, each literal as it was written."""
        if node.value not in self._stated:
            self._stated[node.value] = _by_property(self._pairs(node))
        return self._stated[node.value]

    def _pairs(self, node: Node) -> Iterable[Pair]:
        record = self.record_of(node)
        if record is None or not self._is_record(record):
            quads = self._graph.store.quads_for_pattern(node, None, None)
            return ((q.predicate, q.object) for q in quads if graph_path(q.graph_name))
        if record.value not in self._files:
            self._files[record.value] = self._read(record)
        return self._files[record.value].get(node.value, ())

    def _is_record(self, node: ox.NamedNode) -> bool:
        folder, _ = self._graph.addresses.kind_and_slug(node.value) or ("", "")
        return folder in self._plan.kinds.by_name

    def _read(self, record: ox.NamedNode) -> Mapping[str, list[Pair]]:
        found: dict[str, list[Pair]] = {}
        for triple in self._graph.document(record).triples:
            subject = getattr(triple.subject, "value", "")
            found.setdefault(subject, []).append((triple.predicate, triple.object))
        return found

    def inferred(self, node: Node) -> ByProperty:
        """Return what follows for a resource, without its classes."""
        if node.value not in self._inferred:
            quads = self._graph.store.quads_for_pattern(node, None, None, INFERRED)
            pairs = ((q.predicate, q.object) for q in quads if q.predicate != TYPE)
            self._inferred[node.value] = _by_property(pairs)
        return self._inferred[node.value]

    def prove(self, fact: Fact) -> Proof | None:
        """Return why something holds; None when that goes by way of what is no record."""
        return self._proofs.of(fact)

    @cached_property
    def _proofs(self) -> Proofs:
        return Proofs(self._graph)

    def _linkers(self, node: Node) -> Linkers:
        """Return the records that link to a resource; a part counts for its record."""
        direct = self._linking(node)
        known = {record for records in direct.values() for record in records}
        backward = {
            ox.NamedNode(predicate): {r for t in terms if (r := self.record_of(t)) and r != node}
            - known
            for predicate, terms in self.inferred(node).items()
            if self.is_backward(predicate)
        }
        return Linkers(direct, backward)

    def _linking(self, node: Node) -> ByPredicate:
        found: dict[ox.NamedNode, set[ox.NamedNode]] = {}
        for quad in self._graph.store.quads_for_pattern(None, None, node):
            if quad.graph_name == INFERRED or quad.predicate in self._quiet:
                continue
            record = self.record_of(quad.subject)
            if record is not None and record != node:
                found.setdefault(quad.predicate, set()).add(record)
        return found

    @cached_property
    def _quiet(self) -> frozenset[ox.NamedNode]:
        """Properties that say nothing at their other end, or say it by their inverse."""
        return frozenset((*self._inverses, *self._graph.roles("hidden")))

    @cached_property
    def _inverses(self) -> Mapping[ox.NamedNode, ox.NamedNode]:
        return inverses(self._graph)

    @cached_property
    def _written(self) -> frozenset[str]:
        kinds = (*self._plan.kinds.records, *self._plan.kinds.parts)
        return frozenset(path for kind in kinds for path in kind.order)

    def is_backward(self, predicate: str) -> bool:
        """Tell whether a property only turns round one that people write."""
        inverse = self._inverses.get(ox.NamedNode(predicate))
        return (
            inverse is not None
            and predicate not in self._written
            and inverse.value in self._written
        )

    def record_of(self, term: Term) -> ox.NamedNode | None:
        """Return the record that a resource is, or is a part of, where that has a page."""
        if not isinstance(term, ox.NamedNode):
            return None
        base = ox.NamedNode(term.value.partition("#")[0])
        return base if base.value in self._plan.paths else None

    def is_part(self, node: ox.NamedNode) -> bool:
        """Tell whether a resource is a part of a record that has a page."""
        base, _, anchor = node.value.partition("#")
        return bool(anchor) and base in self._plan.paths


def _by_property(pairs: Iterable[Pair]) -> ByProperty:
    found: dict[str, list[Term]] = {}
    for predicate, value in pairs:
        found.setdefault(predicate.value, []).append(value)
    return found
