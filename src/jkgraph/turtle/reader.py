"""Read Turtle strictly: Turtle 1.1 without a base, within bounds, every literal as written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.bounds import Bounds
from jkgraph.turtle.faults import TurtleSyntaxError, diagnose
from jkgraph.turtle.tokens import Lines, Place, Token, bracket_step, tokenize

# The byte order mark, NUL, and the signs of RDF 1.2.
_ODD = (b"\xef\xbb\xbf", b"\0", b"<<", b"{|", b"~", b"--")
# NUL, and the halves of characters that come from bytes that are not UTF-8.
_UNFIT = re.compile(r"[\0\ud800-\udfff]")
# Where a bracket is only a character: strings, addresses, comments, and escapes in names. As in
# `tokens`, no group is possessive.
_QUIET = re.compile(
    r"""'{3}[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*'{3}|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*'"""
    r"""|"{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*"{3}|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*\""""
    r"|<[^<>\s]*+>|\#[^\n]*+|\\.",
    re.DOTALL,
)


class Document(NamedTuple):
    """The triples of one text in the order of the text, and the prefixes it declares."""

    triples: tuple[ox.Triple, ...]
    prefixes: Mapping[str, str]
    text: str


def parse(text: str, bounds: Bounds | None = None) -> Document:
    """Read a Turtle text, or raise TurtleSyntaxError at its first fault.

    What may come from anybody is read within ``bounds``; what was admitted before needs none.
    """
    _refuse_characters(text)
    if bounds:
        _refuse_size(text, bounds)
        _refuse_depth(text, bounds)
    parser = ox.parse(text, format=ox.RdfFormat.TURTLE)
    try:
        triples = tuple(quad.triple for quad in parser)
    except SyntaxError as error:
        raise diagnose(text, error) from error
    if any(map(_is_rdf12, triples)):
        raise TurtleSyntaxError("rdf-12", _first_rdf12(text))
    if bounds:
        _refuse_much(text, triples, bounds)
    return Document(triples, parser.prefixes, text)


def is_plain(content: bytes, bounds: Bounds) -> bool:
    """Tell whether a file certainly holds nothing that pyoxigraph reads and `parse` refuses."""
    # No text is longer than its file, and no statement takes less than a byte.
    most = min(bounds.file_bytes, bounds.text_characters, bounds.file_triples)
    is_flat = content.count(b"[") + content.count(b"(") <= bounds.nesting
    return len(content) <= most and is_flat and not any(sign in content for sign in _ODD)


def _refuse_characters(text: str) -> None:
    if text.startswith("\ufeff"):
        raise TurtleSyntaxError("bom", Place(1, 1))
    if unfit := _UNFIT.search(text):
        code = f"U+{ord(unfit[0]):04X}"
        raise TurtleSyntaxError("bad-character", Lines(text).place(unfit.start()), detail=code)


def _refuse_size(text: str, bounds: Bounds) -> None:
    size = len(text.encode())
    if size > bounds.file_bytes:
        raise TurtleSyntaxError("too-large", Place(1, 1), bound=bounds.over("file_bytes", size))


def _refuse_depth(text: str, bounds: Bounds) -> None:
    # Counting is cheap and almost always enough to see that there is no depth to measure.
    opened = text.count("[") + text.count("(") + text.count("<<")
    if opened <= bounds.nesting or (deepest := _depth(text)) <= bounds.nesting:
        return
    depth = 0
    for token in tokenize(text):
        depth += bracket_step(token)
        if depth > bounds.nesting:
            place = Lines(text).place(token.start)
            raise TurtleSyntaxError("too-deep", place, bound=bounds.over("nesting", deepest))


def _refuse_much(text: str, triples: Sequence[ox.Triple], bounds: Bounds) -> None:
    if len(triples) > bounds.file_triples:
        bound = bounds.over("file_triples", len(triples))
        raise TurtleSyntaxError("too-many", Place(1, 1), bound=bound)
    values = (t.object.value for t in triples if isinstance(t.object, ox.Literal))
    longest = max(map(len, values), default=0)
    if longest > bounds.text_characters:
        # A number may be written as long as a text.
        values_written = (t for t in tokenize(text) if t.kind in {"string", "number"})
        written = max(values_written, key=lambda token: len(token.text))
        bound = bounds.over("text_characters", longest)
        raise TurtleSyntaxError("too-long", Lines(text).place(written.start), bound=bound)


def _depth(text: str) -> int:
    """Measure the depth without cutting the text into tokens, which takes much longer."""
    signs = re.findall(r"<<|>>|[][()]", _QUIET.sub(" ", text))
    steps = (1 if sign in {"<<", "[", "("} else -1 for sign in signs)
    return max(accumulate(steps), default=0)


def _is_rdf12(triple: Sequence[object]) -> bool:
    value = triple[2]
    if isinstance(value, ox.Literal):
        return value.direction is not None
    return isinstance(value, ox.Triple)


def _first_rdf12(text: str) -> Place:
    found = (token for token in tokenize(text) if _is_rdf12_token(token))
    return Lines(text).place(next(found).start)


def _is_rdf12_token(token: Token) -> bool:
    return token.kind == "rdf12" or (token.kind == "language" and "--" in token.text)
