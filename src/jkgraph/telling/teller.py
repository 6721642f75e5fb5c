"""Tells what changes in the files of a workspace, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from jkgraph.differences import Difference
from jkgraph.edits import Edit
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds
from jkgraph.telling.files import tell_file
from jkgraph.telling.names import Names
from jkgraph.telling.records import Record, Telling, moves


class Teller:
    """Tells differences in one language, by the kinds and the names of a graph.

    Names that the graph does not have are looked up in the texts of the differences, and in
    ``texts``: those of other files that are not as they were. What is told in brief quotes no
    text that the graph does not hold, and no long one.
    """

    def __init__(
        self,
        graph: Graph,
        kinds: Kinds,
        language: str,
        texts: Iterable[str] = (),
        *,
        is_brief: bool = False,
    ) -> None:
        self._graph, self._kinds, self._language = graph, kinds, language
        self._texts, self._is_brief = tuple(texts), is_brief

    def tell(self, differences: Sequence[Difference]) -> list[Telling]:
        """Return what changes, in the order of the differences."""
        edits = [d.edit for d in differences]
        names = self._names([text for e in edits for text in (e.after, e.before) if text])
        records = [Record(names, one) for one in differences]
        moved = dict(moves(records))
        shown = (r for r in records if r not in moved.values())
        return [r.moved(moved[r]) if r in moved else r.telling() for r in shown]

    def tell_file(self, edit: Edit) -> Telling:
        """Return what changes in a file of the ontology, the shapes, the queries or the rules.

        Raises TurtleSyntaxError when one of the texts cannot be read.
        """
        return tell_file(self._names(), edit)

    def unread(self, path: Path) -> Telling:
        """Return that a file cannot be read, in one of its two states."""
        relative = self._graph.workspace.relative(path)
        lead = self._names().say("telling.unread")
        return Telling(None, relative, relative, "", "unread", lead)

    def _names(self, texts: Iterable[str] = ()) -> Names:
        known = (*texts, *self._texts)
        return Names(self._graph, self._kinds, self._language, known, self._is_brief)
