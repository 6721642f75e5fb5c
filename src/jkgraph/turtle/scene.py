"""The tokens around the place where pyoxigraph stopped, for guessing what the author meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from jkgraph.turtle.tokens import Lines, Token, bracket_step, tokenize

Reason = Literal[
    "bom",
    "too-large",
    "too-deep",
    "too-long",
    "too-many",
    "rdf-12",
    "undeclared-prefix",
    "bare-iri",
    "relative-iri",
    "bad-iri",
    "unescaped-quote",
    "unclosed-string",
    "bad-escape",
    "bad-language",
    "bad-character",
    "bare-word",
    "missing-dot",
    "missing-semicolon",
    "missing-comma",
    "missing-bracket",
    "missing-value",
    "hash-after-name",
    "other",
]
Guess = tuple[Reason, int] | None
ENDS = frozenset({".", ";", ","})


@dataclass(frozen=True)
class Scene:
    """A text, what pyoxigraph said about it, and the offset it said it of."""

    text: str
    message: str
    offset: int

    @cached_property
    def lines(self) -> Lines:
        """The line starts of the text."""
        return Lines(self.text)

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens without the comments."""
        return [token for token in tokenize(self.text) if token.kind != "comment"]

    @cached_property
    def at(self) -> int:
        """The index of the token that pyoxigraph did not expect."""
        ends_later = (i for i, token in enumerate(self.tokens) if token.end > self.offset)
        return next(ends_later, len(self.tokens))

    @property
    def here(self) -> Token | None:
        """The token that pyoxigraph did not expect; None at the end of the text."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    @property
    def before(self) -> Token | None:
        """The last token that was fine; None at the start of the text."""
        return self.tokens[self.at - 1] if self.at else None

    def line_of(self, token: Token) -> int:
        """Return the line on which a token begins."""
        return self.lines.place(token.start).line

    def follows_on_line(self, index: int) -> bool:
        """Tell whether the token before this one ends on the line where this one begins."""
        if not 0 < index < len(self.tokens):
            return False
        end_before = self.tokens[index - 1].end
        return self.lines.place(end_before).line == self.line_of(self.tokens[index])

    def count_terms(self, index: int) -> int:
        """Count the terms from this token to the next sign or the end of the line."""
        return sum(1 for _ in self._terms(index))

    def _terms(self, index: int) -> Iterator[Token]:
        depth = 0
        for at in range(index, len(self.tokens)):
            token = self.tokens[at]
            step = bracket_step(token)
            if depth == 0 and at > index and not self.follows_on_line(at):
                return
            if depth == 0 and (token.text in ENDS or step < 0):
                return
            if depth == 0 and not self._belongs_to_literal(at):
                yield token
            depth += step

    def _belongs_to_literal(self, at: int) -> bool:
        is_suffix = self.tokens[at].kind == "language" or self.tokens[at].text == "^^"
        return is_suffix or (at > 0 and self.tokens[at - 1].text == "^^")

    def has_open_bracket(self) -> bool:
        """Tell whether a bracket is still open where pyoxigraph stopped."""
        return sum(map(bracket_step, self.tokens[: self.at])) > 0
