"""Turns planned pages into HTML. The only module that knows Jinja."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import jinja2
from markupsafe import Markup

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.kinds import Kind, is_class
from jkgraph.messages import did_you_mean
from jkgraph.queries import Query, Table, fill, run, saved_queries, saved_query
from jkgraph.site.plan import Facet, Page, Plan, in_language
from jkgraph.site.questions import Question
from jkgraph.site.views import Link, Resource, Views, facet_choices
from jkgraph.workspace import Workspace


class Renderer:
    """Renders the pages of one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._environment = environment(plan.graph.workspace)
        self._views = {lang: Views(plan, lang) for lang in plan.languages}
        self._templates: dict[tuple[str, ...], jinja2.Template] = {}
        self._check_names()

    def render(self, page: Page) -> str:
        """Return the HTML of a page; a template that asks for what is not there is an error."""
        try:
            return self._template(page.templates).render(self._context(page))
        except jinja2.TemplateError as error:
            raise JkgraphError("template", page=page.path, reason=error) from error

    def _template(self, names: tuple[str, ...]) -> jinja2.Template:
        found = self._templates.get(names)
        if found is None:
            found = self._templates[names] = self._environment.select_template(names)
        return found

    def _check_names(self) -> None:
        """Refuse a template in ``kinds`` that no kind, family or page will ever use."""
        plan, own = self._plan, self._plan.graph.workspace.templates[0]
        names = [k.name for k in (*plan.kinds.records, *plan.kinds.families)]
        known = {f"{n}{end}" for n in names for end in (".html", ".list.html")}
        known |= {f"_{n}.html" for n in ("record", "list", "facet", "scheme", "value")}
        for file in sorted((own / "kinds").glob("*")):
            if file.name not in known:
                hint = did_you_mean(file.name, known)
                raise JkgraphError("unknown-template", name=f"kinds/{file.name}", hint=hint)

    def _context(self, page: Page) -> Mapping[str, Any]:
        views = self._views[page.language]
        words = self._plan.graph.workspace.catalogue
        return {
            "_": partial(_word, words.word, page.language),
            "count": lambda key, number: words.plural(key, number, page.language),
            "lang": page.language,
            "page": page,
            "root": page.root,
            "site": Site(self._plan, views, page),
            "rows": partial(_rows, self._plan.graph, views),
            "row": {name: views.value(term) if term else None for name, term in page.row.items()},
            **_subject(page, views),
        }


def _word(word: Callable[..., str], language: str, key: str, **values: object) -> str:
    return word(key, language, **values)


def _subject(page: Page, views: Views) -> Mapping[str, Any]:
    """Return what the page is about, under the name that its templates use."""
    plan, about = views.plan, page.about
    if isinstance(about, Kind):
        records = [views.resource(r) for r in plan.lists[about.name]]
        choices = facet_choices(views, plan.facets[about.name], page)
        return {"kind": about, "records": records, "facets": choices}
    if isinstance(about, Facet):
        records = [views.resource(r) for r in about.records]
        choices = facet_choices(views, plan.facets[about.kind.name], page)
        return {
            "kind": about.kind,
            "facet": about,
            "records": records,
            "facets": choices,
            "value": views.resource(about.value),
            "field": views.word(about.field.name),
        }
    if isinstance(about, str):
        scheme = views.resource(views.graph.term(f"<{page.topic}>"))
        return {"scheme": scheme, "values": [views.resource(v) for v in plan.schemes[about]]}
    if isinstance(about, Query):
        return {"query": Question(views, about)}
    return {"record": views.resource(about)} if about is not None else {}  # type: ignore[arg-type]


def _rows(graph: Graph, views: Views, name: str, **values: str) -> list[Mapping[str, Any]]:
    """Run a saved query for a template; its rows hold views of what was found."""
    query = saved_query(graph, name)
    table = run(graph, fill(graph, query, values), name)
    if not isinstance(table, Table):
        return []
    shown = ((None if t is None else views.value(t) for t in row) for row in table.rows)
    return [dict(zip(table.variables, row, strict=True)) for row in shown]


