"""Processes that answer questions of others, each of which can be stopped.

The store cannot be asked to stop, so every question runs in a process of its own: it has so much
time and memory, opens no file and no connection, and is ended when it wants more.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from typing import Self

import pyoxigraph as ox

from jkgraph.answers import write_answer
from jkgraph.errors import JkgraphError
from jkgraph.graph import INFERRED, Graph
from jkgraph.iri import Addresses
from jkgraph.messages import Message
from jkgraph.queries import Dataset, solutions
from jkgraph.site.negotiation import GRAPHS, ROWS, liked
from jkgraph.workspace import Workspace

NAME = "query"


@dataclass(frozen=True)
class Bounds:
    """What one question may take: seconds, megabytes of memory and of the answer, rows.

    ``at_once`` questions are answered side by side; another one waits ``patience`` seconds.
    """

    seconds: float = 30
    memory: int = 1024
    size: int = 64
    rows: int = 100_000
    at_once: int = min(4, os.cpu_count() or 1)
    patience: float = 2


class Refused(Exception):  # noqa: N818  (it is what the reader is told)
    """What is answered instead of an answer: the status of HTTP, and why."""

    def __init__(self, status: HTTPStatus, key: str, /, **values: object) -> None:
        super().__init__(status, key, values)
        self.status, self.message = status, Message(f"error.{key}", values)

    def __reduce__(self) -> tuple[object, ...]:
        """Let it come from another process."""
        return _refusal, self.args


def _refusal(status: HTTPStatus, key: str, values: Mapping[str, object]) -> Refused:
    return Refused(status, key, **values)


@dataclass(frozen=True)
class Answer:
    """The answer to a question, and the form that it has."""

    form: str
    content: bytes


@dataclass(frozen=True)
class Question:
    """A text in SPARQL, the media types that the reader likes, and the graphs that are asked."""

    text: str
    accept: str
    dataset: Dataset | None = None


def published(graph: Graph) -> Iterator[ox.Quad]:
    """Yield a closed graph in the two named graphs that it has on a server."""
    own = graph.addresses
    asserted, inferred = ox.NamedNode(own.asserted), ox.NamedNode(own.inferred)
    for quad in graph.store:
        name = inferred if quad.graph_name == INFERRED else asserted
        yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


class Workers:
    """The processes that answer questions over one graph, to be used in a ``with``."""

    def __init__(self, graph: Graph, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._graph = graph
        self._folder = TemporaryDirectory(prefix="jkgraph-")
        self._free: Queue[_Worker] = Queue()
        self._all: set[_Worker] = set()

    def __enter__(self) -> Self:
        """Write the store that the processes share, and start them."""
        store = ox.Store(self._folder.name)
        store.bulk_extend(published(self._graph))
        store.flush()
        for _ in range(self.bounds.at_once):
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """End them."""
        ended, self._all = self._all, set()
        for worker in ended:
            worker.end()
        self._folder.cleanup()

    def _start(self) -> None:
        graph = self._graph
        worker = _Worker(graph.workspace, graph.addresses, Path(self._folder.name), self.bounds)
        self._all.add(worker)
        self._free.put(worker)

    def answer(self, question: Question) -> Answer:
        """Answer a question; raises Refused."""
        with self._free_one() as worker:
            return worker.answer(question)

    @contextmanager
    def _free_one(self) -> Iterator[_Worker]:
        try:
            worker = self._free.get(timeout=self.bounds.patience)
        except Empty:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "serve-busy") from None
        try:
            yield worker
        finally:
            if worker.is_alive:
                self._free.put(worker)
            elif worker in self._all:
                self._all.discard(worker)
                self._start()


class _Worker:
    """One process, and the line to it."""

    def __init__(
        self, workspace: Workspace, addresses: Addresses, store: Path, bounds: Bounds
    ) -> None:
        self._bounds, self._is_ready = bounds, False
        # A copy of this process would have locks that nobody opens any more.
        fresh = multiprocessing.get_context("spawn")
        self._line, its = fresh.Pipe()
        self._process = fresh.Process(
            target=_work, args=(workspace, addresses, store, bounds, its), daemon=True
        )
        self._process.start()
        its.close()

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._line.close()

    def answer(self, question: Question) -> Answer:
        try:
            if not self._is_ready:
                self._line.recv()
                self._is_ready = True
            self._line.send(question)
            if self._line.poll(self._bounds.seconds):
                given = self._line.recv()
            else:
                self.end()
                given = _refused("serve-too-long", seconds=f"{self._bounds.seconds:g}")
        except (EOFError, OSError):
            self.end()
            given = _refused("serve-too-big", megabytes=self._bounds.memory)
        if isinstance(given, Refused):
            raise given
        assert isinstance(given, Answer)  # noqa: S101  (the other end sends nothing else)
        return given


def _refused(key: str, **values: object) -> Refused:
    """Refuse a question that is right, and takes too much: the standard has this status for it."""
    return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, key, **values)


def _work(
    workspace: Workspace, addresses: Addresses, folder: Path, bounds: Bounds, line: Connection
) -> None:
    """Answer questions until nobody is there to ask."""
    graph = Graph(workspace, addresses, ox.Store.read_only(str(folder)), ox.Store())
    # What a good and a faulty question need is loaded before no file can be opened any more.
    for text in ("CONSTRUCT WHERE { ?s a ?o } LIMIT 1", "SELEKT"):
        _answer(graph, Question(text, "*/*"), bounds)
    _bind(bounds)
    line.send(None)
    # Should the one who asks be gone, this ends too.
    alarm = getattr(signal, "alarm", int)
    with suppress(EOFError, OSError):
        while True:
            question = line.recv()
            alarm(ceil(bounds.seconds) + 1)
            line.send(_answer(graph, question, bounds))
            alarm(0)


def _bind(bounds: Bounds) -> None:
    """Let the process have no more than it may, where the system can see to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The store tells of a lack of memory by itself, in words for programmers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with suppress(ImportError, OSError, ValueError):
        import resource

        most = bounds.memory * 1_000_000
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _answer(graph: Graph, question: Question, bounds: Bounds) -> Answer | Refused:
    try:
        return _answered(graph, question, bounds)
    except JkgraphError as error:
        key = error.message.key.removeprefix("error.")
        return Refused(HTTPStatus.BAD_REQUEST, key, **error.message.values)
    except MemoryError:
        return _refused("serve-too-big", megabytes=bounds.memory)
    except (OSError, RuntimeError, ValueError) as error:
        return _refused("serve-failed", reason=error)


def _answered(graph: Graph, question: Question, bounds: Bounds) -> Answer | Refused:
    found = solutions(graph, question.text, NAME, question.dataset)
    offered = GRAPHS if isinstance(found, ox.QueryTriples) else ROWS
    form = liked(question.accept, offered)
    if form is None:
        known = ", ".join(dict.fromkeys(media for _, media in offered if "*" not in media))
        return Refused(HTTPStatus.NOT_ACCEPTABLE, "serve-form", known=known)
    out = _Sized(bounds.size * 1_000_000)
    try:
        write_answer(found, form, out, graph.addresses, limit=bounds.rows)
    except _TooLargeError:
        return _refused("serve-too-large", megabytes=bounds.size)
    if not isinstance(found, ox.QueryBoolean) and next(found, None) is not None:
        return _refused("serve-too-many", number=bounds.rows)
    return Answer(form, out.getvalue())


class _TooLargeError(Exception):
    """An answer has more bytes than it may."""


class _Sized(BytesIO):
    """Bytes in memory, up to a number."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, content: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(content) > self._most:
            raise _TooLargeError
        return super().write(content)
