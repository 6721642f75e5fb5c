"""Turns planned pages into HTML, with templates of Jinja."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

import jinja2
from markupsafe import Markup

from jkgraph.errors import JkgraphError
from jkgraph.kinds import Kind
from jkgraph.messages import Catalogue, did_you_mean
from jkgraph.parameters import fill
from jkgraph.queries import Query, Table, saved_query
from jkgraph.remembered import Remembered
from jkgraph.reports.rules import Rules
from jkgraph.site import policy
from jkgraph.site.bundle import Beside
from jkgraph.site.contents import Facet
from jkgraph.site.environment import ONCE, Context, environment
from jkgraph.site.forms import Form
from jkgraph.site.maker import Views
from jkgraph.site.measured import Measured, read_measured
from jkgraph.site.plan import LISTED, NewRecord, Page, Plan
from jkgraph.site.questions import Question
from jkgraph.site.saying import DESCRIPTION
from jkgraph.site.search import choices
from jkgraph.site.views import Resource
from jkgraph.site.whole import Site
from jkgraph.workspace import Workspace

MACROS = {"m": "macros.html", "own": "own.html"}

# Whatever a template does wrong; only its author can mend it.
TEMPLATE_FAULTS = (
    jinja2.TemplateError,
    ArithmeticError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
)


class Renderer:
    """Renders the pages of one plan; is given the files that stand beside them.

    ``compiled`` is an environment that has read its templates before.
    """

    def __init__(
        self,
        plan: Plan,
        beside: Beside,
        compiled: jinja2.Environment | None = None,
    ) -> None:
        self._plan = plan
        self._beside = beside
        self.environment = compiled or environment(plan.graph.workspace)
        self.views = {lang: Views(plan, lang) for lang in plan.languages}
        self._templates: dict[tuple[str, ...], jinja2.Template] = {}
        self._shared: dict[tuple[str, str], dict[str, Any]] = {}
        self._families = {family.iri: family.name for family in plan.kinds.families}
        self._check_names()

    def render(self, page: Page) -> str:
        """Return the HTML of a page; a template that asks for what is not there is an error."""
        try:
            return self._template(page.templates).render(self._context(page))
        except JkgraphError as error:
            raise JkgraphError("page", page=page.path, reason=error.message) from error
        except TEMPLATE_FAULTS as error:
            raise JkgraphError("template", page=page.path, reason=error) from error

    def _template(self, names: tuple[str, ...]) -> jinja2.Template:
        found = self._templates.get(names)
        if found is None:
            found = self._templates[names] = self.environment.select_template(names)
        return found

    def _check_names(self) -> None:
        """Refuse a template that no kind, list or part will ever use."""
        kinds, own = self._plan.kinds, self._plan.graph.workspace.templates[0]
        records = [k.name for k in (*kinds.records, *kinds.families)]
        every = ("_record", "_list", "_facet", "_scheme", "_value")
        known = {
            "kinds": {*records, *(f"{name}.list" for name in records), *every},
            "cards": {*records, *(k.name for k in kinds.lists), "_card"},
            "parts": {*(k.name for k in kinds.parts), "_part", "_citation"},
        }
        for folder, names in known.items():
            for file in sorted((own / folder).glob("*")):
                if file.name.removesuffix(".html") not in names:
                    hint = did_you_mean(file.name, (f"{name}.html" for name in names))
                    raise JkgraphError("unknown-template", name=f"{folder}/{file.name}", hint=hint)

    def _context(self, page: Page) -> Context:
        views = self.views[page.language]
        return {
            **self._shared_context(views, page.root),
            "page": page,
            "row": {name: views.value(term) if term else None for name, term in page.row.items()},
            **_subject(page, views),
        }

    def _shared_context(self, views: Views, root: str) -> dict[str, Any]:
        """Return what all pages in a language see that are as far from the root."""
        if (views.language, root) in self._shared:
            return self._shared[views.language, root]
        words = self._plan.graph.workspace.catalogue
        context: dict[str, Any] = {
            "_": _saying(words, views.language),
            "count": lambda key, number: words.plural(key, number, views.language),
            "lang": views.language,
            "most": LISTED,
            "news": views.news,
            "policy": policy,
            "quality": partial(self._quality, views.language),
            "reasons": views.reasons,
            "root": root,
            "rules": Rules(self._plan.graph, self._plan.kinds, views.language).sections,
            "rows": partial(_rows, views),
            "searched": partial(choices, views),
            ONCE: Remembered[object, Markup](),
        }
        context["site"] = Site(
            self._plan, views, root, partial(self._draw, context), self._beside.size
        )
        for name, file in MACROS.items():
            context[name] = self._template((file,)).make_module(context)
        self._shared[views.language, root] = context
        return context

    def _quality(self, language: str) -> list[tuple[str, list[Measured]]]:
        content = self._beside.read(f"{DESCRIPTION}.nt")
        return read_measured(content, self._plan.graph.workspace, language)

    def _draw(self, context: Context, what: str, it: Resource, anchored: bool) -> Markup:
        """Draw a card or a part; a card looks the same on all pages as far from the root."""
        drawn: dict[object, Markup] = context[ONCE]
        found = drawn.get(it.iri) if what == "card" else None
        if found is None:
            names = tuple(f"{what}s/{name}.html" for name in (*self._kind_names(it), f"_{what}"))
            html = self._template(names).render({**context, "it": it, "anchored": anchored})
            found = Markup(html.strip())  # noqa: S704  (a template has escaped it)
            if what == "card":
                drawn[it.iri] = found
        return found

    def _kind_names(self, it: Resource) -> list[str]:
        """Name the kind of a resource and the families above it, the nearest first."""
        kind, families = it.kind, self._families
        return [kind.name, *(families[p] for p in kind.parents if p in families)] if kind else []


def _saying(words: Catalogue, language: str) -> Callable[..., str]:
    """Return what says words of the interface; those that stand alone are looked up once."""

    @cache
    def alone(key: str) -> str:
        return words.word(key, language)

    def say(key: str, **values: object) -> str:
        return words.word(key, language, **values) if values else alone(key)

    return say


def _subject(page: Page, views: Views) -> Context:
    """Return what the page is about, under the name that its templates use."""
    plan, about = views.plan, page.about
    if isinstance(about, Kind):
        found = plan.lists[about.name]
        return {
            "kind": about,
            "records": views.part(page, found),
            "total": len(found),
            "facets": (views.choices if page.number == 1 else views.usual_choices)(about),
        }
    if isinstance(about, NewRecord):
        return {"form": Form(views, about.kind), "kind": about.kind}
    if isinstance(about, Facet):
        return {
            "kind": about.kind,
            "facet": about,
            "records": views.part(page, about.records),
            "total": len(about.records),
            "facets": views.usual_choices(about.kind),
            "value": views.resource(about.value),
            "field": views.facet_label(about),
        }
    if isinstance(about, str):
        scheme = views.resource(views.graph.term(f"<{page.topic}>"))
        return {"scheme": scheme, "values": [views.resource(v) for v in plan.schemes[about]]}
    if isinstance(about, Query):
        return {"query": Question(views, about)}
    return {"record": views.resource(about)} if about is not None else {}  # type: ignore[arg-type]  # no rows here


def _rows(views: Views, name: str, **values: str) -> list[Mapping[str, Any]]:
    """Run a saved query for a template; its rows hold views of what was found."""
    graph = views.graph
    query = saved_query(graph, name)
    table = views.plan.ask(fill(graph, query, values), name)
    if not isinstance(table, Table):
        return []
    shown = ((None if t is None else views.value(t) for t in row) for row in table.rows)
    return [dict(zip(table.variables, row, strict=True)) for row in shown]


def fragment(workspace: Workspace, name: str, language: str, **values: object) -> str:
    """Render a template that is no part of a site, with words of the interface and some values."""
    words = workspace.catalogue
    return (
        environment(workspace)
        .get_template(name)
        .render(
            _=_saying(words, language),
            count=lambda key, number: words.plural(key, number, language),
            lang=language,
            **values,
        )
    )


def template_names(workspace: Workspace) -> Iterable[str]:
    """Return the names of all templates that a workspace can use."""
    return environment(workspace).list_templates(extensions=["html"])
