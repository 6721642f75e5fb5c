"""Finding what a person means: by address, compact name, slug, file or label."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.iri import split
from jkgraph.messages import did_you_mean


def find(graph: Graph, nodes: Iterable[ox.NamedNode], name: str) -> ox.NamedNode:
    """Return the one resource among some that a person means by a name.

    None of them, and several, is an error that names what comes near.
    """
    by_name: dict[str, dict[ox.NamedNode, None]] = {}
    for node in nodes:
        if name == node.value:
            return node
        for own in names_of(graph, node):
            by_name.setdefault(own.casefold(), {})[node] = None
    found = list(by_name.get(name.casefold(), ()))
    if not found:
        raise JkgraphError("no-such-record", name=name, hint=did_you_mean(name, by_name))
    if len(found) > 1:
        known = ", ".join(graph.addresses.compact(node.value) for node in found)
        raise JkgraphError("several-records", name=name, known=known)
    return found[0]


@cache
def folded(text: str) -> str:
    """Return a text as people compare it: no capitals, no accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def names_of(graph: Graph, node: ox.NamedNode) -> Iterator[str]:
    """Yield the names by which a person may mean a resource."""
    yield split(node.value)[1]
    yield graph.addresses.compact(node.value)
    if parts := graph.addresses.kind_and_slug(node.value):
        yield "/".join(parts)
    yield from (graph.label(node, language) for language in graph.workspace.languages)
    yield graph.workspace.relative(graph.workspace.data) + node.value.partition("/id")[2] + ".ttl"
