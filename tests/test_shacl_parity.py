"""The fast SHACL engine and pySHACL find the same in the real records, right and wrong."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

from jkgraph.checks.shacl import ENGINES, Result, validate
from jkgraph.graph import Graph, file_graph
from jkgraph.syntaxes import n_triples

XSD = "http://www.w3.org/2001/XMLSchema#"
TEXT = ox.Literal("fout")
DUTCH = ox.Literal("x" * 900, language="nl")
GERMAN = ox.Literal("falsch", language="de")
NUMBER = ox.Literal(-7)
YEAR = ox.Literal("1066", datatype=ox.NamedNode(f"{XSD}gYear"))
DATE = ox.Literal("1999-12-31", datatype=ox.NamedNode(f"{XSD}date"))
WRONG = (TEXT, DUTCH, GERMAN, NUMBER, YEAR, DATE)
DATES = [ox.NamedNode(f"http://purl.org/dc/terms/{name}") for name in ("created", "modified")]
COMPARING = re.compile("LessThan|MinInclusive|MaxInclusive")


def stated(graph: Graph) -> list[ox.Triple]:
    """Return all that people wrote, with every literal as it was written."""
    workspace = graph.workspace
    paths = [*workspace.ontology.rglob("*.ttl"), *workspace.data.rglob("*.ttl")]
    texts = (path.read_bytes() for path in sorted(paths))
    return [quad.triple for text in texts for quad in ox.parse(text, ox.RdfFormat.TURTLE)]


def spoil(graph: Graph, number: int, chance: Random) -> list[ox.Triple]:
    """Return the triples of the real graph with faults: left out, replaced, or added."""
    records = {
        quad.triple
        for quad in graph.store
        if str(quad.graph_name)[1:].startswith(file_graph("data/").value)
    }
    triples = stated(graph)
    places = [n for n, triple in enumerate(triples) if triple in records]
    nodes = sorted({triple.object for triple in records if not literal(triple.object)}, key=str)
    dropped = set()
    for turn, place in enumerate(chance.sample(places, number)):
        subject, predicate, _ = triples[place]
        others = WRONG if turn % 2 else [chance.choice(nodes)]
        if turn % 3 < 2:
            dropped.add(place)
        if turn % 3 > 0:
            triples.append(ox.Triple(subject, predicate, chance.choice(others)))
    return [triple for n, triple in enumerate(triples) if n not in dropped]


def comparable(results: Counter[Result], triples: list[ox.Triple]) -> Counter[Result]:
    """Leave out comparisons on records that hold a value of a wrong type.

    SHACL calls what cannot be compared a fault, and so does the fast engine; pySHACL is
    silent. Another shape finds the wrong type in any case.
    """
    mixed = {t.subject for t in triples if t.object in (TEXT, DUTCH, GERMAN, NUMBER, YEAR)}
    mixed |= {t.subject for t in triples if t.predicate in DATES and not literal(t.object)}
    kept = (r for r in results if not (COMPARING.match(r.component) and r.focus in mixed))
    return Counter({result: results[result] for result in kept})


def literal(term: object) -> bool:
    return isinstance(term, ox.Literal)


def results(graph: Graph, triples: list[ox.Triple], folder: Path) -> list[Counter[Result]]:
    data, shapes = folder / "data.ttl", folder / "shapes.ttl"
    data.write_bytes(n_triples(triples))
    texts = (path.read_bytes() for path in sorted(graph.workspace.shapes.glob("*.ttl")))
    shapes.write_bytes(b"\n".join(texts))
    return [Counter(validate(data, shapes, engine)) for engine in ENGINES]


@pytest.mark.full
def test_both_engines_find_the_same_in_the_real_graph(real: Graph, tmp_path: Path) -> None:
    fast, reference = results(real, stated(real), tmp_path)

    assert fast == reference


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 5))]
)
def test_both_engines_find_the_same_faults(real: Graph, tmp_path: Path, seed: int) -> None:
    triples = spoil(real, 600, Random(seed))  # noqa: S311  (the same faults every time)
    found = results(real, triples, tmp_path)
    fast, reference = (comparable(one, triples) for one in found)

    assert len({result.shape for result in fast}) > 50
    assert len({result.component for result in fast}) > 10
    assert fast == reference
