"""What a site holds: its records by kind, the values of its lists, and its facets."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

from jkgraph.graph import SCHEME, TYPE, Graph, file_graph, is_withdrawn
from jkgraph.iri import kebab, split
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.turtle import parse


@dataclass(frozen=True)
class Facet:
    """The records of a kind (or family) that have one value for one field."""

    kind: Kind
    field: Field
    value: ox.NamedNode
    records: tuple[ox.NamedNode, ...]
    path: str


@dataclass(frozen=True)
class Contents:
    """What there is to show.

    ``records`` gives the records per kind, the withdrawn ones too; ``lists`` those to list,
    per kind or family; ``facets`` the facets of each; ``schemes`` the members of each
    scheme; ``values`` the values of the closed lists; ``paths`` the page of each resource.
    """

    records: Mapping[str, tuple[ox.NamedNode, ...]]
    lists: Mapping[str, tuple[ox.NamedNode, ...]]
    facets: Mapping[str, tuple[Facet, ...]]
    schemes: Mapping[str, tuple[ox.NamedNode, ...]]
    values: tuple[ox.NamedNode, ...]
    paths: Mapping[str, str]


def published_only(graph: Graph) -> Graph:
    """Take the drafts out of a graph, so that nothing on the site knows of them."""
    status, published = graph.role("status"), graph.role("published")
    if status and published:
        for record in graph.records():
            path = graph.file_of(record)
            if (
                path
                and not graph.has(record, status, published)
                and not is_withdrawn(graph, record)
            ):
                graph.store.remove_graph(file_graph(path))
    # A new graph, because the old one remembers which records it had.
    return replace(graph)


def read_contents(graph: Graph, kinds: Kinds) -> Contents:
    """Read what there is to show from a graph that holds what follows from it."""
    loaded = {record.value for record in graph.records()}
    records = {kind.name: _records(graph, kind, loaded) for kind in kinds.records}
    lists = {
        name: tuple(r for r in found if not is_withdrawn(graph, r))
        for name, found in records.items()
    }
    for family in kinds.families:
        members = [r for k in kinds.records if family.iri in k.parents for r in lists[k.name]]
        lists[family.name] = tuple(sorted(members, key=_by_label(graph)))
    listed = {r for found in lists.values() for r in found}
    schemes = {
        split(scheme.value)[1]: tuple(_members(graph, scheme, listed))
        for scheme in graph.subjects(TYPE, SCHEME)
    }
    values = tuple(v for found in schemes.values() for v in found if v not in listed)
    order = {value: number for number, value in enumerate(values)}
    return Contents(
        records=records,
        lists=lists,
        facets={
            k.name: tuple(_facets(graph, k, lists[k.name], order))
            for k in (*kinds.records, *kinds.families)
        },
        schemes={name: found for name, found in schemes.items() if found},
        values=values,
        paths={r.value: _path(graph, r) for found in (*records.values(), values) for r in found},
    )


@cache
def alphabetic(text: str) -> str:
    """Return what a name is sorted by: no capitals, no accents, no signs in front."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).lstrip("'‘’\"@( ")


def _by_label(graph: Graph) -> Callable[[ox.NamedNode], tuple[str, str]]:
    leading = graph.workspace.languages[0]
    return lambda node: (alphabetic(graph.label(node, leading)), node.value)


def _path(graph: Graph, node: ox.NamedNode) -> str:
    folder, slug = graph.addresses.kind_and_slug(node.value) or ("", "")
    return f"{folder}/{slug}.html"


def _records(graph: Graph, kind: Kind, loaded: set[str]) -> tuple[ox.NamedNode, ...]:
    found = (r for r in graph.subjects(TYPE, kind.iri) if r.value in loaded)
    return tuple(sorted(found, key=_by_label(graph)))


def _members(graph: Graph, scheme: ox.NamedNode, listed: set[ox.NamedNode]) -> list[ox.NamedNode]:
    """Return the records in a scheme by name, or the values of a closed list in their order."""
    role, parent = graph.role("scheme"), graph.role("list")
    found = graph.subjects(role, scheme) if role else []
    classes = set(graph.below(parent)) if parent else set()
    values = [v for v in found if classes.intersection(graph.objects(v, TYPE))]
    order = _file_order(graph, scheme) if values else {}
    records = sorted((r for r in found if r in listed), key=_by_label(graph))
    return [*sorted(values, key=lambda v: order.get(v, len(order))), *records]


def _file_order(graph: Graph, node: ox.NamedNode) -> Mapping[object, int]:
    """Return the place of each resource in a file, as people chose to order them."""
    path = graph.file_of(node)
    text = (graph.workspace.root / path).read_text("utf-8") if path else ""
    subjects = dict.fromkeys(triple.subject for triple in parse(text).triples)
    return {subject: number for number, subject in enumerate(subjects)}


def _facets(
    graph: Graph,
    kind: Kind,
    records: tuple[ox.NamedNode, ...],
    order: Mapping[ox.NamedNode, int],
) -> Iterator[Facet]:
    """Yield the facets of a kind: values of a closed list in its order, others by name."""
    by_label = _by_label(graph)
    for name in graph.workspace.facets.fields:
        predicate = graph.term(name)
        fields = kind.by_path().get(predicate.value)
        if not fields:
            continue
        having: dict[ox.NamedNode, list[ox.NamedNode]] = {}
        for record in records:
            for value in graph.objects(record, predicate):
                if isinstance(value, ox.NamedNode):
                    having.setdefault(value, []).append(record)
        for value in sorted(having, key=lambda v: (order.get(v, 0), by_label(v))):
            slug = split(value.value)[1]
            path = f"{kind.name}/{kebab(split(predicate.value)[1])}/{slug}.html"
            yield Facet(kind, fields[0], value, tuple(having[value]), path)