class Site:
    """What a template knows of the site as a whole, as seen from one page."""

    def __init__(self, plan: Plan, views: Views, page: Page) -> None:
        self._plan, self._views, self._page = plan, views, page
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

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The other languages this page has, with the address of the page in them."""
        leading = self._plan.languages[0]
        bare = self._page.path
        if self._page.language != leading:
            bare = bare.removeprefix(f"{self._page.language}/")
        paths = ((lang, in_language(self._plan, bare, lang)) for lang in self._plan.languages)
        return [(lang, path) for lang, path in paths if path in self._plan.addresses]

    @property
    def canonical(self) -> str:
        """The public address of the page; empty when the settings do not tell it."""
        return f"{self._settings.address}{self._page.path}" if self._settings.address else ""

    def url(self, path: str) -> str:
        """Return the way from this page to an address from the root of the site."""
        return self._page.root + path

    def page(self, path: str) -> str:
        """Return the way to a page in the language of this one, else in the leading one."""
        own = in_language(self._plan, path, self._page.language)
        found = own if own in self._plan.addresses else path
        if found not in self._plan.addresses:
            hint = did_you_mean(path, self._plan.addresses)
            raise JkgraphError("no-page", page=self._page.path, path=path, hint=hint)
        return self.url(found)

    def has(self, path: str) -> bool:
        """Tell whether there is a page at an address, in any language."""
        return path in self._plan.addresses

    @property
    def source_property(self) -> str:
        """The compact name of the property from a citation to its source."""
        return self._plan.graph.workspace.roles.source

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

    def href(self, link: Link) -> str:
        """Return the way from this page to the target of a link."""
        return link.href if link.external else self._page.root + link.href

    def resource(self, name: str) -> Resource:
        """Return a record or list value by its compact name."""
        return self._views.resource(self._plan.graph.term(name))

    def records(self, name: str) -> list[Resource]:
        """Return the published records of a kind or family, by name."""
        if name not in self._plan.lists:
            raise JkgraphError("unknown-kind", kind=name, hint=did_you_mean(name, self._plan.lists))
        return [self._views.resource(r) for r in self._plan.lists[name]]

    def kind_label(self, kind: Kind, number: int = 2) -> str:
        """Return the name of a kind: of one record, or of several."""
        return self._views.word(kind.label if number == 1 else kind.plural or kind.label)

    def definition(self, kind: Kind) -> str:
        """Return what a kind is."""
        return self._views.word(kind.definition)

    @property
    def menu(self) -> list[tuple[Kind, int]]:
        """The kinds and families of the menu, with the number of their records."""
        kinds = {k.name: k for k in (*self._plan.kinds.records, *self._plan.kinds.families)}
        names = self._settings.menu or [k.name for k in self._plan.kinds.records]
        for name in names:
            if name not in kinds:
                raise JkgraphError("unknown-kind", kind=name, hint=did_you_mean(name, kinds))
        return [(kinds[n], len(self._plan.lists[n])) for n in names if self._plan.lists[n]]

    @property
    def kinds(self) -> list[tuple[Kind, int]]:
        """All kinds that have records, with their number."""
        found = [(k, len(self._plan.lists[k.name])) for k in self._plan.kinds.records]
        return [(kind, number) for kind, number in found if number]

    @property
    def queries(self) -> list[Question]:
        """The saved queries."""
        graph = self._plan.graph
        return [Question(self._views, saved_query(graph, name)) for name in saved_queries(graph)]

    @property
    def schemes(self) -> list[tuple[Resource, str]]:
        """The closed lists with the addresses of their pages."""
        scheme = self._plan.graph.addresses.record
        made = (
            (self._views.resource(self._plan.graph.term(f"<{scheme('scheme', n)}>")), n)
            for n in self._plan.schemes
        )
        return [(resource, f"{name}/index.html") for resource, name in made]

    def edit(self, record: Resource) -> str:
        """Return where a record can be corrected; empty when the settings do not tell."""
        return self._settings.edit.replace("{path}", record.file)

    def report(self, record: Resource) -> str:
        """Return where a fault can be reported; empty when the settings do not tell."""
        return self._settings.report.replace("{path}", record.file).replace("{iri}", record.iri)


def environment(workspace: Workspace) -> jinja2.Environment:
    """Make the Jinja environment: strict, escaping, the workspace's templates first."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(f) for f in workspace.templates]
            + [jinja2.PrefixLoader({"default": jinja2.FileSystemLoader(workspace.templates[-1])})]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["paragraphs"] = _paragraphs
    made.filters["first_sentence"] = _first_sentence
    made.tests["link"] = lambda value: isinstance(value, Link)
    made.tests["part"] = lambda value: isinstance(value, Resource)
    return made


def _paragraphs(text: object) -> Markup:
    blocks = (Markup("<p>{}</p>").format(part) for part in str(text).split("\n\n"))
    return Markup("\n").join(blocks)


def _first_sentence(text: object, longest: int = 220) -> str:
    """Cut a text after its first sentence, or at a word when that is long."""
    sentence = str(text).partition(". ")[0].rstrip(".")
    if len(sentence) > longest:
        return sentence[:longest].rpartition(" ")[0] + " …"
    return f"{sentence}."


def template_names(workspace: Workspace) -> Iterable[str]:
    """Return the names of all templates that a workspace can use."""
    return environment(workspace).list_templates(extensions=["html"])
