"""The review clock: which records are to be compared with their sources again, and when."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.edits import Edit, Editor, with_values
from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph, is_draft, is_withdrawn
from jkgraph.kinds import Kind, Kinds
from jkgraph.lifecycle import day

FOLD = 74


class Due(NamedTuple):
    """A record that is to be looked at, by when, for whom; ``reviewed`` is the last time."""

    day: date
    record: ox.NamedNode
    kind: Kind
    owners: tuple[ox.NamedNode, ...]
    reviewed: date | None


def review(graph: Graph, kinds: Kinds, record: ox.NamedNode, on: date, again: date | None) -> Edit:
    """Let a record say on which day it was looked at, and on which day it is to be again.

    A day to look again that is over is taken away. Raises JkgraphError without a role for it.
    """
    if again and again <= on:
        raise JkgraphError("early-review", next=again, day=on)
    said = graph.document(record).triples
    triples = with_values(said, record, graph.required_role("reviewed"), day(on))
    if again:
        triples = with_values(triples, record, graph.required_role("due"), day(again))
    elif (role := graph.role("due")) and (_day(graph, record, "due") or date.max) <= on:
        triples = with_values(triples, record, role)
    return Editor(graph, kinds).edit(graph.path(record), triples)


def due(graph: Graph, kinds: Kinds, until: date) -> list[Due]:
    """Return the published records that are to be looked at up to a day, the soonest first."""
    found = (_due(graph, kinds, record) for record in graph.records())
    return sorted(
        (one for one in found if one and one.day <= until),
        key=lambda one: (one.day, *map(str, one.owners), one.kind.name, one.record.value),
    )


def next_review(graph: Graph, record: ox.NamedNode) -> date | None:
    """Return the day on which a record is to be looked at: its own, or by the term that is set."""
    if own := _day(graph, record, "due"):
        return own
    months = graph.workspace.review.months
    last = _day(graph, record, "reviewed") or _day(graph, record, "created")
    last = last or _day(graph, record, "modified")
    return _later(last, months) if last and months else None


def _due(graph: Graph, kinds: Kinds, record: ox.NamedNode) -> Due | None:
    kind, on = kinds.of(graph.objects(record, TYPE)), next_review(graph, record)
    if on is None or kind is None or is_withdrawn(graph, record) or is_draft(graph, record):
        return None
    role = graph.role("owner")
    owners = (o for o in (graph.objects(record, role) if role else ()))
    named = tuple(owner for owner in owners if isinstance(owner, ox.NamedNode))
    return Due(on, record, kind, named, _day(graph, record, "reviewed"))


def _day(graph: Graph, record: ox.NamedNode, name: str) -> date | None:
    role = graph.role(name)
    for value in graph.objects(record, role) if role else ():
        with suppress(ValueError, AttributeError):
            return date.fromisoformat(value.value)  # type: ignore[union-attr]  # others have none
    return None


def _later(start: date, months: int) -> date:
    """Add months to a day; where a month has no such day, its last one is taken.

    What lies beyond the calendar is its last day.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def calendar(found: Iterable[Due], names: Iterable[str], today: date) -> str:
    """Write what is due as an iCalendar file (RFC 5545): for each record a day without hours.

    ``names`` are the names of the events.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//jkgraph//review clock//EN"]
    for one, name in zip(found, names, strict=True):
        lines += _event(one, name, today)
    folded = (part for line in [*lines, "END:VCALENDAR"] for part in _folded(line))
    return "".join(f"{line}\r\n" for line in folded)


def _event(one: Due, name: str, today: date) -> Iterator[str]:
    escaped = name.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    yield from ("BEGIN:VEVENT", f"UID:{one.record.value}", f"DTSTAMP:{today:%Y%m%d}T000000Z")
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield from (f"SUMMARY:{' '.join(escaped.split())}", f"URL:{one.record.value}")
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def _folded(line: str) -> Iterator[str]:
    """Break a line into pieces of at most 75 bytes, all but the first after a space."""
    piece = ""
    for sign in line:
        if len(f"{piece}{sign}".encode()) > FOLD:
            yield piece
            piece = " "
        piece += sign
    yield piece
