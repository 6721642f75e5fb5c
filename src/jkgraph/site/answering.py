"""A question of somebody else, and its answer: within bounds, and told why where there is none.

``work`` is the whole life of a process that answers questions. It has so much memory, and opens no
file and no connection.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.answers import write_answer
from jkgraph.bounds import USUAL
from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.iri import Addresses
from jkgraph.messages import Message
from jkgraph.queries import Dataset, solutions
from jkgraph.site.negotiation import GRAPHS, ROWS, liked
from jkgraph.workspace import Workspace

NAME = "query"


class Bounds(NamedTuple):
    """What one question may take: seconds, megabytes of memory and of the answer, rows.

    ``at_once`` questions are answered side by side; another one waits ``patience`` seconds.
    """

    seconds: float = USUAL.serve_seconds
    memory: int = USUAL.serve_megabytes
    size: int = USUAL.answer_megabytes
    rows: int = USUAL.serve_rows
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


class Answer(NamedTuple):
    """The answer to a question, and the form that it has."""

    form: str
    content: bytes


class Question(NamedTuple):
    """A text in SPARQL, the media types that the reader likes, and the graphs that are asked."""

    text: str
    accept: str
    dataset: Dataset | None = None


def too_much(key: str, **values: object) -> Refused:
    """Refuse a question that is right, and takes too much: the standard has this status for it."""
    return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, key, **values)


def work(
    workspace: Workspace, addresses: Addresses, folder: Path, bounds: Bounds, line: Connection
) -> None:
    """Answer questions until nobody is there to ask."""
    graph = Graph(workspace, addresses, ox.Store.read_only(str(folder)), ox.Store())
    # What a good and a faulty question need is loaded before no file can be opened any more.
    for text in ("CONSTRUCT WHERE { ?s a ?o } LIMIT 1", "SELEKT"):
        answer(graph, Question(text, "*/*"), bounds)
    _bind(bounds)
    line.send(None)
    # Should the one who asks be gone, this ends too.
    alarm = getattr(signal, "alarm", int)
    with suppress(EOFError, OSError):
        while True:
            question = line.recv()
            alarm(ceil(bounds.seconds) + 1)
            line.send(answer(graph, question, bounds))
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


def answer(graph: Graph, question: Question, bounds: Bounds) -> Answer | Refused:
    """Answer a question, or tell why not."""
    try:
        return _answered(graph, question, bounds)
    except JkgraphError as error:
        key = error.message.key.removeprefix("error.")
        return Refused(HTTPStatus.BAD_REQUEST, key, **error.message.values)
    except MemoryError:
        return too_much("serve-too-big", megabytes=bounds.memory)
    except (OSError, RuntimeError, ValueError) as error:
        return too_much("serve-failed", reason=error)


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
        return too_much("serve-too-large", megabytes=bounds.size)
    if not isinstance(found, ox.QueryBoolean) and next(found, None) is not None:
        return too_much("serve-too-many", number=bounds.rows)
    return Answer(form, out.getvalue())


class _TooLargeError(Exception):
    """An answer has more bytes than it may."""


class _Sized(BytesIO):
    """Bytes in memory, up to a number."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, content: bytes, /) -> int:  # type: ignore[override]  # bytes only
        if self.tell() + len(content) > self._most:
            raise _TooLargeError
        return super().write(content)
