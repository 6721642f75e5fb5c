"""Reading Turtle strictly, and saying what is wrong where."""

from typing import get_args

import pyoxigraph as ox
import pytest

from jkgraph.bounds import Bounds
from jkgraph.turtle import Reason, TurtleSyntaxError, parse

HEAD = "@prefix x: <http://e/> .\n"
PLACE = "▲"

# The sign ▲ stands where the fault is to be reported; it is taken out before reading.
FAULTS = [
    ("undeclared-prefix", "x:a ▲foo:b x:c ."),
    ("undeclared-prefix", 'x:a x:b "2022-01-01"^^▲xsd:date .'),
    ("undeclared-prefix", "x:a x:b '''é😀\r\n''' , ▲foo:c ."),
    ("bare-iri", "x:a x:p ▲http://example.org/ ."),
    ("relative-iri", "x:a x:p ▲<page.html> ."),
    ("bad-iri", "x:a x:p ▲<http://e/a b> ."),
    ("bad-iri", "x:a x:p ▲<http://e/a\n> ."),
    ("bad-iri", "x:a x:p ▲<http://e/a ;\n  x:q 1 ."),
    ("bad-iri", "x:a x:p ▲<http://e/%zz> ."),
    ("unescaped-quote", 'x:a x:p "he said ▲"hello" to me" .'),
    ("unescaped-quote", 'x:a x:p "he said ▲" hello" to me" .'),
    ("unescaped-quote", 'x:a x:p "he said ▲"hi! you" now"@nl .'),
    ("unescaped-quote", 'x:a x:p "time ▲"now: tomorrow" then" .'),
    ("unescaped-quote", "x:a x:p 'it▲'s here' ."),
    ("unescaped-quote", 'x:a x:p """a "quote"""▲"" .'.replace('"""▲""', '""▲""')),
    ("unescaped-quote", 'x:a x:p "see ▲" x:b now" .'),
    ("unclosed-string", 'x:a x:p ▲"one\n  line" .'),
    ("unclosed-string", 'x:a x:p ▲"one ;\n  x:q "two" .'),
    ("unclosed-string", "x:a x:p ▲'''one\n\nx:b x:c x:d ."),
    ("bad-escape", 'x:a x:p "a▲\\q" .'),
    ("bad-language", 'x:a x:p "a"@nl▲_NL .'),
    ("bad-language", 'x:a x:p "a"@▲ nl .'),
    ("bad-language", 'x:a x:p "a"@▲nederlands .'),
    ("bad-character", "x:a x:p ▲“c” ."),
    ("bad-character", "x:g ▲{ x:a x:b x:c }"),
    ("bad-character", "x:a x:p x:b▲/c ."),
    ("bad-character", 'x:a x:p "b" ,▲\u00a0"c" .'),
    ("bad-character", 'x:a x:p "b▲\0" .'),
    ("bad-character", 'x:a x:p "b▲\ud800" .'),
    ("bare-word", "x:a x:p ▲True ."),
    ("bare-word", "x:a ▲label 1 ."),
    ("missing-dot", "x:a x:p x:b▲\nx:c x:p x:d ."),
    ("missing-dot", "x:a x:p x:b▲ # why\n\nx:c a x:d ;\n    x:p 1 ."),
    ("missing-dot", "x:a x:p x:b▲"),
    ("missing-dot", "x:a x:p x:b ▲;\n"),
    ("missing-dot", 'x:a x:p "b"▲#c\nx:b x:p 1 .'),
    ("missing-dot", "@prefix y: <http://y/>▲\n@prefix z: <http://z/> ."),
    ("missing-dot", "@prefix y: <http://y/>▲\ny:a y:b y:c ."),
    ("missing-dot", "x:a x:p x:b ▲;\n\nx:c x:p x:d ;\n    x:q 1 ."),
    ("missing-dot", "x:a x:p x:b ▲;\n\nx:c a x:d ;\n    x:q 1 ."),
    ("missing-semicolon", "x:a x:p x:b▲\n    x:q x:c ."),
    ("missing-semicolon", "x:a x:p x:b▲\n    x:q x:c\n    x:r x:d ."),
    ("missing-semicolon", "x:a x:p x:b▲\n    a x:c ."),
    ("missing-semicolon", 'x:a x:p "b"@nl▲\n    x:q "1"^^x:t ;\n    x:r 2 .'),
    ("missing-semicolon", 'x:a x:p "b"^^x:t▲\n    x:q [ x:r 1 ; x:s 2 ] .'),
    ("missing-semicolon", "x:a x:p x:b▲ x:q 1 ."),
    ("missing-semicolon", "x:a x:p [ x:b 1▲\n    x:c 2 ] ."),
    ("missing-semicolon", "x:a x:p x:b ▲,\n    x:q 1 ."),
    ("missing-semicolon", "x:a x:p x:b ▲,\nx:q 1 ."),
    ("missing-comma", "x:a x:p 1 ;\n    x:q x:b▲ x:c ;\n    x:r 1 ."),
    ("missing-comma", 'x:a x:p "b"▲\n        "c" ;\n    x:q 1 .'),
    ("missing-comma", "x:a x:p x:b▲\n        x:c ;\n    x:q 1 ."),
    ("missing-comma", 'x:a x:p "b" ▲;\n        "c" ;\n    x:q 1 .'),
    ("missing-bracket", "x:a x:p [ x:q 1▲ .\n\nx:b x:c x:d ."),
    ("missing-bracket", "x:a x:p ( 1 2▲ ."),
    ("missing-value", "x:a x:p▲ ;\n    x:q 1 ."),
    ("missing-value", "x:a x:p x:b ,▲ ."),
    ("hash-after-name", "x:a x:p x:b▲#c ;\n    x:q 1 ."),
    ("hash-after-name", "x:a x:p x:b▲#c ."),
    ("rdf-12", "x:a x:p ▲<<( x:a x:b x:c )>> ."),
    ("rdf-12", 'x:a x:p "a -- << b" ; x:q "c"▲@en--ltr .'),
    ("too-deep", "x:a x:p " + "[ x:p " * 50 + "▲[] " + "] " * 50 + "."),
    ("too-deep", "x:a x:p " + "( " * 50 + "▲( ) " + ") " * 50 + "."),
    ("too-long", 'x:a x:p "ninechars", ▲123456789012 .'),
    ("too-long", 'x:a x:p "ninechars", ▲"ten chars!" .'),
    ("other", "x:a x:p x:b .▲."),
    ("other", "x:a ▲_:b x:c ."),
    ("other", "x:a x:p x:b ; ▲1 ."),
    ("other", 'x:a x:p 1 .\n▲"b" x:p 2 .'),
]


