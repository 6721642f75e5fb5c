"""A new kind takes a class and a shape, and nothing else anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from rdflib.compare import isomorphic

from jkgraph.site.verify import broken_links
from jkgraph.turtle import parse

CLASS = """
br:Ferry a owl:Class ;
    skos:prefLabel "veerpont"@nl ,
        "ferry"@en ;
    br:pluralLabel "veerponten"@nl ,
        "ferries"@en ;
    skos:definition "Een boot die heen en weer vaart tussen twee oevers."@nl ,
        "A boat that sails to and fro between two banks."@en ;
    rdfs:subClassOf br:Crossing .
"""
SHAPE = """@prefix br: <https://example.org/bruggen/def#> .
@prefix brsh: <https://example.org/bruggen/shape#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

brsh:FerryShape a sh:NodeShape ;
    sh:targetClass br:Ferry ;
    sh:property brsh:BridgeShape-material ,
        brsh:FerryShape-length .

brsh:FerryShape-length a sh:PropertyShape ;
    sh:path br:length ;
    sh:name "lengte van de boot"@nl ,
        "length of the boat"@en ;
    sh:description "Hoe lang de boot is. Bijvoorbeeld: 9.5."@nl ,
        "How long the boat is. For example: 9.5."@en ;
    sh:datatype xsd:decimal ;
    sh:minCount 1 ;
    sh:maxCount 1 ;
    sh:order 2.3 ;
    sh:group brsh:FactGroup ;
    sh:message "Geef één lengte, met een punt: 9.5."@nl ,
        "Give one length, with a point: 9.5."@en .
"""
# Hints of the new file, and what a person makes of them.
FILLED = {
    '#>   dct:description "…"@nl ;': 'dct:description "Een pont voor fietsers."@nl ;',
    "#>   br:crosses water:… ;": "br:crosses water:brede-stroom ;",
    "#>   br:material material:… ;": "br:material material:staal ;",
    '#>   br:length "…"^^xsd:decimal ;': "br:length 9.50 ;",
    "br:status status:in-bewerking ;": "br:status status:klaar ;",
}
RECORD = "data/ferry/het-veer.ttl"


@pytest.fixture
def ferries(minimal: Path) -> Path:
    """Give the minimal workspace with one kind more."""
    ontology = minimal / "ontology" / "core.ttl"
    ontology.write_text(ontology.read_text("utf-8") + CLASS, "utf-8")
    (minimal / "shapes" / "ferry.ttl").write_text(SHAPE, "utf-8")
    return minimal


@pytest.fixture
def ferry(run, ferries: Path) -> Path:
    """Give the workspace with a record of that kind, published."""
    assert run("new", "ferry", "Het veer").code == 0
    file = ferries / RECORD
    text = file.read_text("utf-8")
    for hint, line in FILLED.items():
        assert hint in text
        text = text.replace(hint, line)
    file.write_text(text, "utf-8")
    return ferries


def test_a_kind_without_records_changes_nothing(run, ferries: Path) -> None:
    assert run("validate").code == 0
    assert run("build", "--verify").code == 0
    assert not (ferries / "build" / "site" / "ferry").exists()


def test_new_writes_a_file_that_can_be_read_and_explains_every_field(run, ferries: Path) -> None:
    ran = run("new", "veerpont", "Het veer", lang="nl")

    assert ran.out == f"{RECORD}\n"
    text = (ferries / RECORD).read_text("utf-8")
    assert "lengte van de boot (verplicht): Hoe lang de boot is." in text
    assert "gaat over (verplicht)" in text
    assert "gemaakt van (als het bekend is)" in text
    record = rdflib.URIRef("https://example.org/bruggen/id/ferry/het-veer")
    subjects = {triple.subject.value for triple in parse(text).triples}
    assert subjects == {str(record)}


@pytest.mark.usefixtures("ferries")
def test_a_started_record_lacks_only_what_a_person_must_know(run) -> None:
    run("new", "ferry", "Het veer")

    ran = run("validate", "--format", "json")

    assert {finding["rule"] for finding in json.loads(ran.out)} == {
        "Record-description",
        "CrossingShape-crosses",
        "FerryShape-length",
    }
    assert ran.code == 1


def test_a_filled_in_record_is_in_order(run, ferry: Path) -> None:
    assert run("validate").out == ""

    run("format")

    text = (ferry / RECORD).read_text("utf-8")
    assert " #> " not in text
    assert "br:length 9.50 ;" in text
    assert run("format", "--check").code == 0
    assert run("validate").code == 0


def test_its_shape_is_checked(run, ferry: Path) -> None:
    file = ferry / RECORD
    file.write_text(file.read_text("utf-8").replace("9.50", '"lang"'), "utf-8")

    ran = run("validate")

    assert "[FerryShape-length]" in ran.out
    assert ran.code == 1


@pytest.mark.usefixtures("ferry")
def test_it_is_counted_asked_for_and_shown(run) -> None:
    counted = dict(line.rsplit(maxsplit=1) for line in run("stats").out.splitlines())
    assert counted["ferries"] == "1"
    assert "veerponten" in run("stats", lang="nl").out

    asked = run("query", "-e", "SELECT ?x { ?x a br:Crossing, br:Ferry }", "--format", "csv")
    assert asked.out.splitlines() == ["x", "https://example.org/bruggen/id/ferry/het-veer"]

    shown = run("show", "ferry:het-veer").out
    assert shown.startswith("Het veer (ferry)\n")
    assert "lies upstream of: Salt Sea (water:zoute-zee)" in shown


def test_it_gets_pages_facets_and_exports(run, ferry: Path) -> None:
    assert run("build", "--verify").code == 0

    site = ferry / "build" / "site"
    assert list(broken_links(site)) == []
    for page in (
        "ferry/het-veer.html",
        "ferry/index.html",
        "ferry/material/staal.html",
        "ferry/crosses/brede-stroom.html",
        "en/ferry/index.html",
    ):
        assert (site / page).is_file(), page
    page = (site / "ferry" / "het-veer.html").read_text("utf-8")
    assert "engte van de boot" in page
    assert "9,50" in page
    for listing in ("crossing/index.html", "crossing/material/staal.html", "all.html"):
        assert "ferry/" in (site / listing).read_text("utf-8"), listing
    water = (site / "water" / "brede-stroom.html").read_text("utf-8")
    assert "../ferry/het-veer.html" in water


# rdflib reads JSON-LD with a class of its own that it no longer wants others to use.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_its_exports_say_what_its_file_says(run, ferry: Path) -> None:
    run("build")

    stem = ferry / "build" / "site" / "ferry" / "het-veer"
    stated = rdflib.Graph().parse(ferry / RECORD, format="turtle")
    for suffix, syntax in ((".ttl", "turtle"), (".nt", "nt"), (".jsonld", "json-ld")):
        exported = rdflib.Graph().parse(stem.with_suffix(suffix), format=syntax)
        assert isomorphic(exported, stated), suffix
    assert '"9.50"' in stem.with_suffix(".jsonld").read_text("utf-8")


def test_it_is_in_the_reference(run, ferry: Path) -> None:
    run("docs")

    fields = (ferry / "docs" / "reference" / "fields.md").read_text("utf-8")
    assert "## ferry: `br:Ferry`" in fields
    assert "`data/ferry/<slug>.ttl`" in fields
    assert "| length of the boat | `br:length` | 1 |" in fields
