"""Change record files: every file in its canonical form, and all of them or none.

An edit is made from what was read. It is refused when a file says something else by the time it
is written, or holds comments of its author, which the canonical form has no place for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError, unwritable
from jkgraph.files import prepare, sync
from jkgraph.graph import Graph, Term
from jkgraph.journal import begin, changing, end, is_record_file, take_back, text_of
from jkgraph.kinds import Kinds
from jkgraph.layout import Layout
from jkgraph.messages import Message
from jkgraph.turtle import comments
from jkgraph.workspace import Workspace


class Edit(NamedTuple):
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

        Raises JkgraphError when the file holds comments, or changed since the graph was read.
        """
        before, file = text_of(path), self._graph.workspace.relative(path)
        if before is not None and (found := comments(before)):
            raise JkgraphError("has-comments", file=file, line=found[0].line)
        known = self._graph.sources.get(file)
        if known is not None and known.decode() != before:
            raise JkgraphError("changed-meanwhile", file=file)
        return Edit(path, before, self._layout.text(path, triples) or None)


def with_values(
    triples: Iterable[ox.Triple], subject: ox.NamedNode, predicate: ox.NamedNode, *values: Term
) -> list[ox.Triple]:
    """Return triples in which a property has these values and no others."""
    kept = [t for t in triples if (t.subject, t.predicate) != (subject, predicate)]
    return [*kept, *(ox.Triple(subject, predicate, value) for value in values)]


def apply_edits(edits: Sequence[Edit], workspace: Workspace) -> None:
    """Make all edits of the records of a workspace, or none.

    Raises JkgraphError when a file was changed since the edit was made, is a link, or cannot be
    written.
    """
    if not edits:
        return
    with changing(workspace):
        for edit in edits:
            if not is_record_file(workspace, edit.path):
                raise JkgraphError("not-written", file=edit.path, reason=Message("error.is-link"))
            if text_of(edit.path) != edit.before:
                raise JkgraphError("changed-meanwhile", file=edit.path)
        at = workspace.data
        try:
            new = []
            for edit in edits:
                at = edit.path
                new.append(None if edit.after is None else _prepare(edit.path, edit.after))
            begin(workspace, [(edit.path, edit.before, edit.after) for edit in edits])
            for edit, file in zip(edits, new, strict=True):
                at = edit.path
                file.replace(at) if file else at.unlink(missing_ok=True)
            for folder in {edit.path.parent for edit in edits}:
                sync(folder)
            end(workspace)
        except BaseException as error:
            _take_back(workspace)
            if isinstance(error, OSError):
                raise unwritable(at, error) from error
            raise


def _prepare(path: Path, text: str) -> Path:
    return prepare(path, BytesIO(text.encode()))


def _take_back(workspace: Workspace) -> None:
    try:
        take_back(workspace)
    except (OSError, JkgraphError) as error:
        raise JkgraphError("not-taken-back", file=workspace.unfinished) from error
