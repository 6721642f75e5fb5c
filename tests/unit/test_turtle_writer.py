"""Writing Turtle in the canonical form."""

import logging
import random
import re
from collections import defaultdict
from itertools import pairwise

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from jkgraph.turtle import parse, write
from jkgraph.turtle.tree import canonical

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "": "http://e/doc#",
    "e": "http://e/",
    "ns": "http://e/ns#",
    "deep": "http://e/deep/",
    "rdf": RDF,
    "xsd": XSD,
}

IRIS = [
    *("http://e/a", "http://e/a-b", "http://e/a.b", "http://e/1", "http://e/_", "http://e/deep/x"),
    *("http://e/ns#x", "http://e/ns#", "http://e/ns#x.", "http://e/-x", "http://e/a,b"),
    *("http://e/a%20b", "http://e/a:b", "http://e/é", "http://e/a\u2028b", "http://e/doc#part"),
    *("urn:x:y", f"{RDF}type", f"{RDF}nil", f"{RDF}first", f"{RDF}rest", f"{XSD}integer"),
]
LEXICAL = ["1", "+01", "-1.50", ".5", "1.", "1e0", "true", "TRUE", "0", "", " 1", "\u0661", "NaN"]
DATATYPES = [XSD + name for name in ("integer", "decimal", "double", "boolean", "date", "string")]

named = st.sampled_from(IRIS).map(ox.NamedNode)
blank = st.sampled_from("abcdef").map(ox.BlankNode)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['say "hi"', "two\nlines", "\\", "\r\t\b\f", "\u2028\u0085\u2029", "'''", '"""', "#>", "\x00"]
)
literals = st.one_of(
    st.builds(ox.Literal, texts),
    st.builds(ox.Literal, texts, language=st.sampled_from(["nl", "en", "de", "en-gb", "zh"])),
    st.builds(
        ox.Literal,
        st.sampled_from(LEXICAL) | texts,
        datatype=st.sampled_from([*DATATYPES, "http://e/my", "http://e/a,b"]).map(ox.NamedNode),
    ),
)
graphs = st.lists(st.builds(ox.Triple, named | blank, named, named | blank | literals), max_size=14)


FIRST, REST, NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))


@st.composite
def trees(draw: st.DrawFn) -> list[ox.Triple]:
    """Make up triples in which lists and nested blank nodes are frequent, and some malformed."""
    triples = draw(graphs)
    for number in range(draw(st.integers(0, 3))):
        cells = [ox.BlankNode(f"{number}-{at}") for at in range(draw(st.integers(1, 3)))]
        triples.append(ox.Triple(draw(named | blank), draw(named), cells[0]))
        end = draw(st.just(NIL) | blank)
        for cell, rest in zip(cells, [*cells[1:], end], strict=True):
            triples.append(ox.Triple(cell, FIRST, draw(named | literals | blank)))
            triples.append(ox.Triple(cell, REST, rest))
        some = st.sampled_from([*cells, NIL])
        links = st.sampled_from([FIRST, REST]) | named
        odd = st.builds(ox.Triple, st.sampled_from(cells) | named, links, some | literals)
        triples += draw(st.lists(odd, max_size=2) | st.just([]))
    return triples


def iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def triple(subject: str, predicate: str, value: object) -> ox.Triple:
    return ox.Triple(iri(f"http://e/{subject}"), iri(f"http://e/{predicate}"), value)


def body(*triples: ox.Triple, **orders: object) -> str:
    """Return what is written below the prefixes."""
    text = write(triples, PREFIXES, **orders)
    return text.partition("\n\n")[2] if text.startswith("@prefix") else text


many = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(trees())
def test_what_is_written_reads_back_as_the_same_graph(triples: list[ox.Triple]) -> None:
    again = parse(write(triples, PREFIXES)).triples
    assert len(again) == len(set(triples))
    assert canonical(again) == canonical(triples)


@pytest.mark.filterwarnings("ignore:(Parsing|Serializing) weird")
@many
@given(trees())
def test_rdflib_reads_the_same_graph(triples: list[ox.Triple]) -> None:
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    lines = "".join(f"{each} .\n" for each in triples).replace("\u2028", "\\u2028")
    expected = rdflib.Graph().parse(data=lines, format="nt")
    found = rdflib.Graph().parse(data=write(triples, PREFIXES), format="turtle")
    assert isomorphic(found, expected)


