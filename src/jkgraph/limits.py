"""What a shape asks of the values of a field, for those who help people to fill it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import Graph, Term, members
from jkgraph.kinds import SH, Field


class Limits(NamedTuple):
    """The bounds of one value: its length, its size, its form, and which languages must be there.

    ``unique`` tells that each language may be there once. Sizes are as the shape writes them.
    """

    required: bool = False
    pattern: str = ""
    shortest: int = 0
    longest: int | None = None
    least: str = ""
    above: str = ""
    most: str = ""
    below: str = ""
    unique: bool = False
    languages: tuple[str, ...] = ()


def limits(graph: Graph, fields: Sequence[Field]) -> Limits:
    """Return what the shapes of one property ask together."""
    nodes = [ox.NamedNode(field.shape) for field in fields]

    def said(name: str, choose: Callable[[list[str]], str] = max) -> str:
        values = [v.value for node in nodes for v in _objects(graph, node, name)]
        return choose(values) if values else ""

    longest = said("maxLength", lambda texts: min(texts, key=int))
    required = tuple(f for f in fields if f.minimum and f.severity == "violation")
    return Limits(
        required=bool(required),
        pattern=said("pattern"),
        shortest=int(said("minLength", lambda texts: max(texts, key=int)) or 0),
        longest=int(longest) if longest else None,
        least=said("minInclusive", lambda texts: max(texts, key=float)),
        above=said("minExclusive", lambda texts: max(texts, key=float)),
        most=said("maxInclusive", lambda texts: min(texts, key=float)),
        below=said("maxExclusive", lambda texts: min(texts, key=float)),
        unique=said("uniqueLang") == "true",
        languages=tuple(dict.fromkeys(lang for f in required for lang in _languages(graph, f))),
    )


def _languages(graph: Graph, field: Field) -> tuple[str, ...]:
    """Return the languages that cannot be left out: those asked by name, else the first ones."""
    inner = _objects(graph, ox.NamedNode(field.shape), "qualifiedValueShape")
    heads = [head for node in inner for head in _objects(graph, node, "languageIn")]
    asked = tuple(
        v.value for head in heads for v in members(graph.shapes, head) if isinstance(v, ox.Literal)
    )
    return asked or field.languages[: field.minimum]


def _objects(graph: Graph, node: Term, name: str) -> list[ox.NamedNode]:
    """Return the values of a constraint, whatever they are."""
    quads = graph.shapes.quads_for_pattern(node, ox.NamedNode(SH + name), None)  # type: ignore[arg-type]  # a shape is no literal
    return [q.object for q in quads]  # type: ignore[misc]  # nothing else is asked
