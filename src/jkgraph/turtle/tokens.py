"""Cut Turtle text into tokens and translate offsets into places.

Never fails: what is no token gets the kind `bad`, so that text with a fault can be examined too.
Whether the tokens make statements is for `walker` to say.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

# The names follow https://www.w3.org/TR/turtle/#terminals
_PN_CHARS_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PN_CHARS = rf"{_PN_CHARS_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
# No group is possessive: before Python 3.11.5 such a group may end where it should not.
_PN_REST = rf"(?:[{_PN_CHARS}.]*[{_PN_CHARS}])?"
_PN_PREFIX = rf"[{_PN_CHARS_BASE}]{_PN_REST}"
_PLX = r"(?:%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_PN_LOCAL = (
    rf"(?:[{_PN_CHARS_BASE}_:0-9]|{_PLX})"
    rf"(?:[{_PN_CHARS}:.]*{_PLX})*(?:[{_PN_CHARS}:.]*[{_PN_CHARS}:])?"
)
_IRI = r"""[^\x00-\x20<>"{}|^`\\]"""
_EXPONENT = r"[eE][+-]?[0-9]+"

_TOKEN = rf"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>\#[^\r\n]*)
  | (?P<string>
        \"{{3}} [^"\\]*+ (?: (?:\\[\s\S]|"(?!"")) [^"\\]*+ )* \"{{3}}
      | '{{3}} [^'\\]*+ (?: (?:\\[\s\S]|'(?!'')) [^'\\]*+ )* '{{3}}
      | "(?!"") [^"\\\r\n]*+ (?: \\[^\r\n] [^"\\\r\n]*+ )* "
      | '(?!'') [^'\\\r\n]*+ (?: \\[^\r\n] [^'\\\r\n]*+ )* '
    )
  | (?P<iri>< {_IRI}*+ (?: \\(?:u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}) {_IRI}*+ )* >)
  | (?P<blank>_:[{_PN_CHARS_BASE}_0-9]{_PN_REST})
  | (?P<name>(?:{_PN_PREFIX})?:(?:{_PN_LOCAL})?)
  | (?P<word>{_PN_PREFIX})
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
  | (?P<number>[+-]?(?:[0-9]+\.[0-9]*{_EXPONENT}|\.?[0-9]+{_EXPONENT}|[0-9]*\.[0-9]+|[0-9]+))
  | (?P<rdf12><<\(?|\)?>>|\{{\||\|\}}|~)
  | (?P<sign>\^\^|[.;,()\[\]])
  | (?P<bad>(?:\"\"\"|\'\'\')[\s\S]*|["'][^\r\n]*|<[^>\r\n]*>?|[\s\S])
"""
_LINE_END = re.compile(r"\r\n?|\n")
_OPENING = frozenset({"[", "(", "<<", "<<(", "{|"})
_CLOSING = frozenset({"]", ")", ">>", ")>>", "|}"})


class Place(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


class Comment(NamedTuple):
    """A comment with its `#` and the place where it begins."""

    line: int
    column: int
    text: str


class Token(NamedTuple):
    """A piece of text with its kind and its offset."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Return the offset after the last character."""
        return self.start + len(self.text)


class Lines:
    """Translate between offsets and places of one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def place(self, offset: int) -> Place:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column."""
        return self._starts[line - 1] + column - 1

    def comment(self, token: Token) -> Comment:
        """Return a comment token with its place."""
        return Comment(*self.place(token.start), token.text)


def tokenize(text: str) -> Iterator[Token]:
    """Yield every token of the text, comments included and white space left out."""
    for match in _pattern().finditer(text):
        if (kind := match.lastgroup or "bad") != "space":
            yield Token(kind, match.group(), match.start())


def bracket_step(token: Token) -> int:
    """Return 1 for an opening bracket, -1 for a closing one, 0 for anything else."""
    if token.kind not in {"sign", "rdf12"}:
        return 0
    return (token.text in _OPENING) - (token.text in _CLOSING)


# Compiled when it is first needed: that takes longer than reading thirty files.
@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_TOKEN, re.VERBOSE)
