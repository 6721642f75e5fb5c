"""A question of the workspace to a server: checked here first, and answered in names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph
from jkgraph.queries import XSD, Query, Solutions, solutions, standalone
from jkgraph.remote.client import Reply
from jkgraph.remote.paging import Question, all_rows, all_triples
from jkgraph.remote.protocol import Endpoint
from jkgraph.remote.records import is_published

# A table of more rows is read by nobody, so that not all that is in it needs a name.
NAMED_ROWS = 1000
AT_ONCE = 200


def ask(  # noqa: PLR0913  (a question has this many sides)
    graph: Graph,
    endpoint: Endpoint,
    query: Query,
    *,
    asserted: bool = False,
    named: bool = False,
    limit: int | None = None,
) -> Solutions:
    """Ask a server a question, whatever kind of answer it has.

    The graph has the terms of the workspace; when the answer is to be ``named``, it gets the
    names of what is in it. ``asserted`` leaves out what follows, and ``limit`` is how many rows
    are wanted at most. Raises JkgraphError for a fault in the question, before it is sent.
    """
    # An empty store finds what is wrong in a question, and what kind of answer it has.
    kind = solutions(replace(graph, store=ox.Store()), query.text, query.name)
    text = standalone(graph, query)
    endpoint = _about(graph, endpoint, text, asserted=asserted)
    if isinstance(kind, ox.QueryTriples):
        store = ox.Store()
        store.bulk_extend(ox.Quad(*triple) for triple in all_triples(endpoint, text))
        return store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    reply = all_rows(endpoint, text, limit)
    if named:
        _learn_names(graph, endpoint, _resources(endpoint, reply))
    return endpoint.read_rows(reply)


def learn_choices(graph: Graph, endpoint: Endpoint, query: Query) -> None:
    """Add the names of all that can be filled in for the parameters of a query to a graph."""
    classes = [p.type for p in query.parameters if not p.type.value.startswith(XSD)]
    every = " ".join(str(below) for cls in classes for below in graph.below(cls))
    if every:
        endpoint = _about(graph, endpoint, "", asserted=False)
        _learn(graph, endpoint, f"VALUES ?class {{ {every} }} ?s a ?class .", TYPE)


def _about(graph: Graph, endpoint: Endpoint, text: str, *, asserted: bool) -> Endpoint:
    """Return the endpoint for the graphs that a question is about."""
    own = graph.addresses
    if Question(text).has_dataset:
        return endpoint
    if is_published(own, endpoint):
        return replace(endpoint, graphs=(own.asserted, *(() if asserted else (own.inferred,))))
    if asserted:
        raise JkgraphError("endpoint-not-apart", url=endpoint.name, graph=own.asserted)
    return endpoint


def _resources(endpoint: Endpoint, reply: Reply) -> Iterable[ox.NamedNode]:
    rows = endpoint.read_rows(reply)
    first = islice(rows, NAMED_ROWS) if isinstance(rows, ox.QuerySolutions) else ()
    return {term: None for row in first for term in row if isinstance(term, ox.NamedNode)}


def _learn_names(graph: Graph, endpoint: Endpoint, nodes: Iterable[ox.NamedNode]) -> None:
    unknown = [node for node in nodes if not graph.names(node)]
    for start in range(0, len(unknown), AT_ONCE):
        some = " ".join(map(str, unknown[start : start + AT_ONCE]))
        _learn(graph, endpoint, f"VALUES ?s {{ {some} }}")


def _learn(graph: Graph, endpoint: Endpoint, which: str, *more: ox.NamedNode) -> None:
    """Add the names of some resources, and more properties if wanted, to a graph."""
    roles = filter(None, (graph.role("label"), graph.role("alternative"), *more))
    said = f"VALUES ?p {{ {' '.join(map(str, roles))} }}"
    text = f"SELECT DISTINCT ?s ?p ?o WHERE {{ {which} {said} ?s ?p ?o }}"
    rows = endpoint.read_rows(all_rows(endpoint, text))
    for row in rows if isinstance(rows, ox.QuerySolutions) else ():
        graph.store.add(ox.Quad(row["s"], row["p"], row["o"], ox.NamedNode(endpoint.url)))
