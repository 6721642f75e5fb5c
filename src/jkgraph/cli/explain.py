"""Tells where the time of a query goes, and how the store goes about it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from jkgraph.cli.session import Session
from jkgraph.graph import Graph
from jkgraph.queries import Query, standalone

# The names that the store makes for variables of its own.
MADE_UP = re.compile(r"\?[0-9a-f]{32}\b")


def tell_plan(run: Session, graph: Graph, query: Query, seconds: float | None) -> None:
    """Tell how the store finds the answer, for which it asks the query once more.

    Only the program `oxigraph` can tell, and only of a graph that is kept on disk.
    """
    beside = str(Path(sys.executable).parent)
    program = shutil.which("oxigraph", path=beside) or shutil.which("oxigraph")
    if program is None or run.kept is None:
        run.tell("explain.no-plan" if program is None else "explain.not-kept")
        return
    with tempfile.TemporaryDirectory() as folder:
        plan, asked = Path(folder, "plan.json"), Path(folder, "asked.rq")
        asked.write_text(standalone(graph, query), "utf-8")
        command = [program, "query", "--location", str(run.kept.store), "--query-file", str(asked)]
        command += ["--union-default-graph", "--stats", "--explain-file", str(plan)]
        for form in ("csv", "nt"):
            with suppress(OSError, ValueError, subprocess.TimeoutExpired):
                _ask([*command, "--results-format", form], seconds)
                run.tell("explain.plan")
                _draw(graph, json.loads(plan.read_text("utf-8"))["plan"], 0)
                return
    run.tell("explain.no-answer")


def _ask(command: list[str], seconds: float | None) -> None:
    nowhere = subprocess.DEVNULL
    subprocess.run(command, stdout=nowhere, stderr=nowhere, timeout=seconds, check=False)  # noqa: S603  (the store's own program)


def _draw(graph: Graph, step: Mapping[str, Any], depth: int) -> None:
    rows, seconds = step.get("number of results", 0), step.get("duration in seconds", 0)
    name = re.sub(r"<([^>]*)>", lambda m: graph.addresses.compact(m[1]), step["name"])
    told = MADE_UP.sub("?_", name)
    click.echo(f"{rows:>9}  {seconds:>8.3f} s  {'  ' * depth}{told}", err=True)
    for below in step.get("children", ()):
        _draw(graph, below, depth + 1)
