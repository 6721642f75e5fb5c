"""Processes that answer questions of others, each of which can be stopped.

The store cannot be asked to stop, so every question runs in a process of its own, which is ended
when it takes too long.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory
from typing import Self

import pyoxigraph as ox

from jkgraph.graph import INFERRED, Graph
from jkgraph.iri import Addresses
from jkgraph.site.answering import Answer, Bounds, Question, Refused, too_much, work
from jkgraph.workspace import Workspace


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
            target=work, args=(workspace, addresses, store, bounds, its), daemon=True
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
                given = too_much("serve-too-long", seconds=f"{self._bounds.seconds:g}")
        except (EOFError, OSError):
            self.end()
            given = too_much("serve-too-big", megabytes=self._bounds.memory)
        if isinstance(given, Refused):
            raise given
        assert isinstance(given, Answer)  # noqa: S101  (the other end sends nothing else)
        return given
