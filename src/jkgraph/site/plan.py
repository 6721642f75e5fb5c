"""Which pages exist and where; two pages at one address are an error.

A page knows its address, its language, its template and what it is about. Everything is
planned before anything is rendered, so that every link can be checked as it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph, Node, Term, graph_path, is_withdrawn
from jkgraph.iri import split
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.queries import Result, Table, read_query, run, saved_queries, saved_query
from jkgraph.site.changes import Changes, read_changes
from jkgraph.site.contents import Contents, read_contents
from jkgraph.site.statements import Statements

# The folder of the site with the data as a whole.
WHOLE = "data"
# The folder of the forms.
FORMS = "contribute"
# The page that a host shows in the place of one that is not there, at any address.
LOST = "404.html"
# How many records a list shows on one page, unless a template of its own arranges them.
LISTED = 500


class Page(NamedTuple):
    """One page: its address from the root of the site, its language, and its subject.

    ``templates`` are tried in order. ``topic`` is the IRI of what the page is about.
    ``start`` is the path of the site on its host, for a page that is shown at any address.
    ``number`` tells which of the ``parts`` of a long list it shows.
    """

    path: str
    language: str
    templates: tuple[str, ...]
    topic: str = ""
    about: object = None
    row: Mapping[str, Term | None] = MappingProxyType({})
    start: str = ""
    number: int = 1
    parts: int = 1

    @property
    def root(self) -> str:
        """The way from this page to the root of the site."""
        return self.start or "../" * self.path.count("/")

    def part(self, number: int) -> str:
        """Return the address of a part of the list, from the root of the site."""
        stem = self.path.removesuffix(".html").removesuffix(f".{self.number}")
        # No name of a record holds a dot.
        return f"{stem}.{number}.html" if number > 1 else f"{stem}.html"

    @property
    def listed(self) -> slice:
        """Which of the records of a list it shows."""
        return slice((self.number - 1) * LISTED, self.number * LISTED if self.parts > 1 else None)


class NewRecord(NamedTuple):
    """What the page with the form for a kind is about."""

    kind: Kind


@dataclass(frozen=True)
class Plan(Contents):
    """What a site holds, and the pages that show it."""

    graph: Graph = field(kw_only=True)
    kinds: Kinds = field(kw_only=True)
    pages: tuple[Page, ...] = ()
    _answers: dict[str, Result] = field(default_factory=dict, repr=False)
    _listings: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def ask(self, text: str, name: str) -> Result:
        """Run a query over the graph, once for all pages and languages."""
        if text not in self._answers:
            self._answers[text] = run(self.graph, text, name)
        return self._answers[text]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the pages, the leading one first."""
        return self.graph.workspace.languages

    def listing(self, name: str) -> frozenset[str]:
        """Return the addresses of the records of a kind or family that stand in its list."""
        if name not in self._listings:
            self._listings[name] = frozenset(node.value for node in self.lists[name])
        return self._listings[name]

    def versions(self, page: Page) -> list[tuple[str, str]]:
        """Return the languages that a page has, with the address of the page in each."""
        leading = self.languages[0]
        is_leading = page.language == leading
        bare = page.path if is_leading else page.path.removeprefix(f"{page.language}/")
        paths = ((lang, in_language(self, bare, lang)) for lang in self.languages)
        return [(lang, path) for lang, path in paths if path in self.addresses]

    def url(self, path: str) -> str:
        """Return the address on the web of a page or file: the public one, else the lasting one."""
        address = self.graph.workspace.site.address
        return f"{address}{path}" if address else self.graph.addresses.document(path)

    @cached_property
    def statements(self) -> Statements:
        """What is said of each resource."""
        return Statements(self)

    @cached_property
    def changes(self) -> Changes:
        """The last changes of records, by git or by their dates."""
        return read_changes(self.graph, self.paths)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The address of every page."""
        return frozenset(page.path for page in self.pages)

    @cached_property
    def choices(self) -> Mapping[Term, list[Term]]:
        """The values of the closed lists by their class, in the order of the list."""
        found: dict[Term, list[Term]] = {}
        for value in self.values:
            if not is_withdrawn(self.graph, value):
                for cls in self.graph.objects(value, TYPE):
                    found.setdefault(cls, []).append(value)
        return found

    def is_elsewhere(self, kind: Kind, field: Field) -> bool:
        """Tell whether a field of a kind points to parts of other records, as it is used now."""
        return (kind.iri, field.path) in self._elsewhere

    @cached_property
    def _elsewhere(self) -> frozenset[tuple[Term, Term]]:
        """The classes of what points to a part of another record, with the property."""
        store = self.graph.store
        parts = (p for k in self.kinds.parts for p in self.graph.subjects(TYPE, k.iri))
        pointing = (quad for part in parts for quad in store.quads_for_pattern(None, None, part))
        return frozenset(
            (cls, q.predicate)
            for q in pointing
            if graph_path(q.graph_name) and _document(q.subject) != _document(q.object)
            for cls in self.graph.objects(q.subject, TYPE)  # type: ignore[arg-type]  # no triple
        )


def _document(node: object) -> str:
    return str(getattr(node, "value", "")).partition("#")[0]


def make_plan(graph: Graph, kinds: Kinds) -> Plan:
    """Plan the site of a graph that holds what follows from it."""
    plan = Plan(**vars(read_contents(graph, kinds)), graph=graph, kinds=kinds)
    return replace(plan, pages=tuple(_unique(_pages(plan))))


def _pages(plan: Plan) -> Iterator[Page]:
    for language in plan.languages:
        yield from _list_pages(plan, language)
        yield from _query_pages(plan, language)
        yield from _own_pages(plan, language)
        yield from _form_pages(plan, language)
    yield from _resource_pages(plan, plan.values, ("kinds/_value.html",))
    for kind in plan.kinds.records:
        above = tuple(f"kinds/{f.name}.html" for f in plan.kinds.families if f.iri in kind.parents)
        templates = (f"kinds/{kind.name}.html", *above, "kinds/_record.html")
        yield from _resource_pages(plan, plan.records[kind.name], templates)


def _resource_pages(
    plan: Plan, resources: Iterable[ox.NamedNode], templates: tuple[str, ...]
) -> Iterator[Page]:
    for node in resources:
        topic = node.value
        for language in page_languages(plan, node):
            path = in_language(plan, plan.paths[topic], language)
            yield Page(path, language, templates, topic, node)


def page_languages(plan: Plan, node: Node) -> list[str]:
    """Return the languages of a resource's pages: the leading one, and those it has words in."""
    have = plan.worded.get(node.value, ())
    return [lang for lang in plan.languages if lang == plan.languages[0] or lang in have]


