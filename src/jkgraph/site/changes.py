"""Which records changed last, and what their files said before: by git, else by their dates.

Readers see the state of today. Of what a record said before, only what it is called and links to
is ever shown again: what was taken out may have been taken out for a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.differences import Difference, Fate, difference, statements
from jkgraph.edits import Edit
from jkgraph.errors import JkgraphError
from jkgraph.graph import TRUE, Graph, Term, is_withdrawn
from jkgraph.history import Landing, contents, is_shallow, landings
from jkgraph.turtle import TurtleSyntaxError

# How many changes are shown.
MOST = 100
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Event(NamedTuple):
    """A record that changed: when, and, where git tells it, how. ``fate`` is that of a Telling."""

    record: ox.NamedNode
    moment: str
    fate: str
    difference: Difference | None = None

    @property
    def day(self) -> str:
        """The day of the change."""
        return self.moment[:10]


@dataclass(frozen=True)
class Changes:
    """The last changes, the newest first, and whether git told them: all, a part, or none."""

    tell: Callable[[], Iterable[Event]]
    told_by_git: bool
    is_part: bool = False

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The changes, looked up when somebody asks."""
        return tuple(self.tell())

    @cached_property
    def by_record(self) -> Mapping[str, tuple[Event, ...]]:
        """The changes of each record."""
        found: dict[str, tuple[Event, ...]] = {}
        for event in self.events:
            found[event.record.value] = (*found.get(event.record.value, ()), event)
        return found


def read_changes(graph: Graph, shown: Mapping[str, str]) -> Changes:
    """Return the last changes of the records that are shown."""
    try:
        found = landings(graph.workspace, graph.workspace.data, MOST)
        # Where the history is cut off, everything seems new.
        is_part = any(landing.is_root for landing in found) and is_shallow(graph.workspace)
        known = [landing for landing in found if not (is_part and landing.is_root)]
        events = tuple(_from_history(graph, shown, known))
    except JkgraphError:
        is_part, events = False, ()
    if events:
        return Changes(lambda: events, told_by_git=True, is_part=is_part)
    return Changes(lambda: _from_dates(graph, shown), told_by_git=False, is_part=is_part)


def _from_history(
    graph: Graph, shown: Mapping[str, str], known: Iterable[Landing]
) -> Iterator[Event]:
    """Yield the changes that git tells; those of a record on one day are one."""
    workspace = graph.workspace
    spans: dict[tuple[str, str], tuple[str, str, str]] = {}
    for landing in known:
        if len(spans) >= MOST:
            break
        for name, old, new in landing.files:
            key = landing.moment[:10], name
            if key in spans:
                moment, _, newest = spans[key]
                spans[key] = moment, old, newest
            elif len(spans) < MOST and _record(graph, PurePosixPath(name)).value in shown:
                spans[key] = landing.moment, old, new
    texts = contents(workspace, [id for _, *ids in spans.values() for id in ids if id])
    for (_, name), (moment, *ids) in spans.items():
        path = workspace.root / name
        yield from _event(graph, path, moment, *(texts.get(id) for id in ids))


def _record(graph: Graph, path: PurePath) -> ox.NamedNode:
    return ox.NamedNode(graph.addresses.record(path.parent.name, path.stem))


def _event(
    graph: Graph, path: Path, moment: str, old: bytes | None, new: bytes | None
) -> Iterator[Event]:
    """Yield what readers may know of a change: drafts, and what is withdrawn, are none of it."""
    record = _record(graph, path)
    try:
        before, after = (content.decode() if content else None for content in (old, new))
        was, now = (_Seen(graph, record, text) for text in (before, after))
        told = difference(Edit(path, before if was.is_seen else None, after))
    except (TurtleSyntaxError, UnicodeDecodeError):
        return
    if told is None or not now.is_seen:
        return
    if now.is_withdrawn and was.is_seen and not was.is_withdrawn:
        yield Event(record, moment, "withdrawn")
    elif not is_withdrawn(graph, record):
        fate = "added" if told.fate is Fate.ADDED else "changed"
        yield Event(record, moment, fate, told)


class _Seen:
    """Whether readers saw a record in one of its states, and whether it was withdrawn then."""

    def __init__(self, graph: Graph, record: ox.NamedNode, text: str | None) -> None:
        said = statements(text)
        status, published = graph.role("status"), graph.role("published")
        self.is_withdrawn = (record, graph.role("deprecated"), TRUE) in said
        is_open = not (status and published) or (record, status, published) in said
        self.is_seen = bool(said) and (is_open or self.is_withdrawn)


def _from_dates(graph: Graph, shown: Mapping[str, str]) -> list[Event]:
    """Return the changes that the records themselves date."""
    created, modified = (_days(graph, role) for role in ("created", "modified"))
    records = [record for record in graph.records() if record.value in shown]
    days = {r: max(created.get(r.value, ""), modified.get(r.value, "")) for r in records}
    dated = sorted(filter(days.get, records), key=days.__getitem__, reverse=True)[:MOST]
    return [_dated(graph, r, days[r], is_new=created.get(r.value) == days[r]) for r in dated]


def _dated(graph: Graph, record: ox.NamedNode, day: str, *, is_new: bool) -> Event:
    fate = "added" if is_new else "changed"
    fate = "withdrawn" if is_withdrawn(graph, record) else fate
    return Event(record, f"{day}T00:00:00Z", fate)


def _days(graph: Graph, name: str) -> Mapping[str, str]:
    """Return the last day that a property gives, by the record."""
    role = graph.role(name)
    said = graph.said(role) if role else {}
    return {subject: max(map(_day, values), default="") for subject, values in said.items()}


def _day(value: Term) -> str:
    if isinstance(value, ox.Literal) and _DAY.fullmatch(value.value):
        return value.value
    return ""
