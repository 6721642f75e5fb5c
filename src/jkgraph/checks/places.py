"""Where in which file something is said; files are read only when a finding needs a place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from jkgraph.findings import Location
from jkgraph.graph import Graph, Node, Term, graph_path
from jkgraph.turtle import Positions


class Places:
    """Finds the line and column of what a graph says."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._read: dict[str, Positions | None] = {}

    def of(
        self, subject: Term, predicate: ox.NamedNode | None = None, value: Term | None = None
    ) -> Location:
        """Return the place of a value, else of its property, else of the resource."""
        path = self._file(subject, predicate, value)
        if path is None:
            return Location(self._graph.workspace.relative(self._graph.workspace.data), 1, 1)
        return self.within(path, subject, predicate, value)

    def within(
        self,
        path: str,
        subject: Term | None = None,
        predicate: ox.NamedNode | None = None,
        value: Term | None = None,
    ) -> Location:
        """Return the place in one file; its first line when it is not found there."""
        found = self._positions(path)
        node = subject if isinstance(subject, ox.NamedNode | ox.BlankNode) else None
        place = found.locate(node, predicate, value) if found else None
        return Location(path, *(place or (1, 1)))

    def of_list(
        self, path: str, subject: Node, predicate: ox.NamedNode, members: Sequence[Term]
    ) -> Location:
        """Return the place of the list with these members, among the values of a property."""
        found = self._positions(path)
        place = found.locate_list(subject, predicate, members) if found else None
        return Location(path, *(place or (1, 1)))

    def _positions(self, path: str) -> Positions | None:
        if path not in self._read:
            self._read[path] = _positions(self._graph.workspace.root / path)
        return self._read[path]

    def _file(
        self, subject: Term, predicate: ox.NamedNode | None, value: Term | None
    ) -> str | None:
        for pattern in ((subject, predicate, value), (subject, predicate), (subject,)):
            triple = (*pattern, None, None)[:3]
            quads = self._graph.store.quads_for_pattern(*triple)
            if paths := sorted(filter(None, {graph_path(q.graph_name) for q in quads})):
                return paths[0]
        return None


def _positions(path: Path) -> Positions | None:
    try:
        return Positions(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
