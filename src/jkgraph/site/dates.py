"""When something was last changed, by what the data says; never by the clock."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from jkgraph.graph import Graph, Node
from jkgraph.kinds import Kind
from jkgraph.site.contents import Facet
from jkgraph.site.plan import Page, Plan


def changed(graph: Graph, nodes: Iterable[Node]) -> str:
    """Return the last day on which any of some resources was changed; empty when none tells."""
    roles = [role for name in ("created", "modified") if (role := graph.role(name))]
    values = (v for node in nodes for role in roles for v in graph.objects(node, role))
    return max((v.value for v in values if isinstance(v, ox.Literal)), default="")


def newest(plan: Plan) -> str:
    """Return the last day on which any published record was changed."""
    return changed(plan.graph, (r for found in plan.records.values() for r in found))


def page_changed(plan: Plan, page: Page) -> str:
    """Return when what a page shows was last changed; empty when nothing tells."""
    about = page.about
    if isinstance(about, Kind):
        return changed(plan.graph, plan.lists[about.name])
    if isinstance(about, Facet):
        return changed(plan.graph, about.records)
    if isinstance(about, ox.NamedNode):
        return changed(plan.graph, [about])
    return ""
