"""Texts for people in several languages: a key with values, worded by gettext catalogues.

A message is made where something is known and worded where it is shown, so that no
function needs to know which language its reader speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LANGUAGES = ("nl", "en")
WORDS = Path(__file__).parent / "locale"

Value = object
# How alike two words must be: less than this, and the hint names something else.
LIKENESS = 0.7
# What a terminal would obey, what turns the direction of a text, and halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
GAP = re.compile(r"( ?)\{(\w+)\}")


@dataclass(frozen=True)
class Message:
    """A text to be worded later: a catalogue key with values, or texts given per language."""

    key: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


NOTHING = Message(texts={"": ""})


def visible(text: str) -> str:
    """Write what would do something instead of being seen by its number; keep lines and tabs."""
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04X}", text)


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like a misspelt word, or None when none is near."""
    # Not at the top: few commands meet a misspelt word.
    from difflib import get_close_matches

    by_fold: dict[str, list[str]] = {}
    for candidate in candidates:
        by_fold.setdefault(candidate.casefold(), []).append(candidate)
    found = get_close_matches(word.casefold(), by_fold, 1, LIKENESS)
    # The name of a class and that of a property may differ in one capital only.
    return max(by_fold[found[0]], key=lambda c: c[:1] == word[:1]) if found else None


def did_you_mean(word: str, candidates: Iterable[str]) -> Message:
    """Return a message that names the nearest candidate, empty when none is near."""
    near = nearest(word, candidates)
    return Message("hint.did-you-mean", {"near": near}) if near else NOTHING


class Catalogue:
    """The words of the interface per language; later folders override earlier ones."""

    def __init__(self, folders: Iterable[Path], languages: Iterable[str]) -> None:
        self.languages = tuple(languages)
        self._folders = tuple(folders)
        self._read: dict[str, dict[str, str]] = {}

    def keys(self, language: str) -> frozenset[str]:
        """Return the keys that have words in a language."""
        return frozenset(self._entries(language))

    def word(self, key: str, language: str, /, **values: Value) -> str:
        """Return the words for a key, in the first language that has them, else the key."""
        for lang in (language, *self.languages):
            text = (self._read.get(lang) or self._entries(lang)).get(key)
            if text is not None:
                return self._fill(text, language, values)
        return key

    def plural(self, key: str, count: int, language: str) -> str:
        """Return the words for a number of things; keys end in ``.one`` and ``.many``."""
        return self.word(f"{key}.{'one' if count == 1 else 'many'}", language, count=count)

    def say(self, message: Message, language: str) -> str:
        """Word a message in a language, or the nearest language that it has."""
        if not message.texts:
            return self.word(message.key, language, **message.values)
        for lang in (language, *self.languages, *message.texts):
            if lang in message.texts:
                return self._fill(message.texts[lang], language, message.values)
        return ""

    def _entries(self, language: str) -> dict[str, str]:
        """Read the words of a language when they are asked for the first time."""
        if language not in self._read:
            self._read[language] = dict(_read(self._folders, language))
        return self._read[language]

    def _fill(self, text: str, language: str, values: Mapping[str, Value]) -> str:
        if "{" not in text:
            return text

        def worded(gap: re.Match[str]) -> str:
            value = values.get(gap[2], gap[0])
            said = self.say(value, language) if isinstance(value, Message) else str(value)
            # A hint that has nothing to say takes no room.
            return gap[1] + said if said and gap[2] in values else said

        return GAP.sub(worded, text)


@cache
def words() -> Catalogue:
    """Return the engine's own words, which need no workspace."""
    return Catalogue([WORDS], LANGUAGES)


def _read(folders: Iterable[Path], language: str) -> Iterator[tuple[str, str]]:
    # Not at the top: commands that say nothing, such as a query that goes well, do without.
    import polib

    for folder in folders:
        path = folder / f"{language}.po"
        if path.is_file():
            for entry in polib.pofile(str(path)):
                if not entry.obsolete:
                    # What a workspace says may not steer the terminal; help of our own does.
                    own = folder == WORDS
                    yield entry.msgid, entry.msgstr if own else visible(entry.msgstr)
