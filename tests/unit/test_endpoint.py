"""The endpoint on this machine: the SPARQL Protocol, and how it answers to what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from jkgraph.bounds import USUAL
from jkgraph.graph import Graph
from jkgraph.inference import infer
from jkgraph.site.answering import Answer, Bounds, Question, Refused, answer
from jkgraph.site.endpoint import METHODS, Endpoint, Request, Response
from jkgraph.site.preview import HOST, serve
from jkgraph.site.workers import published
from jkgraph.sparql import is_remote

ADDRESS = "http://127.0.0.1/sparql"
LONG = b"#" * (USUAL.request_bytes + 1)
NAMES = "SELECT ?s ?n { ?s skos:prefLabel ?n } ORDER BY ?s ?n LIMIT 3"
REMOTE = "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"
SELECT, CONSTRUCT = "SELECT * { ?s ?p ?o } LIMIT 2", "CONSTRUCT WHERE { ?s a ?o } LIMIT 2"


class Inside:
    """Answers in this process, as the processes of the endpoint do; bounded as they are."""

    def __init__(self, graph: Graph, bounds: Bounds) -> None:
        self._graph, self._bounds = graph, bounds

    def answer(self, question: Question) -> Answer:
        given = answer(self._graph, question, self._bounds)
        if isinstance(given, Refused):
            raise given
        return given


@pytest.fixture
def endpoint(graph: Graph) -> Endpoint:
    return Endpoint(graph, Inside(graph, Bounds(rows=20, size=1)))


def get(endpoint: Endpoint, query: str, accept: str = "*/*", languages: str = "en") -> Response:
    fields = urlencode({"query": query})
    request = Request("GET", fields, accept=accept, languages=languages)
    return endpoint.answer(request, ADDRESS)


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (
            SELECT,
            "text/csv;q=0.3, text/tab-separated-values",
            "text/tab-separated-values; charset=utf-8",
        ),
        (SELECT, "text/html, application/xml;q=0.9, */*;q=0.1", "application/sparql-results+xml"),
        ("ASK { ?s ?p ?o }", "text/html, */*", "application/sparql-results+json"),
        ("DESCRIBE <https://example.org/bruggen/def#Bridge>", "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
    ],
)
def test_the_form_that_is_liked_best_is_given(endpoint, query, accept, media) -> None:
    response = get(endpoint, query, accept)

    assert (response.status, response.media) == (200, media)
    assert response.headers["Vary"] == "Accept"


def test_a_question_may_come_in_three_ways(endpoint: Endpoint) -> None:
    form = urlencode({"query": NAMES}).encode()
    ways = [
        Request("GET", urlencode({"query": NAMES})),
        Request("POST", "", "application/x-www-form-urlencoded; charset=UTF-8", form),
        Request("POST", "", "application/sparql-query", NAMES.encode()),
    ]
    answers = {endpoint.answer(request, ADDRESS).content for request in ways}

    assert len(answers) == 1
    assert len(json.loads(answers.pop())["results"]["bindings"]) == 3


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        (Request("GET", urlencode({"query": "SELECT * {\n ?s ?p }"})), 400, "query:2:"),
        (Request("GET", urlencode({"query": "SELEKT * { ?s ?p ?o }"})), 400, "query:1:1"),
        (Request("GET", urlencode({"query": "SELECT * { ?s nee:x ?o }"})), 400, "nee:"),
        (Request("GET", "query=%ff"), 400, "UTF-8"),
        (Request("GET", "query=a&query=b"), 400, "one query"),
        (Request("GET", "&".join(f"x{n}=1" for n in range(30))), 400, "fields"),
        (Request("GET", urlencode({"update": "CLEAR ALL"})), 400, "changed"),
        (Request("GET", urlencode({"query": SELECT, "default-graph-uri": "a b"})), 400, "read"),
        (Request("GET", urlencode({"query": SELECT}), accept="image/png"), 406, "text/csv"),
        (Request("POST", "", "application/sparql-query", b"\xff"), 400, "UTF-8"),
        (Request("POST", "", "application/x-www-form-urlencoded", b"update=x"), 400, "changed"),
        (Request("POST", "", "application/x-www-form-urlencoded", b""), 400, "one query"),
        (Request("POST", "", "application/sparql-update", b"CLEAR ALL"), 415, "sparql-query"),
        (Request("POST", "", "application/sparql-query", b"CLEAR ALL"), 400, "query:1:1"),
        (Request("POST", "", "application/sparql-query", LONG), 413, "too long"),
        (Request("PUT"), 405, "GET"),
        (Request("GET", urlencode({"query": "SELECT * { ?s ?p ?o }"})), 500, "20 rows"),
        (Request("GET", urlencode({"query": "CONSTRUCT WHERE { ?s ?p ?o }"})), 500, "20 rows"),
        (Request("GET", urlencode({"query": REMOTE})), 400, "SERVICE"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_a_sentence(endpoint, request_, status, told) -> None:
    response = endpoint.answer(request_, ADDRESS)

    assert (response.status, response.media) == (status, "text/plain; charset=utf-8")
    assert response.headers["Content-Language"] == "nl"
    response = endpoint.answer(request_._replace(languages="en-GB,en"), ADDRESS)
    assert response.headers["Content-Language"] == "en"
    assert told in response.content.decode()


def test_an_answer_with_too_many_bytes_is_refused(endpoint: Endpoint) -> None:
    big = "SELECT (GROUP_CONCAT(STR(?p)) AS ?x) { ?s ?p ?o . ?a ?b ?c }"

    response = get(endpoint, big)

    assert response.status == 500
    assert "1 MB" in response.content.decode()


def test_the_bare_address_describes_the_service(endpoint: Endpoint) -> None:
    response = endpoint.answer(Request("GET"), ADDRESS)
    said = [quad.triple for quad in ox.parse(response.content, ox.RdfFormat.TURTLE)]

    assert response.media == "text/turtle; charset=utf-8"
    at = [str(t.object) for t in said if t.predicate.value.endswith("#endpoint")]
    assert at == [f"<{ADDRESS}>"]
    assert sum(t.predicate.value.endswith("#resultFormat") for t in said) == 7


def test_the_graphs_that_are_asked_can_be_chosen(graph: Graph) -> None:
    infer(graph)
    store = ox.Store()
    store.bulk_extend(published(graph))
    endpoint = Endpoint(graph, Inside(replace(graph, store=store), Bounds()))
    own = graph.addresses

    def number(text: str = "", **graphs: str) -> int:
        query = f"SELECT (COUNT(*) AS ?n) {text} {{ ?s ?p ?o }}"
        fields = {"query": query} | {f"{kind}-graph-uri": name for kind, name in graphs.items()}
        found = json.loads(endpoint.answer(Request("GET", urlencode(fields)), ADDRESS).content)
        return int(found["results"]["bindings"][0]["n"]["value"])

    asserted, inferred = number(f"FROM <{own.asserted}>"), number(default=own.inferred)
    assert asserted > inferred > 0
    assert number() == asserted + inferred
    assert number("FROM <urn:nothing>") == number(named=own.asserted) == 0


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x ?p ?y FILTER(?x<?y)SERVICE?s{?a?b?c}FILTER(?x>?y) }",
        "SELECT * { ?x ?p br:a\\# SERVICE <http://x/> { ?a ?b ?c }\n}",
        "SELECT * { ?x ?p br:a\\' SERVICE <http://x/> { ?a ?b br:b\\' } }",
        'SELECT * { BIND("""x\\""" y""" AS ?q) SERVICE <http://x/> { ?a ?b ?c } # """\n}',
        "SELECT * { BIND('''x\\''' y''' AS ?q) SERVICE <http://x/> { ?a ?b ?c } # '''\n}",
        "SELECT * { # x\rSERVICE <http://x/> { ?a ?b ?c }\n}",
        "SELECT * { SERVICE SILENT <http://x/> { ?a ?b ?c } }",
    ],
)  # fmt: skip
def test_nothing_hides_a_question_to_another_server(text: str) -> None:
    assert is_remote(text)


