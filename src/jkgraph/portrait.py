"""A record in plain text: what it says, what follows, and what links to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from jkgraph.graph import INFERRED, TYPE, Graph, Term
from jkgraph.kinds import Kinds
from jkgraph.messages import visible

INDENT = "    "


def portrait(graph: Graph, kinds: Kinds, record: ox.NamedNode, language: str) -> str:
    """Return the text for a record of a graph that holds what follows from it."""
    return visible("\n".join(_Portrait(graph, kinds, language).lines(record)))


class _Portrait:
    def __init__(self, graph: Graph, kinds: Kinds, language: str) -> None:
        self._graph, self._kinds, self._language = graph, kinds, language

    def lines(self, record: ox.NamedNode) -> Iterator[str]:
        kind = self._kinds.of(self._graph.objects(record, TYPE))
        name = kind.label.get(self._language, "") if kind else ""
        yield f"{self._graph.label(record, self._language)} ({name})"
        yield f"{self._graph.addresses.compact(record.value)}  {self._graph.file_of(record) or ''}"
        yield ""
        stated = list(self._graph.document(record).triples)
        yield from self._facts(record, stated, set(), "")
        follows = self._graph.store.quads_for_pattern(record, None, None, INFERRED)
        inferred = sorted((q.triple for q in follows if q.predicate != TYPE), key=str)
        if inferred:
            yield f"\n{self._graph.workspace.catalogue.word('show.inferred', self._language)}"
            yield from self._rows(inferred, INDENT)

    def _facts(
        self, subject: Term, triples: list[ox.Triple], seen: set[Term], indent: str
    ) -> Iterator[str]:
        own = [t for t in triples if t.subject == subject and t.predicate != TYPE]
        parts = {t.subject for t in triples} - seen - {subject}
        for label, values in self._by_property(own):
            for value in values:
                if value in parts:
                    yield f"{indent}{label}:"
                    yield from self._facts(value, triples, seen | {subject}, indent + INDENT)
                else:
                    yield f"{indent}{label}: {self._shown(value)}"

    def _rows(self, triples: Iterable[ox.Triple], indent: str) -> Iterator[str]:
        for label, values in self._by_property(list(triples)):
            for value in values:
                yield f"{indent}{label}: {self._shown(value)}"

    def _by_property(self, triples: list[ox.Triple]) -> Iterator[tuple[str, list[Term]]]:
        for predicate in dict.fromkeys(t.predicate for t in triples):
            label = self._graph.label(predicate, self._language)
            yield label, [t.object for t in triples if t.predicate == predicate]

    def _shown(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            label = self._graph.label(term, self._language)
            return f"{label} ({self._graph.addresses.compact(term.value)})"
        tag = f" [{term.language}]" if isinstance(term, ox.Literal) and term.language else ""
        return f"{getattr(term, 'value', term)}{tag}"
