"""What a site holds: its records by kind, the values of its lists, and its facets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import SCHEME, TRUE, TYPE, Graph, Term, by_language, file_graph, is_withdrawn
from jkgraph.iri import kebab, split
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.lookup import folded
from jkgraph.turtle import parse

Order = Callable[[ox.NamedNode], tuple[str, str]]


class Facet(NamedTuple):
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
    scheme; ``values`` the values of the closed lists; ``paths`` the page of each resource;
    ``worded`` the languages in which each thing has a summary.
    """

    records: Mapping[str, tuple[ox.NamedNode, ...]]
    lists: Mapping[str, tuple[ox.NamedNode, ...]]
    facets: Mapping[str, tuple[Facet, ...]]
    schemes: Mapping[str, tuple[ox.NamedNode, ...]]
    values: tuple[ox.NamedNode, ...]
    paths: Mapping[str, str]
    worded: Mapping[str, frozenset[str]]


def published_only(graph: Graph) -> Graph:
    """Take the drafts out of a graph, so that nothing on the site knows of them."""
    for record, path in graph.record_files.items():
        if is_unpublished(graph, ox.NamedNode(record)):
            graph.store.remove_graph(file_graph(path))
    # A new graph, because the old one remembers which records it had.
    return replace(graph)


def is_unpublished(graph: Graph, record: ox.NamedNode) -> bool:
    """Tell whether a record is neither published nor withdrawn."""
    status, published = graph.role("status"), graph.role("published")
    if not status or not published:
        return False
    return not graph.has(record, status, published) and not is_withdrawn(graph, record)


def read_contents(graph: Graph, kinds: Kinds) -> Contents:
    """Read what there is to show from a graph that holds what follows from it."""
    by_label = _by_label(graph)
    deprecated = graph.role("deprecated")
    withdrawn = set(graph.subjects(deprecated, TRUE)) if deprecated else set()
    known = graph.record_files
    records = {
        kind.name: tuple(
            sorted((r for r in graph.subjects(TYPE, kind.iri) if r.value in known), key=by_label)
        )
        for kind in kinds.records
    }
    lists = {name: tuple(r for r in found if r not in withdrawn) for name, found in records.items()}
    for family in kinds.families:
        members = [r for k in kinds.records if family.iri in k.parents for r in lists[k.name]]
        lists[family.name] = tuple(sorted(members, key=by_label))
    listed = {r for found in lists.values() for r in found}
    schemes = {
        split(scheme.value)[1]: tuple(_members(graph, scheme, listed, by_label))
        for scheme in graph.subjects(TYPE, SCHEME)
    }
    values = tuple(v for found in schemes.values() for v in found if v not in listed)
    order = {value: number for number, value in enumerate(values)}
    chosen = [(p, graph.said(p)) for p in map(graph.term, graph.workspace.facets.fields)]

    def by_value(node: ox.NamedNode) -> tuple[int, tuple[str, str]]:
        return order.get(node, 0), by_label(node)

    return Contents(
        records=records,
        lists=lists,
        facets={
            k.name: tuple(_facets(k, lists[k.name], chosen, by_value))
            for k in (*kinds.records, *kinds.families)
        },
        schemes={name: found for name, found in schemes.items() if found},
        values=values,
        paths={r.value: _path(graph, r) for found in (*records.values(), values) for r in found},
        worded=_worded(graph),
    )


def _worded(graph: Graph) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    # Most things have the same languages.
    same: dict[frozenset[str], frozenset[str]] = {}
    for role in graph.roles("summary"):
        for quad in graph.store.quads_for_pattern(None, role, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                name = quad.subject.value
                languages = found.get(name, frozenset()) | {quad.object.language or ""}
                found[name] = same.setdefault(languages, languages)
    return found


@cache
def alphabetic(text: str) -> str:
    """Return what a name is sorted by: no capitals, no accents, no signs in front."""
    return folded(text).lstrip("'‘’\"@( ")


def _by_label(graph: Graph) -> Order:
    """Return what sorts resources by name; all names are read at once, which is much faster."""
    leading, role = graph.workspace.languages[0], graph.role("label")
    texts = {node: by_language(said) for node, said in (graph.said(role) if role else {}).items()}

    def order(node: ox.NamedNode) -> tuple[str, str]:
        return alphabetic(graph.name(node, texts.get(node.value, {}), leading)), node.value

    return order


def _path(graph: Graph, node: ox.NamedNode) -> str:
    folder, slug = graph.addresses.kind_and_slug(node.value) or ("", "")
    return f"{folder}/{slug}.html"


def _members(
    graph: Graph, scheme: ox.NamedNode, listed: set[ox.NamedNode], by_label: Order
) -> list[ox.NamedNode]:
    """Return the records in a scheme by name, or the values of a closed list in their order."""
    role, parent = graph.role("scheme"), graph.role("list")
    found = graph.subjects(role, scheme) if role else []
    classes = set(graph.below(parent)) if parent else set()
    values = [v for v in found if classes.intersection(graph.objects(v, TYPE))]
    order = _file_order(graph, scheme) if values else {}
    records = sorted((r for r in found if r in listed), key=by_label)
    return [*sorted(values, key=lambda v: order.get(v, len(order))), *records]


def _file_order(graph: Graph, node: ox.NamedNode) -> Mapping[object, int]:
    """Return the place of each resource in a file, as people chose to order them."""
    path = graph.file_of(node)
    text = graph.sources[path].decode() if path else ""
    subjects = dict.fromkeys(triple.subject for triple in parse(text).triples)
    return {subject: number for number, subject in enumerate(subjects)}


def _facets(
    kind: Kind,
    records: tuple[ox.NamedNode, ...],
    chosen: Sequence[tuple[ox.NamedNode, Mapping[str, list[Term]]]],
    by_value: Callable[[ox.NamedNode], tuple[int, tuple[str, str]]],
) -> Iterator[Facet]:
    """Yield the facets of a kind: values of a closed list in its order, others by name."""
    for predicate, said in chosen:
        fields = kind.by_path().get(predicate.value)
        if not fields:
            continue
        having: dict[ox.NamedNode, list[ox.NamedNode]] = {}
        for record in records:
            for value in said.get(record.value, ()):
                if isinstance(value, ox.NamedNode):
                    having.setdefault(value, []).append(record)
        for value in sorted(having, key=by_value):
            slug = split(value.value)[1]
            path = f"{kind.name}/{kebab(split(predicate.value)[1])}/{slug}.html"
            yield Facet(kind, fields[0], value, tuple(having[value]), path)
