"""New records, and the canonical form of old ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.layout import Layout
from jkgraph.scaffold import Start, new_record
from jkgraph.turtle import CommentsWouldBeLost, TurtleSyntaxError, parse

TODAY = date(2026, 2, 28)
LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")


@pytest.fixture
def kinds(graph: Graph) -> Kinds:
    return read_kinds(graph)


def _new(graph: Graph, kinds: Kinds, label: str, slug: str = "", language: str = "en") -> Path:
    start = Start(label, language, TODAY, slug)
    return new_record(graph, kinds, kinds.by_name["bridge"], start)


def test_a_new_record_says_what_is_known_and_hints_at_the_rest(graph: Graph, kinds: Kinds) -> None:
    path = _new(graph, kinds, "Rode brug")

    assert graph.workspace.relative(path) == "data/bridge/rode-brug.ttl"
    text = path.read_text("utf-8")
    said = {(t.predicate.value.rpartition("#")[2], t.object.value) for t in parse(text).triples}
    assert ("prefLabel", "Rode brug") in said
    assert ("status", "https://example.org/bruggen/id/status/in-bewerking") in said
    assert "2026-02-28" in text
    for field in kinds.by_name["bridge"].fields:
        assert field.description["en"] in text
    assert "    #>   br:crosses water:… ;\n" in text
    assert '    #>   br:length "…"^^xsd:decimal ;\n' in text


def test_the_hints_are_in_the_language_of_the_reader(graph: Graph, kinds: Kinds) -> None:
    dutch = _new(graph, kinds, "Rode brug", language="nl").read_text("utf-8")

    assert "#> lengte in meters (als het bekend is): Hoe lang de brug is." in dutch
    assert "#> gaat over (verplicht): " in dutch


def test_any_name_gives_a_file_that_can_be_read(graph: Graph, kinds: Kinds) -> None:
    @settings(max_examples=50)
    @given(st.text(min_size=1))
    def holds(label: str) -> None:
        path = _new(graph, kinds, label, slug="nieuw")
        text = path.read_text("utf-8")
        path.unlink()

        (name,) = [t.object.value for t in parse(text).triples if t.predicate == LABEL]
        assert name == " ".join(label.replace("\0", " ").split())

    holds()


@pytest.mark.parametrize("slug", ["Rode", "rode brug", "../x", "x" * 65, "nul", "-x", "rode_brug"])
def test_a_slug_that_is_none_is_refused(graph: Graph, kinds: Kinds, slug: str) -> None:
    with pytest.raises(JkgraphError) as caught:
        _new(graph, kinds, "Rode brug", slug)

    assert caught.value.message.key == "error.bad-slug"


def test_a_record_that_exists_is_left_as_it_is(graph: Graph, kinds: Kinds) -> None:
    path = graph.workspace.record_path("bridge", "spoorbrug")
    before = path.read_bytes()

    with pytest.raises(JkgraphError) as caught:
        _new(graph, kinds, "Spoorbrug")

    assert caught.value.message.key == "error.record-exists"
    assert path.read_bytes() == before


def test_the_canonical_form_has_one_order_for_all(graph: Graph, kinds: Kinds) -> None:
    path = graph.workspace.record_path("bridge", "oude-steenbrug")
    text = path.read_text("utf-8")
    head, record, part = text.split("\n\n")
    lines = [line.rstrip(" ;.") for line in record.replace(" ,\n       ", ",").splitlines()]
    mixed = f"{head}\n{part}\n{lines[0]};\n" + ";\n".join(reversed(lines[1:])) + " .\n#> klaar\n"

    assert Layout(graph, kinds).canonical(path, mixed) == text
    assert Layout(graph, kinds).canonical(path, text) == text


def test_what_would_be_lost_is_refused(graph: Graph, kinds: Kinds) -> None:
    path = graph.workspace.record_path("bridge", "spoorbrug")
    text = path.read_text("utf-8")

    with pytest.raises(CommentsWouldBeLost):
        Layout(graph, kinds).canonical(path, f"{text}# nog nakijken\n")
    with pytest.raises(TurtleSyntaxError):
        Layout(graph, kinds).canonical(path, text.rstrip(" .\n"))
