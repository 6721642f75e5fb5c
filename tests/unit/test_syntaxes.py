"""N-Triples and JSON-LD say what they were given, every literal as written."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from jkgraph.syntaxes import JsonLd, json_ld, n_triples

EX = "https://example.org/def#"
PREFIXES = {"ex": EX, "xsd": "http://www.w3.org/2001/XMLSchema#"}
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))


VALUES = [
    _term("Bridge"),
    ox.NamedNode("https://example.org/elsewhere?a=1&b=2"),
    ox.BlankNode("b0"),
    ox.Literal('a "text" with \\ and \n, \u2028 and é'),
    ox.Literal("tekst", language="nl"),
    _typed("007", "integer"),
    _typed("1.50", "decimal"),
    ox.Literal("odd", datatype=ox.NamedNode("https://example.org/its own".replace(" ", "%20"))),
]
TRIPLES = [
    ox.Triple(subject, predicate, value)
    for subject in (_term("a"), ox.BlankNode("b1"))
    for predicate in (_term("says"), RDF_TYPE)
    for value in VALUES
]


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (json_ld(TRIPLES, PREFIXES), ox.RdfFormat.JSON_LD),
        (n_triples(TRIPLES), ox.RdfFormat.N_TRIPLES),
    ],
    ids=["json-ld", "n-triples"],
)
def test_every_term_is_read_back(written: bytes, form: ox.RdfFormat) -> None:
    read = ox.Dataset(ox.parse(written, form))
    meant = ox.Dataset(ox.Quad(*triple) for triple in TRIPLES)
    for dataset in (read, meant):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert read == meant


def test_what_is_said_twice_is_written_once() -> None:
    assert json_ld(TRIPLES * 2, PREFIXES) == json_ld(TRIPLES, PREFIXES)
    assert n_triples(TRIPLES * 2) == n_triples(TRIPLES)


def test_the_context_holds_the_prefixes_in_use() -> None:
    triple = ox.Triple(_term("a"), _term("says"), ox.Literal("text"))
    assert json.loads(json_ld([triple], PREFIXES)) == {
        "@context": {"ex": EX},
        "@graph": [{"@id": "ex:a", "ex:says": [{"@value": "text"}]}],
    }


def test_a_document_in_parts_is_that_of_the_whole() -> None:
    document = JsonLd(PREFIXES)
    half = len(TRIPLES) // 2
    parts = [document.nodes(TRIPLES[:half]), document.nodes(TRIPLES[half:])]
    whole = document.head() + document.SEPARATOR.join(parts) + document.FOOT
    assert whole.encode() == json_ld(TRIPLES, PREFIXES)
