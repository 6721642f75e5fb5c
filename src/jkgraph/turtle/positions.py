"""Find where in a Turtle text a triple, a property or a resource stands.

Of text with a fault, what stands before the fault is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.turtle.terms import FIRST, REST, Resource, Term
from jkgraph.turtle.tokens import Comment, Lines, Place, Token, tokenize
from jkgraph.turtle.walker import Node, Statement, Walker


class PlacedTriple(NamedTuple):
    """A triple and the places of its three terms; of a list cell, those of its member."""

    triple: ox.Triple
    subject: Place
    predicate: Place
    object: Place


@dataclass(frozen=True)
class Positions:
    """Where everything in one text stands; what is not asked for is not looked up."""

    text: str

    @cached_property
    def triples(self) -> tuple[PlacedTriple, ...]:
        """Every triple with its places, in the order of the objects in the text."""
        return tuple(
            PlacedTriple(
                ox.Triple(*(node.term for node in nodes)),  # type: ignore[arg-type]  # it is sound
                *map(self._place, nodes),
            )
            for nodes in self._statements()
        )

    @cached_property
    def hash_after_name(self) -> tuple[Comment, ...]:
        """The comments that touch a name, which their author may have meant as a part of it."""
        return tuple(
            self._lines.comment(token)
            for before, token in pairwise(tokenize(self.text))
            if before.kind == "name" and before.end == token.start and token.kind == "comment"
        )

    def locate(
        self,
        subject: Resource | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
    ) -> Place | None:
        """Return the place of the value, else of the property, else of the subject."""
        wanted = (subject, predicate, object)
        for length in (3, 2, 1):
            if wanted[length - 1] is not None and (found := self._first(wanted[:length])):
                return self._place(found[length - 1])
        return None

    def locate_list(
        self, subject: Resource, predicate: ox.NamedNode, members: Sequence[Term]
    ) -> Place | None:
        """Return the place of the list with these members, among the values of a property."""
        said = {(p.triple.subject, p.triple.predicate): p.triple.object for p in self.triples}
        for placed in self.triples:
            if (placed.triple.subject, placed.triple.predicate) == (subject, predicate):
                cell, found = placed.triple.object, []
                while isinstance(cell, Resource) and (cell, FIRST) in said:
                    found.append(said[cell, FIRST])
                    cell = said[cell, REST]
                if found == [*members]:
                    return placed.object
        return None

    def _first(self, wanted: tuple[object, ...]) -> Statement | None:
        for nodes in self._statements():
            if all(_matches(term, node.term) for term, node in zip(wanted, nodes, strict=False)):
                return nodes
        return None

    def _place(self, node: Node) -> Place:
        return self._lines.place(node.token.start)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _ahead(self) -> Iterator[Statement]:
        return _sound(tokenize(self.text))

    @cached_property
    def _passed(self) -> list[Statement]:
        return []

    def _statements(self) -> Iterator[Statement]:
        """Yield what was read before, then read on: most that is asked for stands at the top."""
        yield from self._passed
        for nodes in self._ahead:
            self._passed.append(nodes)
            yield nodes


def _matches(wanted: object, term: object) -> bool:
    # A node without a name has another one at every reading: the first such node will do.
    is_blank = isinstance(wanted, ox.BlankNode) and isinstance(term, ox.BlankNode)
    return wanted is None or is_blank or wanted == term


def _sound(tokens: Iterable[Token]) -> Iterator[Statement]:
    with suppress(SyntaxError, ValueError, LookupError, RecursionError):
        for nodes in Walker(tokens).walk():
            subject, predicate = nodes.subject.term, nodes.predicate.term
            if not isinstance(subject, Resource) or not isinstance(predicate, ox.NamedNode):
                return
            yield nodes
