"""The records of a workspace, as a server holds them instead of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.iri import Addresses, is_slug, split
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.layout import Layout
from jkgraph.loading import load_file, load_terms
from jkgraph.remote.paging import all_rows
from jkgraph.remote.protocol import Endpoint
from jkgraph.workspace import Workspace

# The state of a publication that goes on, or was broken off.
BEGUN = "http://purl.org/adms/status/UnderDevelopment"


def load_records(workspace: Workspace, endpoint: Endpoint) -> Graph:
    """Load ontology and shapes of a workspace, and its records from a server.

    Each record gets the text that its file would have in the canonical form.
    """
    graph = load_terms(workspace)
    kinds = read_kinds(graph)
    layout = Layout(graph, kinds)
    for record, triples in sorted(_by_record(graph.addresses, kinds, stated(graph, endpoint))):
        folder, slug = graph.addresses.kind_and_slug(record) or ("", "")
        if not is_slug(slug):
            raise JkgraphError("endpoint-odd-record", url=endpoint.name, record=record)
        path = workspace.record_path(folder, slug)
        text = layout.text(path, triples)
        if found := load_file(graph, workspace.relative(path), text.encode(), graph.store):
            raise JkgraphError("unreadable", file=record, reason=found.message)
    if not graph.records():
        raise JkgraphError("endpoint-empty", url=endpoint.name, start=graph.addresses.records)
    return graph


def stated(graph: Graph, endpoint: Endpoint) -> Iterator[ox.Triple]:
    """Yield what a server states: all but what follows, where it keeps that apart.

    Raises JkgraphError when somebody is publishing, or was kept from going on with it.
    """
    own = graph.addresses
    if endpoint.is_true(f"GRAPH <{own.publication}> {{ ?s ?p <{BEGUN}> }}"):
        raise JkgraphError("endpoint-unfinished", url=endpoint.name)
    if is_published(own, endpoint):
        text = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{own.asserted}> {{ ?s ?p ?o }} }}"
    else:
        text = f"""SELECT DISTINCT ?s ?p ?o WHERE {{
            {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{own.inferred}>) }}
            FILTER(isBlank(?s) || STRSTARTS(STR(?s), "{own.records}")) }}"""
    rows = endpoint.read_rows(all_rows(endpoint, text))
    for row in rows if isinstance(rows, ox.QuerySolutions) else ():
        yield ox.Triple(_nameless(own, row["s"]), row["p"], _nameless(own, row["o"]))


def is_published(own: Addresses, endpoint: Endpoint) -> bool:
    """Tell whether a server has the named graph that `publish` makes."""
    return endpoint.is_true(f"GRAPH <{own.asserted}> {{ ?s ?p ?o }}")


def _nameless(own: Addresses, term: Any) -> Any:
    """Return a blank node again for what was published as an address of its own."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(own.nameless):
        return ox.BlankNode(split(term.value)[1])
    return term


def _by_record(
    own: Addresses, kinds: Kinds, triples: Iterable[ox.Triple]
) -> Iterable[tuple[str, list[ox.Triple]]]:
    """Group triples by the record that they are about; those about anything else are left out."""
    found: dict[str, list[ox.Triple]] = {}
    nameless: dict[object, list[ox.Triple]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            nameless.setdefault(triple.subject, []).append(triple)
            continue
        folder, slug = own.kind_and_slug(getattr(triple.subject, "value", "")) or ("", "")
        if folder in kinds.by_name:
            found.setdefault(own.record(folder, slug), []).append(triple)
    for said in found.values():
        # What has no name belongs to what leads to it; the list grows while it is read.
        for triple in said:
            said.extend(nameless.pop(triple.object, ()))
    return found.items()
