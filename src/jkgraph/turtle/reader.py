"""Read Turtle strictly: Turtle 1.1 without a base, of a sane size, every literal as written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pyoxigraph as ox

from jkgraph.turtle.faults import TurtleSyntaxError, diagnose
from jkgraph.turtle.tokens import MAX_DEPTH, Lines, Place, Token, bracket_step, tokenize

_LIMIT = 1_000_000
# The byte order mark, NUL, and the signs of RDF 1.2.
_ODD = (b"\xef\xbb\xbf", b"\0", b"<<", b"{|", b"~", b"--")
# NUL, and the halves of characters that come from bytes that are not UTF-8.
_UNFIT = re.compile(r"[\0\ud800-\udfff]")
# Where a bracket is only a character: strings, addresses, comments, and escapes in names.
_QUIET = re.compile(
    r"""'{3}[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'{3}|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"""
    r"""|"{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"{3}|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+\""""
    r"|<[^<>\s]*+>|\#[^\n]*+|\\.",
    re.DOTALL,
)


@dataclass(frozen=True)
class Document:
    """The triples of one text in the order of the text, and the prefixes it declares."""

    triples: tuple[ox.Triple, ...]
    prefixes: Mapping[str, str]
    text: str


def parse(text: str, *, limit_bytes: int = _LIMIT) -> Document:
    """Read a Turtle text, or raise TurtleSyntaxError at its first fault."""
    _refuse_characters(text)
    if len(text.encode()) > limit_bytes:
        raise TurtleSyntaxError("too-large", Place(1, 1), detail=f"> {limit_bytes} bytes")
    _refuse_depth(text)
    parser = ox.parse(text, format=ox.RdfFormat.TURTLE)
    try:
        triples = tuple(quad.triple for quad in parser)
    except SyntaxError as error:
        raise diagnose(text, error) from error
    if any(map(_is_rdf12, triples)):
        raise TurtleSyntaxError("rdf-12", _first_rdf12(text))
    return Document(triples, parser.prefixes, text)


def is_plain(content: bytes) -> bool:
    """Tell whether a file certainly holds nothing that pyoxigraph reads and `parse` refuses."""
    is_flat = content.count(b"[") + content.count(b"(") <= MAX_DEPTH
    return len(content) <= _LIMIT and is_flat and not any(sign in content for sign in _ODD)


def _refuse_characters(text: str) -> None:
    if text.startswith("\ufeff"):
        raise TurtleSyntaxError("bom", Place(1, 1))
    if unfit := _UNFIT.search(text):
        code = f"U+{ord(unfit[0]):04X}"
        raise TurtleSyntaxError("bad-character", Lines(text).place(unfit.start()), detail=code)


def _refuse_depth(text: str) -> None:
    # Counting is cheap and almost always enough to see that there is no depth to measure.
    opened = text.count("[") + text.count("(") + text.count("<<")
    if opened <= MAX_DEPTH or _depth(text) <= MAX_DEPTH:
        return
    depth = 0
    for token in tokenize(text):
        depth += bracket_step(token)
        if depth > MAX_DEPTH:
            raise TurtleSyntaxError("too-deep", Lines(text).place(token.start))


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
