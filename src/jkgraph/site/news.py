"""The last changes as templates and the feed see them, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from jkgraph.site.changes import Changes, Event
from jkgraph.site.plan import in_language
from jkgraph.site.values import Fresh, Link, Text
from jkgraph.telling import Mark, Piece, Teller
from jkgraph.wording import day

if TYPE_CHECKING:
    from jkgraph.site.maker import Views
    from jkgraph.site.views import Resource

FEED = "changes.atom"
_FATES = {"added": "telling.fate.added", "withdrawn": "telling.fate.withdrawn"}
_QUIET = ("created", "modified", "reviewed", "due", "owner", "change", "sought")
# How many changes stand on the page of a record.
_FEW = 3

Said = tuple[Link | Text, ...]


class Item(NamedTuple):
    """A record that changed on a day: what became of it, in sentences, and the notes on it."""

    record: Resource
    moment: str
    day: str
    fate: str
    sentences: tuple[Said, ...]
    notes: tuple[Text, ...]

    @property
    def title(self) -> str:
        """The name of the record with its kind, and what became of it."""
        kind = f" ({self.record.kind_name})" if self.record.kind_name else ""
        return f"{self.record.label}{kind}{f': {self.fate}' if self.fate else ''}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What changed, without links."""
        said = ("".join(_plain(part) for part in sentence) for sentence in self.sentences)
        return (*map(str, self.notes), *said)


class News:
    """The last changes in one language. A change is told when it is asked for."""

    def __init__(self, views: Views, changes: Changes) -> None:
        self._views, self._changes = views, changes
        self._items: dict[Event, Item] = {}
        graph, kinds = views.graph, views.plan.kinds
        self._teller = Teller(graph, kinds, views.language, is_brief=True)

    @property
    def feed(self) -> str:
        """The address of the feed, from the root of the site."""
        return in_language(self._views.plan, FEED, self._views.language)

    @property
    def told_by_git(self) -> bool:
        """Whether git told how records changed; else only their dates tell that they did."""
        return self._changes.told_by_git

    @property
    def is_part(self) -> bool:
        """Whether git had only the last part of the history."""
        return self._changes.is_part

    @cached_property
    def items(self) -> list[Item]:
        """The last changes, the newest first."""
        items = [self._item(event) for event in self._changes.events]
        return [item for item in items if item.fate or item.lines or not self.told_by_git]

    @property
    def days(self) -> list[tuple[str, list[Item]]]:
        """The last changes by day."""
        return [(name, list(items)) for name, items in groupby(self.items, lambda item: item.day)]

    def of(self, record: Resource) -> list[Item]:
        """Return the last few changes of a record that can be told in words."""
        found = self._changes.by_record.get(record.iri, ()) if self.told_by_git else ()
        items = [self._item(event) for event in found if event.fate == "changed"]
        return [item for item in items if item.lines][:_FEW]

    def _item(self, event: Event) -> Item:
        if event not in self._items:
            self._items[event] = Item(
                record=self._views.resource(event.record),
                moment=event.moment,
                day=day(event.day, self._views.say),
                fate=self._views.say(_FATES[event.fate]) if event.fate in _FATES else "",
                sentences=tuple(self._sentences(event)),
                notes=tuple(self._notes(event)),
            )
        return self._items[event]

    def _sentences(self, event: Event) -> Iterable[Said]:
        if event.difference is None or event.fate != "changed":
            return []
        [telling] = self._teller.tell([event.difference])
        told = (one for one in telling.changes if one.property not in self._quiet)
        return [tuple(map(self._part, one.sentence)) for one in told]

    @cached_property
    def _quiet(self) -> frozenset[str]:
        """Properties that are not told: every change has a day; pages leave out the others."""
        graph = self._views.graph
        terms = (*(graph.role(name) for name in _QUIET), *graph.roles("hidden"))
        return frozenset(term.value for term in terms if term)

    def _part(self, piece: Piece) -> Link | Text:
        found = self._views.link(ox.NamedNode(piece.iri)) if piece.iri else None
        if isinstance(found, Link):
            return found
        return (Fresh if piece.mark is Mark.NEW else Text)(piece.text, piece.language)

    def _notes(self, event: Event) -> Iterable[Text]:
        """Yield the notes of the record that begin with the day of the change, without that day."""
        for note in self._views.resource(event.record).notes:
            if note.text.startswith(event.day):
                yield Text(note.text[len(event.day) :].lstrip(" :.–"), note.lang)


def _plain(part: Link | Text) -> str:
    return part.text.text if isinstance(part, Link) else part.text
