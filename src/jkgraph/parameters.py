"""The values that a reader fills in for the parameters of a saved query.

A value is read as a term, checked against the class or datatype of its parameter, and
written into the query by the library of the store: text of a reader never becomes SPARQL.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.iri import split
from jkgraph.lookup import find
from jkgraph.messages import Message, did_you_mean
from jkgraph.queries import XSD, Parameter, Query, values_clause


def fill(graph: Graph, query: Query, given: Mapping[str, str]) -> str:
    """Return the SPARQL text with the given values in the place of the defaults."""
    known = {p.name: p for p in query.parameters}
    text = query.text
    for name, value in given.items():
        if name not in known:
            hint = did_you_mean(name, known)
            raise JkgraphError("unknown-parameter", name=name, query=query.name, hint=hint)
        clause = f"VALUES ?{name} {{ {_read(graph, known[name], value)} }}"
        text = values_clause(name).sub(lambda _, clause=clause: clause, text, 1)  # type: ignore[misc]  # bound at once
    return text


def _read(graph: Graph, parameter: Parameter, text: str) -> Term:
    """Read what a person typed: a literal, or a resource of the class by any of its names."""
    kind = parameter.type
    if kind.value.startswith(XSD):
        return _literal(graph, parameter, text)
    node = named(graph, text)
    if node is not None and graph.has(node):
        if any(graph.has(node, TYPE, cls) for cls in graph.below(kind)):
            return node
        labels = {lang: graph.label(kind, lang) for lang in graph.workspace.languages}
        wanted = Message(texts=labels)
        raise JkgraphError("wrong-kind", name=text, parameter=parameter.name, kind=wanted)
    return find(graph, graph.instances([kind]), text)


def named(graph: Graph, text: str) -> ox.NamedNode | None:
    """Read a compact name or an address; None for any other text."""
    iri = graph.addresses.expand(text)
    try:
        return ox.NamedNode(iri) if iri else None
    except ValueError:
        return None


def _literal(graph: Graph, parameter: Parameter, text: str) -> ox.Literal:
    # Not at the top: the checks are many, and few parameters have a datatype.
    from jkgraph.lexical import is_well_formed

    if is_well_formed(text, parameter.type.value):
        return ox.Literal(text, datatype=parameter.type)
    kind = graph.addresses.compact(parameter.type.value)
    raise JkgraphError("wrong-value", name=text, parameter=parameter.name, kind=kind)


def example(query: Query) -> str:
    """Return the command that asks a saved query, with the values by default."""
    values = (f"--param {p.name}={_short(p.default)}" for p in query.parameters)
    return " ".join(["jkgraph query", query.name, *values])


def _short(default: str) -> str:
    """Return the shortest way to give a default on the command line."""
    if default[:1] in {'"', "'"}:
        return default.strip("\"'")
    return split(default.strip("<>"))[1].rpartition(":")[2]
