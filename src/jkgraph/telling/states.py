"""The two states of a record side by side, its parts under the same names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from jkgraph.differences import Statement
from jkgraph.graph import Node, Term
from jkgraph.iri import natural_order

Content = frozenset[tuple[str, Term]]


@dataclass(frozen=True)
class State:
    """What a record file says."""

    statements: frozenset[Statement]

    @cached_property
    def _by_subject(self) -> Mapping[str, Mapping[ox.NamedNode, tuple[Term, ...]]]:
        found: dict[str, dict[ox.NamedNode, tuple[Term, ...]]] = {}
        for subject, predicate, value in sorted(self.statements, key=str):
            said = found.setdefault(subject.value, {})
            said[predicate] = (*said.get(predicate, ()), value)
        return found

    def said(self, node: Term) -> Mapping[ox.NamedNode, tuple[Term, ...]]:
        """Return the values of every property of a resource; none when nothing is said of it."""
        return self._by_subject.get(getattr(node, "value", ""), {})

    def values(self, node: Term, predicate: ox.NamedNode | None) -> tuple[Term, ...]:
        """Return the values of a property."""
        return self.said(node).get(predicate, ()) if predicate else ()

    def holder(self, part: Node) -> tuple[Node, ox.NamedNode] | None:
        """Return what a part hangs on in the file, and by which property."""
        found = ((s, p) for s, p, value in self.statements if value == part and s != part)
        return min(found, key=str, default=None)

    @cached_property
    def parts(self) -> Mapping[ox.NamedNode, Content]:
        """What is said of each part, where the names of other parts do not count."""
        found: dict[ox.NamedNode, set[tuple[str, Term]]] = {}
        for subject, predicate, value in self.statements:
            if isinstance(subject, ox.NamedNode) and "#" in subject.value:
                is_part = isinstance(value, ox.NamedNode) and value.value in self._by_subject
                said = ox.Literal("") if is_part else value
                found.setdefault(subject, set()).add((predicate.value, said))
        names = sorted(found, key=lambda node: natural_order(node.value))
        return {name: frozenset(found[name]) for name in names}

    @cached_property
    def nameless(self) -> frozenset[tuple[str, ox.NamedNode, Term | str]]:
        """What is said, without the name of the record."""
        return frozenset(
            (_part(s), p, _part(v) if self.said(v) else v) for s, p, v in self.statements
        )

    def renamed(self, names: Mapping[Term, ox.NamedNode]) -> State:
        """Return the same with other names for some parts."""
        return State(
            frozenset(
                (names.get(s, s), p, names.get(value, value)) for s, p, value in self.statements
            )
        )


def aligned(old: State, new: State) -> State:
    """Return a new state in which parts that say what an old part said are called as that was.

    Numbers of parts shift when one is put between them; that is no change to tell.
    """
    names = dict(_names(old, new))
    return new.renamed(names) if any(part != name for part, name in names.items()) else new


def _names(old: State, new: State) -> Iterator[tuple[Term, ox.NamedNode]]:
    free = dict(old.parts)
    left = []
    for part, said in new.parts.items():
        same = [name for name in free if free[name] == said]
        if same:
            name = part if part in same else same[0]
            del free[name]
            yield part, name
        else:
            left.append(part)
    taken = set(old.parts) - set(free)
    for part in left:
        is_taken = part in taken
        yield part, ox.NamedNode(f"{part.value}-new") if is_taken else part


def likeness(one: State, other: State) -> float:
    """Return how much of what two files say is the same, whatever their records are called."""
    common = len(one.nameless & other.nameless)
    return common / max(len(one.nameless) + len(other.nameless) - common, 1)


def _part(node: Term) -> str:
    return str(getattr(node, "value", "")).partition("#")[2]
