"""Real servers give the same answers, and the same site, as the files.

That rdflib gives the same answers too is in `test_queries_reference`.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds
from jkgraph.loading import load, load_terms
from jkgraph.queries import parse_query, read_query, run, saved_query
from jkgraph.remote.paging import all_rows
from jkgraph.remote.protocol import Endpoint
from jkgraph.remote.questions import ask
from jkgraph.remote.records import load_records
from jkgraph.site import build_site
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
QUERIES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double")}
EVERYTHING = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"

# Faults of Virtuoso 7.2.5, each with the shortest way to see it; docs/explanation/endpoints.md
# tells users. Answers are wrong in silence, unless it says otherwise.
FAULTS = {
    "dekking-per-hoofdstuk": "REPLACE with signs beyond ASCII in the replacement garbles them",
    "hoofdstukken-zonder-records": "MINUS with a subquery in it takes nothing away",
    "stem-van-ouders-en-jeugdigen": "OPTIONAL within UNION leaves out what it does not find",
    "uitspraken-per-interview": "FILTER in OPTIONAL does not see a value from outside",
    "vindplaatsen-met-plek": "BIND(EXISTS …) in a group is an internal error, which it tells",
    "voor-een-rol": "BIND(true) gives the number 1, and VALUES within UNION loses rows",
    "concepts": "VALUES within UNION loses rows",
}

Start = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def filled(server: Any) -> tuple[str, Endpoint]:
    """Put the real graph on each server in turn."""
    server.fill(load(open_workspace(ROOT)))
    return server.name, Endpoint(server.query)


@pytest.fixture(scope="module")
def small(virtuoso_in: Start, closed: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Run Virtuoso with all of the real graph, and few rows at a time."""
    with virtuoso_in(tmp_path_factory.mktemp("small"), rows=20_000) as server:
        server.fill(closed)
        own = closed.addresses
        yield Endpoint(server.query, graphs=(own.asserted, own.inferred))