@many
@given(trees(), st.randoms())
def test_neither_order_nor_labels_of_the_input_matter(
    triples: list[ox.Triple], chance: random.Random
) -> None:
    text = write(triples, PREFIXES)
    labels: dict[object, ox.BlankNode] = defaultdict(ox.BlankNode)
    again = [
        ox.Triple(*(labels[term] if isinstance(term, ox.BlankNode) else term for term in triple))
        for triple in [*triples, *triples]
    ]
    chance.shuffle(again)
    assert write(again, PREFIXES) == text


@many
@given(trees())
def test_what_was_read_is_written_as_it_was(triples: list[ox.Triple]) -> None:
    text = write(triples, PREFIXES)
    assert write(parse(text).triples, PREFIXES) == text


@many
@given(trees())
def test_every_line_holds_one_triple_at_most(triples: list[ox.Triple]) -> None:
    text = write(triples, PREFIXES)
    assert text.splitlines() == text.split("\n")[:-1]
    in_lists = sum(triple.predicate in {FIRST, REST} for triple in triples)
    assert len(text.splitlines()) + in_lists >= len(set(triples))


RECORD = """\
@prefix : <http://e/doc#> .
@prefix e: <http://e/> .
@prefix ns: <http://e/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

e:doc a ns:Kind ,
        ns:Other ;
    e:date "2026-11-22"^^xsd:date ;
    e:label "naam"@nl ,
        "zin"@nl ,
        "name"@en ,
        "bare" ,
        "Name"@de ;
    e:part :a ,
        :b ;
    e:size 3183.30 ,
        4 ,
        true .

:a e:label "line\\nbreak, \\"quote\\" and \\\\" .

:b e:seen <http://elsewhere/> .
"""


def test_a_record_is_written_subject_by_subject_and_property_by_property() -> None:
    triples = list(parse(RECORD).triples)
    assert write(reversed(triples), PREFIXES) == RECORD


def test_nothing_is_written_for_no_triples() -> None:
    assert write([], PREFIXES) == ""


def test_properties_and_subjects_stand_in_the_order_that_is_asked_for() -> None:
    triples = [triple(s, p, iri("http://e/o")) for s in "ab" for p in "xyz"]
    order = {"http://e/y": 0}
    text = body(
        *triples,
        triple("b", "x", iri("http://e/p")),
        ox.Triple(iri("http://e/b"), iri(f"{RDF}type"), iri("http://e/T")),
        predicate_order=lambda name: (order.get(name, 1),),
        subject_order=lambda name: (name != "http://e/b",),
    )
    assert text == (
        "e:b a e:T ;\n    e:y e:o ;\n    e:x e:o ,\n        e:p ;\n    e:z e:o .\n"
        "\n"
        "e:a e:y e:o ;\n    e:x e:o ;\n    e:z e:o .\n"
    )


def test_other_languages_can_be_put_first() -> None:
    values = [ox.Literal("x", language=tag) for tag in ("nl", "en", "de", "fr")]
    text = body(*(triple("a", "p", value) for value in values), languages=["fr", "nl"])
    assert [line[-4:-2] for line in text.splitlines()] == ["fr", "nl", "de", "en"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("http://e/a-b_c.d", "e:a-b_c.d"),
        ("http://e/1", "e:1"),
        ("http://e/deep/x", "deep:x"),
        ("http://e/doc#x", ":x"),
        ("http://e/deep/x/y", "<http://e/deep/x/y>"),
        ("http://e/", "<http://e/>"),
        ("http://e/a.", "<http://e/a.>"),
        ("http://e/-a", "<http://e/-a>"),
        ("http://e/a,b", "<http://e/a,b>"),
        ("http://e/é", "<http://e/é>"),
        ("http://e/%41", "<http://e/%41>"),
        ("urn:a", "<urn:a>"),
        ("http://e/a\u2028", "<http://e/a\\u2028>"),
        (f"{RDF}nil", "()"),
        (f"{RDF}type", "rdf:type"),
    ],
)
def test_an_iri_is_shortened_only_where_that_is_certainly_legal(name: str, expected: str) -> None:
    assert body(triple("s", "p", iri(name))) == f"e:s e:p {expected} .\n"


