"""Saved queries and rules: SPARQL files with a header that says what they are for.

The header is the run of comment lines on top: ``# Key@language: text``. A query has a
Title, a Description, a View, and Parameters: ``# Parameter: ?name type``. The default of
a parameter stands in the query itself, as ``VALUES ?name { … }``, so that every query is
complete SPARQL; another value takes the place of that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError, unreadable
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.messages import did_you_mean
from jkgraph.sparql import (
    Name,
    declared,
    fault,
    has_dataset,
    is_remote,
    names,
    require_prefixes,
    used,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
HEADER = re.compile(r"#\s*([A-Z][a-z]+)(?:@([a-z]{2}))?:\s*(.*)")


class Parameter(NamedTuple):
    """A variable that a reader fills in: its class or datatype, and its value by default."""

    name: str
    type: ox.NamedNode
    default: str


class Query(NamedTuple):
    """A SPARQL text with its header: texts by key and language, and parameters."""

    name: str
    text: str
    texts: Mapping[str, Mapping[str, str]]
    parameters: tuple[Parameter, ...] = ()

    def header(self, key: str) -> str:
        """Return a header value that has no language; empty when it is not there."""
        return self.texts.get(key, {}).get("", "")


@dataclass(frozen=True)
class Table:
    """The rows of a SELECT query, a value or nothing for every variable."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


class Dataset(NamedTuple):
    """The graphs that a question is asked of: those taken together, and those asked by name."""

    default: tuple[ox.NamedNode, ...] = ()
    named: tuple[ox.NamedNode, ...] = ()


Result = Table | bool | tuple[ox.Triple, ...]
Solutions = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def saved_queries(graph: Graph) -> dict[str, Path]:
    """Return the files of the saved queries of the workspace by name."""
    return {p.stem: p for p in sorted(graph.workspace.queries.glob("*.rq"))}


def saved_query(graph: Graph, name: str) -> Query:
    """Read a saved query by name; a misspelt name is an error that names the nearest."""
    folder = graph.workspace.queries
    path = folder / f"{name}.rq"
    if path.parent != folder or not path.is_file():
        hint = did_you_mean(name, saved_queries(graph))
        raise JkgraphError("unknown-query", name=name, hint=hint)
    return read_query(graph, path)


def read_query(graph: Graph, path: Path) -> Query:
    """Read a query file with its header."""
    try:
        return parse_query(graph, path.stem, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error


def parse_query(graph: Graph, name: str, text: str) -> Query:
    """Read the header of a SPARQL text."""
    texts: dict[str, dict[str, str]] = {}
    parameters = []
    for key, language, value in _header_lines(text):
        if key == "Parameter":
            parameters.append(_parameter(graph, name, text, value))
        else:
            texts.setdefault(key, {})[language] = value
    return Query(name, text, texts, tuple(parameters))


def _header_lines(text: str) -> Iterator[tuple[str, str, str]]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            return
        if match := HEADER.match(line):
            yield match[1], match[2] or "", match[3].strip()


def _parameter(graph: Graph, query: str, text: str, declared: str) -> Parameter:
    variable, _, kind = declared.partition(" ")
    values = values_clause(variable[1:]).search(text)
    if not variable.startswith("?") or not kind or values is None:
        raise JkgraphError("bad-parameter", query=query, text=declared)
    return Parameter(variable[1:], graph.term(kind.strip()), values[1].strip())


def values_clause(name: str) -> re.Pattern[str]:
    """Return what finds the value by default of a parameter in the text of a query."""
    return re.compile(rf"\bVALUES\s+\?{re.escape(name)}\s*\{{([^{{}}]*)\}}", re.IGNORECASE)


def standalone(graph: Graph, query: Query) -> str:
    """Return the SPARQL text with a PREFIX line for each prefix in use, below its header."""
    known = graph.addresses.prefixes
    own = declared(query.text).keys()
    used = sorted({name.prefix for name in names(query.text)} & known.keys() - own)
    lines = [f"PREFIX {prefix}: <{known[prefix]}>\n" for prefix in used]
    text = query.text.splitlines(keepends=True)
    header = next((n for n, line in enumerate(text) if not line.startswith("#")), len(text))
    return "".join((*text[:header], "\n", *lines, *text[header:]))


def parse_term(graph: Graph, text: str) -> Term:
    """Read one term as it stands in a query: a compact name, an IRI, or a literal."""
    if text[:1] in {'"', "'"}:
        statement = f"<urn:s> <urn:p> {text} ."
        objects: list[Term] = [q.object for q in ox.parse(statement, ox.RdfFormat.TURTLE)]
        return objects[0]
    return graph.term(text)


def run(graph: Graph, text: str, name: str = "-e") -> Result:
    """Run SPARQL over everything that is loaded; a faulty query is an error."""
    results = solutions(graph, text, name)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    if isinstance(results, ox.QueryTriples):
        return tuple(dict.fromkeys(results))
    # By name, each value of a row would be looked up in the list of variables.
    return Table(tuple(v.value for v in results.variables), tuple(map(tuple, results)))


def solutions(
    graph: Graph, text: str, name: str = "-e", dataset: Dataset | None = None
) -> Solutions:
    """Run SPARQL and return the store's own results, which it can write by itself.

    Without a ``dataset``, and without one in the text (FROM), all graphs are asked as one.
    """
    if is_remote(text):
        raise JkgraphError("remote-query", query=name)
    require_prefixes(name, text, graph.addresses.prefixes)
    try:
        return graph.store.query(
            text,
            prefixes=dict(graph.addresses.prefixes),
            use_default_graph_as_union=dataset is None and not has_dataset(text),
            default_graph=list(dataset.default) if dataset else None,
            named_graphs=list(dataset.named) if dataset else None,
        )
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise fault(name, text, str(error)) from error


def unknown_terms(graph: Graph, text: str) -> list[Name]:
    """Return the names in the workspace's own namespace that are not among its terms, once."""
    spaces, terms = namespaces(graph, text), graph.addresses.terms
    own = {n.local: n for n in names(text) if spaces.get(n.prefix) == terms}
    return [n for n in own.values() if not graph.has(ox.NamedNode(terms + n.local), TYPE)]


def namespaces(graph: Graph, text: str) -> dict[str, str]:
    """Return what the prefixes in a query stand for: its own go for those of the workspace."""
    return {**graph.addresses.prefixes, **declared(text)}


def unused_names(graph: Graph, text: str) -> Iterator[Name]:
    """Yield the names that a query looks for and of which the graph says nothing, each once.

    Such a name finds nothing, in silence.
    """
    found = {(name.prefix, name.local): name for name in used(text)}
    spaces = namespaces(graph, text)
    for (prefix, local), name in found.items():
        space = spaces.get(prefix)
        if not space or space == XSD or not local:
            continue
        node = ox.NamedNode(space + local)
        if not (graph.has(node) or graph.has(None, node) or graph.has(None, None, node)):
            yield name


def names_in_use(graph: Graph, namespace: str) -> list[str]:
    """Return the local names in a namespace of which the graph says something."""
    query = f"""SELECT DISTINCT ?x WHERE {{ {{ ?x a ?c }} UNION {{ ?s ?x ?o }}
        FILTER(STRSTARTS(STR(?x), "{namespace}")) }}"""
    return sorted(row["x"].value.removeprefix(namespace) for row in graph.select(query))
