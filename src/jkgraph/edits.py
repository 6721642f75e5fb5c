"""Change record files: every file in its canonical form, and all of them or none.

An edit is made from what was read. It is refused when a file says something else by the time it
is written, or holds comments of its author, which the canonical form has no place for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text
from jkgraph.graph import Graph, Term
from jkgraph.kinds import Kinds
from jkgraph.layout import Layout
from jkgraph.turtle import comments


@dataclass(frozen=True)
class Edit:
    """What becomes of one file: its text now, and then; None where there is no file."""

    path: Path
    before: str | None
    after: str | None


class Editor:
    """Makes edits to the records of a graph."""

    def __init__(self, graph: Graph, kinds: Kinds) -> None:
        self._graph = graph
        self._layout = Layout(graph, kinds)

    def edit(self, path: Path, triples: Iterable[ox.Triple]) -> Edit:
        """Let a record file say these triples and no others; none take the file away.

        Raises JkgraphError when the file holds comments.
        """
        before = path.read_text("utf-8") if path.exists() else None
        if before is not None and (found := comments(before)):
            file = self._graph.workspace.relative(path)
            raise JkgraphError("has-comments", file=file, line=found[0].line)
        return Edit(path, before, self._layout.text(path, triples) or None)


def with_values(
    triples: Iterable[ox.Triple], subject: ox.NamedNode, predicate: ox.NamedNode, *values: Term
) -> list[ox.Triple]:
    """Return triples in which a property has these values and no others."""
    kept = [t for t in triples if (t.subject, t.predicate) != (subject, predicate)]
    return [*kept, *(ox.Triple(subject, predicate, value) for value in values)]


def apply_edits(edits: Sequence[Edit]) -> None:
    """Write all edits; when one cannot be written, those before it are taken back.

    Raises JkgraphError when a file was changed since the edit was made, or cannot be written.
    """
    for edit in edits:
        if _text(edit.path) != edit.before:
            raise JkgraphError("changed-meanwhile", file=edit.path)
    done: list[Edit] = []
    try:
        for edit in edits:
            done.append(edit)
            _put(edit.path, edit.after)
    except BaseException as error:
        for edit in done:
            _put(edit.path, edit.before)
        if isinstance(error, OSError):
            raise JkgraphError("not-written", file=edit.path, reason=error.strerror) from error
        raise


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    elif _text(path) != text:
        replace_text(path, text)
