"""Walk through the statements of Turtle text and say from which tokens each triple comes.

It decides where terms stand, not what they mean: every term is read by pyoxigraph. It does not
judge either; at the first token out of place it raises SyntaxError or LookupError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.turtle.terms import FIRST, NIL, REST, TYPE, Resource, Term
from jkgraph.turtle.tokens import Token

# What follows the last token; no sign and no term is like it.
END = Token("end", "", -1)


class Node(NamedTuple):
    """A term and the token where it begins."""

    term: Term
    token: Token


class Statement(NamedTuple):
    """The three nodes of one triple."""

    subject: Node
    predicate: Node
    object: Node


class Walker:
    """Reads the tokens of one text, once."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._rest = (token for token in tokens if token.kind != "comment")
        self._peek = next(self._rest, END)
        self._prefixes: dict[str, str] = {}
        self._base: str | None = None

    def walk(self) -> Iterator[Statement]:
        """Yield what every triple is made of, in the order of the objects in the text."""
        while self._peek is not END:
            if not self._directive():
                yield from self._block()
                self._expect(".")

    def _directive(self) -> bool:
        keyword = self._peek.text if self._peek.text.startswith("@") else self._peek.text.lower()
        match keyword.removeprefix("@"):
            case "prefix":
                self._next()
                prefix = self._next().text
                self._prefixes[prefix] = self._iri(self._next())
            case "base":
                self._next()
                self._base = self._iri(self._next())
            case "version":
                self._next()
                self._next()
            case _:
                return False
        if keyword.startswith("@"):
            self._expect(".")
        return True

    def _block(self) -> Iterator[Statement]:
        subject = self._node()
        yield from self._inside(subject)
        if self._peek.text != ".":
            yield from self._properties(subject)

    def _properties(self, subject: Node) -> Iterator[Statement]:
        while True:
            yield from self._objects(subject, self._predicate())
            if not self._accept(";"):
                return
            while self._accept(";"):
                pass
            if self._peek.text in {".", "]"}:
                return

    def _predicate(self) -> Node:
        return Node(TYPE, self._next()) if self._peek.text == "a" else self._node()

    def _objects(self, subject: Node, predicate: Node) -> Iterator[Statement]:
        while True:
            value = self._node()
            yield Statement(subject, predicate, value)
            yield from self._inside(value)
            if not self._accept(","):
                return

    def _inside(self, node: Node) -> Iterator[Statement]:
        """Yield what stands between the brackets that a node begins with."""
        if node.token.text == "[" and not self._accept("]"):
            yield from self._properties(node)
            self._expect("]")
        if node.token.text == "(" and node.term != NIL:
            yield from self._items(node)

    def _items(self, cell: Node) -> Iterator[Statement]:
        while True:
            item = self._node()
            yield Statement(cell, Node(FIRST, item.token), item)
            yield from self._inside(item)
            after = self._peek
            rest = Node(NIL if after.text == ")" else ox.BlankNode(), after)
            yield Statement(cell, Node(REST, after), rest)
            if self._accept(")"):
                return
            cell = rest

    def _node(self) -> Node:
        token = self._next()
        match token.text:
            case "[":
                return Node(ox.BlankNode(), token)
            case "(":
                return Node(NIL if self._accept(")") else ox.BlankNode(), token)
        return Node(self._term(token), token)

    def _term(self, token: Token) -> Term:
        parts = [token]
        if token.kind == "string" and self._peek.kind == "language":
            parts.append(self._next())
        elif token.kind == "string" and self._accept("^^"):
            parts += [Token("sign", "^^", token.end), self._next()]
        return self._read(parts)

    def _read(self, parts: list[Token]) -> Resource | ox.Literal:
        names = {part.text.partition(":")[0] + ":" for part in parts if part.kind == "name"}
        heads = "".join(f"@prefix {name} <{self._prefixes[name]}> . " for name in names)
        code = f"{heads}<x:> <x:> {''.join(part.text for part in parts)} ."
        return _object(code, self._base)

    def _iri(self, token: Token) -> str:
        return self._read([token]).value

    def _next(self) -> Token:
        token, self._peek = self._peek, next(self._rest, END)
        return token

    def _accept(self, sign: str) -> bool:
        if is_there := self._peek.text == sign:
            self._next()
        return is_there

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise SyntaxError(sign)


# A text names the same properties and prefixes as its neighbours.
@lru_cache(maxsize=4_096)
def _object(code: str, base: str | None) -> Resource | ox.Literal:
    term: Resource | ox.Literal = next(ox.parse(code, ox.RdfFormat.TURTLE, base_iri=base)).object
    return term
