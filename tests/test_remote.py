"""What goes wrong between here and a server is said plainly, and tried again where that helps.

The servers here are made to fail; `servers/` has real ones, which work.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep

import pytest

from jkgraph.errors import JkgraphError
from jkgraph.remote.client import Client, Limits
from jkgraph.remote.login import Login, find_login
from jkgraph.remote.paging import all_rows
from jkgraph.remote.protocol import Endpoint


def table(bindings: list[dict[str, dict[str, str]]]) -> str:
    return json.dumps({"head": {"vars": [*bindings[0]]}, "results": {"bindings": bindings}})


LIMITS = Limits(silence=0.3, size=10_000, times=3, pause=0.01)
ANSWER = table([{"a": {"type": "uri", "value": "urn:a"}}])
JSON = "application/sparql-results+json"
SECRET = "Geheim-7"  # noqa: S105  (must not be seen in any message)

Faulty = Callable[["Told"], None]


@dataclass
class Told:
    """One request, to be answered somehow."""

    handler: BaseHTTPRequestHandler
    number: int
    body: bytes

    def answer(self, status: int, body: str = "", **headers: str) -> None:
        self.handler.send_response(status)
        content = body.encode()
        for name, value in {"Content_Length": str(len(content)), **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def rows(self) -> None:
        self.answer(200, ANSWER, Content_Type=JSON)


@dataclass
class Server:
    """A server that does what a test asks of it, and remembers what it was asked."""

    url: str = ""
    answer: Faulty = Told.rows
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def server(running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """Run a server that misbehaves as it is told, for a person without passwords."""
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"JKGRAPH_ENDPOINT_{name}", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    made = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            made.seen.append((self.command, self.path, dict(self.headers)))
            made.answer(Told(self, len(made.seen), body))

        do_GET = do_PUT = do_POST  # noqa: N815  (names of the library)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with running(http) as place:
        made.url = f"http://{place}/sparql"
        yield made


def ask(server: Server, limits: Limits = LIMITS) -> list[str]:
    return [row["a"].value for row in Endpoint(server.url, limits).rows("SELECT ?a {}")]


def refused(server: Server) -> JkgraphError:
    with pytest.raises(JkgraphError) as caught:
        ask(server)
    assert SECRET not in str(caught.value)
    return caught.value


def key(error: JkgraphError) -> str:
    return error.message.key.removeprefix("error.endpoint-")


def cut_off(told: Told) -> None:
    told.answer(200, ANSWER, Content_Type=JSON, Content_Length=str(len(ANSWER) + 10))
    told.handler.close_connection = True


def first(number: int, fault: Faulty) -> Faulty:
    """Fail the first times, and then answer."""
    return lambda told: fault(told) if told.number <= number else told.rows()


def status(code: int, body: str = "", **headers: str) -> Faulty:
    return lambda told: told.answer(code, body, **headers)


PASSING = {
    "cut off": cut_off,
    **{str(code): status(code) for code in (429, 502, 503, 504)},
    "with seconds": status(503, Retry_After="0"),
    "with a moment": status(503, Retry_After="Thu, 01 Jan 2026 00:00:00 GMT"),
}
# What goes wrong, what is said about it, and how often it was tried.
LASTING: dict[str, tuple[Faulty, str, int]] = {
    "cut off": (cut_off, "unreachable", 3),
    "come back later": (status(503, Retry_After="3600"), "failed", 1),
    "out of memory": (status(500), "failed", 1),
    "nothing": (status(404), "not-found", 1),
    "a password": (status(401, WWW_Authenticate="Basic"), "stranger", 1),
    "no entry": (status(403), "stranger", 1),
    "a page": (status(200, "<html>Welcome", Content_Type="text/html"), "nonsense", 1),
    "a page as rows": (status(200, "<html>Welcome", Content_Type=JSON), "nonsense", 1),
    "too much": (status(200, "x" * 20_000, Content_Type=JSON), "too-big", 1),
    "another host": (status(302, Location="http://elsewhere.example/sparql"), "elsewhere", 1),
    "another port": (status(302, Location="http://127.0.0.1:1/sparql"), "elsewhere", 1),
    "a file": (status(307, Location="file:///etc/passwd"), "elsewhere", 1),
    "itself": (status(307, Location="/sparql"), "failed", 5),
    "silence": (lambda _: sleep(0.5), "silent", 1),
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_busy_server_and_a_broken_connection_are_tried_again(server: Server, fault: str) -> None:
    server.answer = first(2, PASSING[fault])

    assert ask(server) == ["urn:a"]
    assert len(server.seen) == 3


def test_a_request_that_must_not_be_done_twice_is_sent_once(server: Server) -> None:
    server.answer = status(503)
    with pytest.raises(JkgraphError):
        Client(server.url, LIMITS).send("POST", server.url, b"", repeatable=False)

    assert len(server.seen) == 1


def test_pauses_grow_and_the_server_may_ask_for_longer(server: Server) -> None:
    server.answer = first(2, lambda t: t.answer(503, Retry_After=str(7 * (t.number - 1))))
    pauses: list[float] = []
    Client(server.url, LIMITS, pauses.append).send("POST", server.url, b"")

    assert pauses == [0.01, 7]


@pytest.mark.parametrize("fault", LASTING)
def test_what_goes_wrong_is_said(server: Server, fault: str) -> None:
    server.answer, told, times = LASTING[fault]

    assert (key(refused(server)), len(server.seen)) == (told, times)


def test_the_first_line_of_a_failure_is_shown_without_commands_for_a_terminal(
    server: Server,
) -> None:
    server.answer = status(500, "\n\x1b[31mOut of\tmemory\nmore")

    assert refused(server).message.values["line"] == "[31mOut of memory"


def test_a_server_that_is_not_there_is_said(server: Server) -> None:
    server.url = "http://127.0.0.1:1/sparql"

    assert key(refused(server)) == "unreachable"


def test_a_server_that_cuts_and_knows_no_pages_is_not_asked_for_ever(server: Server) -> None:
    number = {"type": "literal", "value": "150"}
    pages = table([{"a": {"type": "uri", "value": "urn:a"}}] * 100)
    count = table([{"number": number}])
    server.answer = lambda told: told.answer(
        200, count if b"COUNT" in told.body else pages, Content_Type=JSON
    )
    with pytest.raises(JkgraphError) as caught:
        all_rows(Endpoint(server.url, LIMITS), "SELECT ?a { ?a ?b ?c }")

    assert (key(caught.value), len(server.seen)) == ("cut", 5)


def test_triples_that_are_none_are_said(server: Server) -> None:
    server.answer = status(200, "<urn:a> oops", Content_Type="application/n-triples")
    with pytest.raises(JkgraphError) as caught:
        Endpoint(server.url, LIMITS).triples("DESCRIBE <urn:a>")

    assert key(caught.value) == "nonsense"


def test_a_redirect_on_the_same_server_is_followed_with_the_same_question(server: Server) -> None:
    bodies = []

    def moved(told: Told) -> None:
        bodies.append(told.body)
        told.answer(301, Location="/other") if told.number == 1 else told.rows()

    server.answer = moved

    assert ask(server) == ["urn:a"]
    assert [path for _, path, _ in server.seen] == ["/sparql", "/other"]
    assert bodies == [b"query=SELECT+%3Fa+%7B%7D"] * 2


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://example.org/", "no-address"),
        ("file:///etc/passwd", "no-address"),
        ("https://", "no-address"),
        ("https://example.org:x/", "no-address"),
        ("https://example.org/a b", "no-address"),
        (f"https://me:{SECRET}@example.org/", "password-in-address"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(url: str, told: str) -> None:
    with pytest.raises(JkgraphError) as caught:
        Client(url)

    assert key(caught.value) == told
    assert SECRET not in str(caught.value)


def test_a_password_is_told_to_who_asks_for_it_and_then_at_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JKGRAPH_ENDPOINT_USER", "me")
    monkeypatch.setenv("JKGRAPH_ENDPOINT_PASSWORD", SECRET)
    server.answer = first(1, status(401, WWW_Authenticate='Basic realm="x"'))
    endpoint = Endpoint(server.url, LIMITS)
    endpoint.rows("ASK {}")
    endpoint.rows("ASK {}")

    assert ["Authorization" in headers for *_, headers in server.seen] == [False, True, True]


def test_a_wrong_password_is_said_and_not_tried_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}", "utf-8")
    server.answer = status(401, WWW_Authenticate='Digest realm="x", nonce="y", qop="auth"')

    assert (key(refused(server)), len(server.seen)) == ("denied", 2)


def test_a_token_is_told_at_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JKGRAPH_ENDPOINT_TOKEN", SECRET)
    ask(server)

    assert [headers["Authorization"] for *_, headers in server.seen] == [f"Bearer {SECRET}"]


def test_nobody_on_the_way_can_read_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JKGRAPH_ENDPOINT_TOKEN", SECRET)
    with pytest.raises(JkgraphError) as caught:
        Client("http://example.org/sparql").send("GET", "http://example.org/sparql")

    assert key(caught.value) == "unsafe"


def test_a_broken_file_with_passwords_is_named_and_not_quoted(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text(f"machine x login me {SECRET}", "utf-8")

    assert key(refused(server)) == "bad-login"


@pytest.mark.parametrize("token", ["a\nb", "é"])
def test_a_token_that_no_header_can_hold_is_refused(token: str) -> None:
    from urllib.request import Request

    with pytest.raises(JkgraphError):
        Login("https://example.org/", token=token).header(Request("https://example.org/"))


def test_a_password_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JKGRAPH_ENDPOINT_TOKEN", SECRET)

    assert SECRET not in repr(find_login("https://example.org/"))
