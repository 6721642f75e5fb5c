"""Read what stands at a place in Turtle text as its author wrote it, also where it has a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from jkgraph.turtle.tokens import Lines, Place, Token, bracket_step, tokenize

# Nobody wrote a longer line by hand, and to guess what it means would take long.
_LONGEST = 5_000
_PREFIX = re.compile(r"@prefix\s+([^\s:]*):", re.IGNORECASE)


@dataclass(frozen=True)
class Spots:
    """One text, to be asked what stands where."""

    text: str

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _tokens(self) -> list[Token]:
        return [token for token in tokenize(self.text) if token.kind != "comment"]

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The prefixes that the text declares."""
        return frozenset(_PREFIX.findall(self.text))

    def term(self, line: int, column: int) -> str:
        """Return the term that begins at a place, with its language or datatype; else nothing."""
        start = self._lines.offset(line, column)
        begins = (n for n, token in enumerate(self._tokens) if token.start == start)
        if (first := next(begins, None)) is None:
            return ""
        last = first
        if self._tokens[first].kind == "string":
            after = [token.text for token in self._tokens[first + 1 : first + 2]]
            is_typed = after == ["^^"]
            last += 2 if is_typed else bool(after and after[0].startswith("@"))
        return self.text[start : self._tokens[min(last, len(self._tokens) - 1)].end]

    def term_before(self, line: int, column: int) -> tuple[Place, str]:
        """Return the token that ends at a place, and where it begins."""
        end = self._lines.offset(line, column)
        ends = (token for token in self._tokens if token.end == end)
        token = next(ends, Token("bad", "", end))
        return self._lines.place(token.start), token.text

    def rest(self, line: int, column: int) -> str:
        """Return what stands from a place to the end of its line; of an endless line nothing."""
        start = self._lines.offset(line, column)
        found, *more = re.split(r"[\r\n]", self.text[start : start + _LONGEST], maxsplit=1)
        return found if more or start + _LONGEST > len(self.text) else ""

    def names(self, prefix: str) -> list[tuple[Place, str]]:
        """Return the names with a prefix, and where each of them begins."""
        return [
            (self._lines.place(token.start), token.text)
            for before, token in pairwise([Token("sign", ".", 0), *self._tokens])
            if token.kind == "name" and token.text.startswith(f"{prefix}:")
            if before.text.casefold() not in {"@prefix", "prefix"}
        ]

    def places(self, pattern: str) -> list[tuple[Place, str]]:
        """Return what fits a pattern, and where each of it begins."""
        return [(self._lines.place(m.start()), m[0]) for m in re.finditer(pattern, self.text)]

    def open_bracket(self, line: int, column: int) -> str:
        """Return the bracket that is still open at a place."""
        end, opened = self._lines.offset(line, column), [""]
        for token in self._tokens:
            if token.end <= end and (step := bracket_step(token)):
                opened = [*opened, token.text] if step > 0 else opened[:-1] or [""]
        return opened[-1]

    def replace(self, edits: list[tuple[int, int, str, str]]) -> str | None:
        """Put new texts in place of old ones, which begin at a line and column.

        Returns None when an old text is not there, or two of them overlap.
        """
        starts = sorted((self._lines.offset(line, col), old, new) for line, col, old, new in edits)
        result, at = "", 0
        for start, old, new in dict.fromkeys(starts):
            if start < at or not self.text.startswith(old, start):
                return None
            result, at = result + self.text[at:start] + new, start + len(old)
        return result + self.text[at:]
