"""Puts answers into documents: what a saved query answers stands between two markers.

``<!-- answer: name -->`` begins it, with ``rows=5`` or the value of a parameter behind the
name where wanted; ``<!-- end -->`` ends it. Everything between them is written anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from jkgraph.answers import write_answer
from jkgraph.graph import Graph
from jkgraph.parameters import fill
from jkgraph.queries import saved_query, solutions

LANGUAGE = "en"
ANSWER = re.compile(r"(<!-- answer: ([\w-]+)((?: \w+=\S+)*) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def documents_with_answers(graph: Graph) -> Iterator[tuple[Path, str]]:
    """Yield every document of the workspace that holds answers, with its text as it should be.

    The graph must hold what follows from it.
    """
    for folder in (graph.workspace.documents, graph.workspace.queries):
        for path in sorted(folder.rglob("*.md")):
            text = path.read_text("utf-8")
            if ANSWER.search(text):
                yield path, ANSWER.sub(lambda found: found[1] + _answer(graph, found), text)


def _answer(graph: Graph, found: re.Match[str]) -> str:
    """Write what is asked, how to ask it, and the rows of the answer as a table."""
    given = dict(pair.split("=", 1) for pair in found[3].split())
    most = int(given.pop("rows", 0))
    query = saved_query(graph, found[2])
    out = io.BytesIO()
    write_answer(
        solutions(graph, fill(graph, query, given), query.name), "md", out, graph.addresses
    )
    head, rule, *rows = out.getvalue().decode().splitlines()
    kept = rows[:most] if most else rows
    asked = " ".join([f"jkgraph query {query.name}", *(f"-p {k}={v}" for k, v in given.items())])
    lines = [
        f"**{query.texts['Title'][LANGUAGE]}**",
        "",
        query.texts["Description"][LANGUAGE],
        "",
        "```sh",
        asked,
        "```",
        "",
        head,
        rule,
        *kept,
        "",
    ]
    if len(kept) < len(rows):
        lines += [f"… and {len(rows) - len(kept)} more rows.", ""]
    return "\n".join(lines) + "\n"
