"""What was told already: one fault gives one finding, by the check that words it best."""

from __future__ import annotations

from collections.abc import Iterable

from jkgraph.checks.shacl import Result
from jkgraph.findings import Finding, Location
from jkgraph.graph import Graph
from jkgraph.iri import split
from jkgraph.messages import Message

# What has one of these faults makes others fail: records that link to it, or a whole shape.
DOUBTFUL = frozenset({"type-elsewhere", "type-missing", "unknown-term"})


class Told:
    """The findings of earlier checks, to keep shapes from repeating them."""

    def __init__(self, graph: Graph, findings: Iterable[Finding]) -> None:
        findings = tuple(findings)
        self._lines = {(f.location.path, f.location.line) for f in findings}
        self._meant = {(f.record, _near(f)) for f in findings}
        self._doubted = graph.unread | {f.record for f in findings if f.rule in DOUBTFUL} - {None}

    def covers(self, result: Result, place: Location) -> bool:
        """Tell whether a result only follows from what was told."""
        if result.value is None and result.path is not None:
            # What is missing stands there misspelt.
            missing = getattr(result.focus, "value", None), split(result.path.value)[1]
            if missing in self._meant:
                return True
        about = {getattr(result.value, "value", None), result.shape}
        return bool(about & self._doubted) or self._has(place)

    def _has(self, place: Location) -> bool:
        return (place.path, place.line) in self._lines


def _near(found: Finding) -> str:
    hint = found.message.values.get("hint")
    return str(hint.values.get("near", "")) if isinstance(hint, Message) else ""
