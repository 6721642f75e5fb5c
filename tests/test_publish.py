"""What is sent to a server, and what is said when the server fails on the way.

The server here is a store that is made to fail; `servers/` has real ones.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Timer
from time import sleep
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from jkgraph.errors import JkgraphError
from jkgraph.remote import client, publishing
from jkgraph.remote.client import Limits
from jkgraph.remote.protocol import JSON
from jkgraph.remote.publishing import Difference
from jkgraph.remote.skolem import skolemised

GRAPHS = "https://example.org/bruggen/graph/"
RECORD = "data/bridge/oude-steenbrug.ttl"
WHOLE = ox.NamedNode("http://purl.org/adms/status/Completed")


@dataclass
class Server:
    """A store behind HTTP; ``fault`` may answer an update in the place of the store."""

    url: str = ""
    store: ox.Store = field(default_factory=ox.Store)
    updates: list[str] = field(default_factory=list)
    fault: Callable[[BaseHTTPRequestHandler, int], bool] = lambda *_: False

    @property
    def is_whole(self) -> bool:
        graph = ox.NamedNode(f"{GRAPHS}publication")
        return any(self.store.quads_for_pattern(None, None, WHOLE, graph))

    def triples(self, name: str) -> set[ox.Triple]:
        found = self.store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPHS + name))
        return {quad.triple for quad in found}


class Handler(BaseHTTPRequestHandler):
    server_of: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        server = self.server_of
        if self.path == "/query":
            (query,) = parse_qs(body)["query"]
            content = server.store.query(query).serialize(format=ox.QueryResultsFormat.JSON)
            self.answer(200, content, Content_Type=JSON)
            return
        server.updates.append(body)
        if not server.fault(self, len(server.updates)):
            server.store.update(body)
            self.answer(204)

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    monkeypatch.setattr(publishing, "TRIPLES", 50)
    limits = Limits(silence=0.4, times=2, pause=0.01)
    monkeypatch.setattr(client, "within", lambda _: limits)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    made = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"server_of": made}))
    with running(http) as place:
        made.url = f"http://{place}/query"
        yield made


@pytest.fixture
def publish(run, server: Server) -> Callable[..., object]:
    return lambda *more: run("publish", "--endpoint", server.url, *more)


def test_without_yes_it_is_only_told_what_would_change(publish, server: Server) -> None:
    ran = publish()

    assert (ran.code, server.updates) == (0, [])
    assert f"{GRAPHS}asserted  +199 -0 (199)" in ran.out
    assert "Nothing was sent" in ran.err


def test_only_what_differs_is_sent_and_twice_is_once(publish, server, minimal: Path) -> None:
    assert publish("--yes").code == 0
    assert (len(server.triples("asserted")), len(server.triples("inferred"))) == (199, 32)
    assert server.is_whole

    server.updates.clear()
    assert "nothing to send" in publish("--yes").err
    assert server.updates == []

    path = minimal / RECORD
    path.write_text(path.read_text("utf-8").replace("Oude Steenbrug", "Steenbrug", 1), "utf-8")
    ran = publish("--yes")
    assert ran.out.splitlines()[0].endswith("+1 -1 (199)")
    assert sum("graph/asserted> {" in text for text in server.updates) == 2
    assert server.is_whole


def test_drafts_stay_here_unless_asked_for(publish, server: Server, minimal: Path) -> None:
    publish("--yes")
    path = minimal / RECORD
    path.write_text(path.read_text("utf-8").replace("status:klaar", "status:in-bewerking"), "utf-8")

    publish("--yes")
    name = "https://example.org/bruggen/id/bridge/oude-steenbrug"
    assert not any(name in str(t) for t in server.triples("asserted"))
    publish("--yes", "--drafts")
    assert any(name in str(t) for t in server.triples("asserted"))


def an_error(handler: Handler) -> None:
    handler.answer(500, b"out of room")


def silence(_: Handler) -> None:
    sleep(0.6)


def elsewhere(handler: Handler) -> None:
    handler.answer(307, Location="http://elsewhere.example/update")


def a_stranger(handler: Handler) -> None:
    handler.answer(401, WWW_Authenticate='Basic realm="x"')


FAULTS = {
    an_error: "(500): out of room",
    silence: "0.4",
    elsewhere: "elsewhere.example",
    a_stranger: "JKGRAPH_ENDPOINT_USER",
}


@pytest.mark.parametrize(
    ("fault", "at"),
    [(an_error, 3), (silence, 3), (elsewhere, 3), (a_stranger, 1)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_fault_is_told_and_the_next_run_makes_it_good(publish, server, fault, at: int) -> None:
    server.fault = lambda handler, number: number >= at and (fault(handler), True)[1]

    ran = publish("--yes")

    assert ran.code == 2
    assert FAULTS[fault] in ran.err
    assert ("No statement was sent" if at == 1 else "Stopped after 50 of 231") in ran.err
    assert not server.is_whole
    assert len(server.triples("asserted")) == (0 if at == 1 else 50)

    server.fault = lambda *_: False
    again = publish("--yes")
    assert again.code == 0, again.err
    assert ("was not finished" in again.err) == (at > 1)
    assert (len(server.triples("asserted")), server.is_whole) == (199, True)


def test_a_server_that_keeps_less_than_it_says_is_found_out(publish, server: Server) -> None:
    def losing(handler: Handler, number: int) -> bool:
        if number == 2:
            handler.answer(204)
        return number == 2

    server.fault = losing

    ran = publish("--yes")

    assert ran.code == 2
    assert "read again 50 statements are not right" in ran.err
    assert not server.is_whole
    assert publish("--yes").code == 0


def test_an_interruption_is_told(publish, server: Server, monkeypatch) -> None:
    send = publishing.Target._send

    def stopping(self: publishing.Target, text: str) -> None:
        if len(server.updates) == 2:
            raise KeyboardInterrupt
        send(self, text)

    monkeypatch.setattr(publishing.Target, "_send", stopping)

    ran = publish("--yes")

    assert ran.code == 130
    assert "Interrupted after 50 of 231" in ran.err


def test_what_cannot_be_removed_one_by_one_is_left_to_people(publish, server: Server) -> None:
    graph = ox.NamedNode(f"{GRAPHS}asserted")
    server.store.add(ox.Quad(ox.BlankNode(), WHOLE, WHOLE, graph))

    ran = publish("--yes")

    assert ran.code == 2
    assert "CLEAR GRAPH" in ran.err
    assert server.updates == []


def test_a_request_is_never_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "SIGNS", 1000)
    long = [ox.Triple(WHOLE, WHOLE, ox.Literal(str(n) * 400)) for n in range(9)]

    sizes = [number for number, _ in Difference("urn:g", (), tuple(long), 9).updates()]

    assert sizes == [2, 2, 2, 2, 1]


SPACE = "urn:genid:"
PREFIX = "@prefix : <urn:> . "


def names(text: str) -> list[ox.Triple]:
    triples = [quad.triple for quad in ox.parse(PREFIX + text, ox.RdfFormat.TURTLE)]
    return skolemised(triples, SPACE)


def test_an_address_follows_from_what_is_said() -> None:
    text = ":a :p [ :q 1 ; :r [ :s 'x' ] ] , [ :q 2 ] , [ :q 2 ] ; :list ( 1 2 ) . [ :top true ] ."
    made = names(text)

    assert set(made) == set(names(text))
    nodes = {t.subject for t in made} - {ox.NamedNode("urn:a")}
    assert len(nodes) == 7
    assert all(node.value.startswith(SPACE) for node in nodes)
    changed = set(names(text.replace("'x'", "'y'")))
    # What changes is the node itself, and what leads to it.
    assert len(set(made) - changed) == 4


@pytest.mark.parametrize("text", [":a :p _:x . :b :p _:x .", "_:x :p _:y . _:y :p _:x ."])
def test_a_thing_with_two_places_or_none_gets_no_address(text: str) -> None:
    with pytest.raises(JkgraphError):
        names(text)


@pytest.mark.full
@pytest.mark.parametrize("at", [1, 3, 5])
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_publishing_that_is_killed_is_unfinished_until_the_next_run(
    publish, server: Server, minimal: Path, at: int, is_done: bool
) -> None:
    command = [sys.executable, "-m", "jkgraph", "publish", "--endpoint", server.url, "--yes"]
    source = Path(publishing.__file__).parents[2]

    def killing(_: Handler, number: int) -> bool:
        if number == at:
            if is_done:
                server.store.update(server.updates[-1])
            started.kill()
        return number >= at

    server.fault = killing
    started = subprocess.Popen(  # noqa: S603  (our own program)
        command, cwd=minimal, env={**os.environ, "PYTHONPATH": str(source)}, stderr=subprocess.PIPE
    )
    started.communicate()
    is_last = len(server.triples("inferred")) == 32 and server.is_whole
    assert started.returncode == -signal.SIGKILL
    assert is_last or not server.is_whole

    server.fault = lambda *_: False
    again = publish("--yes")

    assert again.code == 0, again.err
    assert (len(server.triples("asserted")), len(server.triples("inferred"))) == (199, 32)
    assert server.is_whole


@pytest.mark.full
def test_publishing_killed_at_any_moment_never_looks_whole_when_it_is_not(
    publish, server: Server, minimal: Path
) -> None:
    command = [sys.executable, "-m", "jkgraph", "publish", "--endpoint", server.url, "--yes"]
    chance, killed = random.Random(8), 0  # noqa: S311  (to be repeated)
    # The program sends more at a time than this process.
    subprocess.run(command, cwd=minimal, check=True)  # noqa: S603  (our own program)
    every, names = len(server.updates), ("asserted", "inferred")
    before = {name: server.triples(name) for name in names}

    def killing(_: Handler, number: int) -> bool:
        if number == at:
            Timer(moment, started.kill).start()
        return False

    # The last moments can come too late.
    while killed < 50:
        server.store.clear()
        server.updates.clear()
        at, moment = chance.randint(1, every), chance.random() / 100
        server.fault = killing
        started = subprocess.Popen(command, cwd=minimal, stderr=subprocess.PIPE)  # noqa: S603  (ours)
        started.communicate()
        killed += started.returncode == -signal.SIGKILL
        server.fault = lambda *_: False
        found = {name: server.triples(name) for name in names}
        assert found == before or not server.is_whole

        again = publish("--yes")
        assert again.code == 0, again.err
        assert {name: server.triples(name) for name in names} == before
        assert server.is_whole
