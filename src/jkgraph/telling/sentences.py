"""Makes a sentence of a change: what a property was and is, which values came and went."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import zip_longest
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.differences import Change
from jkgraph.graph import Node, Term
from jkgraph.messages import GAP
from jkgraph.telling.names import Names, is_text
from jkgraph.telling.passages import Mark, Piece, passage
from jkgraph.telling.states import State

# Of several texts, how alike two must be to be the same one, changed.
_LIKENESS = 0.5
# In brief: texts of more signs than this are not quoted.
_MOST = 300
# Texts of more words than this are compared word by word.
_SHORT = 8

Sentence = tuple[Piece, ...]


class Told(NamedTuple):
    """One thing that changed: which property of what, and the sentence that tells it."""

    property: str
    field: str
    part: str
    removed: Sentence
    added: Sentence
    sentence: Sentence


class Sentences(NamedTuple):
    """Makes the sentences about one record, from its two states."""

    names: Names
    record: ox.NamedNode
    old: State
    new: State

    def tell(self, change: Change) -> Iterator[Told]:
        """Yield the sentences about a change: one for links, and one for each text."""
        values = (change.removed, change.added)
        gone, come = ([v for v in some if not is_text(v)] for some in values)
        if gone or come:
            yield self._told(change, gone, come)
        old, new = ([v for v in some if is_text(v)] for some in values)
        for was, now in _pairs(old, new, self._languages([*old, *new])):
            yield self._told(change, was, now)

    def _languages(self, texts: Iterable[Term]) -> list[str]:
        """Return the languages of some texts, those of the workspace first and in its order."""
        found = {_language(text) for text in texts}
        first = [code for code in self.names.graph.workspace.languages if code in found]
        return [*first, *sorted(found.difference(first))]

    def _told(self, change: Change, gone: Sequence[Term], come: Sequence[Term]) -> Told:
        names = self.names
        old = tuple(names.value(value, self.old) for value in gone)
        new = tuple(names.value(value, self.new) for value in come)
        if [piece.text for piece in old] == [piece.text for piece in new]:
            old, new = (tuple(map(names.with_address, pieces)) for pieces in (old, new))
        field = names.field(names.kind(self.new, change.subject), change.predicate)
        language = next((p.language for p in (*old, *new) if p.language), "")
        head = f"{field} ({names.language_name(language)})" if language else field
        part = "" if change.subject == self.record else self._part(change.subject)
        key, gaps = self._form(change, gone, come)
        filled = {"old": listed(old), "new": listed(new), **gaps, "field": [Piece(head)]}
        said = sentence(names.say(key), filled, f"{part}: " if part else "")
        return Told(change.predicate.value, field, part, old, new, said)

    def _form(
        self, change: Change, gone: Sequence[Term], come: Sequence[Term]
    ) -> tuple[str, dict[str, list[Piece]]]:
        """Choose the sentence for what comes and goes, and fill gaps that are not just values."""
        is_one = len(gone) == len(come) == 1
        if self.names.is_brief and not self._can_be_named(gone, come):
            return self._in_brief(change, gone, come)
        if is_one and all(map(_is_long, (*gone, *come))):
            return "telling.rewritten", {"new": self._passage(gone[0], come[0])}
        if gone and come:
            return "telling.replaced" if is_one else "telling.exchanged", {}
        if gone:
            return "telling.removed", {}
        there = self.new.values(change.subject, change.predicate)
        alike = [value for value in there if _language(value) == _language(come[0])]
        return "telling.also" if len(alike) > len(come) else "telling.added", {}

    def _can_be_named(self, gone: Sequence[Term], come: Sequence[Term]) -> bool:
        told = self.names.is_told
        return all(told(v, self.old) for v in gone) and all(told(v, self.new) for v in come)

    def _in_brief(
        self, change: Change, gone: Sequence[Term], come: Sequence[Term]
    ) -> tuple[str, dict[str, list[Piece]]]:
        """Quote, of texts, only what came and still stands, and is not long."""
        if not come:
            return "telling.text-removed", {}
        new = listed([self.names.value(value, self.new) for value in come])
        if len(gone) == len(come) == 1:
            changed = self._passage(gone[0], come[0]) if _is_long(come[0]) else new
            new = [piece for piece in changed if piece.mark is not Mark.OLD]
        stands = all(self.names.graph.has(None, change.predicate, value) for value in come)
        if not stands or sum(len(piece.text) for piece in new) > _MOST:
            return "telling.text-changed" if gone else "telling.text-added", {}
        return "telling.rewritten" if gone else "telling.added", {"new": new}

    def _passage(self, gone: Term, come: Term) -> list[Piece]:
        language = self.names.other(_language(come))
        return [Piece("“"), *passage(_text(gone), _text(come), language), Piece("”")]

    def _part(self, part: Node) -> str:
        """Name a part of the record by the field that it stands in, and by itself."""
        holder = self.new.holder(part)
        field = self.names.field(self.names.kind(self.new, holder[0]), holder[1]) if holder else ""
        return f"{field} {self.names.part(part, self.new)}".strip()


def sentence(words: str, gaps: Mapping[str, Iterable[Piece]], start: str = "") -> Sentence:
    """Put pieces into the gaps of words, begin with a capital and end with a full stop."""
    found = GAP.split(words)
    pieces = [Piece(start)]
    for text, space, name in zip_longest(found[::3], found[1::3], found[2::3], fillvalue=""):
        pieces += [Piece(text + space), *gaps.get(name, ())]
    first, *others = [piece for piece in pieces if piece.text]
    capital = first._replace(text=first.text[:1].upper() + first.text[1:])
    has_end = re.search(r"[.!?…]”?$", "".join(piece.text for piece in pieces))
    return (capital, *others) if has_end else (capital, *others, Piece("."))


def listed(values: Sequence[Piece]) -> list[Piece]:
    """Put signs between values: those that hold a comma stand apart by semicolons."""
    sign = Piece("; " if any(", " in value.text for value in values) else ", ")
    return [p for n, value in enumerate(values) for p in ([sign, value] if n else [value])]


def _is_long(term: Term) -> bool:
    return len(_text(term).split()) > _SHORT


def _text(term: Term) -> str:
    return term.value if isinstance(term, ox.Literal) else ""


def _language(term: Term) -> str:
    return (term.language or "") if isinstance(term, ox.Literal) else ""


def _pairs(
    old: Sequence[Term], new: Sequence[Term], languages: Iterable[str]
) -> Iterator[tuple[Sequence[Term], Sequence[Term]]]:
    """Put each text with the one that it became; those that only went or came stay together."""
    for language in languages:
        gone, come = ([v for v in values if _language(v) == language] for values in (old, new))
        if len(gone) == len(come) == 1:
            yield gone, come
            continue
        for value in tuple(gone):
            if near := get_close_matches(str(value), map(str, come), 1, _LIKENESS):
                [other] = [v for v in come if str(v) == near[0]]
                yield [value], [other]
                gone.remove(value)
                come.remove(other)
        if gone or come:
            yield gone, come
