"""Tells in a few words why what follows for a record holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from jkgraph.iri import whole
from jkgraph.site.values import Link, Row, Text

if TYPE_CHECKING:
    from jkgraph.site.maker import Views
    from jkgraph.site.views import Resource


class Reason(NamedTuple):
    """Values that hold for one reason.

    ``way`` is the first record by way of which they follow; its page tells on. Where there is
    none, ``there`` tells that the pages of the values say it, and ``here`` that this page does.
    """

    values: Sequence[Link | Text | Resource]
    way: Link | Text | None = None
    there: bool = False
    here: bool = False


class Reasons:
    """Why what pages of one language show as inferred holds."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def of(self, record: Resource, row: Row) -> list[Reason]:
        """Put the values of an inferred row together by the reason why they hold."""
        predicate = self._views.graph.term(row.path)
        found: dict[Reason, list[Link | Text | Resource]] = {}
        for value in row.values:
            found.setdefault(self._reason(record, predicate, value), []).append(value)
        return [why._replace(values=some) for why, some in found.items()]

    def _reason(
        self, record: Resource, predicate: ox.NamedNode, value: Link | Text | Resource
    ) -> Reason:
        to = value.resource if isinstance(value, Link) else None
        proof = self._views.statements.prove((record.node, predicate, to.node)) if to else None
        if to is None or proof is None:
            return Reason(())
        records = map(self._views.statements.record_of, proof.between)
        if way := next((r for r in records if r and r not in {record.node, to.node}), None):
            return Reason((), self._views.link(way))
        said = {whole(getattr(leaf.fact[0], "value", "")) for leaf in proof.leaves}
        return Reason((), there=said == {to.iri}, here=said == {record.iri})
