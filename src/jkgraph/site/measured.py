"""The measurements of quality as a page shows them, read from the published description.

So the page and the data cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import pyoxigraph as ox

from jkgraph.graph import by_language
from jkgraph.iri import split
from jkgraph.site.quality import DECIMAL
from jkgraph.site.saying import term
from jkgraph.wording import number
from jkgraph.workspace import Workspace


class Measured(NamedTuple):
    """A measurement in words.

    ``file`` is the name of the file that was measured, and empty for the data as a whole.
    """

    dimension: str
    name: str
    text: str
    file: str
    value: str
    told: str


def read_measured(
    content: bytes, workspace: Workspace, language: str
) -> list[tuple[str, list[Measured]]]:
    """Read the measurements in a description (N-Triples), by dimension, in a language."""
    found = sorted(_read(content, workspace, language), key=lambda m: (m.dimension, m.name, m.file))
    return [(name, list(some)) for name, some in groupby(found, key=lambda m: m.dimension)]


def _read(content: bytes, workspace: Workspace, language: str) -> Iterator[Measured]:
    store = ox.Store()
    store.load(content, ox.RdfFormat.N_TRIPLES)

    def values(node: Any, name: str) -> list[Any]:
        return [q.object for q in store.quads_for_pattern(node, term(name), None)]

    def text(node: Any, name: str) -> str:
        return workspace.choose(by_language(values(node, name)), language)

    def say(key: str, **more: str) -> str:
        return workspace.catalogue.word(key, language, **more)

    def told(value: ox.Literal) -> str:
        if value.datatype != DECIMAL:
            return number(value.value, say)
        percentage = f"{Decimal(value.value) * 100:.1f}".removesuffix(".0")
        return say("page.percent", number=number(percentage, say))

    for quad in store.quads_for_pattern(None, term("dqv:isMeasurementOf"), None):
        node, metric = quad.subject, quad.object
        (about,), (value,) = values(node, "dqv:computedOn"), values(node, "dqv:value")
        (dimension,) = values(metric, "dqv:inDimension")
        name = split(about.value)[1]
        yield Measured(
            dimension=say(f"quality.{split(dimension.value)[1]}"),
            name=text(metric, "skos:prefLabel"),
            text=text(metric, "skos:definition"),
            file=name if "." in name else "",
            value=told(value),
            told=text(node, "rdfs:comment"),
        )
