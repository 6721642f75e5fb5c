"""What a person may mean to type next: names, words of SPARQL, values of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from heapq import nsmallest
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import Graph, by_language
from jkgraph.iri import split
from jkgraph.lookup import folded
from jkgraph.queries import XSD, Query
from jkgraph.sparql import WORDS, quiet

# More than anybody reads.
MOST = 60
LAST = re.compile(r"(?<![\w:<])[?$]?[\w-]*:?[\w-]*$")
VARIABLE = re.compile(r"[?$]\w+")


class Suggestion(NamedTuple):
    """A text that may take the place of the last signs before the cursor, and what it means."""

    text: str
    replaced: int = 0
    told: str = ""


class Named(NamedTuple):
    """Something in the graph: how it is written, and what it is called."""

    compact: str
    label: str

    def rank(self, typed: str) -> int | None:
        """Return how well it fits what was typed, 0 the best; None when it does not."""
        local, label = self.compact.partition(":")[2].casefold(), folded(self.label)
        if local.startswith(typed):
            return 0
        if label.startswith(typed) or f" {typed}" in label:
            return 1
        return 2 if typed in local or typed in label else None


class Suggester:
    """Suggests how a text goes on, from what a graph holds."""

    def __init__(self, graph: Graph, language: str) -> None:
        self._graph, self._language = graph, language

    def sparql(self, before: str, whole: str) -> Iterator[Suggestion]:
        """Suggest how a query goes on, of which a part stands before the cursor."""
        seen = quiet(before)
        match = LAST.search(seen)
        if match is None or not match[0] or {'"', "'"} & set(seen):
            return
        typed = match[0]
        if typed[0] in "?$":
            known = dict.fromkeys(VARIABLE.findall(quiet(whole)))
            found = (name for name in known if name.startswith(typed) and name != typed)
            yield from (Suggestion(name, len(typed)) for name in found)
            return
        prefix, colon, local = typed.partition(":")
        if not colon:
            words = sorted(word for word in WORDS if word.startswith(typed.upper()))
            prefixes = sorted(p for p in self._graph.addresses.prefixes if p.startswith(typed))
            yield from (Suggestion(text, len(typed)) for text in words)
            yield from (Suggestion(f"{p}:", len(typed), "…") for p in prefixes)
            yield from self._fitting(self._named, typed, len(typed))
        else:
            inside = (n for n in self._named if n.compact.startswith(f"{prefix}:"))
            yield from self._fitting(inside, local, len(typed))

    def records(self, typed: str) -> Iterator[Suggestion]:
        """Suggest records by slug or by any word of their names."""
        every = {self._graph.addresses.compact(node.value) for node in self._graph.records()}
        return self._fitting((n for n in self._named if n.compact in every), typed, len(typed))

    def parameters(self, query: Query, typed: str) -> Iterator[Suggestion]:
        """Suggest a parameter of a saved query, and behind the equals sign its value."""
        name, equals, start = typed.partition("=")
        for parameter in query.parameters:
            if not equals and parameter.name.startswith(name):
                yield Suggestion(f"{parameter.name}=", len(name), self._label(parameter.type))
            elif equals and parameter.name == name:
                yield from values(self._graph, parameter.type, start, self._language)

    def _fitting(self, named: Iterable[Named], typed: str, replaced: int) -> Iterator[Suggestion]:
        folds = folded(typed)
        ranked = ((rank, len(n.compact), n) for n in named if (rank := n.rank(folds)) is not None)
        best = nsmallest(MOST, ranked, key=lambda one: (*one[:2], one[2].compact))
        yield from (Suggestion(n.compact, replaced, n.label) for *_, n in best)

    def _label(self, node: ox.NamedNode) -> str:
        return self._graph.label(node, self._language)

    @cached_property
    def _named(self) -> list[Named]:
        """Everything that has a name, and every property in use."""
        graph, role = self._graph, self._graph.role("label")
        said = graph.said(role) if role else {}
        used = (row["x"].value for row in graph.select("SELECT DISTINCT ?x { ?s ?x ?o }"))
        every = {graph.addresses.compact(iri): iri for iri in (*said, *used) if ":" in iri}
        return [
            Named(name, graph.workspace.choose(by_language(said.get(iri, ())), self._language))
            for name, iri in sorted(every.items())
            if not name.startswith("<")
        ]


def values(graph: Graph, kind: ox.NamedNode, typed: str, language: str) -> Iterator[Suggestion]:
    """Suggest resources of a class by slug or name; a datatype has none."""
    if kind.value.startswith(XSD):
        return
    for node in graph.instances([kind]):
        slug, label = split(node.value)[1], graph.label(node, language)
        if Named(f":{slug}", label).rank(folded(typed)) is not None:
            yield Suggestion(slug, len(typed), label)
