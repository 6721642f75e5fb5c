"""Checks the records against the shapes, and words the results with the shapes' messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from jkgraph.checks import shacl
from jkgraph.checks.places import Places
from jkgraph.checks.told import Told
from jkgraph.checks.vocabulary import ill_typed
from jkgraph.findings import Finding, Location, Severity, worded
from jkgraph.graph import Graph, Term, graph_path, is_withdrawn
from jkgraph.iri import split, whole
from jkgraph.kinds import SH
from jkgraph.messages import Message

MESSAGE = ox.NamedNode(f"{SH}message")
SEVERITY = ox.NamedNode(f"{SH}severity")


def shape_results(graph: Graph, engine: shacl.Engine) -> list[shacl.Result]:
    """Validate everything that was loaded against the shapes; each result is given once."""
    with _files(graph) as (data, shapes):
        return list(dict.fromkeys(shacl.validate(data, shapes, engine)))


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


@contextmanager
def _files(graph: Graph) -> Iterator[tuple[Path, Path]]:
    with TemporaryDirectory(prefix="jkgraph-") as folder:
        data, shapes = Path(folder) / "data.ttl", Path(folder) / "shapes.ttl"
        _write(graph, graph.store, data)
        _write(graph, graph.shapes, shapes)
        yield data, shapes


def _write(graph: Graph, store: ox.Store, target: Path) -> None:
    """Write what was loaded to one file: the texts in a row, which is the fastest.

    A value that its datatype does not allow is a finding already, and pySHACL breaks on
    one that it has to compare; then the statements without it are written instead.
    """
    skipped = set(ill_typed(graph)) if store is graph.store else set()
    if skipped:
        kept = (q.triple for q in store if q.triple not in skipped)
        ox.serialize(kept, str(target), format=ox.RdfFormat.N_TRIPLES)
        return
    with target.open("wb") as out:
        for name in sorted(filter(None, map(graph_path, store.named_graphs()))):
            out.write((graph.workspace.root / name).read_bytes())
            out.write(b"\n")


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
