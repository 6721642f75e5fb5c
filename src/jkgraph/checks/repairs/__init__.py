"""What to type instead: a repair for every finding that has a plain one.

Files are read only when they have a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jkgraph.checks.repairs import names, signs, values
from jkgraph.checks.repairs.case import Case
from jkgraph.findings import Finding, Repair
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds
from jkgraph.loading import may_be_read
from jkgraph.turtle import Spots

MAKERS: Mapping[str, Callable[[Case], Repair | None]] = {
    "hash-after-name": signs.part,
    "ill-typed-literal": values.typed,
    "link-unknown": names.link,
    "property-without-shape": names.unshaped,
    "record-missing": names.record,
    "shape-without-target": names.term,
    "syntax-undeclared-prefix": names.prefix,
    "type-missing": names.kind,
    "unknown-term": names.term,
}


class Repairs:
    """Proposes repairs for the findings about a graph."""

    def __init__(self, graph: Graph, kinds: Kinds) -> None:
        self._graph, self._kinds = graph, kinds
        self._spots: dict[str, Spots | None] = {}

    def proposed(self, found: Finding) -> Finding:
        """Return a finding with its repair; safe are those of records only."""
        spots = self._read(found.location.path)
        if spots is None:
            return found
        case = Case(self._graph, self._kinds, found, spots)
        is_syntax = found.rule.startswith("syntax-")
        repair = MAKERS.get(found.rule, signs.reading if is_syntax else values.value)(case)
        if repair is None or not repair.replacements:
            return found
        folder = f"{self._graph.workspace.relative(self._graph.workspace.data)}/"
        is_safe = repair.is_safe and found.location.path.startswith(folder)
        return found._replace(repair=repair._replace(is_safe=is_safe))

    def _read(self, path: str) -> Spots | None:
        if path not in self._spots:
            file = self._graph.workspace.root / path
            # A byte that is not UTF-8 counts as one sign, as it does for the place of a finding.
            may = may_be_read(self._graph.workspace, file)
            self._spots[path] = Spots(file.read_text("utf-8", "surrogateescape")) if may else None
        return self._spots[path]