def test_words_in_texts_and_variables_are_no_question_to_another_server() -> None:
    assert not is_remote('SELECT * { ?service ?p "a SERVICE" # SERVICE\n}')


class Busy:
    """Has no process that is free."""

    def answer(self, _: Question) -> Answer:
        raise Refused(503, "serve-busy")


@pytest.fixture
def ask(built: Path, graph: Graph) -> Iterator[object]:
    with serve(built, 0, Endpoint(graph, Busy())) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def asking(method: str, path: str, body: bytes | None = None, **headers: str):
            connection = HTTPConnection(HOST, server.server_address[1], timeout=10)
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.body = response.read()
            connection.close()
            return response

        yield asking
        server.shutdown()
        thread.join()


def test_the_endpoint_stands_beside_the_site(ask) -> None:
    assert ask("GET", "/").body.startswith(b"<!DOCTYPE html>")
    assert b"sd:Service" in ask("GET", "/sparql").body
    assert ask("HEAD", "/sparql").body == b""
    busy = ask("GET", "/sparql?query=x")
    assert (busy.status, busy.headers["Retry-After"]) == (503, "5")
    assert busy.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in busy.headers


def test_the_endpoint_takes_no_more_than_a_question(ask) -> None:
    refused = ask("PUT", "/sparql")
    assert (refused.status, refused.headers["Allow"]) == (405, ", ".join(METHODS))
    assert ask("DELETE", "/sparql").status == 405
    assert ask("POST", "/", b"").status == 405
    long = {"Content-Length": "999999999", "Content-Type": "application/sparql-query"}
    assert ask("POST", "/sparql", None, **long).status == 413
    chunked = ask("POST", "/sparql", iter([b"SELECT"]), **{"Transfer-Encoding": "chunked"})
    assert chunked.status == 411
    assert ask("POST", "/sparql", b"query=x", Host="elsewhere.example").status == 421


def test_what_is_opened_to_others_answers_by_any_name(built: Path) -> None:
    # An address of this machine that counts as one of a network.
    with serve(built, 0, host="127.0.0.2") as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        connection = HTTPConnection(*server.server_address, timeout=10)
        for name, status in (("graph.example.org:80", 200), ("<b>", 421)):
            connection.request("GET", "/def.ttl", headers={"Host": name})
            response = connection.getresponse()
            response.read()
            assert response.status == status
            assert status == 421 or response.headers["Access-Control-Allow-Origin"] == "*"
        connection.close()
        server.shutdown()
        thread.join()


def test_an_endpoint_does_not_follow_the_files(run) -> None:
    ran = run("serve", "--watch", "--sparql")

    assert ran.code == 2
    assert "--watch" in ran.err
