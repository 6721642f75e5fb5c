"""What a cell means: a set of values as text, and the text as the same set of values.

A line that was left alone means what it meant when it was exported, to the letter. A value that
its plain text does not tell is shown as N-Triples writes it, which every cell understands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.exchange.columns import Column
from jkgraph.exchange.names import Names
from jkgraph.exchange.values import (
    Content,
    contents,
    exact,
    lines,
    read_exact,
    read_typed,
    same,
    text_of,
)
from jkgraph.graph import Term
from jkgraph.iri import split
from jkgraph.lexical import XSD
from jkgraph.messages import Message
from jkgraph.worksheets import LONGEST

Terms = frozenset[Term]

WANTED = {
    f"{XSD}date": "wanted.date",
    f"{XSD}gYearMonth": "wanted.month",
    f"{XSD}gYear": "wanted.year",
    f"{XSD}integer": "wanted.integer",
    f"{XSD}decimal": "wanted.decimal",
    f"{XSD}boolean": "wanted.boolean",
}


class Written(NamedTuple):
    """What stands in a cell, and what each of its lines means; too long a text stays out."""

    content: Content = None
    meanings: Mapping[str, Term] | None = None

    @property
    def text(self) -> str:
        """The text that is read back when nobody changes the cell."""
        return text_of(self.content)


class Cells:
    """Writes and reads the cells of a workspace in one language."""

    def __init__(self, names: Names) -> None:
        self._names = names
        word = names.graph.workspace.catalogue.word
        self._yes_no = word("value.yes", names.language), word("value.no", names.language)
        self._too_long = word("sheet.too-long", names.language)

    def write(self, column: Column, owner: ox.NamedNode, terms: Iterable[Term]) -> Written:
        """Write values in a cell; ``owner`` is the record whose parts are named shortly."""
        shown: dict[str, tuple[Content, Term]] = {}
        for term in terms:
            content = next(
                c
                for c in (*self._contents(column, owner, term), exact(term))
                if text_of(c) not in shown and self._means(column, owner, text_of(c), term)
            )
            shown[text_of(content)] = content, term
        in_order = sorted(shown, key=lambda text: (text.casefold(), text))
        meanings = {text: shown[text][1] for text in in_order}
        if len(meanings) == 1:
            return self._fit(shown[in_order[0]][0], meanings)
        if column.is_single and any(read_exact(text) is None for text in in_order):
            # One line of such a cell is a part of its only value.
            meanings = {exact(term): term for term in meanings.values()}
        return self._fit("\n".join(meanings) or None, meanings)

    def _fit(self, content: Content, meanings: Mapping[str, Term]) -> Written:
        is_fit = len(text_of(content).encode("utf-16-le")) <= 2 * LONGEST
        return Written(content, meanings) if is_fit else Written(self._too_long)

    def read(
        self, column: Column, owner: ox.NamedNode, text: str, meant: Mapping[str, Term]
    ) -> Terms:
        """Read the values of a cell; ``meant`` tells what its lines meant when it was written.

        Raises JkgraphError for a text that means nothing here, or several things.
        """
        return frozenset(
            self._only(column, line, self._find(column, owner, line, meant))
            for line in self._values(column, text)
        )

    def _values(self, column: Column, text: str) -> list[str]:
        """Cut a cell into its values: lines, unless it can hold one text only."""
        own = lines(text)
        is_whole = column.is_single and column.is_text and any(read_exact(v) is None for v in own)
        return [text] if is_whole else own

    def show(self, column: Column, owner: ox.NamedNode, terms: Terms) -> str:
        """Write values on one line, for a message."""
        return "; ".join(lines(self.write(column, owner, terms).text)) or "–"

    def _means(self, column: Column, owner: ox.NamedNode, text: str, term: Term) -> bool:
        values = self._values(column, text)
        found = self._find(column, owner, text, {}) if values == [text] else ()
        return len(found) == 1 and same(found[0], term)

    def _contents(self, column: Column, owner: ox.NamedNode, term: Term) -> Iterator[Content]:
        if isinstance(term, ox.NamedNode) and column.is_link:
            yield from self._names.texts(term, owner)
        elif isinstance(term, ox.Literal):
            yield from contents(term, self._yes_no)

    def _find(
        self, column: Column, owner: ox.NamedNode, text: str, meant: Mapping[str, Term]
    ) -> tuple[Term, ...]:
        """Return everything that one text may mean."""
        term: Term | None = meant.get(text) or read_exact(text)
        if term is None and column.is_link:
            found = self._names.find(text, column.classes, owner)
            return tuple(n for n in found if not column.values or n in column.values)
        if term is None and column.language:
            term = ox.Literal(text, language=column.language)
        if term is None:
            term = read_typed(text, column.datatypes)
        return () if term is None else (term,)

    def _only(self, column: Column, text: str, found: tuple[Term, ...]) -> Term:
        if len(found) == 1:
            return found[0]
        if found:
            known = "; ".join(sorted(self._compact(node) for node in found))
            raise JkgraphError("cell-links", value=text, known=known)
        if column.is_link:
            raise JkgraphError("cell-link", value=text, hint=self._names.hint(text, column.classes))
        raise JkgraphError("cell-value", value=text, wanted=self._wanted(column.datatypes))

    def _compact(self, node: Term) -> str:
        return self._names.graph.addresses.compact(node.value)  # type: ignore[union-attr]  # only names can be several

    def _wanted(self, datatypes: Sequence[str]) -> Message:
        """Say in every language what a column takes."""
        words = self._names.graph.workspace.catalogue
        keys = [WANTED.get(datatype, split(datatype)[1]) for datatype in datatypes]
        return Message(
            texts={lang: "; ".join(words.word(k, lang) for k in keys) for lang in words.languages}
        )
