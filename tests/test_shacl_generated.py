"""The fast SHACL engine and pySHACL find the same in made-up graphs by made-up shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from jkgraph.checks.shacl import ENGINES, validate

pytestmark = pytest.mark.full

PREFIXES = """@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:C1 rdfs:subClassOf ex:C0 .
"""
CLASSES = [f"ex:C{number}" for number in range(3)]
NODES = [f"ex:n{number}" for number in range(12)]
PROPERTIES = [f"ex:p{number}" for number in range(4)]
NUMBERS = ["1", "5", "-7", "12"]
TEXTS = [
    '"a"',
    '"Brug"@nl',
    '"bridge"@en',
    '"brug over water"@nl',
    '"sluis"@nl',
    '"dijk"@nl',
    '"x y"',
    '""',
]
DATATYPES = ["xsd:string", "xsd:integer", "xsd:date"]
DATES = ['"2026-01-31"^^xsd:date', '"1999-12-31"^^xsd:date']
PATTERNS = ["^[a-z ]+$", "brug", "^$", "n[0-9]$"]
LANGUAGES = ['"nl"', '"nl" "en"', '"de"']
VALUES = [*NODES, *NUMBERS, *TEXTS, *DATES]
SHAPES_EACH, SEEDS = 40, 25

Make = Callable[[Random], str]
SIMPLE: list[Make] = [
    lambda r: f"sh:minCount {r.randint(0, 3)}",
    lambda r: f"sh:maxCount {r.randint(0, 2)}",
    lambda r: f"sh:datatype {r.choice(DATATYPES)}",
    lambda r: f"sh:class {r.choice(CLASSES)}",
    lambda r: f"sh:nodeKind sh:{r.choice(['IRI', 'Literal', 'BlankNodeOrIRI', 'IRIOrLiteral'])}",
    lambda r: f"sh:in ( {' '.join(r.sample(VALUES, 5))} )",
    lambda r: f"sh:hasValue {r.choice(VALUES)}",
    lambda r: f"sh:minLength {r.randint(0, 6)}",
    lambda r: f"sh:maxLength {r.randint(0, 20)}",
    lambda r: f'sh:pattern "{r.choice(PATTERNS)}"',
    lambda _: 'sh:pattern "BRUG" ; sh:flags "i"',
    lambda r: f"sh:languageIn ( {r.choice(LANGUAGES)} )",
    lambda _: "sh:uniqueLang true",
    lambda r: f"sh:equals {r.choice(PROPERTIES)}",
    lambda r: f"sh:disjoint {r.choice(PROPERTIES)}",
    lambda r: f"sh:not [ {r.choice(SIMPLE[2:7])(r)} ]",
]
NESTED: list[Make] = [
    lambda r: f"sh:node [ {inner(r)} ]",
    lambda r: f"sh:or ( [ {simple(r)} ] [ {simple(r)} ] )",
    lambda r: f"sh:and ( [ {simple(r)} ] [ {simple(r)} ] )",
    lambda r: f"sh:xone ( [ {simple(r)} ] [ {simple(r)} ] )",
    lambda r: (
        f"sh:qualifiedValueShape [ {simple(r)} ] ; "
        f"sh:qualifiedMinCount {r.randint(0, 2)} ; sh:qualifiedMaxCount {r.randint(2, 3)}"
    ),
]
PATHS: list[Make] = [
    lambda r: r.choice(PROPERTIES),
    lambda r: r.choice(PROPERTIES),
    lambda r: f"[ sh:inversePath {r.choice(PROPERTIES)} ]",
    lambda r: f"( {r.choice(PROPERTIES)} {r.choice(PROPERTIES)} )",
    lambda r: f"[ sh:alternativePath ( {' '.join(r.sample(PROPERTIES, 2))} ) ]",
    lambda r: f"[ sh:zeroOrMorePath {r.choice(PROPERTIES)} ]",
]
TARGETS: list[Make] = [
    lambda r: f"sh:targetClass {r.choice(CLASSES)}",
    lambda r: f"sh:targetNode {r.choice(NODES)}",
    lambda r: f"sh:targetSubjectsOf {r.choice(PROPERTIES)}",
    lambda r: f"sh:targetObjectsOf {r.choice(PROPERTIES)}",
]


def simple(chance: Random) -> str:
    """Make a constraint that holds of a value by itself."""
    return chance.choice(SIMPLE[2:11])(chance)


def inner(chance: Random) -> str:
    """Make a shape about a property."""
    return f"sh:property [ sh:path {chance.choice(PROPERTIES)} ; {chance.choice(SIMPLE)(chance)} ]"


def graph(chance: Random) -> str:
    lines = [f"{node} a {chance.choice(CLASSES)} ." for node in NODES]
    lines += [
        f"{chance.choice(NODES)} {chance.choice(PROPERTIES)} {chance.choice(VALUES)} ."
        for _ in range(60)
    ]
    return PREFIXES + "\n".join(lines)


def shapes(chance: Random) -> str:
    made = []
    for number in range(SHAPES_EACH):
        target, path = chance.choice(TARGETS)(chance), chance.choice(PATHS)(chance)
        constraint = chance.choice([*SIMPLE, *NESTED])(chance)
        made.append(
            f"ex:S{number} a sh:NodeShape ; {target} ; sh:property ex:P{number} .\n"
            f"ex:P{number} a sh:PropertyShape ; sh:path {path} ; {constraint} ."
        )
    return PREFIXES + "\n".join(made)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_engines_find_the_same_by_made_up_shapes(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (the same shapes every time)
    data, rules = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(graph(chance), "utf-8")
    rules.write_text(shapes(chance), "utf-8")

    fast, reference = (Counter(validate(data, rules, engine)) for engine in ENGINES)

    assert len({result.component for result in fast}) > 5
    assert fast == reference
