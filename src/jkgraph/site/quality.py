"""How good the published data is, as far as a machine can tell: measurements in DQV.

Nothing here looks at the clock: a build of the same files measures the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.checks.published import deviations, read_shapes
from jkgraph.graph import TYPE, Graph, Term, graph_path
from jkgraph.iri import split, whole
from jkgraph.reviews import next_review
from jkgraph.site.plan import Plan
from jkgraph.site.saying import Saying, term, texts

DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
# Steps of a share: what falls short of all by however little is not said to be all.
STEPS = 1000
# What is measured, each with the dimension of quality that the W3C counts it under.
METRICS = {
    "sources": "completeness",
    "passages": "trustworthiness",
    "names": "versatility",
    "texts": "versatility",
    "reviewed": "timeliness",
    "links": "interlinking",
    "outward": "interlinking",
    "deviations": "interoperability",
}


class Measure(NamedTuple):
    """One measurement: what was measured, and what came out.

    Without ``of`` the result is the number ``part``, otherwise the share of it. ``standard``
    is what was measured against.
    """

    name: str
    part: int
    of: int | None = None
    standard: str = ""

    @property
    def value(self) -> ox.Literal:
        """The result: a number, or a share between 0 and 1, rounded down."""
        if self.of is None:
            return ox.Literal(self.part)
        return ox.Literal(f"{self.part * STEPS // self.of / STEPS:.3f}", datatype=DECIMAL)


def tell(said: Saying, found: Measure, about: ox.NamedNode) -> None:
    """Say the result of a measurement of something, and what was measured."""
    catalogue, languages = said.plan.graph.workspace.catalogue, said.plan.languages

    def words(key: str, **values: object) -> list[ox.Literal]:
        return texts({lang: catalogue.word(key, lang, **values) for lang in languages})

    node = said.part(f"{split(about.value)[1]}-{found.name}")
    metric = said.part(f"metric-{found.name}")
    dimension = said.typed(term(f"ldqd:{METRICS[found.name]}").value, "dqv:Dimension")
    said.say(metric, "a", term("dqv:Metric"))
    said.say(metric, "skos:prefLabel", *words(f"quality.{found.name}"))
    said.say(metric, "skos:definition", *words(f"quality.{found.name}-text"))
    said.say(metric, "dqv:inDimension", dimension)
    said.say(metric, "dqv:expectedDataType", found.value.datatype)
    said.say(about, "dqv:hasQualityMeasurement", node)
    said.say(node, "a", term("dqv:QualityMeasurement"))
    said.say(node, "dqv:isMeasurementOf", metric)
    said.say(node, "dqv:computedOn", about)
    said.say(node, "dqv:value", found.value)
    said.say(node, "dct:date", said.day)
    if found.of is not None:
        said.say(node, "rdfs:comment", *words("quality.of", part=found.part, of=found.of))
    if found.standard:
        said.say(node, "rdfs:comment", ox.Literal(found.standard))


def conformance(plan: Plan, name: str, content: bytes) -> Measure | None:
    """Measure how often a published file is not as its shapes ask; None when it has no shapes."""
    path = plan.graph.workspace.export_shapes / name
    if not path.is_file():
        return None
    shapes, number = read_shapes(path), deviations(content, path)
    standard = f"{shapes.title} {shapes.version}".strip()
    return Measure("deviations", number, standard=standard)


def measures(plan: Plan, day: str) -> Iterator[Measure]:
    """Yield what can be measured with the roles that the workspace has.

    ``day`` is the day on which the data was last changed, by which it is or is not in time.
    """
    found = _Measuring(plan)
    shares = {
        "sources": found.sourced(),
        "passages": found.passages(),
        "names": found.named(),
        "texts": found.worded(),
        "reviewed": found.in_time(day),
    }
    for name, judged in shares.items():
        if judged:
            yield Measure(name, sum(judged), len(judged))
    inside, outside = found.links()
    yield Measure("links", inside)
    yield Measure("outward", outside)


@dataclass(frozen=True)
class _Measuring:
    """Judges the records that readers find in lists, one by one."""

    plan: Plan

    @property
    def _graph(self) -> Graph:
        return self.plan.graph

    @cached_property
    def _records(self) -> list[ox.NamedNode]:
        return [r for kind in self.plan.kinds.records for r in self.plan.lists[kind.name]]

    def named(self) -> list[bool]:
        role = self._graph.required_role("label")
        said = ((t.language for t in self._graph.objects(r, role)) for r in self._records)  # type: ignore[union-attr]  # a label
        return [set(self.plan.languages) <= set(found) for found in said]

    def worded(self) -> list[bool]:
        wanted = set(self.plan.languages)
        return [wanted <= self.plan.worded.get(r.value, set()) for r in self._records]

    def sourced(self) -> list[bool]:
        """Judge the records of kinds that can name a source."""
        role = self._graph.role("citation")
        kinds = (k for k in self.plan.kinds.records if role and role.value in k.order)
        return [self._graph.has(r, role) for k in kinds for r in self.plan.lists[k.name]]

    def passages(self) -> list[bool]:
        """Judge the citations, by whether they tell where in the source."""
        role = self._graph.role("citation")
        places = [r for r in map(self._graph.role, ("pages", "section", "item")) if r]
        if not role or not places:
            return []
        cited = (c for r in self._records for c in self._graph.objects(r, role))
        return [any(self._graph.has(c, place) for place in places) for c in cited]

    def in_time(self, day: str) -> list[bool]:
        if not day or not self._graph.role("reviewed"):
            return []
        due = (next_review(self._graph, record) for record in self._records)
        return [on is None or on > date.fromisoformat(day) for on in due]

    def links(self) -> tuple[int, int]:
        """Count the links between records that people wrote, and the addresses elsewhere."""
        records = {record.value for record in self._records}
        inside, outside = set[tuple[str, str]](), set[Term]()
        for quad in self._graph.store:
            value = quad.object
            if quad.predicate == TYPE or not isinstance(value, ox.NamedNode):
                continue
            start = whole(getattr(quad.subject, "value", ""))
            if start not in records or not graph_path(quad.graph_name):
                continue
            if value.value in records and value.value != start:
                inside.add((start, value.value))
            elif not value.value.startswith(self._graph.addresses.base):
                outside.add(value)
        return len(inside), len(outside)
