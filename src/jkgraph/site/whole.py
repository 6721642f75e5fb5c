"""What a template knows of the site as a whole, in one language and from one distance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from urllib.parse import quote

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.kinds import Kind, is_class
from jkgraph.messages import did_you_mean
from jkgraph.queries import read_query, saved_queries, saved_query
from jkgraph.site.contents import Facet, alphabetic
from jkgraph.site.context import PATH as CONTEXT
from jkgraph.site.dataset import FILES
from jkgraph.site.maker import Views
from jkgraph.site.markup import Markup, of_record, of_site
from jkgraph.site.plan import FORMS, WHOLE, Page, Plan, in_language
from jkgraph.site.questions import Question
from jkgraph.site.tables import beside, table_path
from jkgraph.site.values import Entry, Link, Text
from jkgraph.site.views import Resource

Draw = Callable[[str, Resource, bool], str]
Size = Callable[[str], int]


class Site:
    """What a template knows of the site as a whole.

    It is the same for all pages in a language that are as far from the root.
    """

    def __init__(self, plan: Plan, views: Views, root: str, draw: Draw, size: Size) -> None:
        self._plan, self._views, self._root, self._draw = plan, views, root, draw
        self._size = size
        self._menus: dict[tuple[str, ...], tuple[Entry, ...]] = {}
        self._settings = plan.graph.workspace.site

    @property
    def title(self) -> str:
        """The name of the site."""
        return self._views.word(self._settings.title, self._plan.graph.workspace.root.name)

    @property
    def description(self) -> str:
        """What the site is, in a sentence."""
        return self._views.word(self._settings.description)

    @property
    def licence(self) -> str:
        """The address of the licence of the content."""
        return self._settings.licence

    def languages(self, page: Page) -> list[tuple[str, str]]:
        """Return the languages that a page has, with the address of the page in each."""
        return self._plan.versions(page)

    def canonical(self, page: Page) -> str:
        """Return the public address of a page; empty when the settings do not tell it."""
        address = "" if page.start else self._settings.address
        return f"{address}{page.path}" if address else ""

    def is_home(self, page: Page) -> bool:
        """Tell whether this is the first page, in any language."""
        return page.path == in_language(self._plan, "index.html", page.language)

    def markup(self, record: Resource, description: str) -> Markup:
        """Return what search engines read of a record."""
        return of_record(self._plan, record, self._views.language, description)

    @property
    def whole(self) -> Markup:
        """What search engines read of the data as a whole."""
        return of_site(self._plan, self.title, self.description)

    @property
    def files(self) -> list[tuple[str, str]]:
        """The files with all data: the addresses, with their media types."""
        names = (name for name in FILES if name != "csv")
        return [(f"{WHOLE}/graph.{name}", FILES[name][0]) for name in names]

    @property
    def exports(self) -> list[Question]:
        """The queries whose results are files of their own beside all data."""
        graph = self._plan.graph
        files = sorted(graph.workspace.exports.glob("*.rq"))
        return [Question(self._views, read_query(graph, file)) for file in files]

    @property
    def context(self) -> str:
        """The address of the JSON-LD context, from the root of the site."""
        return CONTEXT

    def table(self, what: Kind | Facet) -> str:
        """Return the address of the table with what a list shows, from the root of the site."""
        return table_path(what) if isinstance(what, Kind) else beside(what.path)

    def url(self, path: str) -> str:
        """Return the way from a page to an address from the root of the site."""
        return self._root + path

    def size(self, path: str) -> int:
        """Return how many bytes a file of the site has, by its address from the root."""
        return self._size(path)

    def page(self, path: str) -> str:
        """Return the way to a page in this language, else in the leading one."""
        own = in_language(self._plan, path, self._views.language)
        found = own if own in self._plan.addresses else path
        if found not in self._plan.addresses:
            hint = did_you_mean(path, self._plan.addresses)
            raise JkgraphError("no-page", path=path, hint=hint)
        return self.url(found)

    def has(self, path: str) -> bool:
        """Tell whether there is a page at an address, in any language."""
        return path in self._plan.addresses

    def href(self, link: Link) -> str:
        """Return the way from a page to the target of a link."""
        return link.href if link.external else self._root + link.href

    def card(self, record: Resource) -> str:
        """Draw a record as it stands in a list, with the template of its kind in ``cards``.

        It is drawn once for all pages that are as far from the root.
        """
        return self._draw("card", record, True)

    def part(self, part: Resource, anchored: bool = True) -> str:
        """Draw a part as its kind in ``parts`` says; on pages of others it is not ``anchored``."""
        return self._draw("part", part, anchored)

    def resource(self, name: str) -> Resource:
        """Return a record or list value by its compact name."""
        return self._views.resource(self._plan.graph.term(name))

    def records(self, name: str) -> list[Resource]:
        """Return the published records of a kind or family, by name."""
        return self._views.resources(self._plan.lists[self._kind(name).name])

    def listed(self, name: str, resources: Iterable[Resource]) -> list[Resource]:
        """Keep the published records of a kind or family; quick, however many the kind has."""
        among = self._plan.listing(self._kind(name).name)
        return [resource for resource in resources if resource.iri in among]

    def values(self, name: str) -> list[Resource]:
        """Return the values of a closed list, by the name of the list."""
        if name not in self._plan.schemes:
            hint = did_you_mean(name, self._plan.schemes)
            raise JkgraphError("unknown-kind", kind=name, hint=hint)
        return [self._views.resource(v) for v in self._plan.schemes[name]]

    def facet(self, kind: str, field: str, value: Resource) -> tuple[Link, int] | None:
        """Return the page of the records of a kind with a value for a field, and their number."""
        path = self._plan.graph.term(field)
        for facet in self._plan.facets[self._kind(kind).name]:
            if facet.field.path == path and facet.value == value.node:
                return self._views.facet_link(facet), len(facet.records)
        return None

    def by_kind(self, links: Iterable[Link | Text | Resource]) -> list[tuple[Kind, list[Link]]]:
        """Put links to records together by kind, in the order of the names of the kinds."""
        found: dict[str, tuple[Kind, list[Link]]] = {}
        for link in links:
            if isinstance(link, Link) and link.resource and (kind := link.resource.kind):
                found.setdefault(kind.name, (kind, []))[1].append(link)
        return sorted(found.values(), key=lambda item: alphabetic(self.kind_label(item[0])))

    def kind_label(self, kind: Kind, number: int = 2) -> str:
        """Return the name of a kind: of one record, or of several."""
        return self._views.word(kind.label if number == 1 else kind.plural or kind.label)

    def trail(self, kind: Kind) -> list[tuple[str, str]]:
        """Return the lists that lead to a kind, the widest first: their names and addresses."""
        above = [f for f in reversed(self._plan.kinds.families) if f.iri in kind.parents]
        lists = [k for k in (*above, kind) if self._plan.lists.get(k.name)]
        return [(self.kind_label(k), f"{k.name}/index.html") for k in lists]

    def definition(self, kind: Kind) -> str:
        """Return what a kind is."""
        return self._views.word(kind.definition)

    def _kind(self, name: str) -> Kind:
        if name not in self._kinds:
            raise JkgraphError("unknown-kind", kind=name, hint=did_you_mean(name, self._kinds))
        return self._kinds[name]

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {k.name: k for k in (*self._plan.kinds.records, *self._plan.kinds.families)}

    def menu(self, page: Page) -> tuple[Entry, ...]:
        """Return the kinds and families of the menu, as they are marked on a page."""
        marks = tuple(self._marks(page))
        if marks not in self._menus:
            self._menus[marks] = tuple(
                Entry(kind, self.kind_label(kind), len(self._plan.lists[kind.name]), mark)
                for kind, mark in zip(self._listed, marks, strict=True)
            )
        return self._menus[marks]

    @cached_property
    def _listed(self) -> list[Kind]:
        """The kinds and families of the menu that have records."""
        names = self._settings.menu or [k.name for k in self._plan.kinds.records]
        return [kind for kind in map(self._kind, names) if self._plan.lists[kind.name]]

    def _marks(self, page: Page) -> Iterator[str]:
        """Mark the list that a page is, and those of the kind that it belongs to."""
        about = page.about
        if isinstance(about, ox.NamedNode):
            about = self._views.resource(about).kind
        own = about.kind if isinstance(about, Facet) else about
        here = {own.iri, *own.parents} if isinstance(own, Kind) else set()
        for kind in self._listed:
            is_here = page.about is kind and page.number == 1
            yield "page" if is_here else "true" if kind.iri in here else ""

    @property
    def kinds(self) -> list[tuple[Kind, int]]:
        """All kinds that have records, with their number."""
        found = [(k, len(self._plan.lists[k.name])) for k in self._plan.kinds.records]
        return [(kind, number) for kind, number in found if number]

    @property
    def forms(self) -> list[tuple[Kind, str]]:
        """The kinds that have a form, with the addresses of the forms."""
        kinds = sorted(self._plan.kinds.records, key=lambda k: alphabetic(self.kind_label(k, 1)))
        return [(kind, f"{FORMS}/{kind.name}.html") for kind in kinds]

    @cached_property
    def queries(self) -> list[Question]:
        """The saved queries."""
        graph = self._plan.graph
        return [Question(self._views, saved_query(graph, name)) for name in saved_queries(graph)]

    @property
    def base(self) -> str:
        """The start of the addresses of all terms and records."""
        return self._plan.graph.addresses.base

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query can use, in order, each with what it stands for."""
        return dict(sorted(self._plan.graph.addresses.prefixes.items()))

    def role(self, name: str) -> list[str]:
        """Return the compact names of the terms that do a job in this workspace."""
        names = getattr(self._plan.graph.workspace.roles, name)
        return [n for n in ([names] if isinstance(names, str) else names) if n]

    @property
    def schemes(self) -> list[tuple[Resource, str]]:
        """The closed lists with the addresses of their pages."""
        return [(self._scheme(name), f"{name}/index.html") for name in self._plan.schemes]

    def scheme(self, value: Resource) -> Resource | None:
        """Return the closed list that a value stands in."""
        return self._scheme(value.folder) if value.folder in self._plan.schemes else None

    def _scheme(self, name: str) -> Resource:
        address = self._plan.graph.addresses.record("scheme", name)
        return self._views.resource(ox.NamedNode(address))

    @property
    def terms(self) -> list[tuple[str, list[Resource]]]:
        """The classes and the properties of the workspace's own ontology, by name."""
        graph = self._plan.graph
        named = [self._views.resource(t) for t in self._views.by_label(graph.own_terms())]
        classes = [r for r in named if is_class(graph, r.node)]
        others = [r for r in named if r not in classes]
        return [
            (self._views.say("page.classes"), classes),
            (self._views.say("page.properties"), others),
        ]

    def edit(self, record: Resource) -> str:
        """Return where a record can be corrected; empty when the settings do not tell."""
        return _filled(self._settings.edit, record.file, record.iri)

    def report(self, about: Resource | Page) -> str:
        """Return where a fault can be reported, of a record or of a page; else empty."""
        if isinstance(about, Page):
            return _filled(self._settings.report, about.path, self.canonical(about) or about.path)
        return _filled(self._settings.report, about.file, about.iri)


def _filled(pattern: str, path: str, iri: str) -> str:
    """Fill the gaps of an address, whatever part of it they stand in."""
    return pattern.replace("{path}", quote(path)).replace("{iri}", quote(iri, safe=":/"))
