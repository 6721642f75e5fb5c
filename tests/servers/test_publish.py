"""Real servers end in the same graph, whatever happened on the way there."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from resource import RLIMIT_FSIZE, prlimit
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from jkgraph.inference import infer
from jkgraph.loading import load
from jkgraph.remote import client, publishing
from jkgraph.remote.client import Limits
from jkgraph.remote.protocol import Endpoint
from jkgraph.remote.publishing import Publication, Target, publication
from jkgraph.site.contents import published_only
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

RECORD = "data/bridge/oude-steenbrug.ttl"
MUCH = 1e9
Start = Callable[[Path], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def _small_and_quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Send little at a time, and do not wait long for what does not come back."""
    monkeypatch.setattr(publishing, "TRIPLES", 20)
    limits = Limits(silence=30, times=2, pause=0.05)
    monkeypatch.setattr(Endpoint.__init__, "__defaults__", (limits, ()))
    monkeypatch.setattr(client, "within", lambda _: limits)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


def wanted(root: Path) -> Publication:
    graph = published_only(load(open_workspace(root)))
    infer(graph)
    return publication(graph)


@contextmanager
def known_to(server: Any) -> Iterator[None]:
    """Let the environment say who asks this server for changes."""
    with pytest.MonkeyPatch.context() as patch:
        if server.user:
            patch.setenv("JKGRAPH_ENDPOINT_USER", server.user)
            patch.setenv("JKGRAPH_ENDPOINT_PASSWORD", server.password)
        yield


def publish(run: Any, server: Any, *more: str, update: str = "") -> Any:
    with known_to(server):
        at = "--endpoint", server.query, "--update", update or server.update
        return run("publish", *at, "--yes", *more)


def clear(server: Any) -> None:
    with known_to(server):
        target = Target(Endpoint(server.query), server.update)
        for name in ("asserted", "inferred", "publication"):
            target._send(f"CLEAR SILENT GRAPH <https://example.org/bruggen/graph/{name}>")


def require_same(server: Any, root: Path) -> None:
    """Compare what the server holds with what the files say, by a way of its own."""
    expected = wanted(root)
    for name, triples in expected.graphs.items():
        rows = Endpoint(server.query).rows(f"SELECT * {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
        found = _stored((row["s"], row["p"], row["o"]) for row in rows)
        assert found == _stored(triples)
        assert len(found) > 20
    assert is_whole(server)


def _stored(triples: Iterable[Any]) -> set[ox.Quad]:
    """Write numbers in one way, as a store does."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    return set(store)


def is_whole(server: Any) -> bool:
    """Ask as a reader would."""
    whole = "?x <http://www.w3.org/ns/adms#status> <http://purl.org/adms/status/Completed>"
    ask = f"ASK {{ GRAPH <https://example.org/bruggen/graph/publication> {{ {whole} }} }}"
    return bool(Endpoint(server.query).rows(ask))


def test_only_what_differs_is_sent(run, server, minimal: Path, monkeypatch) -> None:
    clear(server)
    sent: list[str] = []
    send = Target._send
    monkeypatch.setattr(Target, "_send", lambda self, text: (sent.append(text), send(self, text)))

    first = publish(run, server)
    assert first.code == 0, first.err
    require_same(server, minimal)

    sent.clear()
    again = publish(run, server)
    assert (again.code, sent) == (0, [])
    assert "nothing to send" in again.err

    path = minimal / RECORD
    path.write_text(
        path.read_text("utf-8").replace("Oude Steenbrug", r"Oud \"Steen\"\\brug", 1), "utf-8"
    )
    dry = run("publish", "--endpoint", server.query, "--update", server.update)
    assert (dry.code, sent) == (0, [])
    assert "+1 -1" in dry.out
    assert "Nothing was sent" in dry.err
    changed = publish(run, server)
    assert changed.code == 0, changed.err
    assert changed.out == dry.out
    data = [text for text in sent if "graph/publication" not in text]
    assert [len(text.splitlines()) for text in data] == [3, 3]
    require_same(server, minimal)

    path.unlink()
    assert publish(run, server).code == 0
    require_same(server, minimal)


def test_what_others_changed_is_put_right(run, server, minimal: Path) -> None:
    clear(server)
    publish(run, server)
    with known_to(server):
        target = Target(Endpoint(server.query), server.update)
        name = "https://example.org/bruggen/graph/asserted"
        target._send(f"INSERT DATA {{ GRAPH <{name}> {{ <urn:x> <urn:y> 'strange'@en }} }}")

    ran = publish(run, server)

    assert "+0 -1" in ran.out
    require_same(server, minimal)


class Proxy:
    """Passes on what is sent to a server until it is told to cut the line."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url).hostname, urlsplit(url).port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.there = self.back = MUCH
        self.heals = False
        path = urlsplit(url).path
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}{path}"
        Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                Thread(target=self._pass_on, args=(here,), daemon=True).start()

    def _pass_on(self, here: socket.socket) -> None:
        with here, suppress(OSError), socket.create_connection(self._to) as there:
            back = Thread(target=self._pump, args=(there, here, "back"), daemon=True)
            back.start()
            self._pump(here, there, "there")
            back.join()

    def _pump(self, source: socket.socket, to: socket.socket, way: str) -> None:
        with suppress(OSError):
            while content := source.recv(64):
                left = getattr(self, way)
                setattr(self, way, left - len(content))
                if left <= 0:
                    if self.heals:
                        self.there = self.back = MUCH
                    break
                to.sendall(content)
        for end in (source, to):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def proxy(server: Any) -> Iterator[Proxy]:
    made = Proxy(server.update)
    yield made
    made.close()


