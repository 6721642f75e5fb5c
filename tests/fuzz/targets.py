# ruff: noqa: E501  (an odd thing beside another on a line)
"""What is fuzzed: for each target the inputs, and how one of them is tried. Raises Fault."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message as Headers
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph as ox
from arena import HIDDEN, MINIMAL, Arena, Fault, watched
from hypothesis import strategies as st
from inputs import any_text, books, near, requests, sparql, turtle, updates

from jkgraph.bounds import USUAL
from jkgraph.errors import JkgraphError
from jkgraph.loading import load
from jkgraph.remote.client import Reply
from jkgraph.remote.protocol import JSON, N_TRIPLES, Endpoint
from jkgraph.site.answering import Bounds, Question, Refused, answer
from jkgraph.site.endpoint import Endpoint as Served
from jkgraph.site.live import Live
from jkgraph.site.preview import _EndpointHandler, _LiveHandler
from jkgraph.site.watching import Watching
from jkgraph.turtle import (
    CommentsWouldBeLost,
    Positions,
    TurtleSyntaxError,
    format_text,
    is_plain,
    parse,
)
from jkgraph.workspace import open_workspace

REPOSITORY = Path(__file__).parents[2]
RECORD, QUERY, SETTINGS = "data/bridge/houten-brug.ttl", "queries/bridges-over.rq", "jkgraph.toml"
# What the server may send, whatever it is asked.
SENT = {
    *("accept-ranges", "cache-control", "access-control-allow-origin", "allow", "connection", "content-language"),
    *("content-length", "content-security-policy", "content-type", "date", "last-modified"),
    *("cross-origin-opener-policy", "cross-origin-resource-policy", "location", "permissions-policy"),
    *("referrer-policy", "retry-after", "server", "vary", "x-content-type-options", "x-frame-options"),
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """Something that takes input of others: what it is given, and how it is tried."""

    inputs: Callable[[Playground], st.SearchStrategy[bytes]]
    attempt: Callable[[Playground, bytes], None]


class Playground(Arena):
    """An arena with what the targets need, each made when it is first asked for."""

    @cached_property
    def book(self) -> bytes:
        path = self.folder / "boek.xlsx"
        self.output("export", "--out", str(path))
        content = path.read_bytes()
        path.unlink()
        return content

    @cached_property
    def rows(self) -> bytes:
        return self.output("export", "bridge", "--csv")

    @cached_property
    def site(self) -> Path:
        self.output("build")
        return self.root / "build" / "site"

    @cached_property
    def live(self) -> Watching:
        return Watching(Live(lambda: open_workspace(self.root)), lambda: ())

    @cached_property
    def graph(self):
        return load(open_workspace(self.root))

    @cached_property
    def served(self) -> Served:
        return Served(self.graph, self)  # type: ignore[arg-type]  # it answers as workers do

    def answer(self, question: Question):
        """Answer in this process, as the processes of the endpoint do."""
        given = answer(self.graph, question, Bounds(rows=50, size=1))
        if isinstance(given, Refused):
            raise given
        return given

    def planted(self, name: str) -> bytes:
        return (self.root / name).read_bytes()


def _text(content: bytes) -> str:
    """Return what the system makes of an argument: it has no NUL, and any other byte."""
    return content.replace(b"\0", b"").decode("utf-8", "surrogateescape")


def _turtle(_: Playground, content: bytes) -> None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    with watched():
        said = None
        with suppress(TurtleSyntaxError):
            said = parse(text, USUAL)
        with suppress(TurtleSyntaxError):
            placed = {found.triple for found in Positions(text).triples}
            has_blanks = said and any(
                isinstance(t, ox.BlankNode) for one in said.triples for t in one
            )
            if said and not has_blanks and placed != set(said.triples):
                raise Fault("turtle: not every triple is found at its place", text)
        if said is None:
            if is_plain(content, USUAL):
                with suppress(SyntaxError, ValueError):
                    ox.Store().load(content, ox.RdfFormat.TURTLE)
                    raise Fault("turtle: the store reads what is refused", text)
            return
        with suppress(CommentsWouldBeLost):
            once = format_text(text, {}, USUAL)
            if format_text(once, {}) != once:
                raise Fault("turtle: formatting twice is not formatting once", text)


def _record(ground: Playground, content: bytes) -> None:
    more = [("validate", "--format", form) for form in ("html", "json", "sarif", "junit", "github")]
    more += [
        ("query", "upstream"),
        ("show", "houten-brug"),
        ("export", "bridge", "--csv"),
        ("build",),
    ]
    more += [("why", "houten-brug"), ("stats",), ("infer",), ("format", "--check"), ("due",)]
    ground.attack({RECORD: content}, ("validate",), more[len(content) % len(more)])
    if len(content) % 4 == 0:
        ground.attack({RECORD: content}, ("validate", "--fix"), may_write=f"minimal/{RECORD}")


def _settings(ground: Playground, content: bytes) -> None:
    others = [("build",), ("query", "upstream"), ("new", "bridge", "Een brug", "--lang", "nl")]
    ground.attack({SETTINGS: content}, ("validate",))
    if len(content) % 3 == 0:
        ground.attack({SETTINGS: content}, others[len(content) % 2])


def _words(ground: Playground, content: bytes) -> None:
    others = [
        ("query", "upstream"),
        ("why", "houten-brug"),
        ("bestaat-niet",),
        ("build",),
        ("stats",),
    ]
    ground.attack({"locale/en.po": content}, ("validate",), others[len(content) % len(others)])


def _query(ground: Playground, content: bytes) -> None:
    form = ["table", "json", "ttl", "jsonl", "md"][len(content) % 5]
    ground.attack(
        {}, ("query", "-e", _text(content), "--limit", "20", "-f", form, "--timeout", "5")
    )


def _saved(ground: Playground, content: bytes) -> None:
    ground.attack(
        {QUERY: content},
        ("query", "bridges-over", "--limit", "20", "--timeout", "5"),
        ("query", "--list"),
        ("validate",),
    )


def _value(ground: Playground, content: bytes) -> None:
    ground.attack({}, ("query", "bridges-over", f"--param=water={_text(content)}"))


def _name(ground: Playground, content: bytes) -> None:
    text = _text(content)
    commands = [("show", "--", text), ("why", "--", text), ("why", "houten-brug", "--", text)]
    commands += [("withdraw", "houten-brug", "--reason", text, "--dry-run"), ("query", "--", text)]
    commands += [("validate", "--", text), ("diff", "--", text), (text,), ("query", text)]
    ground.attack({}, commands[len(content) % len(commands)])


def _update(ground: Playground, content: bytes) -> None:
    ground.attack({"w.ru": content}, ("update", "w.ru"))
    ground.attack(
        {"w.ru": content},
        ("update", "w.ru", "--write"),
        may_write=r"minimal/data/\w+/[a-z0-9-]+\.ttl",
    )


def _said(ground: Playground, content: bytes) -> None:
    ground.attack({}, ("shell", "--timeout", "5"), given=content, may_write="minimal/[^/]+")


def _book(ground: Playground, content: bytes) -> None:
    write = r"minimal/(data/\w+/[a-z0-9-]+\.ttl|x-[\w-]+\.xlsx)"
    ground.attack({"x.xlsx": content}, ("import", "x.xlsx"), may_write=r"minimal/x-[\w-]+\.xlsx")
    ground.attack(
        {"x.xlsx": content}, ("import", "x.xlsx", "--write"), ("validate",), may_write=write
    )


def _csv(ground: Playground, content: bytes) -> None:
    write = r"minimal/data/\w+/[a-z0-9-]+\.ttl"
    ground.attack({"bridge.csv": content}, ("import", "bridge.csv"))
    ground.attack(
        {"bridge.csv": content}, ("import", "bridge.csv", "--write"), ("validate",), may_write=write
    )


def _http(ground: Playground, content: bytes) -> None:
    _served(content, lambda line, server: _EndpointHandler(
        ground.served, line, ("127.0.0.1", 9), server, directory=str(ground.site)
    ))  # fmt: skip


def _preview(ground: Playground, content: bytes) -> None:
    if b".live/events" not in content:
        _served(content, lambda line, server: _LiveHandler(
            ground.live, line, ("127.0.0.1", 9), server
        ))  # fmt: skip


class _Line:
    """A connection on which everything was said already."""

    def __init__(self, asked: bytes) -> None:
        self._asked, self.sent = io.BytesIO(asked), b""

    def makefile(self, *_: object) -> io.BytesIO:
        return self._asked

    def sendall(self, content: bytes) -> None:
        self.sent += bytes(content)

    def settimeout(self, _: object) -> None:
        """Nobody is ever silent here."""


def _served(content: bytes, handle: Callable[[_Line, SimpleNamespace], object]) -> None:
    line = _Line(content)
    with watched():
        handle(line, SimpleNamespace(server_address=("127.0.0.1", 8000)))
    if HIDDEN.encode() in line.sent:
        raise Fault("served a file outside", repr(content))
    head, _, _ = line.sent.partition(b"\r\n\r\n")
    if line.sent.startswith(b"HTTP/"):
        names = {
            named.partition(b":")[0].decode("latin-1").lower() for named in head.split(b"\r\n")[1:]
        }
        if names - SENT:
            raise Fault(f"sent odd headers: {sorted(names - SENT)}", repr(content))


def _reply(ground: Playground, content: bytes) -> None:
    rows = content[:1] == b"{"
    headers = Headers()
    headers["Content-Type"] = JSON if rows else N_TRIPLES
    endpoint = Endpoint("http://127.0.0.1:9/")
    said = lambda *_, **__: Reply(200, headers, io.BytesIO(content))  # noqa: E731  (a reply)
    vars(endpoint)["client"] = SimpleNamespace(send=said)
    with watched(), suppress(JkgraphError):
        if rows:
            from jkgraph.remote.records import stated

            list(stated(ground.graph, endpoint))
        else:
            endpoint.triples("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")


HEAD = b"".join(
    line
    for line in (MINIMAL / RECORD).read_bytes().splitlines(keepends=True)
    if line.startswith(b"@prefix")
)
MANY = sorted((REPOSITORY / "data").rglob("*.ttl"))[::60]
ROWS = (
    b'{"head":{"vars":["s","p","o"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:s"},'
    b'"p":{"type":"uri","value":"urn:p"},"o":{"type":"literal","value":"x","xml:lang":"nl"}}]}}'
)
SAID = (
    b"SELECT * { ?s a br:Bridge }\n\n.show houten-brug\n.why houten-brug\n.run upstream\n.limit 3\n"
)
EXACT = [
    b"INSERT DATA { bridge:houten-brug br:length 19.0 }",
    b"DELETE { ?b br:length ?l } INSERT { ?b br:length 1.0 } WHERE { ?b br:length ?l }",
    b"INSERT DATA { bridge:nieuw a br:Bridge ; skos:prefLabel 'x'@nl }",
    b"DELETE WHERE { bridge:spoorbrug ?p ?o }",
]
POST = (
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\nContent-Length: 32\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nquery=SELECT%20*%20%7B%7D&x=1234"
)
GET = b"GET /id/bridge/houten-brug HTTP/1.1\r\nHost: localhost:8000\r\nAccept: text/turtle\r\n\r\n"
ASKED = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: nl\r\n\r\n"

TARGETS = {
    "turtle": Target(
        lambda _: turtle(HEAD) | near([path.read_bytes() for path in MANY]) | st.binary(max_size=80),
        _turtle,
    ),
    "record": Target(lambda g: near([g.planted(RECORD)]) | turtle(g.planted(RECORD)), _record),
    "settings": Target(lambda g: near([g.planted(SETTINGS)]), _settings),
    "words": Target(
        lambda _: near([b'msgid "validate.sum"\nmsgstr "{n} x"\n\nmsgid "severity.warning"\nmsgstr "y"\n']),
        _words,
    ),
    "query": Target(lambda g: sparql() | near([g.planted(QUERY)]) | any_text(), _query),
    "saved": Target(lambda g: near([g.planted(QUERY)]), _saved),
    "value": Target(lambda _: any_text() | st.binary(max_size=20), _value),
    "name": Target(lambda _: any_text() | st.binary(max_size=20), _name),
    "update": Target(lambda _: updates() | near(EXACT), _update),
    "shell": Target(lambda _: near([SAID]) | any_text(), _said),
    "workbook": Target(lambda g: books(g.book), _book),
    "csv": Target(lambda g: near([g.rows]) | st.binary(max_size=60), _csv),
    "http": Target(lambda _: requests() | near([POST, GET, ASKED]), _http),
    "preview": Target(lambda _: requests() | near([GET]), _preview),
    "reply": Target(lambda _: near([ROWS, b"<urn:s> <urn:p> <urn:o> .\n"]), _reply),
}  # fmt: skip
