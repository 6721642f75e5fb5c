"""Bringing a Turtle text into the canonical form without losing anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jkgraph.turtle import (
    CommentsWouldBeLost,
    GraphWouldChange,
    TurtleSyntaxError,
    format_text,
    formatter,
    parse,
)

PREFIXES = {"x": "http://e/", "z": "http://z/"}

UNTIDY = """\
PREFIX own: <http://own/>
@prefix x: <http://e/> . @prefix unused: <http://unused/> .

x:b x:p own:c,<http://z/d> . x:a x:p 'it',
x:c; a x:T.
"""
TIDY = """\
@prefix own: <http://own/> .
@prefix x: <http://e/> .
@prefix z: <http://z/> .

x:a a x:T ;
    x:p x:c ,
        "it" .

x:b x:p own:c ,
        z:d .
"""


def test_a_text_is_brought_into_the_canonical_form() -> None:
    assert format_text(UNTIDY, PREFIXES) == TIDY


def test_the_canonical_form_stays_as_it_is() -> None:
    assert format_text(TIDY, PREFIXES) == TIDY


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(["http://e/", "http://e/n#"])),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(["http://e/", "http://e/n#"])),
)
def test_formatting_twice_changes_nothing_whatever_the_prefixes(own: dict, given: dict) -> None:
    heads = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in own.items())
    once = format_text(heads + "<http://e/a> <http://e/n#b> <http://e/c> .", given)
    assert format_text(once, given) == once


def test_a_given_prefix_wins_over_another_for_the_same_namespace() -> None:
    text = "@prefix my: <http://z/> . my:a my:b my:c ."
    assert format_text(text, PREFIXES) == "@prefix z: <http://z/> .\n\nz:a z:b z:c .\n"


def test_a_given_prefix_wins_over_one_of_the_same_name() -> None:
    text = "@prefix z: <http://y/> . z:a z:b <http://z/c> ."
    assert format_text(text, PREFIXES) == (
        "@prefix z: <http://z/> .\n\n<http://y/a> <http://y/b> z:c .\n"
    )


def test_orders_are_handed_on() -> None:
    text = format_text(
        "@prefix x: <http://e/> . x:a x:p 'i'@nl , 'i'@fr ; x:q 1 . x:b x:p 1 .",
        PREFIXES,
        predicate_order=lambda iri: (iri != "http://e/q",),
        subject_order=lambda iri: (iri != "http://e/b",),
        languages=["fr"],
    )
    assert text.partition("\n\n")[2] == (
        'x:b x:p 1 .\n\nx:a x:q 1 ;\n    x:p "i"@fr ,\n        "i"@nl .\n'
    )


def test_comments_are_refused_with_their_places() -> None:
    with pytest.raises(CommentsWouldBeLost, match="1:1, 3:13") as caught:
        format_text("# why\n@prefix x: <http://e/> .\nx:a x:b 1 . #end\n", PREFIXES)
    assert caught.value.comments == ((1, 1, "# why"), (3, 13, "#end"))


def test_hints_are_dropped_and_a_hash_in_a_text_is_no_comment() -> None:
    text = '#> fill in\n@prefix x: <http://e/> .\nx:a x:b "# not" ; #> one of ...\n x:c <x:#d> .'
    assert format_text(text, PREFIXES).partition("\n\n")[2] == (
        'x:a x:b "# not" ;\n    x:c <x:#d> .\n'
    )


def test_a_text_with_a_fault_is_refused() -> None:
    with pytest.raises(TurtleSyntaxError, match="1:1: undeclared-prefix"):
        format_text("x:a x:b 1 .", PREFIXES)


def test_blank_nodes_may_be_named_anew() -> None:
    text = "@prefix x: <http://e/> . x:a x:p _:n , [ x:q _:n ] ."
    again = parse(format_text(text, PREFIXES))
    assert len(again.triples) == 3


def test_a_text_may_grow_beyond_the_size_that_is_read_from_others() -> None:
    text = '<http://e/a> <http://e/b> "' + "\u2028" * 300_000 + '" .'
    assert len(format_text(text, PREFIXES)) > 1_800_000


def test_another_graph_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatter, "write", lambda *_, **__: "<http://e/a> <http://e/b> 2 .\n")
    with pytest.raises(GraphWouldChange):
        format_text("<http://e/a> <http://e/b> 1 .", PREFIXES)
