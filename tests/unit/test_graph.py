"""One store, one named graph per file."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.errors import JkgraphError
from jkgraph.graph import CLASS, TYPE, Graph, file_graph, graph_path, members
from jkgraph.loading import load
from jkgraph.workspace import open_workspace

ID = "https://example.org/bruggen/id/"
BRIDGE = ox.NamedNode(f"{ID}bridge/oude-steenbrug")
DEF = "https://example.org/bruggen/def#"


def test_every_triple_knows_its_file(graph: Graph) -> None:
    quads = list(graph.store.quads_for_pattern(BRIDGE, TYPE, None))

    assert [graph_path(quad.graph_name) for quad in quads] == ["data/bridge/oude-steenbrug.ttl"]
    assert graph.file_of(BRIDGE) == "data/bridge/oude-steenbrug.ttl"
    assert graph.file_of(ox.NamedNode(f"{ID}bridge/none")) is None
    assert graph_path(file_graph("a/b.ttl")) == "a/b.ttl"
    assert graph_path(ox.DefaultGraph()) is None


def test_the_records_are_the_files_of_the_data(graph: Graph) -> None:
    slugs = [record.value.removeprefix(ID) for record in graph.records()]

    assert len(slugs) == 8
    assert slugs == sorted(slugs)
    assert "bridge/oude-steenbrug" in slugs
    assert "material/steen" not in slugs


def test_shapes_are_kept_apart_from_what_they_check(graph: Graph) -> None:
    target = ox.NamedNode("http://www.w3.org/ns/shacl#targetClass")

    assert graph.has(BRIDGE)
    assert not graph.has(None, target)
    assert any(graph.shapes.quads_for_pattern(None, target, None))


def test_every_kind_and_list_has_a_prefix(graph: Graph) -> None:
    prefixes = {"book", "bridge", "crossing", "material", "scheme", "status", "water"}

    assert prefixes <= graph.addresses.prefixes.keys()
    assert graph.term("bridge:oude-steenbrug") == BRIDGE


def test_a_term_that_cannot_be_one_is_an_error(graph: Graph) -> None:
    for name, key in (("brr:Bridge", "unknown-prefix"), ("bridge:a b", "bad-name")):
        with pytest.raises(JkgraphError) as caught:
            graph.term(name)
        assert caught.value.message.key == f"error.{key}"


def test_a_role_gives_a_term_or_nothing(graph: Graph) -> None:
    assert graph.role("record") == ox.NamedNode(f"{DEF}Record")
    assert graph.role("owner") is None
    assert len(graph.roles("summary")) == 2


def test_the_classes_below_another_come_the_nearest_first(graph: Graph) -> None:
    below = [graph.addresses.compact(cls.value) for cls in graph.below(graph.term("br:Record"))]

    assert below == ["br:Record", "br:Book", "br:Crossing", "br:Water", "br:Bridge"]


def test_a_name_comes_in_the_language_asked_for_else_in_another_else_it_is_the_address(
    graph: Graph,
) -> None:
    assert graph.label(BRIDGE, "en") == "Old Stone Bridge"
    assert graph.label(graph.term("water:brede-stroom"), "en") == "Brede Stroom"
    assert graph.label(graph.term("bridge:none"), "en") == "bridge:none"


def test_a_document_keeps_every_literal_as_it_was_written(graph: Graph) -> None:
    length = graph.term("br:length")

    written = {t.object.value for t in graph.document(BRIDGE).triples if t.predicate == length}

    assert written == {"24.50"}


def test_own_terms_are_those_of_the_ontology(graph: Graph) -> None:
    names = {term.value.removeprefix(DEF) for term in graph.own_terms()}

    assert {"Bridge", "crosses", "Record"} <= names
    assert "prefLabel" not in names


def test_a_file_that_cannot_be_read_is_left_out_and_told(minimal: Path) -> None:
    file = minimal / "data" / "bridge" / "oude-steenbrug.ttl"
    file.write_text(file.read_text("utf-8").replace("br:crosses", "crosses"), "utf-8")

    graph = load(open_workspace(minimal))

    (broken,) = graph.broken
    assert str(broken.location) == "data/bridge/oude-steenbrug.ttl:17:5"
    assert graph.unread == {BRIDGE.value}
    assert not graph.is_unjudgeable
    assert not graph.has(BRIDGE)
    assert BRIDGE not in graph.records()
    assert graph.has(graph.term("water:lange-vaart"))


@pytest.mark.parametrize("name", ["ontology/core.ttl", "shapes/bridge.ttl"])
def test_without_ontology_or_shapes_nothing_can_be_judged(minimal: Path, name: str) -> None:
    (minimal / name).write_text("br:", "utf-8")

    assert load(open_workspace(minimal)).is_unjudgeable


def test_a_list_gives_its_members_in_order() -> None:
    store = ox.Store()
    store.load(b"<x:s> <x:p> (1 2 3) , () .", ox.RdfFormat.TURTLE)

    found = [
        [member.value for member in members(store, quad.object)]
        for quad in store.quads_for_pattern(ox.NamedNode("x:s"), None, None)
    ]

    assert sorted(found) == [[], ["1", "2", "3"]]


def test_classes_are_found_by_their_type(graph: Graph) -> None:
    assert graph.term("br:Bridge") in graph.subjects(TYPE, CLASS)