@pytest.mark.parametrize(("reason", "marked"), FAULTS)
def test_a_fault_is_named_and_placed_where_the_author_slipped(reason: str, marked: str) -> None:
    before, after = (HEAD + marked).split(PLACE)
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(before + after, Bounds(text_characters=9))
    lines = before.replace("\r\n", "\n").split("\n")
    found = (caught.value.reason, caught.value.line, caught.value.column)
    assert found == (reason, len(lines), len(lines[-1]) + 1)


def test_every_reason_has_an_example() -> None:
    without_example = set(get_args(Reason)) - {reason for reason, _ in FAULTS}
    assert without_example == {"bom", "too-large", "too-many"}


def test_an_undeclared_prefix_is_given_so_that_the_nearest_can_be_suggested() -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(HEAD + "x:a skso:prefLabel 1 .")
    assert caught.value.prefix == "skso"
    assert caught.value.detail == "The prefix skso: has not been declared"


def test_other_faults_have_no_prefix() -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(HEAD + "x:a x:b http://e/ .")
    assert caught.value.prefix is None


def test_the_detail_is_one_line() -> None:
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(HEAD + "x:a x:b <http://e/\n> .")
    assert caught.value.detail == "Invalid IRI code point ' '"


def test_a_byte_order_mark_is_refused() -> None:
    with pytest.raises(TurtleSyntaxError, match="1:1: bom"):
        parse("\ufeff" + HEAD)


def test_size_is_counted_in_bytes_and_the_limit_itself_is_allowed() -> None:
    text = HEAD + 'x:a x:b "é" .'
    assert parse(text, Bounds(file_bytes=len(text.encode())))
    with pytest.raises(TurtleSyntaxError, match="1:1: too-large"):
        parse(text, Bounds(file_bytes=len(text)))


def test_fifty_levels_may_be_nested_and_brackets_in_texts_do_not_count() -> None:
    assert len(parse(HEAD + "x:a x:p " + "[ x:p " * 49 + "[] " + "] " * 49 + ".").triples) == 50
    assert parse(HEAD + f'x:a x:p "{"[" * 60}" . # {"(" * 60}').triples


def test_brackets_beside_each_other_are_not_deep() -> None:
    assert len(parse(HEAD + "x:a x:p " + ", ".join(["[]"] * 60) + " .").triples) == 60


def test_literals_keep_their_lexical_form() -> None:
    values = [t.object.value for t in parse(HEAD + "x:a x:p 3183.30 , 007 , +1.0e3 .").triples]
    assert values == ["3183.30", "007", "+1.0e3"]


def test_a_document_has_its_triples_in_order_its_prefixes_and_its_text() -> None:
    text = HEAD + "PREFIX : <http://d/>\n:b x:p 1 .\n:a x:p 1 ."
    document = parse(text)
    assert [t.subject for t in document.triples] == [
        ox.NamedNode("http://d/b"),
        ox.NamedNode("http://d/a"),
    ]
    assert document.prefixes == {"": "http://d/", "x": "http://e/"}
    assert document.text == text


def test_a_base_that_the_text_declares_itself_is_fine() -> None:
    (triple,) = parse("@base <http://e/> . <a> <b> <#c> .").triples
    assert triple.object == ox.NamedNode("http://e/#c")
