"""Why something follows: the statements that lead to it, found from the end back to the start.

The axioms of the ontology are taken as they stand in their files, and not as they are compiled,
so that every step of a proof rests on a line that somebody wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal as Choice
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.axioms import (
    DOMAIN,
    EQUIVALENT,
    INVERSE,
    RANGE,
    SUB_CLASS,
    SUB_PROPERTY,
    SYMMETRIC,
    axioms,
    chains,
)
from jkgraph.errors import JkgraphError
from jkgraph.graph import INFERRED, TYPE, Graph, Term
from jkgraph.inference import with_everything
from jkgraph.remembered import MOST, Remembered

Form = Choice[
    "chain",
    "domain",
    "equal-class",
    "equal-property",
    "inverse",
    "range",
    "sub-class",
    "sub-property",
    "symmetric",
    "transitive",
]
Fact = tuple[Term, ox.NamedNode, Term]
Steps = list[tuple["Rule", tuple[Fact, ...]]]

TURNED = frozenset({"inverse", "symmetric"})
OF_CLASSES = frozenset({"domain", "equal-class", "range", "sub-class"})
_ONE_WAY: Mapping[str, Form] = {
    SUB_CLASS: "sub-class",
    SUB_PROPERTY: "sub-property",
    DOMAIN: "domain",
    RANGE: "range",
}
_BOTH_WAYS: Mapping[str, Form] = {
    EQUIVALENT[0]: "equal-class",
    EQUIVALENT[1]: "equal-property",
    INVERSE: "inverse",
}


class Rule(NamedTuple):
    """What an axiom lets follow: ``result`` is a class or property, ``terms`` it follows from."""

    form: Form
    axiom: ox.Quad
    terms: tuple[ox.NamedNode, ...]
    result: ox.NamedNode


@dataclass(frozen=True)
class Proof:
    """Something that holds: by a rule from what holds too, or, without a rule, as it is stated.

    ``height`` is how many steps there are, one above another.
    """

    fact: Fact
    rule: Rule | None = None
    premises: tuple[Proof, ...] = ()
    height: int = 0

    @cached_property
    def leaves(self) -> tuple[Proof, ...]:
        """What is stated, on which all rests, in the order of reading."""
        return tuple(leaf for p in self.premises for leaf in p.leaves) if self.rule else (self,)

    @cached_property
    def between(self) -> tuple[Term, ...]:
        """The resources by way of which one leads from the subject to the value, in order."""
        found = [node for p in self.premises for node in (*p.between, p.fact[2])][:-1]
        return tuple(reversed(found) if self.rule and self.rule.form in TURNED else found)


class Proofs:
    """Proves what a closed graph holds, each time by a proof with the fewest steps to the start.

    Of several such proofs it takes one that rests on the fewest statements.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._proofs: dict[Fact, Proof] = {}
        self._absent = Remembered[Fact, bool]()
        self._rules: dict[ox.NamedNode, list[Rule]] = defaultdict(list)
        self._class_rules: dict[ox.NamedNode, list[Rule]] = defaultdict(list)
        for rule in _rules(graph):
            table = self._class_rules if rule.form in OF_CLASSES else self._rules
            table[rule.result].append(rule)

    def of(self, goal: Fact) -> Proof | None:
        """Return a proof; None for what does not hold, or follows by way of what is no record."""
        if len(self._proofs) > MOST:
            self._proofs.clear()
        if not self._holds(goal):
            return None
        ways = self._ways(goal)
        while found := [p for fact, steps in ways.items() if (p := self._best(fact, steps))]:
            # None can become lower than the lowest, whatever was proved before.
            lowest = min(proof.height for proof in found)
            for proof in found:
                if proof.height == lowest:
                    self._proofs[proof.fact] = proof
                    del ways[proof.fact]
        return self._proofs.get(goal)

    def _ways(self, goal: Fact) -> dict[Fact, Steps]:
        """Return, for whatever may have a part in a proof, the steps that may lead to it."""
        ways: dict[Fact, Steps] = {}
        queue = [goal]
        for fact in queue:
            if fact not in ways and fact not in self._proofs:
                ways[fact] = list(self._steps(fact))
                queue += [premise for _, premises in ways[fact] for premise in premises]
        return ways

    def _best(self, fact: Fact, steps: Steps) -> Proof | None:
        """Return the best proof whose premises are proved already."""
        known = self._proofs
        found = [
            _proof(fact, rule, [known[p] for p in premises])
            for rule, premises in steps
            if all(p in known for p in premises)
        ]
        best = min(map(_size, found), default=None)
        return min((p for p in found if _size(p) == best), key=_order, default=None)

    def _steps(self, fact: Fact) -> Iterator[tuple[Rule, tuple[Fact, ...]]]:
        """Yield each rule that gives a fact, with what holds and makes it do so."""
        subject, predicate, value = fact
        for rule in self._rules.get(predicate, ()):
            if rule.form not in TURNED:
                yield from ((rule, path) for path in self._paths(subject, rule.terms, value))
            elif not isinstance(value, ox.Literal):
                yield from ((rule, path) for path in self._paths(value, rule.terms, subject))
        if predicate == TYPE and isinstance(value, ox.NamedNode):
            for rule in self._class_rules.get(value, ()):
                yield from ((rule, (premise,)) for premise in self._signs(subject, rule))

    def _paths(
        self, start: Term, terms: tuple[ox.NamedNode, ...], end: Term
    ) -> Iterator[tuple[Fact, ...]]:
        """Yield the ways from one resource to another by some properties one after another."""
        first, *others = terms
        if not others:
            if self._holds((start, first, end)):
                yield ((start, first, end),)
            return
        for fact in self._matching(start, first, None):
            if not isinstance(fact[2], ox.Literal):
                yield from ((fact, *rest) for rest in self._paths(fact[2], tuple(others), end))

    def _signs(self, subject: Term, rule: Rule) -> Iterator[Fact]:
        """Yield what makes a resource belong to a class, by one rule."""
        (term,) = rule.terms
        if rule.form == "domain":
            yield from self._matching(subject, term, None)
        elif rule.form == "range":
            yield from self._matching(None, term, subject)
        elif self._holds((subject, TYPE, term)):
            yield subject, TYPE, term

    def _holds(self, fact: Fact) -> bool:
        if fact in self._proofs:
            return True
        # To look for what is not there takes long where very much is said of both ends.
        if fact in self._absent:
            return False
        found = any(self._matching(*fact))
        if not found:
            self._absent[fact] = True
        return found

    def _matching(
        self, subject: Term | None, predicate: ox.NamedNode, value: Term | None
    ) -> Iterator[Fact]:
        """Yield what holds and fits a pattern; what is stated needs no more proof."""
        quads = self._graph.store.quads_for_pattern(subject, predicate, value)  # type: ignore[arg-type]  # a literal says nothing
        for quad in quads:
            fact = quad.subject, quad.predicate, quad.object
            if quad.graph_name != INFERRED:
                self._proofs.setdefault(fact, Proof(fact))
            yield fact


