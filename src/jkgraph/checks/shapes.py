"""Checks the records against the shapes, and words the results with the shapes' messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from jkgraph.checks import shacl
from jkgraph.checks.places import Places
from jkgraph.checks.told import Told
from jkgraph.checks.vocabulary import ill_typed
from jkgraph.findings import Finding, Location, Severity, worded
from jkgraph.graph import Graph, Term, is_withdrawn
from jkgraph.iri import split, whole
from jkgraph.kinds import SH
from jkgraph.messages import Message
from jkgraph.workspace import Workspace

MESSAGE = ox.NamedNode(f"{SH}message")
SEVERITY = ox.NamedNode(f"{SH}severity")


def shape_results(graph: Graph, engine: shacl.Engine) -> list[shacl.Result]:
    """Validate everything that was loaded against the shapes; each result is given once.

    A value that its datatype does not allow is a finding already, and pySHACL breaks on
    one that it has to compare; then all statements but those are validated.
    """
    skipped = set(ill_typed(graph))
    if not skipped:
        return validate_texts(graph.workspace, graph.sources, engine)
    kept = (q.triple for q in graph.store if q.triple not in skipped)
    data = ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES) or b""
    return _results([data], _split(graph.workspace, graph.sources)[1], engine)


def validate_texts(
    workspace: Workspace, texts: Mapping[str, bytes], engine: shacl.Engine
) -> list[shacl.Result]:
    """Validate texts, by the path of their file, against those of the shapes among them."""
    return _results(*_split(workspace, texts), engine)


def _split(workspace: Workspace, texts: Mapping[str, bytes]) -> tuple[list[bytes], list[bytes]]:
    """Return the texts that are no shapes, and those that are."""
    folder = f"{workspace.relative(workspace.shapes)}/"
    shapes = [text for path, text in texts.items() if path.startswith(folder)]
    return [text for path, text in texts.items() if not path.startswith(folder)], shapes


def _results(
    data: Iterable[bytes], shapes: Iterable[bytes], engine: shacl.Engine
) -> list[shacl.Result]:
    with TemporaryDirectory(prefix="jkgraph-") as folder:
        files = Path(folder) / "data.ttl", Path(folder) / "shapes.ttl"
        for file, texts in zip(files, (data, shapes), strict=True):
            with file.open("wb") as out:
                # One after the other is a Turtle file too, and the fastest to write.
                out.writelines(chain.from_iterable((text, b"\n") for text in texts))
        return list(dict.fromkeys(shacl.validate(*files, engine)))


def check_shapes(
    graph: Graph, results: Iterable[shacl.Result], told: Told, places: Places
) -> Iterator[Finding]:
    """Find what the shapes do not allow and no check told yet."""
    for result in results:
        if isinstance(result.focus, ox.NamedNode) and not _is_over(graph, result, result.focus):
            place = places.of(result.focus, result.path, result.value)
            if not told.covers(result, place):
                yield _finding(graph, result, result.focus, place)


def _is_over(graph: Graph, result: shacl.Result, focus: ox.NamedNode) -> bool:
    """Tell whether a result asks a withdrawn record for more than its status."""
    is_more = result.value is None and result.path != graph.role("status")
    return is_more and is_withdrawn(graph, ox.NamedNode(whole(focus.value)))


def _finding(graph: Graph, result: shacl.Result, focus: ox.NamedNode, place: Location) -> Finding:
    shape = ox.NamedNode(result.shape)
    texts = _texts(graph, shape)
    severity = next((q.object for q in graph.shapes.quads_for_pattern(shape, SEVERITY, None)), None)
    name = split(severity.value)[1] if isinstance(severity, ox.NamedNode) else "Violation"
    return worded(
        split(result.shape)[1],
        Severity[name.upper()],
        place,
        Message(values={"value": _shown(graph, result.value)}, texts=texts),
        (focus, result.path, result.value),
    )


def _texts(graph: Graph, shape: ox.NamedNode) -> dict[str, str]:
    quads = graph.shapes.quads_for_pattern(shape, MESSAGE, None)
    return {
        q.object.language or "": q.object.value for q in quads if isinstance(q.object, ox.Literal)
    }


def _shown(graph: Graph, value: Term | None) -> str:
    if isinstance(value, ox.NamedNode):
        return graph.addresses.compact(value.value)
    return value.value if isinstance(value, ox.Literal) else ""
