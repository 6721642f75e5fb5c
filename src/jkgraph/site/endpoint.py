"""An endpoint of the SPARQL 1.1 Protocol, for reading only: what a request asks, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs

import pyoxigraph as ox

from jkgraph.bounds import Bounds
from jkgraph.graph import RDF, Graph
from jkgraph.queries import Dataset
from jkgraph.site.answering import Question, Refused
from jkgraph.site.negotiation import ANSWERS, GRAPHS, MEDIA, liked
from jkgraph.site.workers import Workers
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import write

PATH = "/sparql"
AGAIN_AFTER = "5"
FORM, QUESTION = "application/x-www-form-urlencoded", "application/sparql-query"
METHODS = ("GET", "HEAD", "POST")
CHARSET = "; charset=utf-8"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
# The forms as the service description names them.
RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
GRAPH_RESULTS = ("Turtle", "N-Triples", "JSON-LD")


class Request(NamedTuple):
    """What somebody sends: the method, what stands behind the ``?``, and content with its type."""

    method: str
    fields: str = ""
    media: str = ""
    content: bytes = b""
    accept: str = "*/*"
    languages: str = ""


@dataclass(frozen=True)
class Response:
    """What is sent back."""

    status: HTTPStatus
    media: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Endpoint:
    """Answers questions over a graph, each in a process of its own."""

    def __init__(self, graph: Graph, workers: Workers) -> None:
        self._graph, self._workers = graph, workers
        self._bounds = graph.workspace.limits

    def refuse_long(self, size: int) -> None:
        """Refuse content in which no question fits that is short enough; raises Refused."""
        # A sign may take three in a form (%20).
        if size > 3 * self._bounds.request_bytes:
            _refuse_long(self._bounds, size)

    def answer(self, request: Request, address: str) -> Response:
        """Answer a request to the endpoint, which stands at an address."""
        try:
            question = _question(request, self._bounds)
            if question is None:
                return self._description(request, address)
            answer = self._workers.answer(question)
        except Refused as refused:
            return self.refusal(refused, request.languages)
        return Response(HTTPStatus.OK, _media(answer.form), answer.content, {"Vary": "Accept"})

    def refusal(self, refused: Refused, languages: str) -> Response:
        """Tell why there is no answer, in the language of the reader."""
        words = self._graph.workspace.catalogue
        known = tuple((language, rf"{language}(?:-\w+)*") for language in words.languages)
        language = liked(languages, known) or words.languages[0]
        content = f"{words.say(refused.message, language)}\n".encode()
        headers = {"Content-Language": language}
        if refused.status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = AGAIN_AFTER
        if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(METHODS)
        return Response(refused.status, f"text/plain{CHARSET}", content, headers)

    def _description(self, request: Request, address: str) -> Response:
        """Describe the service, as its standard asks of its bare address."""
        form = liked(request.accept, GRAPHS) or "ttl"
        triples = list(_described(self._graph, address))
        prefixes = {"sd": SD, "formats": FORMATS, "void": "http://rdfs.org/ns/void#"}
        if form == "ttl":
            content = write(triples, prefixes).encode()
        else:
            content = n_triples(triples) if form == "nt" else json_ld(triples, prefixes)
        return Response(HTTPStatus.OK, _media(form), content, {"Vary": "Accept"})


def _refuse_long(bounds: Bounds, size: int) -> None:
    """Refuse a question that is too long."""
    if size > bounds.request_bytes:
        bound = bounds.over("request_bytes", size)
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "serve-long", bound=bound)


def _media(form: str) -> str:
    media = {**ANSWERS, **MEDIA}[form]
    return f"{media}{CHARSET}" if media.startswith("text/") else media


def _question(request: Request, bounds: Bounds) -> Question | None:
    """Return the question in a request; None when there is none. Raises Refused."""
    fields = _fields(request)
    if "update" in fields:
        raise Refused(HTTPStatus.BAD_REQUEST, "serve-update")
    texts = fields.get("query", [])
    if len(texts) > 1 or (not texts and request.method == "POST"):
        raise Refused(HTTPStatus.BAD_REQUEST, "serve-one")
    if not texts:
        return None
    _refuse_long(bounds, len(texts[0].encode()))
    try:
        default, named = (
            tuple(map(ox.NamedNode, fields.get(f"{kind}-graph-uri", ())))
            for kind in ("default", "named")
        )
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "serve-unreadable") from error
    return Question(texts[0], request.accept, Dataset(default, named) if default or named else None)


def _fields(request: Request) -> Mapping[str, Sequence[str]]:
    media = request.media.partition(";")[0].strip().lower()
    try:
        asked = parse_qs(request.fields, keep_blank_values=True, errors="strict", max_num_fields=20)
        if request.method in {"GET", "HEAD"}:
            return asked
        if request.method != "POST":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "serve-method")
        if media == QUESTION:
            return {**asked, "query": [request.content.decode()]}
        if media == FORM:
            text = request.content.decode()
            return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "serve-unreadable") from error
    known = f"{FORM}, {QUESTION}"
    raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "serve-media", media=media, known=known)


def _described(graph: Graph, address: str) -> list[ox.Triple]:
    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(SD + name)

    service, dataset, default = (ox.NamedNode(address + part) for part in ("", "#data", "#graph"))
    kind = ox.NamedNode(f"{RDF}type")
    number = ox.Literal(len(graph.store))
    said: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (service, kind, term("Service")),
        (service, term("endpoint"), service),
        (service, term("supportedLanguage"), term("SPARQL11Query")),
        (service, term("feature"), term("UnionDefaultGraph")),
        (service, term("defaultDataset"), dataset),
        (dataset, kind, term("Dataset")),
        (dataset, term("defaultGraph"), default),
        (default, kind, term("Graph")),
        (default, ox.NamedNode("http://rdfs.org/ns/void#triples"), number),
    ]
    for name in (graph.addresses.asserted, graph.addresses.inferred):
        part = ox.NamedNode(f"{address}#{name.rpartition('/')[2]}")
        said.append((dataset, term("namedGraph"), part))
        said.append((part, term("name"), ox.NamedNode(name)))
    forms = (ox.NamedNode(FORMATS + name) for name in (*RESULTS, *GRAPH_RESULTS))
    said += [(service, term("resultFormat"), form) for form in forms]
    return [ox.Triple(*triple) for triple in said]
