"""The read-only objects that templates see. They decide what is shown, never how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from jkgraph.graph import INFERRED, TYPE, Graph, Node, Term, graph_path
from jkgraph.iri import natural_order, split
from jkgraph.kinds import Field, Kind, inverses
from jkgraph.site.plan import TRUE, Facet, Page, Plan, in_language, page_languages

DAYS = {
    "http://www.w3.org/2001/XMLSchema#date": 3,
    "http://www.w3.org/2001/XMLSchema#gYearMonth": 2,
    "http://www.w3.org/2001/XMLSchema#gYear": 1,
}


@dataclass(frozen=True)
class Text:
    """A text, and its language where that is not the language of the page."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        """Give the text alone."""
        return self.text


@dataclass(frozen=True)
class Link:
    """A link to a page of this site or to another site, with the language of its target."""

    href: str
    text: Text
    lang: str = ""
    external: bool = False
    resource: Resource | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Row:
    """A property with its values, as a page shows it."""

    label: str
    values: tuple[Link | Text | Resource, ...]
    path: str = ""
    help: str = ""


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    label: str
    rows: tuple[Row, ...]


class Views:
    """Makes the views of one site in one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan = plan
        self.graph: Graph = plan.graph
        self.language = language
        self.inverses = inverses(plan.graph)
        self._resources: dict[str, Resource] = {}
        self._labels: dict[str, Text] = {}
        self._hrefs: dict[str, tuple[str, str]] = {}

    def resource(self, node: Node) -> Resource:
        """Return the view of a record, a part, or a list value."""
        found = self._resources.get(node.value)
        if found is None:
            found = self._resources[node.value] = Resource(self, node)
        return found

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
            iri = self.graph.addresses.compact(node.value)
            found = self._labels[node.value] = self.text(texts) or Text(iri)
        return found

    def word(self, texts: Mapping[str, str], fallback: str = "") -> str:
        """Return a text that has both languages, as a plain string."""
        found = self.text(texts)
        return found.text if found else fallback

    def target(self, node: Node) -> tuple[str, str] | None:
        """Return the address of a resource's page and its language; None without a page."""
        base, _, anchor = node.value.partition("#")
        found = self._hrefs.get(base)
        if found is None:
            path = self.plan.paths.get(base)
            if path is None:
                return None
            languages = page_languages(self.plan, ox.NamedNode(base))
            lang = self.language if self.language in languages else self.plan.languages[0]
            found = self._hrefs[base] = (in_language(self.plan, path, lang), lang)
        return (f"{found[0]}#{anchor}" if anchor else found[0]), found[1]

    def by_label(self, nodes: Iterable[Node]) -> list[Node]:
        """Sort resources by their names."""
        return sorted(nodes, key=lambda n: (self.label(n).text.casefold(), n.value))

    def link(self, node: Node) -> Link | Text:
        """Return a link to a resource; its name alone when it has no page."""
        target = self.target(node)
        if target is None:
            return external(node.value) or self.label(node)
        path, lang = target
        other = "" if lang == self.language else lang
        return Link(path, self.label(node), other, resource=self.resource(node))

    def value(self, term: Term) -> Link | Text | Resource | None:
        """Return the view of a value: a part is shown whole, other resources as a link."""
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if not isinstance(term, ox.NamedNode):
            return None
        return self.resource(term) if "#" in term.value and self.is_part(term) else self.link(term)

    def is_backward(self, predicate: str) -> bool:
        """Tell whether a property only turns round one that people write."""
        inverse = self.inverses.get(ox.NamedNode(predicate))
        return (
            inverse is not None
            and predicate not in self._written
            and inverse.value in self._written
        )

    @cached_property
    def _written(self) -> frozenset[str]:
        kinds = (*self.plan.kinds.records, *self.plan.kinds.parts)
        return frozenset(path for kind in kinds for path in kind.order)

    def record_of(self, term: Term) -> ox.NamedNode | None:
        """Return the record that a resource is, or is a part of, where that has a page."""
        if not isinstance(term, ox.NamedNode):
            return None
        base = ox.NamedNode(term.value.partition("#")[0])
        return base if base.value in self.plan.paths else None

    def is_part(self, node: ox.NamedNode) -> bool:
        """Tell whether a resource is a part of a record."""
        return node.value.partition("#")[0] in self.plan.paths

    def _literal(self, term: ox.Literal) -> Link | Text:
        if term.language:
            return Text(term.value, "" if term.language == self.language else term.language)
        if term == TRUE:
            return Text(self.say("value.yes"))
        if term.datatype.value in DAYS:
            return Text(self.day(term.value, DAYS[term.datatype.value]))
        return external(term.value) or Text(term.value)

    def day(self, text: str, parts: int) -> str:
        """Write a date, a month or a year as people do."""
        numbers = text.lstrip("-").split("-")[:parts]
        if len(numbers) < parts:
            return text
        month = self.say(f"month.{int(numbers[1])}") if parts > 1 else ""
        day = str(int(numbers[2])) if parts > 2 else ""
        return " ".join(filter(None, (day, month, numbers[0])))

    def say(self, key: str, **values: object) -> str:
        """Return words of the interface."""
        return self.graph.workspace.catalogue.word(key, self.language, **values)