def prove(graph: Graph, facts: Iterable[Fact]) -> list[Proof]:
    """Prove what a closed graph holds, also by way of what is no record, which takes long.

    Raises JkgraphError for what follows from what OWL says of its own terms.
    """
    proofs, facts = Proofs(graph), tuple(facts)
    if not all(map(proofs.of, facts)):
        proofs = Proofs(with_everything(graph))
    found = [proof for proof in map(proofs.of, facts) if proof]
    if len(found) < len(facts):
        raise JkgraphError("no-proof")
    return found


def _proof(fact: Fact, rule: Rule, premises: Sequence[Proof]) -> Proof:
    """Make a proof, with the steps of a transitive property one after another."""
    height = 1 + max(premise.height for premise in premises)
    if rule.form == "transitive":
        premises = [q for p in premises for q in (p.premises if p.rule == rule else (p,))]
    return Proof(fact, rule, tuple(premises), height)


def _size(proof: Proof) -> tuple[int, int]:
    return proof.height, len(proof.leaves)


def _order(proof: Proof) -> str:
    rule = proof.rule and (proof.rule.form, str(proof.rule.axiom.graph_name))
    return str((rule, [tuple(map(str, premise.fact)) for premise in proof.premises]))


def _rules(graph: Graph) -> Iterator[Rule]:
    """Yield what the axioms of an ontology let follow, in any order."""
    for quad in axioms(graph):
        a, b, name = quad.subject, quad.object, quad.predicate.value
        if not isinstance(a, ox.NamedNode) or not isinstance(b, ox.NamedNode):
            continue
        if form := _ONE_WAY.get(name):
            yield Rule(form, quad, (a,), b)
        elif form := _BOTH_WAYS.get(name):
            yield Rule(form, quad, (a,), b)
            yield Rule(form, quad, (b,), a)
        elif b.value == SYMMETRIC:
            yield Rule("symmetric", quad, (a,), a)
        else:
            yield Rule("transitive", quad, (a, a), a)
    for quad, steps in chains(graph):
        if isinstance(quad.subject, ox.NamedNode):
            yield Rule("chain", quad, steps, quad.subject)