@pytest.mark.parametrize(
    "cut_at",
    [("there", 0.3), ("there", 0.6), ("there", 0.9), ("back", 0.4), ("back", 0.8)],
    ids=str,
)
def test_a_line_that_is_cut_is_told_and_made_good(run, server, proxy, minimal, cut_at) -> None:
    clear(server)
    proxy.there = proxy.back = MUCH
    assert publish(run, server, update=proxy.url).code == 0
    way, share = cut_at
    setattr(proxy, way, share * (MUCH - getattr(proxy, way)))
    clear(server)

    cut = publish(run, server, update=proxy.url)

    assert cut.code == 2
    assert "Stopped after" in cut.err
    assert proxy.url.split("/")[2] in cut.err
    assert not is_whole(server)
    again = publish(run, server)
    assert again.code == 0, again.err
    assert "was not finished" in again.err
    require_same(server, minimal)


def test_a_line_that_breaks_once_is_tried_again(run, server, proxy, minimal) -> None:
    clear(server)
    proxy.there, proxy.heals = 9000, True

    ran = publish(run, server, update=proxy.url)

    assert ran.code == 0, ran.err
    require_same(server, minimal)


@pytest.fixture(params=["oxigraph_in", "virtuoso_in"])
def start(request: pytest.FixtureRequest) -> Start:
    """Give a way to start each server in turn on a folder, once and again."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("after", [1, 4])
def test_a_server_that_is_killed_and_restarted(run, start: Start, minimal, after: int) -> None:
    folder = minimal.parent / "server"
    folder.mkdir()
    send, sent = Target._send, []

    def killing(self: Target, text: str) -> None:
        sent.append(text)
        if len(sent) == after + 2:
            server.process.kill()
            server.process.wait()
        send(self, text)

    with start(folder) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Target, "_send", killing)
        killed = publish(run, server)
        assert killed.code == 2
        assert "Stopped after" in killed.err
    with start(folder) as server:
        assert not is_whole(server)
        again = publish(run, server)
        assert again.code == 0, again.err
        require_same(server, minimal)


def test_a_wrong_password_changes_nothing(run, virtuoso_in, tmp_path: Path, monkeypatch) -> None:
    with virtuoso_in(tmp_path) as server:
        monkeypatch.setenv("JKGRAPH_ENDPOINT_USER", "dba")
        monkeypatch.setenv("JKGRAPH_ENDPOINT_PASSWORD", "wrong")
        at = "--endpoint", server.query, "--update", server.update

        ran = run("publish", *at, "--yes")

        assert ran.code == 2
        assert "No statement was sent" in ran.err
        assert "wrong" not in ran.err
        count = (
            "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER STRSTARTS(STR(?g), 'https') }"
        )
        (row,) = Endpoint(server.query).rows(count)
        assert row["n"].value == "0"


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a disk of little room, and tell whether that is allowed here."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=100m", "tmpfs", str(folder)]
    is_mounted = not subprocess.run(["mount", *options], check=False).returncode  # noqa: S603, S607  (ours)
    yield is_mounted
    if is_mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607  (ours)


def fill(folder: Path) -> None:
    """Use up what is left of a disk."""
    with suppress(OSError), (folder / "ballast").open("wb", 0) as out:
        while True:
            out.write(bytes(1 << 16))


def enlarge(folder: Path) -> None:
    """Make room on a disk."""
    (folder / "ballast").unlink()
    subprocess.run(["mount", "-o", "remount,size=1g", str(folder)], check=True)  # noqa: S603, S607  (ours)


def test_a_disk_that_is_full(run, start: Start, repository: Path, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(publishing, "TRIPLES", 1000)
    send, sent = Target._send, []

    def publish_real(server: Any) -> Any:
        with known_to(server):
            at = "--endpoint", server.query, "--update", server.update
            return run("publish", *at, "--yes", at=repository)

    folder = tmp_path / "disk"
    with small_disk(folder) as is_mounted:

        def filling(self: Target, text: str) -> None:
            sent.append(text)
            if len(sent) == 8:
                # Where no disk may be mounted, no file may grow any more.
                none = (1 << 16, 1 << 16)
                fill(folder) if is_mounted else prlimit(server.process.pid, RLIMIT_FSIZE, none)
            send(self, text)

        with start(folder) as server, pytest.MonkeyPatch.context() as patch:
            patch.setattr(Target, "_send", filling)
            full = publish_real(server)
            assert full.code == 2
            assert "Stopped after 6000" in full.err
        if is_mounted:
            enlarge(folder)
        with start(folder) as server:
            again = publish_real(server)
            assert again.code == 0, again.err
            assert "was not finished" in again.err
