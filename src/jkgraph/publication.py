"""What a change brings before the eyes of readers."""

from __future__ import annotations

import pyoxigraph as ox

from jkgraph.graph import Graph
from jkgraph.history import at
from jkgraph.loading import load


def newly_published(graph: Graph, revision: str) -> list[ox.NamedNode]:
    """Return the records that readers see now, and did not see at a revision, by address.

    Raises JkgraphError when git cannot tell.
    """
    with at(graph.workspace, revision) as earlier:
        seen = set(_published(load(earlier)))
    return [record for record in _published(graph) if record not in seen]


def _published(graph: Graph) -> list[ox.NamedNode]:
    status, published = graph.role("status"), graph.role("published")
    records = graph.records()
    if status is None or published is None:
        return records
    return [record for record in records if graph.has(record, status, published)]
