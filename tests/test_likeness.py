"""Nearly equal names are found, and only those."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pyoxigraph as ox
import pytest

from jkgraph.checks.likeness import _forms, _Name, _sharing, check_likeness
from jkgraph.checks.places import Places
from jkgraph.findings import Finding
from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds

PREFIXES = """
@prefix jk: <https://w3id.org/jkgraph/def#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/jkgraph/id/source/> .
jk:Source rdfs:subClassOf jk:Record .
"""


def find(real: Graph, one: str, other: str, more: str = "") -> list[Finding]:
    """Give two sources a name and see whether the names are alike."""
    store = ox.Store()
    text = f'source:a a jk:Source ; skos:prefLabel "{one}"@nl . source:b a jk:Source ; {other}@nl .'
    store.load((PREFIXES + text + more).encode(), ox.RdfFormat.TURTLE)
    graph = replace(real, store=store)
    return list(check_likeness(graph, read_kinds(real), Places(graph)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Praktijkondersteuner", 'skos:prefLabel "Praktijk-ondersteuner"'),
        ("Praktijkondersteuner", 'skos:altLabel "Praktijkondersteuners"'),
        ("Praktijkondersteuner", 'skos:prefLabel "Praktijkondersteuner."'),
        ("Gemeente Huizen", 'skos:prefLabel "Huizen gemeente"'),
        ("Coördinatie", 'skos:prefLabel "coordinatie"'),
    ],
)
def test_nearly_equal_names_are_found_once(real: Graph, one: str, other: str) -> None:
    (found,) = find(real, one, other)

    assert found.rule == "similar-name"
    assert found.record == "https://w3id.org/jkgraph/id/source/b"
    assert one in real.workspace.catalogue.say(found.message, "nl")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Monitor 2018", 'skos:prefLabel "Monitor 2019"'),
        ("Huizen (2018a)", 'skos:prefLabel "Huizen (2018b)"'),
        ("MEE", 'skos:prefLabel "MEP"'),
        ("Wijkteam", 'skos:prefLabel "Lokaal team"'),
        ("Hulp in de wijk", 'skos:prefLabel "Hulp in de wijk"'),
    ],
)
def test_other_names_are_left_alone(real: Graph, one: str, other: str) -> None:
    assert find(real, one, other) == []


def _mistyped(name: str, chance: Random) -> str:
    """Leave a letter out, put one in, put another in its place, or turn all of them."""
    at, letter = chance.randrange(len(name)), chance.choice("ae1 é")
    ways = (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[at:] + name[:at],
    )
    return chance.choice(ways)


def test_no_name_is_left_out_that_shares_a_form() -> None:
    chance = Random(7)  # noqa: S311  (nothing is kept secret)
    names = ["".join(chance.choices("abcdé1 -", k=9)) for _ in range(120)]
    names = list(dict.fromkeys([*names, *(_mistyped(name, chance) for name in names)]))
    term = ox.NamedNode("https://example.org/name")
    listed = [_Name(term, term, ox.Literal(name), ()) for name in names]

    groups = [{name.text.value for name in group} for group in _sharing(listed)]
    found = {pair for pair in combinations(names, 2) if any({*pair} <= g for g in groups)}

    assert found == {(a, b) for a, b in combinations(names, 2) if _forms(a) & _forms(b)}
    assert len(found) > 50


def test_one_other_name_for_two_things_is_found(real: Graph) -> None:
    more = 'source:a skos:altLabel "NVvP"@nl . source:b skos:altLabel "NVvP"@nl .'

    assert len(find(real, "Vereniging", 'skos:prefLabel "Beroepsgroep"', more)) == 1


def test_what_somebody_checked_is_left_alone(real: Graph) -> None:
    names = ("Kennisdossier", 'skos:prefLabel "Kennisdossiers"')

    assert find(real, *names, "source:b owl:differentFrom source:a .") == []
    assert find(real, *names, "source:b owl:deprecated true .") == []
