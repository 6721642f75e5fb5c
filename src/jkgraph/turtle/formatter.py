"""Bring a Turtle text into the canonical form without losing anything its author wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

from jkgraph.bounds import Bounds
from jkgraph.turtle.reader import Document, parse
from jkgraph.turtle.tokens import Comment, Lines, tokenize
from jkgraph.turtle.tree import canonical
from jkgraph.turtle.writer import Order, write

_HINT = "#>"


class Orders(TypedDict, total=False):
    """The orders that `write` takes."""

    predicate_order: Order | None
    subject_order: Order | None
    languages: Sequence[str]


class CommentsWouldBeLost(ValueError):  # noqa: N818 - the name tells what it is about
    """A text has comments, which the canonical form has no place for."""

    def __init__(self, comments: tuple[Comment, ...]) -> None:
        super().__init__(", ".join(f"{line}:{column}" for line, column, _ in comments))
        self.comments = comments


class GraphWouldChange(RuntimeError):  # noqa: N818 - named like its sibling
    """The canonical form of a text does not say the same as the text; a fault of this program."""


def format_text(
    text: str,
    prefixes: Mapping[str, str],
    bounds: Bounds | None = None,
    **orders: Unpack[Orders],
) -> str:
    """Return the canonical form of a text; hint lines (`#>`) go, other comments are refused.

    The text's own prefixes are kept, unless a given one has the same name or namespace.
    """
    document = parse(text, bounds)
    if found := comments(text):
        raise CommentsWouldBeLost(found)
    result = write(document.triples, _merge(document.prefixes, prefixes), **orders)
    if not _is_same_graph(document, parse(result)):
        raise GraphWouldChange
    return result


def plain_lines(text: str) -> str:
    """Return a text with the line ends of the canonical form, whatever made the file."""
    return re.sub(r"\r\n?", "\n", text)


def comments(text: str) -> tuple[Comment, ...]:
    """Return the comments of a text that are no hint lines, with their places."""
    lines = Lines(text)
    found = (token for token in tokenize(text) if token.kind == "comment")
    return tuple(lines.comment(token) for token in found if not token.text.startswith(_HINT))


def _merge(own: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    namespaces = set(given.values())
    return {**{name: iri for name, iri in own.items() if iri not in namespaces}, **given}


def _is_same_graph(one: Document, other: Document) -> bool:
    return canonical(one.triples) == canonical(other.triples)
