"""Real SPARQL servers, started for the tests and stopped after them."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from jkgraph.graph import INFERRED, Graph
from jkgraph.inference import infer
from jkgraph.remote.client import Client
from jkgraph.site.exports import read_triples
from jkgraph.syntaxes import n_triples

WAIT = 60
PASSWORD = "dba"  # noqa: S105  (of a new Virtuoso, which lives as long as the test)
VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
MaxMemPoolSize = 200000000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 4
[URIQA]
DefaultHost = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 60
"""


@dataclass(frozen=True)
class Server:
    """A running server: where it answers questions, takes changes, and has its graphs.

    ``graph`` is what it calls the name of a graph in an address. ``user`` and ``password`` are
    for changes; empty where everybody may make them.
    """

    name: str
    query: str
    update: str
    graphs: str
    process: subprocess.Popen[bytes]
    graph: str = "graph"
    user: str = ""
    password: str = ""

    def fill(self, graph: Graph) -> None:
        """Put a graph on the server, and what follows from it."""
        if not graph.store.contains_named_graph(INFERRED):
            infer(graph)
        follows = graph.store.quads_for_pattern(None, None, None, INFERRED)
        self.put(graph.addresses.asserted, self.written(graph))
        self.put(graph.addresses.inferred, (quad.triple for quad in follows))

    def put(self, name: str, triples: Iterable[ox.Triple]) -> None:
        """Make a named graph hold these triples and no others."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JKGRAPH_ENDPOINT_USER", self.user)
            patch.setenv("JKGRAPH_ENDPOINT_PASSWORD", self.password)
            client = Client(self.graphs)
        address = f"{self.graphs}?{urlencode({self.graph: name})}"
        headers = {"Content-Type": "application/n-triples"}
        client.send("PUT", address, n_triples(triples), headers)

    @staticmethod
    def written(graph: Graph) -> Iterator[ox.Triple]:
        """Yield what the files say, each literal as it was written."""
        workspace = graph.workspace
        paths = [*graph.files(workspace.ontology), *graph.files(workspace.data)]
        return read_triples([graph.sources[path] for path in paths])


@pytest.fixture(scope="session")
def oxigraph_in() -> Callable[[Path], AbstractContextManager[Server]]:
    """Give a way to run the server of Oxigraph on the data in a folder."""
    return _oxigraph


@pytest.fixture(scope="session")
def virtuoso_in() -> Callable[..., AbstractContextManager[Server]]:
    """Give a way to run Virtuoso on the data in a folder, which gives so many rows at most."""
    return _virtuoso


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Run each server in turn, empty at the start of a module."""
    start = {"oxigraph": _oxigraph, "virtuoso": _virtuoso}[request.param]
    with start(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@contextmanager
def _oxigraph(folder: Path) -> Iterator[Server]:
    (port,) = _free_ports(1)
    program = Path(sys.executable).with_name("oxigraph")
    command = [program, "serve", "--location", folder / "store", "--bind", f"127.0.0.1:{port}"]
    with _running(list(map(str, command)), port, folder / "log") as process:
        at = f"http://127.0.0.1:{port}"
        yield Server("oxigraph", f"{at}/query", f"{at}/update", f"{at}/store", process)


@contextmanager
def _virtuoso(folder: Path, rows: int = 10_000) -> Iterator[Server]:
    sql, http = _free_ports(2)
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO.format(folder=folder, sql=sql, http=http, rows=rows), "utf-8")
    command = ["/usr/bin/virtuoso-t", "+foreground", "+configfile", str(settings)]
    with _running(command, http, folder / "log") as process:
        at = f"http://127.0.0.1:{http}"
        yield Server(
            "virtuoso",
            f"{at}/sparql",
            f"{at}/sparql-auth",
            f"{at}/sparql-graph-crud-auth",
            process,
            "graph-uri",
            "dba",
            PASSWORD,
        )


@contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the test is over; one that does not answer shows its log."""
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told)  # noqa: S603  (on this machine)
    try:
        until = time.monotonic() + WAIT
        while not _answers(port):
            text = log.read_text("utf-8", "replace")
            assert process.poll() is None, text
            assert time.monotonic() < until, text
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait(WAIT)


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _free_ports(number: int) -> list[int]:
    """Find ports that are free, each another one."""
    found = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in found]
    for one in found:
        one.close()
    return ports