@pytest.mark.parametrize(
    ("lexical", "datatype", "expected"),
    [
        ("-01", "integer", "-01"),
        ("1.", "decimal", '"1."^^xsd:decimal'),
        ("-.50", "decimal", "-.50"),
        ("1", "decimal", '"1"^^xsd:decimal'),
        ("1.0", "integer", '"1.0"^^xsd:integer'),
        ("1e0", "double", '"1e0"^^xsd:double'),
        ("false", "boolean", "false"),
        ("FALSE", "boolean", '"FALSE"^^xsd:boolean'),
        ("\u0661", "integer", '"\u0661"^^xsd:integer'),
        ("a", "string", '"a"'),
        ("a\u2028b\r\n", "string", '"a\\u2028b\\r\\n"'),
    ],
)
def test_a_literal_is_short_only_when_that_keeps_its_form(
    lexical: str, datatype: str, expected: str
) -> None:
    literal = ox.Literal(lexical, datatype=iri(XSD + datatype))
    assert body(triple("s", "p", literal)) == f"e:s e:p {expected} .\n"


def test_only_prefixes_that_are_used_are_declared() -> None:
    text = write([triple("a", "b", ox.Literal("1", datatype=iri(f"{XSD}integer")))], PREFIXES)
    assert text == "@prefix e: <http://e/> .\n\ne:a e:b 1 .\n"


def test_of_two_prefixes_for_one_namespace_the_first_by_name_is_used() -> None:
    text = write([triple("a", "b", iri("urn:c"))], {"z": "http://e/", "y": "http://e/"})
    assert text == "@prefix y: <http://e/> .\n\ny:a y:b <urn:c> .\n"


def test_the_longest_namespace_wins() -> None:
    text = write([triple("a", "b", iri("http://e/long"))], {"a": "http://e/", "b": "http://e/lo"})
    assert text.endswith("\n\na:a a:b b:ng .\n")


NESTED = """\
@prefix e: <http://e/> .

e:s e:p () ,
        e:o ,
        "text" ,
        ( e:a "b" ( 1 2 ) ) ,
        [
            a e:T ;
            e:q [
                    e:r 1 ,
                        2
                ]
        ] ,
        [] ;
    e:q (
            [
                e:x 1
            ]
            e:o
        ) ;
    e:r (
            e:name-that-is-long-enough-to-fill-a-line
            e:name-that-is-long-enough-to-fill-a-line
            e:name-that-is-long-enough-to-fill-a-line
        ) .

[] e:q e:unreferenced .
"""


def test_blank_nodes_are_nested_as_lists_and_collections() -> None:
    assert write(parse(NESTED).triples, PREFIXES) == NESTED


def test_what_is_referred_to_twice_or_by_itself_gets_a_label() -> None:
    triples = parse(
        "@prefix e: <http://e/> . e:s e:p _:x , _:x2 . e:t e:p _:x . _:x e:q 1 . _:y e:p _:y ."
    ).triples
    text = body(*triples)
    assert text.count("_:b0") + text.count("_:b1") == 5
    assert "e:s e:p [] ,\n        _:b" in text


def chain(start: ox.NamedNode | ox.BlankNode, length: int) -> list[ox.Triple]:
    nodes = [start, *(ox.BlankNode() for _ in range(length))]
    return [ox.Triple(a, iri("http://e/p"), b) for a, b in pairwise(nodes)]


def test_nesting_stops_where_it_could_not_be_read_again() -> None:
    triples = chain(iri("http://e/s"), 120)
    text = write(triples, PREFIXES)
    assert canonical(parse(text).triples) == canonical(triples)
    assert write(parse(text).triples, PREFIXES) == text
    assert len(set(re.findall(r"_:b\d+", text))) == 2


@pytest.mark.parametrize("depth", range(47, 52))
def test_collections_count_as_nesting(depth: int) -> None:
    first, second, member = (ox.BlankNode() for _ in range(3))
    around = chain(iri("http://e/s"), depth)
    triples = [
        *around,
        ox.Triple(around[-1].object, iri("http://e/list"), first),
        ox.Triple(first, FIRST, iri("http://e/a")),
        ox.Triple(first, REST, second),
        ox.Triple(second, FIRST, member),
        ox.Triple(second, REST, NIL),
        *chain(member, 60),
    ]
    assert canonical(parse(write(triples, PREFIXES)).triples) == canonical(triples)


def test_a_long_collection_is_not_deep() -> None:
    members = " ".join(map(str, range(2_000)))
    triples = parse(f"<http://e/s> <http://e/p> ( {members} ) .").triples
    assert len(parse(write(triples, PREFIXES)).triples) == 4_001


@pytest.mark.parametrize(
    "value",
    [
        triple("a", "b", iri("http://e/c")),
        ox.Literal("a", language="ar", direction=ox.BaseDirection("rtl")),
    ],
)
def test_terms_of_rdf_12_are_refused(value: ox.Triple | ox.Literal) -> None:
    with pytest.raises(ValueError, match=r"RDF 1\.2"):
        write([triple("s", "p", value)], PREFIXES)
