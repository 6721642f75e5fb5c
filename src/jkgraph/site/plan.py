"""Which pages exist and where; two pages at one address are an error.

A page knows its address, its language, its template and what it is about. Everything is
planned before anything is rendered, so that every link can be checked as it is made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import SCHEME, TYPE, Graph, Node, Term
from jkgraph.iri import kebab, split
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.queries import Table, run, saved_queries, saved_query
from jkgraph.turtle import parse

TRUE = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))


@dataclass(frozen=True)
class Page:
    """One page: its address from the root of the site, its language, and its subject.

    ``templates`` are tried in order. ``topic`` is the IRI of what the page is about.
    """

    path: str
    language: str
    templates: tuple[str, ...]
    topic: str = ""
    about: object = None
    row: Mapping[str, Term | None] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The way from this page to the root of the site."""
        return "../" * self.path.count("/")


@dataclass(frozen=True)
class Facet:
    """The records of a kind (or family) that have one value for one field."""

    kind: Kind
    field: Field
    value: ox.NamedNode
    records: tuple[ox.NamedNode, ...]
    path: str


@dataclass(frozen=True)
class Plan:
    """All pages of a site and what they list.

    ``lists`` gives the published records per kind or family; ``facets`` the facets of each;
    ``schemes`` the values of each closed list; ``paths`` the page of each resource.
    """

    graph: Graph
    kinds: Kinds
    languages: tuple[str, ...]
    lists: Mapping[str, tuple[ox.NamedNode, ...]]
    facets: Mapping[str, tuple[Facet, ...]]
    schemes: Mapping[str, tuple[ox.NamedNode, ...]]
    paths: Mapping[str, str]
    pages: tuple[Page, ...] = ()

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The address of every page."""
        return frozenset(page.path for page in self.pages)


def make_plan(graph: Graph, kinds: Kinds, *, drafts: bool = False) -> Plan:
    """Plan the site of a graph that holds what follows from it."""
    records = {kind.name: _published(graph, kind, drafts) for kind in kinds.records}
    lists = {
        name: tuple(r for r in found if not _is_withdrawn(graph, r))
        for name, found in records.items()
    }
    for family in kinds.families:
        members = [r for k in kinds.records if family.iri in k.parents for r in lists[k.name]]
        lists[family.name] = tuple(sorted(members, key=_by_label(graph)))
    schemes = {
        split(scheme.value)[1]: tuple(_scheme_values(graph, scheme))
        for scheme in graph.subjects(TYPE, SCHEME)
    }
    schemes = {name: values for name, values in schemes.items() if values}
    order = {v: number for values in schemes.values() for number, v in enumerate(values)}
    facets = {
        k.name: tuple(_facets(graph, k, lists[k.name], order))
        for k in (*kinds.records, *kinds.families)
    }
    paths = {
        r.value: _path(graph, r) for found in (*records.values(), *schemes.values()) for r in found
    }
    plan = Plan(graph, kinds, graph.workspace.languages, lists, facets, schemes, paths)
    return replace(plan, pages=tuple(_unique(_pages(plan, records))))


def _by_label(graph: Graph):  # type: ignore[no-untyped-def]  # a sort key
    leading = graph.workspace.languages[0]
    return lambda node: (alphabetic(graph.label(node, leading)), node.value)


@cache
def alphabetic(text: str) -> str:
    """Return what a name is sorted by: no capitals, no accents, no signs in front."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).lstrip("'‘’\"@( ")


def _path(graph: Graph, node: ox.NamedNode) -> str:
    folder, slug = graph.addresses.kind_and_slug(node.value) or ("", "")
    return f"{folder}/{slug}.html"


def _published(graph: Graph, kind: Kind, drafts: bool) -> tuple[ox.NamedNode, ...]:
    status, published = graph.role("status"), graph.role("published")
    deprecated = graph.role("deprecated")
    found = graph.subjects(TYPE, kind.iri)
    if status and published and not drafts:
        found = [
            r
            for r in found
            if published in graph.objects(r, status)
            or (deprecated and graph.objects(r, deprecated))
        ]
    loaded = {r.value for r in graph.records()}
    return tuple(sorted((r for r in found if r.value in loaded), key=_by_label(graph)))


def _is_withdrawn(graph: Graph, record: ox.NamedNode) -> bool:
    deprecated = graph.role("deprecated")
    return deprecated is not None and TRUE in graph.objects(record, deprecated)


def _scheme_values(graph: Graph, scheme: ox.NamedNode) -> list[ox.NamedNode]:
    """Return the values of a closed list; records in a scheme have a kind of their own."""
    role, parent = graph.role("scheme"), graph.role("list")
    if role is None or parent is None:
        return []
    classes = set(graph.below(parent))
    found = graph.subjects(role, scheme)
    order = _file_order(graph, scheme)
    values = [v for v in found if classes.intersection(graph.objects(v, TYPE))]
    return sorted(values, key=lambda v: order.get(v, len(order)))


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


