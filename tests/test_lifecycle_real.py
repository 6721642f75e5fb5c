"""On the records of this repository, too, nothing breaks that the end of a record touches."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.checks import run_checks
from jkgraph.edits import Edit, apply_edits
from jkgraph.findings import Severity
from jkgraph.graph import TYPE, Graph
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.lifecycle import End, erase, references, withdraw
from jkgraph.loading import load
from jkgraph.merging import merge
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

ROOT = Path(__file__).parent.parent
END = End(date(2100, 1, 1), "Om te proberen.")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("data", "ontology", "shapes", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "jkgraph.toml", tmp_path)
    return tmp_path


def opened(folder: Path) -> tuple[Graph, Kinds]:
    graph = load(open_workspace(folder))
    return graph, read_kinds(graph)


def faults(folder: Path) -> set[tuple[str, str | None]]:
    found = run_checks(*opened(folder))
    return {(f.rule, f.record) for f in found if f.severity is Severity.VIOLATION}


def most_linked(graph: Graph, kinds: Kinds) -> Iterator[list[ox.NamedNode]]:
    """Yield for every kind its records in one list of values, those most referred to first."""
    scheme = graph.required_role("scheme")
    for kind in kinds.records:
        linked = {r: len(references(graph, r)) for r in graph.subjects(TYPE, kind.iri)}
        records = sorted(linked, key=lambda r: (-linked[r], r.value))
        lists = graph.objects(records[0], scheme)
        yield [record for record in records if graph.objects(record, scheme) == lists]


@pytest.mark.parametrize("end", [withdraw, erase])
def test_one_record_of_every_kind_goes_without_a_fault(
    copy: Path, end: Callable[..., Edit]
) -> None:
    before = faults(copy)
    graph, kinds = opened(copy)

    apply_edits(
        [end(graph, kinds, first, END) for first, *_ in most_linked(graph, kinds)], graph.workspace
    )

    assert faults(copy) == before


@pytest.mark.parametrize("take", [False, True], ids=["references", "contents"])
def test_two_records_of_every_kind_become_one_without_a_fault(copy: Path, take: bool) -> None:
    before = faults(copy)
    for stays, gone, *_ in list(most_linked(*opened(copy))):
        graph, kinds = opened(copy)
        apply_edits(merge(graph, kinds, (gone, stays), END, take=take).edits, graph.workspace)
        graph, kinds = opened(copy)
        assert references(graph, gone) == []

    assert faults(copy) == before
