"""A resource as a template sees it. It decides what is shown, never how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from jkgraph.graph import TRUE, Node, Term, is_draft
from jkgraph.iri import natural_order, split
from jkgraph.kinds import Kind
from jkgraph.reviews import next_review
from jkgraph.site.contents import alphabetic
from jkgraph.site.negotiation import MEDIA
from jkgraph.site.neighbourhood import Neighbourhood, neighbourhood
from jkgraph.site.values import Link, Row, Section, Text

if TYPE_CHECKING:
    from jkgraph.site.maker import Column, Views
    from jkgraph.site.statements import Linkers


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
        """The compact name: prefix and last part of the address."""
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

    @property
    def place(self) -> int:
        """The place of a value in its list, as the list has it; nought for a record."""
        return self._views.places.get(self.iri, 0)

    @cached_property
    def kind(self) -> Kind | None:
        """The kind of record, part or list value that it is."""
        return self._views.kind(self.node)

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
        return self._texts("alternative")

    @property
    def sought(self) -> list[Text]:
        """The words that readers search for, which are no names and which pages do not show."""
        return self._texts("sought")

    @property
    def notes(self) -> list[Text]:
        """What was changed, and why, by those who did it."""
        return self._texts("change")

    @property
    def next_review(self) -> str:
        """The day on which it is to be compared with its sources again; empty when none is."""
        if self.withdrawn or not isinstance(self.node, ox.NamedNode):
            return ""
        day = next_review(self._graph, self.node)
        return self._views.day(day.isoformat()) if day else ""

    def _texts(self, role: str) -> list[Text]:
        term = self._graph.role(role)
        return [v for v in self._values(term) if isinstance(v, Text)] if term else []

    @cached_property
    def _stated(self) -> Mapping[str, list[Term]]:
        return self._views.statements.stated(self.node)

    @cached_property
    def _inferred(self) -> Mapping[str, list[Term]]:
        return self._views.statements.inferred(self.node)

    def _terms(self, predicate: ox.NamedNode) -> list[Term]:
        stated = self._stated.get(predicate.value, [])
        inferred = self._inferred.get(predicate.value, ())
        return [*stated, *(t for t in inferred if t not in stated)]

    def _shown(self, terms: Iterable[Term]) -> tuple[Link | Text | Resource, ...]:
        """Return the views of values: texts in the order of the file, links by name.

        Of a text in several languages only the one that suits the page is shown.
        """
        found = list(terms)
        if len(found) > 1:
            found = self._arranged(self._views.graph.in_language(found, self._views.language))
        return tuple(filter(None, map(self._views.value, found)))

    def _arranged(self, terms: Sequence[Term]) -> list[Term]:
        nodes = {t for t in terms if isinstance(t, ox.NamedNode)}
        links = self._views.by_label(n for n in nodes if "#" not in n.value)
        parts = sorted((n for n in nodes if "#" in n.value), key=lambda n: natural_order(n.value))
        return [*(t for t in terms if isinstance(t, ox.Literal)), *links, *parts]

    def _values(self, predicate: ox.NamedNode) -> tuple[Link | Text | Resource, ...]:
        return self._shown(self._terms(predicate))

    def values(self, name: str) -> tuple[Link | Text | Resource, ...]:
        """Return the values of a property, by its compact name, stated and inferred."""
        return self._values(self._graph.term(name))

    def one(self, name: str) -> Link | Text | Resource | None:
        """Return the first value of a property, by its compact name."""
        return next(iter(self.values(name)), None)

    def linked(self, name: str) -> list[Resource]:
        """Return the resources that a property links to and that have a page."""
        values = self.values(name)
        return [v.resource for v in values if isinstance(v, Link) and v.resource is not None]

    def has(self, name: str, value: str) -> bool:
        """Tell whether a property has a value, stated or inferred, both by compact name."""
        return self._graph.term(value) in self._terms(self._graph.term(name))

    def stated(self, name: str, value: str = "") -> bool:
        """Tell whether the file itself says something for a property, or gives it a value."""
        said = self._stated.get(self._graph.term(name).value, [])
        return self._graph.term(value) in said if value else bool(said)

    @property
    def sections(self) -> list[Section]:
        """The facts of the record, by the groups of its shape."""
        return self.without()

    def without(self, *names: str) -> list[Section]:
        """Return the facts without some properties, by their compact names or their roles."""
        roles = self._graph.workspace.roles
        names = tuple(name if ":" in name else getattr(roles, name) for name in names)
        groups: dict[tuple[float, str], list[Row]] = {}
        for column in self._views.columns(self.kind):
            if column.path not in names and (row := self._row(column)):
                groups.setdefault(column.group, []).append(row)
        return [Section(group[1], tuple(groups[group])) for group in sorted(groups)]

    def rows(self, *names: str) -> list[Row]:
        """Return the facts with these compact names, in this order."""
        columns = {column.path: column for column in self._views.columns(self.kind)}
        found = (self._row(columns[name]) for name in names if name in columns)
        return [row for row in found if row]

    def _row(self, column: Column) -> Row | None:
        terms = self._stated.get(column.predicate)
        values = self._shown(terms) if terms else ()
        return Row(column.label, values, column.path, column.help) if values else None

    @cached_property
    def inferred(self) -> list[Row]:
        """What follows and is not said by the record itself."""
        known = {t for terms in self._stated.values() for t in terms}
        rows = (
            self._linked_row(predicate, (t for t in terms if t not in known))
            for predicate, terms in self._inferred.items()
            if not self._views.statements.is_backward(predicate)
        )
        return _in_order(rows)

    @cached_property
    def incoming(self) -> list[Row]:
        """What links here, by the property it links with; a part counts for its record."""
        direct, backward = self._linkers
        rows = [self._linked_row(p.value, nodes, turned=True) for p, nodes in direct.items()]
        rows += [self._linked_row(p.value, nodes) for p, nodes in backward.items()]
        return _in_order(rows)

    @property
    def _linkers(self) -> Linkers:
        return self._views.statements.linkers(self.node)

    def _linked_row(self, predicate: str, terms: Iterable[Term], *, turned: bool = False) -> Row:
        name = self._views.label(ox.NamedNode(predicate)).text
        label = self._views.say("page.linked-by", property=name) if turned else name
        return Row(label, self._shown(terms), self._graph.addresses.compact(predicate))

    def linked_by(self, name: str) -> tuple[Link | Text | Resource, ...]:
        """Return the records that link here with a property, by its compact name."""
        return self._shown(self._linkers.by(self._graph.term(name)))

    def uses(self, name: str) -> int:
        """Return how many records link here with a property, by its compact name."""
        return len(self._linkers.by(self._graph.term(name)))

    @property
    def neighbourhood(self) -> Neighbourhood | None:
        """Some of the records that link here or that this links to, placed for a picture."""
        outgoing = (row for section in self.sections for row in section.rows)
        return neighbourhood(self.label.text, self.incoming, outgoing)

    @property
    def linking(self) -> list[Link]:
        """The records that link here, whichever way, each once and by name."""
        links = map(self._views.link, self._views.by_label(self._linkers.every()))
        return [link for link in links if isinstance(link, Link)]

    @cached_property
    def citations(self) -> tuple[Resource, ...]:
        """Where what is said here stands: the citations of the record, in order."""
        role = self._graph.role("citation")
        return tuple(v for v in self._values(role) if isinstance(v, Resource)) if role else ()

    @cached_property
    def sources(self) -> list[tuple[Link | Text | Resource | None, list[Resource]]]:
        """The sources that are cited, each with its citations."""
        found: dict[Link | Text | Resource | None, list[Resource]] = {}
        for citation in self.citations:
            found.setdefault(citation.role("source"), []).append(citation)
        return list(found.items())

    @cached_property
    def number(self) -> int:
        """The place of a citation among those of its record, from one; else nought."""
        record = self._views.statements.record_of(self.node)
        citations = self._views.resource(record).citations if record else ()
        return citations.index(self) + 1 if self in citations else 0

    @property
    def withdrawn(self) -> bool:
        """Whether the record was withdrawn."""
        role = self._graph.role("deprecated")
        return role is not None and TRUE in self._terms(role)

    def role(self, name: str) -> Link | Text | Resource | None:
        """Return the first value of the property that does a job in this workspace."""
        term = self._graph.role(name)
        return next(iter(self._values(term)), None) if term else None

    @property
    def is_draft(self) -> bool:
        """Whether the record is not yet published."""
        return is_draft(self._graph, self.node)

    @property
    def data(self) -> list[tuple[str, str]]:
        """The addresses of its data, from the root of the site, with their media types."""
        path = self._views.plan.paths[self.iri].removesuffix(".html")
        return [(f"{path}.{suffix}", media) for suffix, media in MEDIA.items()]

    @property
    def folder(self) -> str:
        """The folder of its page, which is also the name of its kind or of its list."""
        return (self._graph.addresses.kind_and_slug(self.iri) or ("", ""))[0]

    @property
    def file(self) -> str:
        """The path of its file in the workspace."""
        return self._graph.file_of(self.node) or ""


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted((row for row in rows if row.values), key=lambda row: alphabetic(row.label))
