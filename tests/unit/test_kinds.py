"""Kinds and their fields, read from ontology and shapes."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from jkgraph.graph import TYPE, Graph
from jkgraph.inference import infer
from jkgraph.kinds import Kinds, inverses, is_class, read_kinds


@pytest.fixture
def kinds(graph: Graph) -> Kinds:
    return read_kinds(graph)


def test_kinds_are_the_classes_below_the_roles(kinds: Kinds) -> None:
    assert sorted(kinds.by_name) == ["book", "bridge", "water"]
    assert [kind.name for kind in kinds.families] == ["crossing"]
    assert [kind.name for kind in kinds.parts] == ["citation"]
    assert [kind.name for kind in kinds.lists] == ["material", "status"]


def test_a_kind_has_its_words_in_every_language(kinds: Kinds) -> None:
    bridge = kinds.by_name["bridge"]

    assert bridge.label == {"nl": "brug", "en": "bridge"}
    assert bridge.plural == {"nl": "bruggen", "en": "bridges"}
    assert bridge.definition["en"] == "A fixed crossing that people walk or drive over."


def test_a_kind_has_the_fields_of_the_classes_above_it_in_order(kinds: Kinds) -> None:
    assert [field.rule for field in kinds.by_name["bridge"].fields] == [
        "Record-prefLabel",
        "Record-altLabel",
        "Record-description",
        "CrossingShape-crosses",
        "BridgeShape-material",
        "BridgeShape-length",
        "BridgeShape-opened",
        "Record-citation",
        "Record-status",
        "Record-modified",
        "Record-checked",
        "Record-checkAgain",
        "Record-changeNote",
        "Record-deprecated",
        "Record-isReplacedBy",
    ]


def test_a_family_has_the_fields_that_all_its_kinds_have(kinds: Kinds) -> None:
    (crossing,) = kinds.families

    assert "CrossingShape-crosses" in {field.rule for field in crossing.fields}


def test_a_field_says_what_is_allowed(graph: Graph, kinds: Kinds) -> None:
    fields = {field.rule: field for field in kinds.by_name["bridge"].fields}
    length, crosses = fields["BridgeShape-length"], fields["CrossingShape-crosses"]

    assert (length.minimum, length.maximum, length.severity) == (0, 1, "violation")
    assert length.name["en"] == "length in metres"
    assert length.description["nl"].startswith("Hoe lang de brug is.")
    assert length.message["en"] == "Give one length above 0, with a point: 24.50."
    assert [graph.addresses.compact(d.value) for d in length.datatypes] == ["xsd:decimal"]
    assert length.group is not None
    assert length.group.label["en"] == "Facts"
    assert (crosses.minimum, crosses.maximum) == (1, None)
    assert crosses.classes == (graph.term("br:Water"),)
    assert fields["Record-prefLabel"].languages == ("nl", "en")
    (citation,) = kinds.parts
    assert {field.severity for field in citation.fields} == {"violation", "warning"}


def test_fields_are_found_by_property(graph: Graph, kinds: Kinds) -> None:
    bridge = kinds.by_name["bridge"]
    label = graph.term("skos:prefLabel").value

    assert [field.rule for field in bridge.by_path()[label]] == ["Record-prefLabel"]
    assert bridge.order[label] < bridge.order[graph.term("br:status").value]


def test_a_kind_is_found_by_every_name_it_has(kinds: Kinds) -> None:
    bridge = kinds.by_name["bridge"]

    assert kinds.find("bridge") == kinds.find("Brug") == bridge
    assert kinds.find("crossing") is None


def test_a_record_is_of_its_own_kind_though_it_follows_that_it_is_of_those_above(
    graph: Graph, kinds: Kinds
) -> None:
    infer(graph)
    types = graph.objects(graph.term("bridge:spoorbrug"), TYPE)

    for order in (types, types[::-1]):
        found = kinds.of(order)
        assert found is not None
        assert found.name == "bridge"
    assert kinds.of([ox.Literal("x"), graph.term("skos:Concept")]) is None


def test_a_property_and_its_inverse_lead_to_each_other(graph: Graph) -> None:
    found = inverses(graph)
    there, back = graph.term("br:crosses"), graph.term("br:crossedBy")

    assert (found[there], found[back]) == (back, there)
    assert graph.term("br:flowsInto") not in found


def test_a_class_is_what_the_ontology_declares_as_one(graph: Graph) -> None:
    assert is_class(graph, graph.term("br:Bridge"))
    assert not is_class(graph, graph.term("br:crosses"))
    assert not is_class(graph, graph.term("br:Brigde"))
