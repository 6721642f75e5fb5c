"""The canonical form of a record file: one way to write what it says, by the order of its kind."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from jkgraph.graph import Graph
from jkgraph.iri import natural_order
from jkgraph.kinds import Kind, Kinds
from jkgraph.turtle import Orders, format_text, write


class Layout:
    """How the files of a workspace are written."""

    def __init__(self, graph: Graph, kinds: Kinds) -> None:
        self._graph, self._kinds = graph, kinds

    def canonical(self, path: Path, text: str) -> str:
        """Return the canonical text of a file; what it means stays the same.

        Raises TurtleSyntaxError, or CommentsWouldBeLost for a file with comments.
        """
        bounds = self._graph.workspace.limits
        return format_text(text, self._prefixes(path), bounds, **self._orders(path))

    def text(self, path: Path, triples: Iterable[ox.Triple]) -> str:
        """Return the canonical text of a file that says these triples; none give no text."""
        return write(triples, self._prefixes(path), **self._orders(path))

    def _prefixes(self, path: Path) -> dict[str, str]:
        kind = self._kinds.by_name.get(path.parent.name)
        own = {"": f"{self._graph.addresses.record(kind.name, path.stem)}#"} if kind else {}
        return {**self._graph.addresses.prefixes, **own}

    def _orders(self, path: Path) -> Orders:
        orders = property_orders(self._kinds, self._kinds.by_name.get(path.parent.name))
        return {
            "predicate_order": lambda iri: (orders.get(iri, 1e9), iri),
            "subject_order": natural_order,
            "languages": self._graph.workspace.languages,
        }


def property_orders(kinds: Kinds, kind: Kind | None) -> dict[str, float]:
    """Return the place of each property in the files of a kind, those of its parts included."""
    every = (*kinds.parts, kind) if kind else kinds.parts
    return {iri: place for k in every for iri, place in k.order.items()}
