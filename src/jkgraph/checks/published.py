"""Checks published files against shapes: the workspace's own, and those that others hand out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.checks import shacl
from jkgraph.checks.places import Places
from jkgraph.errors import JkgraphError
from jkgraph.findings import Finding, Location, Severity, worded
from jkgraph.graph import OWL, TYPE, Graph, by_language
from jkgraph.iri import split
from jkgraph.kinds import SH
from jkgraph.messages import Message
from jkgraph.sparql import is_remote
from jkgraph.turtle import Positions

TITLE = ox.NamedNode("http://purl.org/dc/terms/title")
ONTOLOGY = ox.NamedNode(f"{OWL}Ontology")
VERSION = ox.NamedNode(f"{OWL}versionInfo")
TARGET = ox.NamedNode(f"{SH}targetClass")
MESSAGE = ox.NamedNode(f"{SH}message")
SELECT, ASK = ox.NamedNode(f"{SH}select"), ox.NamedNode(f"{SH}ask")


class Shapes(NamedTuple):
    """A file of shapes: which standard it is for, as far as it tells, and which classes.

    ``messages`` are the texts of each shape by language.
    """

    path: Path
    title: str
    version: str
    targets: frozenset[str]
    messages: Mapping[str, Mapping[str, str]]


def read_shapes(path: Path) -> Shapes:
    """Read what a file of shapes says of itself; one that cannot be read is an error."""
    store = ox.Store()
    try:
        store.load(path.read_bytes(), ox.RdfFormat.from_extension("ttl"))
    except (OSError, SyntaxError, ValueError) as error:
        raise JkgraphError("bad-shapes", file=path, reason=error) from error

    def told(predicate: ox.NamedNode) -> str:
        about = (q.subject for q in store.quads_for_pattern(None, TYPE, ONTOLOGY))
        found = (q.object for node in about for q in store.quads_for_pattern(node, predicate, None))
        return min((value.value for value in found if isinstance(value, ox.Literal)), default="")

    targets = {q.object.value for q in store.quads_for_pattern(None, TARGET, None)}  # type: ignore[union-attr]  # a class
    texts: dict[str, list[ox.Literal]] = {}
    for quad in store.quads_for_pattern(None, MESSAGE, None):
        texts.setdefault(getattr(quad.subject, "value", ""), []).append(quad.object)  # type: ignore[arg-type]  # a text
    queries = (q.object for p in (SELECT, ASK) for q in store.quads_for_pattern(None, p, None))
    if any(is_remote(query.value) for query in queries if isinstance(query, ox.Literal)):
        raise JkgraphError("remote-query", query=path.name)
    messages = {shape: by_language(found) for shape, found in texts.items()}
    return Shapes(path, told(TITLE) or path.name, told(VERSION), frozenset(targets), messages)


def check_published(graph: Graph, file: Path, address: str, shapes: Shapes) -> Iterator[Finding]:
    """Find what shapes do not allow in a published file.

    The place of a finding is where the workspace says it, else the line of the published file.
    """
    places, results = Places(graph), _results(file, shapes.path)
    published = Positions(file.read_text("utf-8") if results else "")
    for result in results:
        about = (result.focus, result.path, result.value)
        if graph.has(result.focus):
            place = places.of(*about)
        else:
            node = None if isinstance(result.focus, ox.Literal | ox.Triple) else result.focus
            place = Location(address, *(published.locate(node, *about[1:]) or ()))
        name = split(result.shape)[1]
        severity = Severity.__members__.get(result.severity.upper(), Severity.VIOLATION)
        yield worded(name, severity, place, _message(shapes, result, name), about)


def _message(shapes: Shapes, result: shacl.Result, name: str) -> Message:
    if texts := shapes.messages.get(result.shape):
        return Message(texts=texts)
    if result.message:
        return Message(texts={"": result.message})
    return Message("conform.unmet", {"shape": name, "component": result.component})


def deviations(content: bytes, shapes: Path) -> int:
    """Count what shapes do not allow in a Turtle document."""
    with TemporaryDirectory(prefix="jkgraph-") as folder:
        file = Path(folder) / "data.ttl"
        file.write_bytes(content)
        return len(_results(file, shapes))


def _results(file: Path, shapes: Path) -> list[shacl.Result]:
    """Return the results of a validation, each once."""
    try:
        return list(dict.fromkeys(shacl.validate(file, shapes, shacl.available())))
    # What is wrong with shapes, each engine tells in its own way.
    except (ValueError, RuntimeError) as error:
        raise JkgraphError("bad-shapes", file=shapes, reason=error) from error
