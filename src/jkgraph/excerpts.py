"""Puts answers into documents: what a query answers stands between two markers.

``<!-- answer: name -->`` begins the answer to a saved query, with ``rows=5`` or the value of
a parameter behind the name where wanted; ``<!-- answer -->`` that to the query in the block
of SPARQL above it. ``<!-- end -->`` ends it. Everything between them is written anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from jkgraph.answers import write_answer
from jkgraph.graph import Graph
from jkgraph.parameters import fill
from jkgraph.queries import saved_query, solutions

LANGUAGE = "en"
ANSWER = re.compile(r"(<!-- answer: ([\w-]+)((?: \w+=\S+)*) -->\n).*?(?=<!-- end -->)", re.DOTALL)
SHOWN = re.compile(
    r"(```sparql\n([^`]+)```\n\n<!-- answer(?: rows=(\d+))? -->\n).*?(?=<!-- end -->)", re.DOTALL
)


def documents_with_answers(graph: Graph) -> Iterator[tuple[Path, str]]:
    """Yield every document of the workspace that holds answers, with its text as it should be.

    The graph must hold what follows from it.
    """
    for folder in (graph.workspace.documents, graph.workspace.queries):
        for path in sorted(folder.rglob("*.md")):
            text = path.read_text("utf-8")
            if ANSWER.search(text) or SHOWN.search(text):
                text = ANSWER.sub(partial(_saved, graph), text)
                yield path, SHOWN.sub(partial(_shown, graph, path.name), text)


def _saved(graph: Graph, found: re.Match[str]) -> str:
    """Write the marker, what is asked, how to ask it, and the answer."""
    given = dict(pair.split("=", 1) for pair in found[3].split())
    most = int(given.pop("rows", 0))
    query = saved_query(graph, found[2])
    asked = " ".join([f"jkgraph query {query.name}", *(f"-p {k}={v}" for k, v in given.items())])
    lines = [
        f"{found[1]}**{query.texts['Title'][LANGUAGE]}**",
        "",
        query.texts["Description"][LANGUAGE],
        "",
        "```sh",
        asked,
        "```",
        "",
        *_answer(graph, fill(graph, query, given), query.name, most),
    ]
    return "\n".join(lines) + "\n"


def _shown(graph: Graph, name: str, found: re.Match[str]) -> str:
    return "\n".join([found[1], *_answer(graph, found[2], name, int(found[3] or 0))]) + "\n"


def _answer(graph: Graph, text: str, name: str, most: int) -> Iterator[str]:
    """Yield the first rows of an answer as a table, or its first lines as Turtle."""
    found, out = solutions(graph, text, name), io.BytesIO()
    is_graph = isinstance(found, ox.QueryTriples)
    write_answer(found, "ttl" if is_graph else "md", out, graph.addresses)
    lines = out.getvalue().decode().splitlines()
    if is_graph:
        head = ["```turtle"]
        rows = [line for line in lines if line and not line.startswith("@prefix")]
    else:
        head, rows = lines[:2], lines[2:]
    kept = rows[:most] if most else rows
    yield from (*head, *kept, *(["```"] if is_graph else []), "")
    if left := len(rows) - len(kept):
        yield from (f"… and {left} more {'lines' if is_graph else 'rows'}.", "")
