"""Finding records by words: in what they are called, and in what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph, is_withdrawn
from jkgraph.lookup import folded
from jkgraph.messages import did_you_mean

WORD = re.compile(r"\w+")


def search(graph: Graph, text: str, language: str) -> list[ox.NamedNode]:
    """Return the records that hold all words of a text, those that are called so first."""
    words = WORD.findall(folded(text))
    every = list(_texts(graph))
    found = []
    for record in graph.records():
        told = [folded(" ".join(by_node.get(record.value, ()))) for by_node in every]
        ranks = [rank for word in words if (rank := _rank(told, word)) is not None]
        if words and len(ranks) == len(words) and not is_withdrawn(graph, record):
            label = graph.label(record, language)
            found.append((max(ranks), sum(ranks), len(label), label, record))
    return [record for *_, record in sorted(found, key=lambda one: (one[:-1], one[-1].value))]


def _texts(graph: Graph) -> Iterator[Mapping[str, list[str]]]:
    """Yield what names and summaries say of everything, the names first."""
    names = graph.role("label"), graph.role("alternative"), graph.role("sought")
    for role in (*filter(None, names), *graph.roles("summary")):
        yield {
            node: [value.value for value in values if isinstance(value, ox.Literal)]
            for node, values in graph.said(role).items()
        }


def _rank(told: list[str], word: str) -> int | None:
    """Return the place of the first text in which a word begins so, else of one that has it."""
    begun = re.compile(rf"\b{re.escape(word)}")
    places = [number for number, text in enumerate(told) if begun.search(text)]
    inside = [number + len(told) for number, text in enumerate(told) if word in text]
    return min((*places, *inside), default=None)


def nothing_found(graph: Graph, text: str) -> JkgraphError:
    """Return the error that no record holds all words of a text, which names the nearest word."""
    named = next(_texts(graph), {})
    said = (told for texts in named.values() for told in texts)
    known = sorted({word for told in said for word in WORD.findall(told)})
    folds = "\n".join(map(folded, known))
    odd = next((word for word in WORD.findall(folded(text)) if word not in folds), text)
    return JkgraphError("nothing-found", text=text, hint=did_you_mean(odd, known))
