"""Tries a change before it is made: what would the checks say of the workspace then."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from jkgraph.checks import fails, run_checks
from jkgraph.edits import Edit, apply_edits
from jkgraph.exchange.plan import Plan
from jkgraph.exchange.tables import Place, Remark
from jkgraph.exchange.values import read_exact
from jkgraph.findings import Finding
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.loading import load
from jkgraph.workspace import FILE, open_workspace


def new_findings(graph: Graph, kinds: Kinds, edits: Sequence[Edit]) -> list[Finding]:
    """Return the findings that a workspace has with some edits, and does not have without."""
    workspace = graph.workspace
    with TemporaryDirectory(prefix="jkgraph-") as folder:
        root = Path(folder)
        shutil.copy(workspace.root / FILE, root)
        for part in (workspace.ontology, workspace.shapes, workspace.data):
            shutil.copytree(part, root / workspace.relative(part), symlinks=True)
        tried = open_workspace(root)
        moved = [e._replace(path=tried.root / workspace.relative(e.path)) for e in edits]
        apply_edits(moved, tried)
        changed = load(tried)
        found = run_checks(changed, read_kinds(changed))
    # Most workspaces have no findings; then there is nothing to compare with.
    known = {_told(f) for f in run_checks(graph, kinds)} if fails(graph, found) else set()
    return [f for f in found if _told(f) not in known]


def _told(found: Finding) -> tuple[str, str | None, str]:
    return found.rule, found.record, repr(found.message)


def at_cells(findings: Iterable[Finding], plan: Plan) -> tuple[list[Remark], list[Finding]]:
    """Part findings into those about a cell of the spreadsheet, and the others."""
    remarks, others = [], []
    for found in findings:
        place = _place(found, plan)
        if place is None:
            others.append(found)
        else:
            remarks.append(Remark(place, found.rule, found.severity, found.message))
    return remarks, others


def _place(found: Finding, plan: Plan) -> Place | None:
    """Find the cell of a value in its language, else of its property, else the row."""
    node, path = found.record or "", found.predicate or ""
    record = node.partition("#")[0]
    value = read_exact(found.value or "")
    language = value.language if isinstance(value, ox.Literal) else None
    spots = ((node, path, language or ""), (node, path, ""), (node, "", ""), (record, "", ""))
    return next((plan.places[spot] for spot in spots if spot in plan.places), None)
