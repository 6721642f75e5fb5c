"""The graph behind a site, with what follows from it, which follows changes of its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from jkgraph.errors import JkgraphError, unreadable
from jkgraph.graph import Graph, file_graph
from jkgraph.inference import Consequences
from jkgraph.loading import load, load_file
from jkgraph.site.contents import is_unpublished, published_only
from jkgraph.workspace import Workspace


class Following:
    """A graph as its files are now; of a file that cannot be read, what it said before.

    ``broken`` are the findings about such files. Raises JkgraphError when it is the ontology
    or a shape that cannot be read.
    """

    def __init__(self, workspace: Workspace, *, drafts: bool, before: Graph | None = None) -> None:
        graph = load(workspace)
        self.broken = {found.location.path: found for found in graph.broken}
        if graph.is_unjudgeable:
            first = graph.broken[0].location
            raise JkgraphError("broken-files", number=len(graph.broken), first=first)
        for path in self.broken.keys() & (before.sources if before else {}).keys():
            load_file(graph, path, before.sources[path], graph.store)  # type: ignore[union-attr]  # or no path
        self._drafts = drafts
        self.graph = graph if drafts else published_only(graph)
        self._consequences = Consequences(self.graph)

    def read(self, paths: Iterable[Path]) -> None:
        """Read changed records again, and mend what follows."""
        gone: set[ox.Triple] = set()
        come: set[ox.Triple] = set()
        for path in sorted(paths):
            relative = self.graph.workspace.relative(path)
            before = self._said(relative)
            self._replace(path, relative)
            after = self._said(relative)
            gone |= before - after
            come |= after - before
        self._consequences.change(gone, come)
        # A new graph, because the old one remembers which records it had.
        self.graph = replace(self.graph)

    def _said(self, path: str) -> set[ox.Triple]:
        quads = self.graph.store.quads_for_pattern(None, None, None, file_graph(path))
        return {quad.triple for quad in quads}

    def _replace(self, path: Path, relative: str) -> None:
        """Put what a file says now in the place of what it said; a draft says nothing."""
        store, name = self.graph.store, file_graph(relative)
        fresh = ox.Store()
        self.broken.pop(relative, None)
        try:
            found = load_file(self.graph, relative, path.read_bytes(), fresh)
        except FileNotFoundError:
            found = None
            self.graph.sources.pop(relative, None)
        except OSError as error:
            raise unreadable(relative, error) from error
        if found:
            self.broken[relative] = found
            return
        store.remove_graph(name)
        store.extend(fresh)
        record = self.graph.record_at(relative)
        if record and not self._drafts and is_unpublished(self.graph, ox.NamedNode(record)):
            store.remove_graph(name)
