"""Reads a graph for people: names, texts and fields in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.iri import split
from jkgraph.kinds import Field, Kind, Kinds, is_class, read_kinds
from jkgraph.loading import with_shapes
from jkgraph.lookup import folded
from jkgraph.messages import did_you_mean


@contextmanager
def told_in(language: str) -> Iterator[None]:
    """Word what goes wrong in a language."""
    try:
        yield
    except JkgraphError as error:
        error.language = language
        raise


class Reader:
    """Reads what a graph says as values of Python, in one language."""

    def __init__(self, graph: Graph, language: str) -> None:
        self.graph, self.language = graph, language
        self._known: dict[tuple[str, str], ox.NamedNode] = {}

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of the workspace."""
        return read_kinds(with_shapes(self.graph))

    def kind(self, node: ox.NamedNode) -> Kind | None:
        """Return the kind of a resource."""
        return self.kinds.of(self.graph.objects(node, TYPE))

    def label(self, node: ox.NamedNode) -> str:
        """Return the name of a resource."""
        return self.graph.label(node, self.language)

    def choose(self, texts: Mapping[str, str]) -> str:
        """Return a text in the language, else in another."""
        return self.graph.workspace.choose(texts, self.language)

    def in_language(self, terms: Iterable[Term]) -> list[Term]:
        """Return terms in a fixed order; of texts in several languages only those in one."""
        return self.graph.in_language(sorted(terms, key=str), self.language)

    def field(self, predicate: ox.NamedNode, kind: Kind | None) -> str:
        """Return the name of a field: as the form of a kind has it, else that of the property."""
        fields = kind.by_path().get(predicate.value, ()) if kind else ()
        return (self.choose(fields[0].name) if fields else "") or self.label(predicate)

    def predicate(self, name: str, kind: Kind | None) -> ox.NamedNode:
        """Return the property that a person means by a name; an unknown one is an error."""
        key = name, kind.name if kind else ""
        if key not in self._known:
            self._known[key] = self._meant(name, kind.fields if kind else ())
        return self._known[key]

    def _meant(self, name: str, fields: Sequence[Field]) -> ox.NamedNode:
        named = {text: f.path for f in reversed(fields) for text in f.name.values()}
        named |= self._properties
        folds = {folded(known): path for known, path in reversed(named.items())}
        path = named.get(name) or folds.get(folded(name))
        if path is None:
            raise JkgraphError("no-such-field", name=name, hint=did_you_mean(name, named))
        return path

    @cached_property
    def _properties(self) -> Mapping[str, ox.NamedNode]:
        """Every property by its names: those in use, and those that the ontology declares."""
        graph = self.graph
        own = (term for term in graph.own_terms() if not is_class(graph, term))
        used = (row["p"] for row in graph.select("SELECT DISTINCT ?p { ?s ?p ?o }"))
        nodes = [*own, *sorted(used, key=str)]
        names = (
            [(split(node.value)[1], node) for node in nodes],
            [(graph.addresses.compact(node.value), node) for node in nodes],
            [(self.label(node), node) for node in nodes],
        )
        # A local name goes before a label, and the workspace's own term before others.
        return dict(reversed([pair for pairs in names for pair in pairs]))
