"""Makes a query ready to be asked: filled in, and looked at for names that find nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.messages import Message, did_you_mean
from jkgraph.parameters import fill
from jkgraph.queries import Query, names_in_use, namespaces, unknown_terms, unused_names
from jkgraph.sparql import place


def prepared(graph: Graph, query: Query, given: Mapping[str, str]) -> Query:
    """Return a query with the given values in it; a misspelt term is an error."""
    text = fill(graph, query, given)
    require_known_terms(graph, text, query.name)
    return query._replace(text=text)


def require_known_terms(graph: Graph, text: str, name: str) -> None:
    """Refuse a misspelt term in SPARQL: an empty answer to it would read as an answer."""
    for term in unknown_terms(graph, text):
        at, hint = place(name, text, term.offset), did_you_mean(term.local, graph.own_names())
        raise JkgraphError("query-term", place=at, name=f"{term.prefix}:{term.local}", hint=hint)


def notes(graph: Graph, asked: Query) -> Iterator[Message]:
    """Yield a note for each name that finds nothing, as the graph says nothing of it."""
    spaces = namespaces(graph, asked.text)
    for name in unused_names(graph, asked.text):
        near = names_in_use(graph, spaces[name.prefix])
        at, hint = place(asked.name, asked.text, name.offset), did_you_mean(name.local, near)
        said = {"place": at, "name": f"{name.prefix}:{name.local}", "hint": hint}
        yield Message("query.unused", said)
