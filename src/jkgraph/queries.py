"""Saved queries and rules: SPARQL files with a header that says what they are for.

The header is the run of comment lines on top: ``# Key@language: text``. A query has a
Title, a Description, a View, and Parameters: ``# Parameter: ?name type``. The default of
a parameter stands in the query itself, as ``VALUES ?name { … }``, so that every query is
complete SPARQL; another value takes the place of that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

import pyoxigraph as ox

from jkgraph.errors import JkgraphError, unreadable
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.iri import kebab, split
from jkgraph.messages import NOTHING, did_you_mean

XSD = "http://www.w3.org/2001/XMLSchema#"
HEADER = re.compile(r"#\s*([A-Z][a-z]+)(?:@([a-z]{2}))?:\s*(.*)")
# Strings, IRIs and comments hold no names; variables and tags are not names.
QUIET = re.compile(
    r'"""(?s:.)*?"""|\'\'\'(?s:.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*'
)
NAME = re.compile(r"(?<![\w?$@:.-])([A-Za-z][\w-]*)?:([A-Za-z0-9_][\w-]*)?")
DECLARED = re.compile(r"\bPREFIX\s+([\w-]*):", re.IGNORECASE)
REMOTE = re.compile(r"\bSERVICE\b", re.IGNORECASE)


@dataclass(frozen=True)
class Parameter:
    """A variable that a reader fills in: its class or datatype, and its value by default."""

    name: str
    type: ox.NamedNode
    default: str


@dataclass(frozen=True)
class Query:
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
    values = _values_clause(variable[1:]).search(text)
    if not variable.startswith("?") or not kind or values is None:
        raise JkgraphError("bad-parameter", query=query, text=declared)
    return Parameter(variable[1:], graph.term(kind.strip()), values[1].strip())


def _values_clause(name: str) -> re.Pattern[str]:
    return re.compile(rf"\bVALUES\s+\?{re.escape(name)}\s*\{{([^{{}}]*)\}}", re.IGNORECASE)


def fill(graph: Graph, query: Query, given: Mapping[str, str]) -> str:
    """Return the SPARQL text with the given parameters in the place of the defaults."""
    known = {p.name: p for p in query.parameters}
    text = query.text
    for name, value in given.items():
        if name not in known:
            hint = did_you_mean(name, known)
            raise JkgraphError("unknown-parameter", name=name, query=query.name, hint=hint)
        term = _read_value(graph, known[name].type, value)
        clause = f"VALUES ?{name} {{ {term} }}"
        text = _values_clause(name).sub(lambda _, clause=clause: clause, text, 1)  # type: ignore[misc]  # bound at once
    return text


def standalone(graph: Graph, query: Query) -> str:
    """Return the SPARQL text with a PREFIX line for each prefix in use, below its header."""
    known = graph.addresses.prefixes
    used = sorted({prefix for prefix, _ in names(query.text)} & known.keys())
    lines = [f"PREFIX {prefix}: <{known[prefix]}>\n" for prefix in used]
    text = query.text.splitlines(keepends=True)
    header = next((n for n, line in enumerate(text) if not line.startswith("#")), len(text))
    return "".join((*text[:header], "\n", *lines, *text[header:]))


def _read_value(graph: Graph, kind: ox.NamedNode, text: str) -> Term:
    """Read what a person typed: a literal, a compact name, or only a slug of the class."""
    if kind.value.startswith(XSD):
        return ox.Literal(text, datatype=kind)
    classes = graph.below(kind)
    prefixes = (kebab(split(cls.value)[1]) for cls in classes)
    names = (
        [text]
        if ":" in text
        else [f"{p}:{text}" for p in prefixes if p in graph.addresses.prefixes]
    )
    terms = [graph.term(name) for name in names]
    for term in terms:
        if graph.has(term):
            return term
    nodes = (node for cls in classes for node in graph.subjects(TYPE, cls))
    known = [graph.addresses.compact(node.value) for node in nodes]
    hints = (did_you_mean(name, known) for name in names)
    hint = next((hint for hint in hints if hint != NOTHING), NOTHING)
    raise JkgraphError("unknown-value", name=text, hint=hint)


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
    names = tuple(v.value for v in results.variables)
    return Table(names, tuple(tuple(row[n] for n in names) for row in results))


def solutions(graph: Graph, text: str, name: str = "-e") -> Solutions:
    """Run SPARQL and return the store's own results, which it can write by itself."""
    if REMOTE.search(QUIET.sub(" ", text)):
        raise JkgraphError("remote-query", query=name)
    require_prefixes(graph, text, name)
    try:
        return graph.store.query(
            text, prefixes=dict(graph.addresses.prefixes), use_default_graph_as_union=True
        )
    except (SyntaxError, ValueError, RuntimeError) as error:
        # The list of all that might have stood there is of no help.
        reason = shorten(str(error), 200, placeholder=" …")
        raise JkgraphError("bad-query", query=name, reason=reason) from error


def require_prefixes(graph: Graph, text: str, name: str) -> None:
    """Refuse an unknown prefix by name: the store's own message does not tell which."""
    declared = {*graph.addresses.prefixes, *DECLARED.findall(text)}
    for prefix, _ in names(text):
        if prefix not in declared and prefix != "_":
            hint = did_you_mean(prefix, declared)
            raise JkgraphError("query-prefix", query=name, name=prefix, hint=hint)


def names(text: str) -> list[tuple[str, str]]:
    """Return the prefixed names in a SPARQL text, as prefix and local name."""
    return [(m[1] or "", m[2] or "") for m in NAME.finditer(QUIET.sub(" ", text)) if m[0] != ":"]


def unknown_terms(graph: Graph, text: str, terms: Iterable[str]) -> list[str]:
    """Return the names in the workspace's own namespace that are not among its terms."""
    known = set(terms)
    own = {
        p for p, namespace in graph.addresses.prefixes.items() if namespace == graph.addresses.terms
    }
    return [
        local
        for prefix, local in dict.fromkeys(names(text))
        if prefix in own and local not in known
    ]
