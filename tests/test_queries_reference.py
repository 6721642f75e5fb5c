"""rdflib, another implementation of SPARQL, gives the same answers to every saved query.

To the questions of the cookbook too, but for one about named graphs, which rdflib's has not.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from jkgraph.excerpts import SHOWN
from jkgraph.graph import INFERRED, Graph
from jkgraph.queries import Table, run, saved_query

ROOT = Path(__file__).parent.parent
QUERIES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
COOKBOOK = (ROOT / "docs" / "how-to" / "cookbook.md").read_text("utf-8")
SHOWN_ROWS = [
    text
    for _, text, _ in SHOWN.findall(COOKBOOK)
    if text.startswith("SELECT") and "GRAPH" not in text
]
# rdflib takes ten seconds and more for each of these.
SLOW = {"dekking-per-hoofdstuk"}
NUMBERS = {rdflib.XSD.integer, rdflib.XSD.decimal, rdflib.XSD.double}
COUNT = """SELECT (COUNT(DISTINCT ?i) AS ?n)
    WHERE { ?i a jk:Approach ; jk:theme theme:wachttijd-ruimte-maken }"""

Answer = tuple[tuple[str, ...], Counter[tuple[object, ...]]]


@pytest.fixture(scope="module")
def reference(closed: Graph) -> rdflib.Graph:
    """Give rdflib's graph of the files themselves, with what follows from them."""
    workspace = closed.workspace
    paths = [*workspace.ontology.rglob("*.ttl"), *workspace.data.rglob("*.ttl")]
    # A blank node, or the prefix of a file, means nothing in the next one.
    text = "\n".join(path.read_text("utf-8") for path in sorted(paths))
    graph = rdflib.Graph().parse(data=text, format="turtle")
    follows = closed.store.quads_for_pattern(None, None, None, INFERRED)
    lines = ox.serialize((quad.triple for quad in follows), format=ox.RdfFormat.N_TRIPLES)
    return graph.parse(data=lines.decode(), format="nt")


def comparable(term: object) -> object:
    """Write a term so that equal values are equal: the store writes 4.50 as 4.5."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        datatype = None if term.language else term.datatype.value
        term = rdflib.Literal(term.value, lang=term.language, datatype=datatype)
    if isinstance(term, rdflib.Literal):
        datatype = term.datatype or (None if term.language else rdflib.XSD.string)
        value = Decimal(str(term)) if datatype in NUMBERS else str(term)
        return value, datatype, term.language
    return term


def by_engine(graph: Graph, text: str) -> Answer:
    table = run(graph, text)
    assert isinstance(table, Table)
    return table.variables, Counter(tuple(map(comparable, row)) for row in table.rows)


def by_rdflib(graph: Graph, reference: rdflib.Graph, text: str) -> Answer:
    found = reference.query(text, initNs=dict(graph.addresses.prefixes))
    return (
        tuple(map(str, found.vars)),
        Counter(tuple(map(comparable, row)) for row in found),
    )


def test_a_count_with_the_prefixes_of_the_workspace_is_the_same(
    closed: Graph, reference: rdflib.Graph
) -> None:
    found = by_engine(closed, COUNT)

    assert found == by_rdflib(closed, reference, COUNT)
    ((number, *_),) = [row[0] for row in found[1]]
    assert number >= 5


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.full) if n in SLOW else n for n in QUERIES]
)
def test_rdflib_gives_the_same_answer(closed: Graph, reference: rdflib.Graph, name: str) -> None:
    text = saved_query(closed, name).text

    assert by_engine(closed, text) == by_rdflib(closed, reference, text)


@pytest.mark.full
def test_rdflib_gives_the_same_answers_to_the_cookbook(
    closed: Graph, reference: rdflib.Graph
) -> None:
    assert len(SHOWN_ROWS) > 20
    for text in SHOWN_ROWS:
        assert by_engine(closed, text) == by_rdflib(closed, reference, text), text