def _pages(plan: Plan, records: Mapping[str, tuple[ox.NamedNode, ...]]) -> Iterator[Page]:
    for language in plan.languages:
        yield from _list_pages(plan, language)
        yield from _query_pages(plan, language)
        yield from _own_pages(plan, language)
    for kind in plan.kinds.records:
        above = tuple(f"kinds/{f.name}.html" for f in plan.kinds.families if f.iri in kind.parents)
        templates = (f"kinds/{kind.name}.html", *above, "kinds/_record.html")
        yield from _resource_pages(plan, records[kind.name], templates)
    for values in plan.schemes.values():
        yield from _resource_pages(plan, values, ("kinds/_value.html",))


def _resource_pages(
    plan: Plan, resources: Iterable[ox.NamedNode], templates: tuple[str, ...]
) -> Iterator[Page]:
    for node in resources:
        for language in page_languages(plan, node):
            path = in_language(plan, plan.paths[node.value], language)
            yield Page(path, language, templates, node.value, node)


def page_languages(plan: Plan, node: Node) -> list[str]:
    """Return the languages of a resource's pages: the leading one, and those it has words in."""
    summaries = plan.graph.roles("summary")
    have = {lang for role in summaries for lang in plan.graph.texts(node, role)}
    return [lang for lang in plan.languages if lang == plan.languages[0] or lang in have]


def in_language(plan: Plan, path: str, language: str) -> str:
    """Return the address of a page in a language; the leading one has no folder."""
    return path if language == plan.languages[0] else f"{language}/{path}"


def _list_pages(plan: Plan, language: str) -> Iterator[Page]:
    for kind in (*plan.kinds.records, *plan.kinds.families):
        if not plan.lists[kind.name]:
            continue
        path = in_language(plan, f"{kind.name}/index.html", language)
        templates = (f"kinds/{kind.name}.list.html", "kinds/_list.html")
        yield Page(path, language, templates, kind.iri.value, kind)
        for facet in plan.facets[kind.name]:
            path = in_language(plan, facet.path, language)
            yield Page(path, language, ("kinds/_facet.html",), facet.value.value, facet)
    for name in plan.schemes:
        scheme = plan.graph.addresses.record("scheme", name)
        path = in_language(plan, f"{name}/index.html", language)
        yield Page(path, language, ("kinds/_scheme.html",), scheme, name)


def _query_pages(plan: Plan, language: str) -> Iterator[Page]:
    saved = saved_queries(plan.graph)
    if saved:
        path = in_language(plan, "query/index.html", language)
        yield Page(path, language, ("queries.html",))
    for name in saved:
        path = in_language(plan, f"query/{name}.html", language)
        yield Page(path, language, ("query.html",), name, saved_query(plan.graph, name))


def _own_pages(plan: Plan, language: str) -> Iterator[Page]:
    """Yield the pages that stand as templates under ``pages/``, one per row where asked."""
    found: dict[str, None] = {}
    for folder in plan.graph.workspace.templates:
        for file in sorted((folder / "pages").rglob("*.html")):
            found.setdefault(file.relative_to(folder / "pages").as_posix())
    for name in found:
        template = f"pages/{name}"
        variables = re.findall(r"\[(\w+)\]", name)
        if not variables:
            yield Page(in_language(plan, name, language), language, (template,))
            continue
        for row in _rows(plan, name):
            path = re.sub(r"\[(\w+)\]", lambda m, row=row: _address(row.get(m[1])), name)  # type: ignore[misc]
            yield Page(in_language(plan, path, language), language, (template,), row=row)


def _rows(plan: Plan, name: str) -> list[Mapping[str, Term | None]]:
    """Return the rows of the query that is called as the page with ``[name]`` in its path."""
    query = re.sub(r"[\[\]]", "", name.removesuffix(".html")).replace("/", "-")
    if query not in saved_queries(plan.graph):
        raise JkgraphError("page-query", page=name, query=query)
    result = run(plan.graph, saved_query(plan.graph, query).text, query)
    if not isinstance(result, Table):
        raise JkgraphError("page-query", page=name, query=query)
    return [dict(zip(result.variables, row, strict=True)) for row in result.rows]


def _address(term: Term | None) -> str:
    text = split(term.value)[1] if isinstance(term, ox.NamedNode) else getattr(term, "value", "")
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-") or "-"


def _unique(pages: Iterable[Page]) -> Iterator[Page]:
    seen: dict[str, Page] = {}
    for page in pages:
        # Some file systems take upper and lower case for the same.
        other = seen.setdefault(page.path.casefold(), page)
        if other is not page:
            raise JkgraphError("page-twice", path=page.path, one=other.topic, other=page.topic)
        yield page
