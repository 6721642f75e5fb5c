"""SHACL by two engines behind one interface: files in, results out.

``fast`` is the native package *shacl*, where it is installed; ``reference`` is pySHACL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.syntaxes import read_term

SH = "http://www.w3.org/ns/shacl#"
ENGINES = ("fast", "reference")
Engine = Literal["fast", "reference"]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Result:
    """One validation result: on which node, along which path, with which value, and why.

    ``severity`` and ``message`` are as the engine tells them; where a shape is at hand, its own
    words are better.
    """

    focus: Term
    path: ox.NamedNode | None
    value: Term | None
    component: str
    shape: str
    severity: str = field(default="Violation", compare=False)
    message: str = field(default="", compare=False)


def available(wanted: Engine | None = None) -> Engine:
    """Return the engine that is asked for, else the fastest one that is installed."""
    has_fast = find_spec("shacl") is not None
    if wanted == "fast" and not has_fast:
        raise JkgraphError("no-fast-shacl")
    return wanted or ("fast" if has_fast else "reference")


def validate(data: Path, shapes: Path, engine: Engine) -> Iterator[Result]:
    """Yield the results of validating one Turtle file against another."""
    yield from _fast(data, shapes) if engine == "fast" else _reference(data, shapes)


def _fast(data: Path, shapes: Path) -> Iterator[Result]:
    import shacl

    for found in shacl.validate(str(data), str(shapes)).results:
        yield Result(
            focus=read_term(found.focus_node),
            # A path of several steps is no term.
            path=_path(read_term(found.path)),
            value=read_term(found.value),
            component=found.component,
            shape=read_term(found.root_shape).value,
            severity=found.severity,
            message=found.message or "",
        )


def _reference(data: Path, shapes: Path) -> Iterator[Result]:
    import pyshacl
    import rdflib

    loaded = rdflib.Graph().parse(data, format="turtle")
    _, report, _ = pyshacl.validate(
        loaded, shacl_graph=rdflib.Graph().parse(shapes, format="turtle")
    )
    text = report.serialize(format="nt", encoding="utf-8")
    graph = ox.Store()
    graph.load(text, ox.RdfFormat.N_TRIPLES)
    for quad in graph.quads_for_pattern(None, ox.NamedNode(f"{SH}result"), None):
        yield _from_report(graph, quad.object)


def _from_report(graph: ox.Store, node: Any) -> Result:
    def one(name: str) -> Any:
        quads = graph.quads_for_pattern(node, ox.NamedNode(SH + name), None)
        return next((q.object for q in quads), None)

    return Result(
        focus=one("focusNode"),
        path=_path(one("resultPath")),
        value=one("value"),
        component=one("sourceConstraintComponent").value.removeprefix(SH),
        shape=one("sourceShape").value,
        severity=one("resultSeverity").value.removeprefix(SH),
        message=getattr(one("resultMessage"), "value", ""),
    )


def _path(term: Term | None) -> ox.NamedNode | None:
    return term if isinstance(term, ox.NamedNode) else None
