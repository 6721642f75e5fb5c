"""Saved queries: their headers, their parameters, and what they may ask."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.parameters import fill
from jkgraph.queries import (
    Table,
    parse_query,
    read_query,
    run,
    saved_queries,
    saved_query,
    unknown_terms,
    unused_names,
)
from jkgraph.sparql import names

COUNTED = """# Title@nl: Hoe lang?
# Title@en: How long?
# View: table
# Parameter: ?least xsd:decimal
#
# A note for whoever changes this.

SELECT ?bridge WHERE {
  VALUES ?least { 20 }
  ?bridge br:length ?length
  # Title@en: this is no header any more
  FILTER(?length >= ?least)
}
"""


def _fault(graph: Graph, text: str, **given: str) -> str:
    with pytest.raises(JkgraphError) as caught:
        run(graph, fill(graph, parse_query(graph, "q", text), given), "q")
    return caught.value.message.key


def test_a_header_is_read_by_key_and_language(graph: Graph) -> None:
    query = parse_query(graph, "long", COUNTED)

    assert query.texts["Title"] == {"nl": "Hoe lang?", "en": "How long?"}
    assert query.header("View") == "table"
    assert query.header("Severity") == ""
    (parameter,) = query.parameters
    assert (parameter.name, parameter.default) == ("least", "20")
    assert parameter.type == graph.term("xsd:decimal")


def test_a_query_is_complete_without_its_parameters_filled_in(graph: Graph) -> None:
    table = run(graph, COUNTED)

    assert table == Table(("bridge",), ((graph.term("bridge:oude-steenbrug"),),))


def test_a_given_value_takes_the_place_of_the_default(graph: Graph) -> None:
    query = parse_query(graph, "long", COUNTED)

    table = run(graph, fill(graph, query, {"least": "10"}))

    assert isinstance(table, Table)
    assert len(table.rows) == 2


@pytest.mark.parametrize("value", ['10"', "10 } ?x ?y ?z {", "\\", "1\n2", "\u2028", "'"])
def test_a_given_value_stays_a_value(graph: Graph, value: str) -> None:
    query = parse_query(graph, "long", COUNTED.replace("xsd:decimal", "xsd:string"))

    assert run(graph, fill(graph, query, {"least": value})) == Table(("bridge",), ())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("SELECT * {", "query-syntax"),
        ("SELECT * {\n", "query-syntax"),
        ("SELCT * { ?x ?y ?z }", "query-word"),
        ("prefix a: <b:c>\ninsert data { a:b a:c a:d }", "query-update"),
        ("SELECT ?x (COUNT(?y) AS ?n) { ?x ?y ?z }", "bad-query"),
        ("SELECT * { ?x brr:y ?z }", "query-prefix"),
        ("SELECT * { SERVICE <x:y> { ?x ?y ?z } }", "remote-query"),
        ("SELECT * { service silent <x:y> { ?x ?y ?z } }", "remote-query"),
        ("# Parameter: least xsd:decimal\nASK { VALUES ?least { 1 } }", "bad-parameter"),
        ("# Parameter: ?least\nASK { VALUES ?least { 1 } }", "bad-parameter"),
        ("# Parameter: ?least xsd:decimal\nASK { }", "bad-parameter"),
        ("# Parameter: ?least xdd:decimal\nASK { VALUES ?least { 1 } }", "unknown-prefix"),
    ],
)
def test_a_query_that_cannot_be_asked_is_an_error(graph: Graph, text: str, key: str) -> None:
    assert _fault(graph, text) == f"error.{key}"


def test_a_parameter_that_is_not_there_or_has_no_such_value_is_an_error(graph: Graph) -> None:
    text = saved_query(graph, "bridges-over").text

    assert _fault(graph, text, watre="lange-vaart") == "error.unknown-parameter"
    assert _fault(graph, text, water="lange-vart") == "error.no-such-record"
    assert _fault(graph, text, water="lange  vaart") == "error.no-such-record"
    assert _fault(graph, text, water="bridge:spoorbrug") == "error.wrong-kind"
    assert _fault(graph, COUNTED, least="twintig") == "error.wrong-value"


def test_a_slug_will_do_for_a_value_of_a_class_below_the_parameter_s(graph: Graph) -> None:
    text = "# Parameter: ?it br:Crossing\nASK { VALUES ?it { bridge:spoorbrug } ?it a br:Bridge }"
    query = parse_query(graph, "it", text)

    assert "bridge/nieuwe-brug>" in fill(graph, query, {"it": "nieuwe-brug"})


def test_a_word_in_a_text_or_a_comment_is_no_call_to_another_server(graph: Graph) -> None:
    text = 'SELECT ?x { # SERVICE <x:y>\n BIND("SERVICE brr:x" AS ?x) BIND(<x:SERVICE> AS ?y) }'

    assert run(graph, text) == Table(("x",), ((ox.Literal("SERVICE brr:x"),),))


def test_the_answer_says_each_triple_once(graph: Graph) -> None:
    text = "CONSTRUCT { ?x a br:Crossing } { ?x a br:Bridge ; skos:prefLabel ?name }"
    triples = run(graph, text)

    assert isinstance(triples, tuple)
    assert len(triples) == len(set(triples)) == 4
    assert run(graph, "ASK { ?x a br:Bridge }") is True


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("?x br:a/br:b|^br:c+ ?y", ["br:a", "br:b", "br:c"]),
        ("?x !(br:a|br:b)* ?y ; a br:C.", ["br:a", "br:b", "br:C"]),
        ("FILTER(STR(?x) = \"br:a\" && LANG(?x) = 'br:b')", []),
        ('"""br:a "br:b" """@nl , <br:c#d> # br:e', []),
        ("_:b br:a ?br:x", ["_:b", "br:a"]),
        ("PREFIX ex: <x:y> ex:a-b_c :local", ["ex:a-b_c", ":local"]),
        ('"1"^^xsd:decimal', ["xsd:decimal"]),
    ],
)
def test_the_names_in_a_query_are_found(text: str, found: list[str]) -> None:
    listed = [f"{name.prefix}:{name.local}" for name in names(text)]

    assert [name for name in listed if name != "_:b"] == [n for n in found if n != "_:b"]


def test_a_word_that_the_ontology_does_not_have_is_found_once(graph: Graph) -> None:
    text = "SELECT * { ?x br:lenght ?y ; br:lenght ?z ; br:length ?a ; skos:prefLable ?b }"

    assert [name.local for name in unknown_terms(graph, text)] == ["lenght"]
    assert [name.local for name in unused_names(graph, text)] == ["lenght", "prefLable"]


def test_saved_queries_are_found_by_name(graph: Graph) -> None:
    assert list(saved_queries(graph)) == ["bridges-over", "upstream"]
    with pytest.raises(JkgraphError) as caught:
        saved_query(graph, "upstraem")
    assert caught.value.message.values["hint"].values == {"near": "upstream"}


@pytest.mark.parametrize(("content", "reason"), [(None, "no-such-file"), (b"\xff", "not-utf-8")])
def test_a_query_that_cannot_be_read_is_an_error(
    graph: Graph, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "x.rq"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(JkgraphError) as caught:
        read_query(graph, file)

    assert caught.value.message.values["reason"].key == f"error.{reason}"
