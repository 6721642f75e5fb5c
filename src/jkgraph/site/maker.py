"""Makes what templates see: the views of one site in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from jkgraph.graph import TYPE, Graph, Node, Term
from jkgraph.iri import split
from jkgraph.kinds import Field, Kind
from jkgraph.remembered import Remembered
from jkgraph.site.contents import Facet, alphabetic
from jkgraph.site.news import News
from jkgraph.site.plan import Page, Plan, in_language, page_languages
from jkgraph.site.reasons import Reasons
from jkgraph.site.values import Link, Text
from jkgraph.site.views import Resource
from jkgraph.wording import day, worded

TERMS = "def.html"
# Properties that a page shows in a place of their own, not among the facts.
APART = (
    "label",
    "alternative",
    "sought",
    "citation",
    "status",
    "created",
    "modified",
    "reviewed",
    "due",
    "deprecated",
    "successor",
    "change",
)


class Column(NamedTuple):
    """A property of a kind, with its words in one language and its group."""

    predicate: str
    path: str
    label: str
    help: str
    group: tuple[float, str]


Options = list[tuple[Link, int]]
Choices = Mapping[str, Options]
# How many options of a field are usual: where there are more, those with the most records.
USUAL = 150


class Views:
    """Makes the views of one site in one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan = plan
        self.statements = plan.statements
        self.graph: Graph = plan.graph
        self.language = language
        self._resources = Remembered[str, Resource]()
        self._labels = Remembered[str, Text]()
        self._links = Remembered[str, Link | Text]()
        self._orders: dict[str, list[Node]] = {}
        self._columns: dict[str, tuple[Column, ...]] = {}
        self._choices: dict[str, dict[str, Options]] = {}
        self._usual_choices: dict[str, Choices] = {}
        self._facet_names: dict[str, Mapping[str, str]] = {}
        self._ranks: dict[str, tuple[str, str]] = {}

    def resource(self, node: Node) -> Resource:
        """Return the view of a record, a part, or a list value."""
        found = self._resources.get(node.value)
        if found is None:
            found = self._resources[node.value] = Resource(self, node)
        return found

    def resources(self, nodes: Iterable[Node]) -> list[Resource]:
        """Return the views of records, by their names in the language of the page."""
        return [self.resource(node) for node in self.by_label(nodes)]

    def part(self, page: Page, nodes: Iterable[Node]) -> list[Resource]:
        """Return the views of those records of a list that a page shows."""
        path = page.part(1)
        if path not in self._orders:
            self._orders[path] = self.by_label(nodes)
        return [self.resource(node) for node in self._orders[path][page.listed]]

    def text(self, texts: Mapping[str, str]) -> Text | None:
        """Return the text in the language of the page, else in the leading one, else any."""
        for lang in (self.language, *self.plan.languages, *texts):
            if lang in texts:
                return Text(texts[lang], "" if lang in {self.language, ""} else lang)
        return None

    def label(self, node: Node) -> Text:
        """Return the name of a resource."""
        found = self._labels.get(node.value)
        if found is None:
            role = self.graph.role("label")
            texts = self.graph.texts(node, role) if role else {}
            found = self._labels[node.value] = self.text(texts) or Text(self._other_name(node))
        return found

    def _other_name(self, node: Node) -> str:
        """Call a part of a record by its kind, and anything else without a name by its address."""
        is_part = isinstance(node, ox.NamedNode) and self.statements.is_part(node)
        kind = self.kind(node) if is_part else None
        return self.word(kind.label) if kind else self.graph.addresses.compact(node.value)

    def word(self, texts: Mapping[str, str], fallback: str = "") -> str:
        """Return a text that has both languages, as a plain string."""
        found = self.text(texts)
        return found.text if found else fallback

    def kind(self, node: Node) -> Kind | None:
        """Return the kind of a resource; a family only where there is no other."""
        families = {family.iri for family in self.plan.kinds.families}
        types = self.graph.objects(node, TYPE)
        return self.plan.kinds.of(sorted(types, key=lambda cls: cls in families))

    def columns(self, kind: Kind | None) -> tuple[Column, ...]:
        """Return the properties that a page shows among the facts of a kind, in order."""
        if kind is None:
            return ()
        if kind.name not in self._columns:
            fields = (found[0] for path, found in kind.by_path().items() if path not in self._apart)
            self._columns[kind.name] = tuple(map(self._column, fields))
        return self._columns[kind.name]

    def _column(self, field: Field) -> Column:
        group = field.group
        return Column(
            predicate=field.path.value,
            path=self.graph.addresses.compact(field.path.value),
            label=self.word(field.name, self.label(field.path).text),
            help=self.word(field.description),
            group=(group.order, self.word(group.label)) if group else (float("inf"), ""),
        )

    @cached_property
    def _apart(self) -> frozenset[str]:
        single = (self.graph.role(name) for name in APART)
        several = (*self.graph.roles("summary"), *self.graph.roles("hidden"))
        return frozenset(term.value for term in (*single, *several) if term)

    @cached_property
    def news(self) -> News:
        """The last changes, in words."""
        return News(self, self.plan.changes)

    @cached_property
    def reasons(self) -> Reasons:
        """Why what is inferred holds, in words."""
        return Reasons(self)

    def by_label(self, nodes: Iterable[Node]) -> list[Node]:
        """Sort resources by their names."""
        return sorted(nodes, key=self._rank)

    def _rank(self, node: Node) -> tuple[str, str]:
        name = node.value
        found = self._ranks.get(name)
        if found is None:
            found = self._ranks[name] = alphabetic(self.label(node).text), name
        return found

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each value among those of the closed lists."""
        return {value.value: place for place, value in enumerate(self.plan.values, 1)}

    def link(self, node: Node) -> Link | Text:
        """Return a link to a resource; its name alone when it has no page."""
        found = self._links.get(node.value)
        if found is None:
            found = self._links[node.value] = self._link(node)
        return found

    def _link(self, node: Node) -> Link | Text:
        base, _, anchor = node.value.partition("#")
        path = self.plan.paths.get(base)
        if path is None:
            return self._list(node) or self._term(node) or self._elsewhere(node)
        languages = page_languages(self.plan, ox.NamedNode(base))
        lang = self.language if self.language in languages else self.plan.languages[0]
        href = in_language(self.plan, path, lang) + (f"#{anchor}" if anchor else "")
        other = "" if lang == self.language else lang
        return Link(href, self.label(node), other, resource=self.resource(node))

    def _list(self, node: Node) -> Link | None:
        """Return a link to the page of a scheme."""
        folder, name = self.graph.addresses.kind_and_slug(node.value) or ("", "")
        if folder != "scheme" or name not in self.plan.schemes:
            return None
        return Link(in_language(self.plan, f"{name}/index.html", self.language), self.label(node))

    def _elsewhere(self, node: Node) -> Link | Text:
        """Return a link to another site; for what is ours but has no page, only its name."""
        is_own = node.value.startswith(self.graph.addresses.base)
        return (None if is_own else external(node.value)) or self.label(node)

    def _term(self, node: Node) -> Link | Text | None:
        """Return a property or class, called as the forms call it, with its definition."""
        name = self._field_names.get(node.value)
        text = Text(name) if name else self.label(node)
        namespace, local = split(node.value)
        if namespace == self.graph.addresses.terms:
            return Link(in_language(self.plan, f"{TERMS}#{local}", self.language), text)
        return text if name else None

    @cached_property
    def _field_names(self) -> Mapping[str, str]:
        kinds = (*self.plan.kinds.parts, *self.plan.kinds.records)
        fields = (field for kind in kinds for field in kind.fields)
        return {field.path.value: self.word(field.name) for field in fields}

    def value(self, term: Term) -> Link | Text | Resource | None:
        """Return the view of a value: a part is shown whole, other resources as a link."""
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if not isinstance(term, ox.NamedNode):
            return None
        return self.resource(term) if self.statements.is_part(term) else self.link(term)

    def _literal(self, term: ox.Literal) -> Link | Text:
        if term.language:
            return Text(term.value, "" if term.language == self.language else term.language)
        found = worded(term, self.say)
        return Text(found) if found is not None else external(term.value) or Text(term.value)

    def day(self, date: str) -> str:
        """Write a date as people do."""
        return day(date, self.say)

    def say(self, key: str, **values: object) -> str:
        """Return words of the interface."""
        return self.graph.workspace.catalogue.word(key, self.language, **values)

    def choices(self, kind: Kind) -> Choices:
        """Return per field, by its name, the values to choose from, with counts."""
        if kind.name not in self._choices:
            found = self._choices[kind.name] = {}
            labels = self._facet_labels(kind)
            for facet in self.plan.facets[kind.name]:
                label = labels[facet.field.path.value]
                found.setdefault(label, []).append((self.facet_link(facet), len(facet.records)))
        return self._choices[kind.name]

    def usual_choices(self, kind: Kind) -> Choices:
        """Return the choices without the rare ones of a field that has very many."""
        if kind.name not in self._usual_choices:
            found = self.choices(kind).items()
            self._usual_choices[kind.name] = {label: usual(options) for label, options in found}
        return self._usual_choices[kind.name]

    def facet_link(self, facet: Facet) -> Link:
        """Return a link to the page of a facet."""
        return Link(in_language(self.plan, facet.path, self.language), self.label(facet.value))

    def facet_label(self, facet: Facet) -> str:
        """Return the name of what a facet chooses by."""
        return self._facet_labels(facet.kind)[facet.field.path.value]

    def _facet_labels(self, kind: Kind) -> Mapping[str, str]:
        """Name each facet by the kind of its values, else, where that is no one's, by its field."""
        if kind.name not in self._facet_names:
            fields = {f.field.path.value: f.field for f in self.plan.facets[kind.name]}
            classes = [cls for field in fields.values() for cls in field.classes]
            names = {path: self._facet_name(field, classes) for path, field in fields.items()}
            self._facet_names[kind.name] = names
        return self._facet_names[kind.name]

    def _facet_name(self, field: Field, classes: list[ox.NamedNode]) -> str:
        name = self.word(field.name, self.label(field.path).text)
        if len(field.classes) != 1 or classes.count(field.classes[0]) > 1:
            return name
        kind = self.plan.kinds.by_class.get(field.classes[0].value)
        return self.word(kind.label, name) if kind else name


def usual(options: Options) -> Options:
    """Return the options with the most records, in their order."""
    most = {link.href for link, _ in sorted(options, key=lambda option: -option[1])[:USUAL]}
    return [option for option in options if option[0].href in most]


def external(text: str) -> Link | None:
    """Return a link to another site, only for web addresses."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    shown = text.removeprefix(f"{parts.scheme}://").removesuffix("/")
    return Link(quote(text, safe=":/?#[]@!$&'()*+,;=%~-._"), Text(shown), external=True)
