"""The form for a new record of a kind, as a template sees it: what is asked, and how."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.iri import RESERVED, SLUG_LENGTH
from jkgraph.kinds import Kind
from jkgraph.layout import property_orders
from jkgraph.site.fields import Asked, Asker
from jkgraph.site.maker import Views
from jkgraph.site.markup import Markup

# What a form leaves alone: a record is withdrawn in another way.
LEFT_ALONE = ("deprecated", "successor")
# The fields of a citation that say where in the document; one of them has to.
PASSAGE = ("pages", "section", "item")


class Piece(NamedTuple):
    """A kind of parts as a form asks for it: first what is needed, then the rest.

    ``one_of`` are the properties of which at least one must be filled in.
    """

    kind: Kind
    label: str
    first: tuple[Asked, ...]
    more: tuple[Asked, ...]
    one_of: tuple[str, ...]


class Form:
    """The form for one kind in one language."""

    def __init__(self, views: Views, kind: Kind) -> None:
        self.kind = kind
        self._views, self._graph = views, views.graph
        self._asker = Asker(views, kind)

    @cached_property
    def fields(self) -> tuple[Asked, ...]:
        """Everything that is asked of the record itself, in order."""
        alone = {role for name in LEFT_ALONE if (role := self._graph.role(name))}
        return tuple(f for f in self._asker.asked(self.kind) if ox.NamedNode(f.path) not in alone)

    @property
    def first(self) -> list[Asked]:
        """What has to be filled in by hand."""
        return [field for field in self.fields if field.needed and not field.preset]

    @property
    def groups(self) -> list[tuple[str, list[Asked]]]:
        """The other fields, by the groups of the shape."""
        found: dict[tuple[float, str], list[Asked]] = {}
        for field in self.fields:
            if not field.needed or field.preset:
                found.setdefault(field.group, []).append(field)
        return [(label, fields) for (_, label), fields in sorted(found.items())]

    @cached_property
    def pieces(self) -> list[Piece]:
        """The kinds of parts that can be filled in, each once."""
        parts = {part.name: part for part in self._views.plan.kinds.parts}
        found: dict[str, Piece] = {}
        asked = list(self.fields)
        for field in asked:
            if field.piece and field.piece not in found:
                piece = self._piece(parts[field.piece])
                found[field.piece] = piece
                asked += [*piece.first, *piece.more]
        return list(found.values())

    @property
    def contact(self) -> str:
        """The address for questions about the data; empty when the settings do not tell it."""
        return self._graph.workspace.site.contact

    @property
    def model(self) -> Markup:
        """What the script must know, besides the fields."""
        graph, site = self._graph, self._graph.workspace.site
        kinds = self._views.plan.kinds.records
        file = graph.workspace.record_path(self.kind.name, "{slug}")
        orders = property_orders(self._views.plan.kinds, self.kind)
        label, modified = graph.role("label"), graph.role("modified")
        return Markup(
            {
                "type": self.kind.iri.value,
                "folder": self.kind.name,
                "file": graph.workspace.relative(file),
                "records": graph.addresses.records,
                "label": label.value if label else "",
                "modified": modified.value if modified else "",
                "prefixes": dict(sorted(graph.addresses.prefixes.items())),
                "order": sorted(orders, key=lambda iri: (orders[iri], iri)),
                "languages": list(graph.workspace.languages),
                "reserved": sorted(RESERVED),
                "longest": SLUG_LENGTH,
                "kinds": {k.name: self._views.word(k.label) for k in kinds},
                "edit": site.edit,
                "new": new_file(site.edit),
            }
        )

    def _piece(self, part: Kind) -> Piece:
        asked = tuple(self._asker.asked(part))
        names = PASSAGE if part.iri in self._citations else ()
        roles = [role.value for name in names if (role := self._graph.role(name))]
        passage = tuple(f.path for f in asked if f.path in roles)
        first = tuple(f for f in asked if f.needed or f.path in passage) or asked
        return Piece(
            part,
            self._views.word(part.label),
            first,
            tuple(f for f in asked if f not in first),
            passage,
        )

    @cached_property
    def _citations(self) -> frozenset[ox.NamedNode]:
        """The classes of the parts that say where a statement stands."""
        role = self._graph.role("citation")
        kinds = (self.kind, *self._views.plan.kinds.parts)
        fields = [f for k in kinds for f in k.by_path().get(role.value, ())] if role else []
        return frozenset(cls for field in fields for cls in field.classes)


def new_file(edit: str) -> str:
    """Return where a forge makes a new file, from where it edits one; empty when that is unknown.

    >>> new_file("https://github.com/we/graph/edit/main/{path}")
    'https://github.com/we/graph/new/main?filename={path}&value={text}'
    >>> new_file("https://gitlab.com/we/graph/-/edit/main/{path}")
    'https://gitlab.com/we/graph/-/new/main?file_name={path}'
    >>> new_file("mailto:we@example.org")
    ''
    """
    if found := re.fullmatch(r"(https://.+)/-/edit/([^{}]+)/\{path\}", edit):
        return f"{found[1]}/-/new/{found[2]}?file_name={{path}}"
    if found := re.fullmatch(r"(https://.+)/edit/([^{}]+)/\{path\}", edit):
        return f"{found[1]}/new/{found[2]}?filename={{path}}&value={{text}}"
    return ""