class Resource:
    """A record, a part of one, or a list value, as a template sees it."""

    def __init__(self, views: Views, node: Node) -> None:
        self._views = views
        self._graph = views.graph
        self.node = node
        self.iri = node.value

    def __eq__(self, other: object) -> bool:
        """Tell whether two views are of the same resource."""
        return isinstance(other, Resource) and self.iri == other.iri

    def __hash__(self) -> int:
        """Hash by address, as equality demands."""
        return hash(self.iri)

    @property
    def name(self) -> str:
        """The compact name, such as ``theme:x``."""
        return self._graph.addresses.compact(self.iri)

    @property
    def anchor(self) -> str:
        """The name of the place on its page, for a part of a record."""
        return self.iri.partition("#")[2]

    @property
    def slug(self) -> str:
        """The last part of the address."""
        return split(self.iri)[1]

    @property
    def label(self) -> Text:
        """The name in the language of the page."""
        return self._views.label(self.node)

    @property
    def link(self) -> Link | Text:
        """A link to the page of the resource."""
        return self._views.link(self.node)

    @cached_property
    def kind(self) -> Kind | None:
        """The kind of record, part or list value that it is."""
        return self._views.plan.kinds.of(self._graph.objects(self.node, TYPE))

    @property
    def kind_name(self) -> str:
        """The name of its kind."""
        return self._views.word(self.kind.label) if self.kind else ""

    @cached_property
    def summary(self) -> Text | None:
        """What it is, in a few sentences."""
        for role in self._graph.roles("summary"):
            if found := self._views.text(self._graph.texts(self.node, role)):
                return found
        return None

    @property
    def alternatives(self) -> list[Text]:
        """Its other names."""
        role = self._graph.role("alternative")
        terms = self._terms(role.value) if role else []
        return [Text(t.value, t.language or "") for t in terms if isinstance(t, ox.Literal)]

    @cached_property
    def _stated(self) -> dict[str, list[Term]]:
        """What its file says, each literal as it was written."""
        found: dict[str, list[Term]] = {}
        for predicate, value in self._written():
            found.setdefault(predicate.value, []).append(value)
        return found

    def _written(self) -> Iterable[tuple[ox.NamedNode, Term]]:
        base = ox.NamedNode(self.iri.partition("#")[0])
        if base.value not in self._views.plan.paths or self._is_list_value(base):
            quads = self._graph.store.quads_for_pattern(self.node, None, None)
            return ((q.predicate, q.object) for q in quads if graph_path(q.graph_name))
        if base != self.node:
            return self._views.resource(base).part_statements.get(self.iri, [])
        return self.part_statements.get(self.iri, [])

    def _is_list_value(self, node: ox.NamedNode) -> bool:
        folder, _ = self._graph.addresses.kind_and_slug(node.value) or ("", "")
        return folder not in self._views.plan.kinds.by_name

    @cached_property
    def part_statements(self) -> dict[str, list[tuple[ox.NamedNode, Term]]]:
        """Everything that the file of this record says, by subject."""
        found: dict[str, list[tuple[ox.NamedNode, Term]]] = {}
        for triple in self._graph.document(ox.NamedNode(self.iri)).triples:
            key = getattr(triple.subject, "value", "")
            found.setdefault(key, []).append((triple.predicate, triple.object))
        return found

    @cached_property
    def _inferred(self) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {}
        for quad in self._graph.store.quads_for_pattern(self.node, None, None, INFERRED):
            if quad.predicate != TYPE:
                found.setdefault(quad.predicate.value, []).append(quad.object)
        return found

    def _terms(self, predicate: str) -> list[Term]:
        stated = self._stated.get(predicate, [])
        return [*stated, *(t for t in self._inferred.get(predicate, ()) if t not in stated)]

    def _shown(self, terms: Iterable[Term]) -> tuple[Link | Text | Resource, ...]:
        """Return the views of values: links by name, texts in the order of the file.

        Of a text in several languages only the one that suits the page is shown.
        """
        terms = self._in_language(list(terms))
        links = self._views.by_label(
            {t for t in terms if isinstance(t, ox.NamedNode) and "#" not in t.value}
        )
        parts = [t for t in terms if isinstance(t, ox.NamedNode) and "#" in t.value]
        parts.sort(key=lambda t: natural_order(t.value))
        literals = [t for t in terms if isinstance(t, ox.Literal)]
        views = (self._views.value(t) for t in (*literals, *links, *parts))
        return tuple(v for v in views if v is not None)

    def _in_language(self, terms: list[Term]) -> list[Term]:
        languages = {t.language for t in terms if isinstance(t, ox.Literal) and t.language}
        if len(languages) < 2:
            return terms
        order = [
            lang
            for lang in (self._views.language, *self._views.plan.languages)
            if lang in languages
        ]
        keep = order[0] if order else min(languages)
        return [t for t in terms if not isinstance(t, ox.Literal) or t.language in {keep, None}]

    def values(self, name: str) -> tuple[Link | Text | Resource, ...]:
        """Return the values of a property, by its compact name, stated and inferred."""
        return self._shown(self._terms(self._graph.term(name).value))

    def one(self, name: str) -> Link | Text | Resource | None:
        """Return the first value of a property, by its compact name."""
        return next(iter(self.values(name)), None)

    def linked(self, name: str) -> list[Resource]:
        """Return the resources that a property links to and that have a page."""
        values = self.values(name)
        return [v.resource for v in values if isinstance(v, Link) and v.resource is not None]

    def stated(self, name: str) -> bool:
        """Tell whether the file itself says something for a property."""
        return self._graph.term(name).value in self._stated

    @cached_property
    def sections(self) -> list[Section]:
        """The facts of the record, by the groups of its shape."""
        groups: dict[str, list[Row]] = {}
        order: dict[str, tuple[float, str]] = {}
        for fields in self.kind.by_path().values() if self.kind else ():
            first = fields[0]
            row = self._row(first)
            if row is None:
                continue
            group = first.group
            key = group.iri if group else ""
            groups.setdefault(key, []).append(row)
            order[key] = (group.order, self._views.word(group.label)) if group else (1e9, "")
        return [
            Section(order[k][1], tuple(groups[k])) for k in sorted(groups, key=order.__getitem__)
        ]

    def _row(self, first: Field) -> Row | None:
        if first.path.value in self._hidden:
            return None
        values = self._shown(self._stated.get(first.path.value, ()))
        label = self._views.word(first.name, self._views.label(first.path).text)
        compact = self._graph.addresses.compact(first.path.value)
        return Row(label, values, compact, self._views.word(first.description)) if values else None

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """Properties that a page shows in a place of their own, not among the facts."""
        names = ("label", "alternative", "citation", "status", "created", "modified", "reviewed")
        single = (self._graph.role(name) for name in (*names, "deprecated", "successor", "change"))
        several = (*self._graph.roles("summary"), *self._graph.roles("hidden"))
        return frozenset(t.value for t in (*single, *several) if t)

    @cached_property
    def inferred(self) -> list[Row]:
        """What follows and is not said by the record itself."""
        known = {t for terms in self._stated.values() for t in terms}
        rows = (
            self._linked_row(predicate, (t for t in terms if t not in known))
            for predicate, terms in self._inferred.items()
            if not self._views.is_backward(predicate)
        )
        return _in_order(rows)

    @cached_property
    def incoming(self) -> list[Row]:
        """What links here, by the property it links with; a part counts for its record."""
        direct = self._linking_here()
        known = {node for nodes in direct.values() for node in nodes}
        rows = [
            Row(self._views.say("page.linked-by", property=label), self._shown(nodes))
            for label, nodes in direct.items()
        ]
        for predicate, terms in self._inferred.items():
            if self._views.is_backward(predicate):
                others = {self._views.record_of(t) for t in terms} - known - {None, self.node}
                rows.append(self._linked_row(predicate, filter(None, others)))
        return _in_order(rows)

    def _linked_row(self, predicate: str, terms: Iterable[Term]) -> Row:
        label = self._views.label(ox.NamedNode(predicate)).text
        return Row(label, self._shown(terms), self._graph.addresses.compact(predicate))

    def _linking_here(self) -> dict[str, set[Term]]:
        """Return the records that link here with a property that has no inverse."""
        found: dict[str, set[Term]] = {}
        for quad in self._graph.store.quads_for_pattern(None, None, self.node):
            record = self._views.record_of(quad.subject)
            if quad.graph_name == INFERRED or quad.predicate in self._views.inverses:
                continue
            if record is not None and record != self.node:
                label = self._views.label(quad.predicate).text
                found.setdefault(label, set()).add(record)
        return found

    @property
    def citations(self) -> tuple[Resource, ...]:
        """Where what is said here stands: the citations of the record, in order."""
        role = self._graph.role("citation")
        values = self._shown(self._terms(role.value)) if role else ()
        return tuple(v for v in values if isinstance(v, Resource))

    @property
    def withdrawn(self) -> bool:
        """Whether the record was withdrawn."""
        role = self._graph.role("deprecated")
        return bool(role) and TRUE in self._terms(role.value)  # type: ignore[union-attr]

    def role(self, name: str) -> Link | Text | Resource | None:
        """Return the first value of the property that does a job in this workspace."""
        term = self._graph.role(name)
        return next(iter(self._shown(self._terms(term.value))), None) if term else None

    @property
    def is_draft(self) -> bool:
        """Whether the record is not yet published."""
        status, published = self._graph.role("status"), self._graph.role("published")
        return bool(status and published) and published not in self._terms(status.value)  # type: ignore[union-attr]

    @property
    def data(self) -> list[tuple[str, str]]:
        """The addresses of its data, from the root of the site, with their media types."""
        path = self._views.plan.paths[self.iri].removesuffix(".html")
        folder, _ = self._graph.addresses.kind_and_slug(self.iri) or ("", "")
        if folder not in self._views.plan.kinds.by_name:
            path = f"{folder}/index"
        return [(f"{path}.{suffix}", media) for suffix, media in MEDIA.items()]

    @property
    def file(self) -> str:
        """The path of its file in the workspace."""
        return self._graph.file_of(self.node) or ""


MEDIA = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}


def external(text: str) -> Link | None:
    """Return a link to another site, only for web addresses."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    shown = text.removeprefix(f"{parts.scheme}://").removesuffix("/")
    return Link(quote(text, safe=":/?#[]@!$&'()*+,;=%~-._"), Text(shown), external=True)


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted((row for row in rows if row.values), key=lambda row: row.label.casefold())


def facet_choices(
    views: Views, facets: Iterable[Facet], page: Page
) -> list[tuple[str, list[tuple[Link, int, bool]]]]:
    """Return per field the values to choose from, with counts, and which one is chosen."""
    found: dict[str, list[tuple[Link, int, bool]]] = {}
    for facet in facets:
        path = in_language(views.plan, facet.path, page.language)
        link = Link(path, views.label(facet.value))
        label = views.word(facet.field.name, views.label(facet.field.path).text)
        found.setdefault(label, []).append((link, len(facet.records), path == page.path))
    return list(found.items())
