"""What changed within a text: the words that went and came, and some of those around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

# Words that stay between two changes: fewer than this, and the two read better as one.
_APART = 3
# Words that are shown on either side of a change.
_AROUND = 5
# Texts that have less than this in common were written anew.
_LIKENESS = 0.3


class Mark(Enum):
    """What a piece of a sentence is."""

    WORDS = "words"
    VALUE = "value"
    OLD = "old"
    NEW = "new"


class Piece(NamedTuple):
    """A piece of a sentence; ``iri`` is what it names, ``language`` that of a text, if other."""

    text: str
    mark: Mark = Mark.WORDS
    iri: str = ""
    language: str = ""


def passage(old: str, new: str, language: str = "") -> tuple[Piece, ...]:
    """Return what changed between two texts, in pieces that read on; gaps are an ellipsis."""
    before, after = old.split(), new.split()
    steps = list(_steps(before, after))
    found: list[Piece] = []
    for place, (stays, gone, come) in enumerate(steps):
        if stays:
            head, tail = place == 0, place == len(steps) - 1
            words = _shortened(gone, is_first=head, is_last=tail)
            spaced = f"{'' if head else ' '}{words}{'' if tail else ' '}"
            found.append(Piece(spaced, language=language))
            continue
        found += [Piece(" ".join(gone), Mark.OLD, language=language)] if gone else []
        found += [Piece(" ".join(come), Mark.NEW, language=language)] if come else []
    return tuple(found)


def _steps(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield stretches of words: whether they stay, those of the old text, those of the new."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    if matcher.ratio() < _LIKENESS:
        yield False, before, after
        return
    a = b = 0
    blocks = [block for block in matcher.get_matching_blocks() if _stays(block, len(before))]
    for start, other, size in (*blocks, (len(before), len(after), 0)):
        if start > a or other > b:
            yield False, before[a:start], after[b:other]
        if size:
            yield True, before[start : start + size], ()
        a, b = start + size, other + size


def _stays(block: tuple[int, int, int], length: int) -> bool:
    start, _, size = block
    return size >= _APART or (size > 0 and (start == 0 or start + size == length))


def _shortened(words: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    """Leave out the words that are far from a change."""
    head = () if is_first else words[:_AROUND]
    tail = () if is_last else words[-_AROUND:]
    if len(head) + len(tail) + 1 >= len(words):
        return " ".join(words)
    return " ".join((*head, "…", *tail))
