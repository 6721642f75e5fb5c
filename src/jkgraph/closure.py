"""Runs compiled rules over triples until nothing new follows, and takes back what no longer does.

Terms are numbers here, which is what makes it fast. What is taken back is found as in the
algorithm DRed: everything that rests on a triple that went is doubted, and what follows from the
rest all the same is found again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

import pyoxigraph as ox

from jkgraph.axioms import MADE_UP, Rules
from jkgraph.graph import TYPE

Triple = tuple[int, int, int]
Add = Callable[[int, int, int], None]


class Closure:
    """The triples that rules know of: those stated, and all that follow from them."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._numbers: dict[object, int] = {}
        self._terms: list[object] = []
        self._literals: set[int] = set()
        self._known: set[Triple] = set()
        self._queue: list[Triple] = []
        # The known triples by each of their ends, from the first time that any are taken back.
        self._touching: dict[int, set[Triple]] | None = None
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
        self._properties = frozenset(map(self._named, rules.properties))

    def patterns(self) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | None]]:
        """Yield the property, and for types the class, of the triples that rules look at."""
        for name in self._rules.properties:
            if MADE_UP not in name:
                yield ox.NamedNode(name), None
        for cls in self._rules.above:
            yield TYPE, ox.NamedNode(cls)

    def add(self, stated: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        """Take up what is stated; yield what follows and was not known, nor stated here."""
        self._queue = []
        for said in stated:
            self._add(*self._triple(said))
        number = len(self._queue)
        self._run()
        return self._said(self._queue[number:])

    def change(
        self,
        gone: Iterable[ox.Triple],
        come: Iterable[ox.Triple],
        is_stated: Callable[[ox.Triple], bool],
    ) -> Iterator[ox.Triple]:
        """Take back what is stated no more and take up what is now; yield what it may change.

        ``is_stated`` tells of any triple whether it is stated now.
        """
        stated, unsaid = list(map(self._triple, come)), list(map(self._triple, gone))
        doubted = self._doubt(unsaid, is_stated)
        self._forget(doubted)
        self._queue = []
        for triple in filter(self._is_looked_at, stated):
            self._add(*triple)
        for subject in {s for s, _, _ in doubted}:
            for triple in tuple(self._touched().get(subject, ())):
                self._follow(triple, self._add)
        self._run()
        return self._said({*unsaid, *stated, *doubted, *self._queue})

    def holds(self, said: ox.Triple) -> bool:
        """Tell whether something is stated or follows."""
        return self._triple(said) in self._known

    def _doubt(
        self, gone: Iterable[Triple], is_stated: Callable[[ox.Triple], bool]
    ) -> Mapping[Triple, None]:
        """Return all that rests on what is stated no more."""
        doubted: dict[Triple, None] = {}
        queue: list[Triple] = []

        def doubt(s: int, p: int, o: int) -> None:
            triple = s, p, o
            if triple not in self._known or triple in doubted:
                return
            if not any(map(is_stated, self._said([triple]))):
                doubted[triple] = None
                queue.append(triple)

        for triple in gone:
            doubt(*triple)
        for triple in queue:
            self._follow(triple, doubt)
        return doubted

    def _forget(self, doubted: Iterable[Triple]) -> None:
        touching = self._touched()
        for triple in doubted:
            s, p, o = triple
            self._known.discard(triple)
            touching[s].discard(triple)
            touching[o].discard(triple)
            if p in self._links:
                self._ends[p, s].discard(o)
                self._starts[p, o].discard(s)

    def _touched(self) -> dict[int, set[Triple]]:
        if self._touching is None:
            self._touching = defaultdict(set)
            for triple in self._known:
                self._touching[triple[0]].add(triple)
                self._touching[triple[2]].add(triple)
        return self._touching

    def _is_looked_at(self, triple: Triple) -> bool:
        _, p, o = triple
        return p in self._properties or (p == self._type and o in self._above)

    def _run(self) -> None:
        """Add what follows, and what follows from that, until nothing new does."""
        for triple in self._queue:
            self._follow(triple, self._add)

    def _follow(self, triple: Triple, add: Add) -> None:
        """Add what follows from a triple in one step."""
        s, p, o = triple
        for q in self._forward.get(p, ()):
            add(s, q, o)
        kind = self._type
        for cls in self._above.get(o, ()) if p == kind else self._subject_types.get(p, ()):
            add(s, kind, cls)
        for is_first, other, result in self._links.get(p, ()):
            if is_first:
                for end in tuple(self._ends.get((other, o), ())):
                    add(s, result, end)
            else:
                for start in tuple(self._starts.get((other, s), ())):
                    add(start, result, o)
        if o not in self._literals:
            for q in self._backward.get(p, ()):
                add(o, q, s)
            for cls in self._object_types.get(p, ()):
                add(o, kind, cls)

    def _add(self, s: int, p: int, o: int) -> None:
        triple = s, p, o
        if triple in self._known:
            return
        self._known.add(triple)
        self._queue.append(triple)
        if p in self._links:
            self._ends[p, s].add(o)
            self._starts[p, o].add(s)
        if self._touching is not None:
            self._touching[s].add(triple)
            self._touching[o].add(triple)

    def _said(self, triples: Iterable[Triple]) -> Iterator[ox.Triple]:
        """Yield triples as terms, without the properties that only join chains."""
        terms = self._terms
        for s, p, o in triples:
            if isinstance(terms[p], ox.NamedNode):
                yield ox.Triple(terms[s], terms[p], terms[o])  # type: ignore[arg-type]  # no text

    def _triple(self, said: ox.Triple) -> Triple:
        number = self._number
        return number(said.subject), number(said.predicate), number(said.object)

    def _number(self, term: object) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self._terms)
            self._terms.append(term)
            if isinstance(term, ox.Literal):
                self._literals.add(number)
        return number

    def _named(self, name: str) -> int:
        return self._number(name if MADE_UP in name else ox.NamedNode(name))

    def _table(self, names: Mapping[str, frozenset[str]]) -> dict[int, tuple[int, ...]]:
        return {self._named(k): tuple(map(self._named, sorted(v))) for k, v in names.items()}
