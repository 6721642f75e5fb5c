"""Real servers give the same answers, and the same site, as the files.

That rdflib gives the same answers too is in `test_queries_reference`.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from jkgraph.errors import JkgraphError
from jkgraph.graph import RDFS, Graph
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.queries import parse_query, read_query, solutions
from jkgraph.remote.protocol import Endpoint
from jkgraph.remote.questions import ask
from jkgraph.remote.records import BEGUN, load_records
from jkgraph.site import build_site
from jkgraph.turtle import parse
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
QUERIES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double")}
EXPORTS = sorted(path.stem for path in (ROOT / "queries" / "exports").glob("*.rq"))
MANY = "SELECT ?s ?kind WHERE { ?s a ?kind FILTER(isIRI(?s)) }"
# As many rows as Virtuoso gives at a time.
MOST = 10_000


@pytest.fixture(scope="module")
def filled(server: Any, closed: Graph) -> Any:
    """Put the real graph on each server in turn."""
    server.fill(closed)
    return server


def comparable(term: Any) -> object:
    """Write a term so that equal values are equal: servers write 4.50 as 4.5."""
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        return Decimal(term.value), term.datatype
    return term


def same(solutions: Any) -> Any:
    """Return an answer so that it is equal to the same answer of another engine."""
    if isinstance(solutions, ox.QueryTriples):
        return set(canonical(solutions))
    names = [variable.value for variable in solutions.variables]
    return names, Counter(tuple(comparable(row[name]) for name in names) for row in solutions)


def canonical(triples: Any) -> ox.Dataset:
    """Return triples in which what has no name is named by what is said of it."""
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@pytest.mark.parametrize("name", [*QUERIES, *EXPORTS])
def test_a_saved_query_has_the_same_answer(filled: Any, closed: Graph, name: str) -> None:
    folder = closed.workspace.exports if name in EXPORTS else closed.workspace.queries
    query = read_query(closed, folder / f"{name}.rq")
    expected = same(solutions(closed, query.text))
    found = same(ask(closed, Endpoint(filled.query), query))

    if filled.name == "virtuoso" and name in QUERIES:
        # Now and then it gives a row of SELECT DISTINCT twice.
        assert (found[0], set(found[1])) == (expected[0], set(expected[1]))
    else:
        assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        MANY,
        f"PREFIX x: <urn:x>\n{MANY} ORDER BY DESC(?kind) # the last first",
        f"{MANY} LIMIT 12000",
        MANY.replace("?kind WHERE", "(COUNT(?kind) AS ?number) WHERE") + " GROUP BY ?s ?kind",
        MANY.replace("SELECT ?s ?kind", "CONSTRUCT { ?s a ?kind . ?kind a owl:Class }"),
    ],
)
def test_a_large_answer_is_whole(filled: Any, closed: Graph, text: str) -> None:
    query = parse_query(closed, "-e", text)
    expected = list(solutions(closed, text))
    found = list(ask(closed, Endpoint(filled.query), query))

    assert len(found) == len(expected) > MOST
    if "LIMIT" not in text:
        assert Counter(map(str, found)) == Counter(map(str, expected))


def test_an_order_is_kept_from_page_to_page(filled: Any, closed: Graph) -> None:
    query = parse_query(closed, "-e", f"{MANY} ORDER BY DESC(?kind)")
    kinds = [row["kind"].value for row in ask(closed, Endpoint(filled.query), query)]

    assert kinds == sorted(kinds, reverse=True)


def test_a_server_that_may_have_cut_what_cannot_be_paged_is_said(
    virtuoso_in: Callable[..., Any], tmp_path: Path, closed: Graph
) -> None:
    graph = closed.addresses.asserted
    text = MANY.replace("WHERE", f"FROM <{graph}> WHERE")
    with virtuoso_in(tmp_path, rows=1000) as server:
        server.fill(closed)
        with pytest.raises(JkgraphError) as caught:
            ask(closed, Endpoint(server.query), parse_query(closed, "-e", text))

    assert caught.value.message.key == "error.endpoint-maybe-cut"


def test_no_more_is_asked_for_than_is_wanted(filled: Any, closed: Graph) -> None:
    query = parse_query(closed, "-e", MANY)
    found = ask(closed, Endpoint(filled.query), query, limit=100)

    # A server that does not cut gives all at once.
    number = sum(1 for _ in found)
    assert number == MOST or (filled.name == "oxigraph" and number > MOST)


def test_what_follows_can_be_left_out(filled: Any, closed: Graph, real: Graph) -> None:
    query = parse_query(closed, "-e", "SELECT (COUNT(*) AS ?number) WHERE { ?s ?p ?o }")
    (row,) = ask(closed, Endpoint(filled.query), query, asserted=True)

    assert int(row["number"].value) == len(real.store)


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_site_from_a_server_is_the_site_from_the_files(  # noqa: PLR0913, PLR0917  (fixtures)
    request: pytest.FixtureRequest,
    run: Callable[..., Any],
    minimal: Path,
    graph: Graph,
    tmp_path: Path,
    name: str,
) -> None:
    for path in (minimal / "data" / "bridge").glob("*.ttl"):
        respell(path)
    ran = run("format"), run("build", "--out", str(tmp_path / "expected"))
    assert [one.code for one in ran] == [0, 0], ran
    shutil.rmtree(minimal / "data")
    (tmp_path / "server").mkdir()
    with request.getfixturevalue(f"{name}_in")(tmp_path / "server") as server:
        server.fill(graph)
        ran = (
            run("build", "--out", str(tmp_path / "made"), "--endpoint", server.query),
            run("stats", "--endpoint", server.query),
            run("show", "oude-steenbrug", "--endpoint", server.query),
            run("query", "bridges-over", "-p", "water=Brede Stroom", "--endpoint", server.query),
        )

    assert [one.code for one in ran] == [0, 0, 0, 0], ran
    assert "data/bridge/oude-steenbrug.ttl" in ran[2].out
    assert files(tmp_path / "made") == files(tmp_path / "expected")


def respell(path: Path) -> None:
    """Write numbers as servers do: without zeros at the end."""
    text = path.read_text("utf-8").replace("24.50", "24.5").replace("18.0", '"18"^^xsd:decimal')
    path.write_text(f"@prefix xsd: <{XSD}> .\n{text}", "utf-8")


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_the_real_site_from_a_server_is_that_from_the_files(
    virtuoso_in: Callable[..., Any], closed: Graph, real_site: Path, tmp_path: Path
) -> None:
    with virtuoso_in(tmp_path) as server:
        server.fill(closed)
        graph = load_records(open_workspace(ROOT), Endpoint(server.query))
    made = files(build_site(graph, read_kinds(graph), tmp_path / "site").folder)
    expected = files(real_site)

    assert made.keys() == expected.keys()
    different = {path for path in made if made[path] != expected[path]}
    assert different == set()


def test_what_has_no_name_stays_with_its_record(server: Any, graph: Graph) -> None:
    path = graph.workspace.data / "water" / "zoute-zee.ttl"
    nameless = "rdfs:seeAlso [ rdfs:label 'een' ; rdfs:seeAlso [ rdfs:label 'twee' ] ]"
    path.write_text(
        f"{path.read_text('utf-8')}\n@prefix rdfs: <{RDFS}> .\nwater:zoute-zee {nameless} .\n",
        "utf-8",
    )
    expected = load(graph.workspace)
    server.fill(expected)
    made = load_records(graph.workspace, Endpoint(server.query))

    file = graph.workspace.relative(path)
    assert canonical(_triples(made, file)) == canonical(_triples(expected, file))
    assert made.sources.keys() == expected.sources.keys()


def _triples(graph: Graph, path: str) -> Any:
    return parse(graph.sources[path].decode()).triples


def test_a_publication_that_goes_on_is_not_read(server: Any, graph: Graph) -> None:
    server.fill(graph)
    begun = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.NamedNode(BEGUN))
    server.put(graph.addresses.publication, [begun])
    with pytest.raises(JkgraphError) as caught:
        load_records(graph.workspace, Endpoint(server.query))
    server.put(graph.addresses.publication, [])

    assert caught.value.message.key == "error.endpoint-unfinished"


def test_a_server_without_records_says_so(server: Any, graph: Graph) -> None:
    for name in (graph.addresses.asserted, graph.addresses.inferred):
        server.put(name, [])
    with pytest.raises(JkgraphError) as caught:
        load_records(graph.workspace, Endpoint(server.query))

    assert caught.value.message.key == "error.endpoint-empty"


def test_records_in_other_graphs_are_found_too(server: Any, graph: Graph) -> None:
    for name in (graph.addresses.asserted, graph.addresses.inferred):
        server.put(name, [])
    server.put("urn:graph:of-somebody-else", server.written(graph))
    made = load_records(graph.workspace, Endpoint(server.query))
    server.put("urn:graph:of-somebody-else", [])

    assert made.sources.keys() == graph.sources.keys()
