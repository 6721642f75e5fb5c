"""Wording messages in the language of the reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkgraph.messages import NOTHING, Catalogue, Message, did_you_mean, nearest

WORDS = {
    "nl": {
        "a": "Er is {what}. {hint} Klaar.",
        "boat.one": "{count} boot",
        "boat.many": "{count} boten",
    },
    "en": {"a": "There is {what}. {hint} Done.", "hint.did-you-mean": "Did you mean {near}?"},
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    for language, entries in WORDS.items():
        _write(tmp_path / f"{language}.po", entries)
    return Catalogue([tmp_path, tmp_path / "nowhere"], ("nl", "en"))


def _write(path: Path, entries: dict[str, str]) -> None:
    path.parent.mkdir(exist_ok=True)
    lines = (f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in entries.items())
    path.write_text("\n".join(lines), "utf-8")


def test_words_come_in_the_language_asked_for_else_in_the_leading_one(catalogue: Catalogue) -> None:
    assert catalogue.word("a", "en", what="x", hint="") == "There is x. Done."
    assert catalogue.word("a", "fr", what="x", hint="") == "Er is x. Klaar."
    assert catalogue.word("hint.did-you-mean", "nl", near="x") == "Did you mean x?"


def test_a_key_without_words_stands_for_itself(catalogue: Catalogue) -> None:
    assert catalogue.word("no.such.key", "nl") == "no.such.key"
    assert catalogue.keys("en") == {"a", "hint.did-you-mean"}


def test_a_number_of_things_is_worded_by_how_many_there_are(catalogue: Catalogue) -> None:
    counted = [catalogue.plural("boat", number, "nl") for number in (0, 1, 2)]

    assert counted == ["0 boten", "1 boot", "2 boten"]


def test_later_folders_go_before_earlier_ones(catalogue: Catalogue, tmp_path: Path) -> None:
    _write(tmp_path / "own" / "nl.po", {"a": "Anders"})
    own = Catalogue([tmp_path, tmp_path / "own"], ("nl", "en"))

    assert own.word("a", "nl") == "Anders"
    assert own.word("boat.one", "nl", count=1) == catalogue.plural("boat", 1, "nl")


def test_a_message_within_a_message_is_worded_in_the_same_language(catalogue: Catalogue) -> None:
    hint = Message("hint.did-you-mean", {"near": "bridge"})

    said = catalogue.say(Message("a", {"what": "no brigde", "hint": hint}), "en")

    assert said == "There is no brigde. Did you mean bridge? Done."


def test_a_hint_that_has_nothing_to_say_leaves_no_gap(catalogue: Catalogue) -> None:
    said = catalogue.say(Message("a", {"what": "iets", "hint": NOTHING}), "nl")

    assert said == "Er is iets. Klaar."


def test_a_message_with_texts_of_its_own_is_said_in_the_nearest_language(
    catalogue: Catalogue,
) -> None:
    both = Message(texts={"en": "Give {n}.", "nl": "Geef {n}."}, values={"n": 1})

    assert catalogue.say(both, "en") == "Give 1."
    assert catalogue.say(both, "fr") == "Geef 1."
    assert catalogue.say(Message(texts={"fr": "Donnez."}), "en") == "Donnez."
    assert catalogue.say(Message(texts={"": "5"}), "en") == "5"


def test_a_value_is_not_read_as_words(catalogue: Catalogue) -> None:
    said = catalogue.say(Message("a", {"what": "{hint}", "hint": "x"}), "nl")

    assert said == "Er is {hint}. x Klaar."


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("brigde", "bridge"),
        ("Brigde", "Bridge"),
        ("BRIDGE", "Bridge"),
        ("flowsinto", "flowsInto"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_the_nearest_word_is_the_one_that_was_meant(word: str, near: str | None) -> None:
    assert nearest(word, ["Bridge", "bridge", "water", "flowsInto"]) == near


@given(st.text(min_size=1), st.lists(st.text()))
def test_a_word_that_is_there_is_its_own_nearest(word: str, others: list[str]) -> None:
    found = nearest(word, [*others, word])

    assert found is not None
    assert found.casefold() == word.casefold()


def test_without_a_near_word_there_is_nothing_to_say() -> None:
    assert did_you_mean("xyzzy", ["bridge"]) == NOTHING
    assert did_you_mean("brigde", ["bridge"]).values == {"near": "bridge"}
