"""What a form asks for each field: the way to ask, the limits, and the values to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import OWL, TYPE, Term
from jkgraph.iri import kebab
from jkgraph.kinds import Field, Kind
from jkgraph.limits import Limits, limits
from jkgraph.plain import plain
from jkgraph.site.maker import Views
from jkgraph.site.names import folders
from jkgraph.wording import NUMBERS

XSD = "http://www.w3.org/2001/XMLSchema#"
BROADER = ox.NamedNode("http://www.w3.org/2004/02/skos/core#broader")
DATE = f"{XSD}date"
# The longest text that stands on one line, and the most values that are shown all at once.
LINE = 160
FEW = 8


class Option(NamedTuple):
    """A value to choose, in N-Triples, with its name, what it means, and what it is a part of."""

    value: str
    label: str
    told: str = ""
    group: str = ""


class Asked(NamedTuple):
    """A field of a form.

    ``how`` is the way to ask: text, line, date, when, number, yes, address, pick, choice or
    part. ``folders`` are the kinds to pick from; ``preset`` is a value to begin with, or "today".
    """

    id: str
    path: str
    how: str
    label: str
    help: str
    needed: bool
    several: bool
    languages: tuple[tuple[str, bool], ...]
    datatypes: tuple[str, ...]
    limits: Limits
    message: str
    options: tuple[Option, ...] = ()
    folders: tuple[str, ...] = ()
    piece: str = ""
    scheme: str = ""
    preset: str = ""
    group: tuple[float, str] = (float("inf"), "")

    @property
    def is_long(self) -> bool:
        """Whether there is room for more than one line."""
        return self.how == "text" and (self.limits.longest or LINE + 1) > LINE

    @property
    def is_small(self) -> bool:
        """Whether all values to choose from can be shown at once."""
        return self.how == "choice" and len(self.options) <= FEW

    @property
    def by_language(self) -> bool:
        """Whether there is one text a language."""
        return self.how == "text" and self.limits.unique


class Asker:
    """Tells for the form of one kind of records how each field is asked, in one language."""

    def __init__(self, views: Views, kind: Kind) -> None:
        self._views, self._graph, self._own = views, views.graph, kind
        self._parts = {part.iri: part for part in views.plan.kinds.parts}

    def asked(self, kind: Kind) -> Iterator[Asked]:
        """Yield what is asked for a kind of records or of parts, in order."""
        for path, fields in kind.by_path().items():
            yield self._ask(kind, path, fields)

    def _ask(self, kind: Kind, path: str, fields: tuple[Field, ...]) -> Asked:
        field, bounds = fields[0], limits(self._graph, fields)
        piece = next((self._parts[c] for c in field.classes if c in self._parts), None)
        if piece and self._views.plan.is_elsewhere(kind, field):
            piece = None
        picked = () if piece else folders(self._views.plan, field)
        options = () if piece or picked else tuple(self._options(kind, field))
        most = [f.maximum for f in fields if f.maximum is not None]
        group = field.group
        return Asked(
            id=_id(kind, self._graph.addresses.compact(path)),
            path=path,
            how="part" if piece else "pick" if picked else _how(field, options),
            label=self._views.word(field.name, self._views.label(field.path).text),
            help=self._plain(self._views.word(field.description)),
            needed=bounds.required,
            several=not bounds.unique and (not most or min(most) > 1),
            languages=tuple((lang, lang in bounds.languages) for lang in field.languages),
            datatypes=tuple(t.value for t in field.datatypes),
            limits=bounds,
            message=self._plain(self._views.word(field.message)),
            options=options,
            folders=picked,
            piece=piece.name if piece else "",
            scheme=self._scheme(field),
            preset=self._preset(kind, field, bounds),
            group=(group.order, self._views.word(group.label)) if group else (float("inf"), ""),
        )

    def _plain(self, text: str) -> str:
        return plain(text, self._name)

    def _name(self, compact: str) -> str:
        """Name what a compact name stands for; nothing when it has no name."""
        iri = self._graph.addresses.expand(compact)
        found = self._views.label(ox.NamedNode(iri)).text if iri else compact
        return "" if found in {compact, f"<{iri}>"} else found

    def _options(self, kind: Kind, field: Field) -> Iterator[Option]:
        """Yield the values to choose from, where they are few enough to stand on the page."""
        if any(cls.value.startswith(OWL) for cls in field.classes):
            own = self._own.fields if kind is not self._own else ()
            yield from (Option(str(f.path), self._views.word(f.name)) for f in own)
            return
        values = field.values or self._instances(kind, field)
        files = {self._graph.file_of(v) for v in values if isinstance(v, ox.NamedNode)}
        for value in values:
            above = self._above(value, several=len(files) > 1)
            yield Option(str(value), self._label(value), self._told(value), above)

    def _instances(self, kind: Kind, field: Field) -> list[Term]:
        """Return the values of closed lists, else what records of the kind have now, else all."""
        graph, plan = self._graph, self._views.plan
        listed = [value for cls in field.classes for value in plan.choices.get(cls, ())]
        if listed or not field.classes:
            return listed
        records = plan.records.get(kind.name, ())
        used = {value for record in records for value in graph.objects(record, field.path)}
        every = {v for cls in field.classes for v in graph.subjects(TYPE, cls)}
        return list(self._views.by_label([v for v in every if v in used] or every))

    def _label(self, value: Term) -> str:
        if isinstance(value, ox.Literal):
            return value.value
        return self._views.label(value).text if isinstance(value, ox.NamedNode) else ""

    def _told(self, value: Term) -> str:
        """Return what a value means, in a sentence or two."""
        if not isinstance(value, ox.NamedNode):
            return ""
        texts = (self._graph.texts(value, role) for role in self._graph.roles("summary"))
        return next((self._views.word(found) for found in texts if found), "")

    def _above(self, value: Term, *, several: bool) -> str:
        """Return the wider value, else the list where there are several lists."""
        if not isinstance(value, ox.NamedNode):
            return ""
        scheme = self._graph.role("scheme") if several else None
        paths = (BROADER, *([scheme] if scheme else []))
        above = (v for path in paths for v in self._graph.objects(value, path))
        first = next((v for v in above if isinstance(v, ox.NamedNode)), None)
        return self._views.label(first).text if first else ""

    def _scheme(self, field: Field) -> str:
        """Return the page of the one closed list that the values stand in."""
        kinds = [self._views.plan.kinds.by_class.get(cls.value) for cls in field.classes]
        name = kinds[0].name if len(kinds) == 1 and kinds[0] else ""
        return f"{name}/index.html" if name in self._views.plan.schemes else ""

    def _preset(self, kind: Kind, field: Field, bounds: Limits) -> str:
        """Return what a new record begins with, by the roles, or because all records have it."""
        graph, path = self._graph, field.path
        if path in {graph.role("created"), graph.role("modified")}:
            return "today"
        if path == graph.role("status"):
            draft = graph.role("draft")
            return str(draft) if draft else ""
        if not bounds.required or path not in graph.roles("hidden"):
            return ""
        records = self._views.plan.records.get(kind.name, ())
        found = {tuple(graph.objects(record, path)) for record in records}
        common = found.pop() if len(found) == 1 else ()
        return str(common[0]) if len(common) == 1 else ""


def _id(kind: Kind, name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", f"{kind.name}-{kebab(name)}")


def _how(field: Field, options: tuple[Option, ...]) -> str:
    if options:
        return "choice"
    if field.is_address:
        return "address"
    if field.languages:
        return "text"
    return _how_written({datatype.value for datatype in field.datatypes})


def _how_written(datatypes: set[str]) -> str:
    if DATE in datatypes:
        return "date" if datatypes == {DATE} else "when"
    if datatypes == {f"{XSD}boolean"}:
        return "yes"
    return "number" if datatypes and datatypes <= NUMBERS else "line"