def in_language(plan: Plan, path: str, language: str) -> str:
    """Return the address of a page in a language; the leading one has no folder."""
    return path if language == plan.languages[0] else f"{language}/{path}"


def _list_pages(plan: Plan, language: str) -> Iterator[Page]:
    for kind in (*plan.kinds.records, *plan.kinds.families):
        if not plan.lists[kind.name]:
            continue
        path = in_language(plan, f"{kind.name}/index.html", language)
        own = f"kinds/{kind.name}.list.html"
        page = Page(path, language, (own, "kinds/_list.html"), kind.iri.value, kind)
        is_arranged = any((folder / own).is_file() for folder in plan.graph.workspace.templates)
        yield from [page] if is_arranged else _in_parts(page, plan.lists[kind.name])
        for facet in plan.facets[kind.name]:
            path = in_language(plan, facet.path, language)
            page = Page(path, language, ("kinds/_facet.html",), facet.value.value, facet)
            yield from _in_parts(page, facet.records)
    for name in plan.schemes:
        scheme = plan.graph.addresses.record("scheme", name)
        path = in_language(plan, f"{name}/index.html", language)
        yield Page(path, language, ("kinds/_scheme.html",), scheme, name)


def _in_parts(page: Page, records: Sized) -> Iterator[Page]:
    """Yield a page, or the parts of it when its list is long."""
    parts = -(-len(records) // LISTED)
    for number in range(1, parts + 1):
        yield page._replace(path=page.part(number), number=number, parts=parts)


def _query_pages(plan: Plan, language: str) -> Iterator[Page]:
    saved = saved_queries(plan.graph)
    if saved:
        path = in_language(plan, "query/index.html", language)
        yield Page(path, language, ("queries.html",))
    for name, file in saved.items():
        path = in_language(plan, f"query/{name}.html", language)
        yield Page(path, language, ("query.html",), name, read_query(plan.graph, file))


def _form_pages(plan: Plan, language: str) -> Iterator[Page]:
    for kind in plan.kinds.records:
        path = in_language(plan, f"{FORMS}/{kind.name}.html", language)
        yield Page(path, language, ("form.html",), kind.iri.value, NewRecord(kind))


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
            start = plan.graph.workspace.site.path if name == LOST else ""
            yield Page(in_language(plan, name, language), language, (template,), start=start)
            continue
        for row in _rows(plan, name):
            path = re.sub(r"\[(\w+)\]", lambda m, row=row: _address(row.get(m[1])), name)  # type: ignore[misc]  # run at once
            yield Page(in_language(plan, path, language), language, (template,), row=row)


def _rows(plan: Plan, name: str) -> list[Mapping[str, Term | None]]:
    """Return the rows of the query that is called as the page with ``[name]`` in its path."""
    query = re.sub(r"[\[\]]", "", name.removesuffix(".html")).replace("/", "-")
    if query not in saved_queries(plan.graph):
        raise JkgraphError("page-query", page=name, query=query)
    result = plan.ask(saved_query(plan.graph, query).text, query)
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
