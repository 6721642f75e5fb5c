"""Find where in a Turtle text a triple, a property or a resource stands.

Of text with a fault, what stands before the fault is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.turtle.terms import FIRST, REST, Resource, Term
from jkgraph.turtle.tokens import Comment, Lines, Place, Token, tokenize
from jkgraph.turtle.walker import Walker


class PlacedTriple(NamedTuple):
    """A triple and the places of its three terms; of a list cell, those of its member."""

    triple: ox.Triple
    subject: Place
    predicate: Place
    object: Place


class Positions(NamedTuple):
    """Where everything in one text stands."""

    triples: tuple[PlacedTriple, ...]
    comments: tuple[Comment, ...]
    hash_after_name: tuple[Comment, ...]

    def locate(
        self,
        subject: Resource | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
    ) -> Place | None:
        """Return the place of the value, else of the property, else of the subject."""
        wanted = (subject, predicate, object)
        for length, name in ((3, "object"), (2, "predicate"), (1, "subject")):
            if wanted[length - 1] is not None and (found := self._first(wanted[:length])):
                place: Place = getattr(found, name)
                return place
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

    def _first(self, wanted: tuple[object, ...]) -> PlacedTriple | None:
        for placed in self.triples:
            pairs = zip(wanted, placed.triple, strict=False)
            if all(_matches(*pair) for pair in pairs):
                return placed
        return None


def _matches(wanted: object, term: object) -> bool:
    # A node without a name has another one at every reading: the first such node will do.
    is_blank = isinstance(wanted, ox.BlankNode) and isinstance(term, ox.BlankNode)
    return wanted is None or is_blank or wanted == term


def positions(text: str) -> Positions:
    """Find the place of every triple and comment of a text."""
    lines = Lines(text)
    tokens = list(tokenize(text))
    return Positions(
        triples=tuple(_placed_triples(tokens, lines)),
        comments=tuple(lines.comment(token) for token in tokens if token.kind == "comment"),
        hash_after_name=tuple(lines.comment(token) for token in _hash_after_name(tokens)),
    )


def _placed_triples(tokens: list[Token], lines: Lines) -> Iterator[PlacedTriple]:
    with suppress(SyntaxError, ValueError, LookupError, RecursionError):
        for nodes in Walker(tokens).walk():
            subject, predicate, value = (node.term for node in nodes)
            if not isinstance(subject, Resource) or not isinstance(predicate, ox.NamedNode):
                return
            places = (lines.place(node.token.start) for node in nodes)
            yield PlacedTriple(ox.Triple(subject, predicate, value), *places)


def _hash_after_name(tokens: list[Token]) -> Iterator[Token]:
    for before, token in pairwise(tokens):
        is_hidden = before.kind == "name" and before.end == token.start
        if is_hidden and token.kind == "comment":
            yield token
