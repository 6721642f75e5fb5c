"""Tells what changes in records: a sentence for everything that comes, goes or becomes other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.differences import Change, Difference, Fate, changes_between, statements
from jkgraph.graph import Node
from jkgraph.telling.names import Names
from jkgraph.telling.sentences import Sentences, Told
from jkgraph.telling.states import State, aligned, likeness

# How much two records must have in common to be one that got another address.
_SAME = 0.8
_TRUE = {"true", "1"}


class Telling(NamedTuple):
    """What changes in one record, or in a file that is none.

    ``fate`` is added, changed, withdrawn, moved, removed, or unread for a file that cannot be
    read; ``lead`` is what a new record is about, and where one stood that has moved.
    """

    record: ox.NamedNode | None
    path: str
    label: str
    kind: str
    fate: str
    lead: str = ""
    changes: tuple[Told, ...] = ()


class Record:
    """A record in its two states, and what there is to tell of it."""

    def __init__(self, names: Names, one: Difference) -> None:
        self._names, self._graph = names, names.graph
        path = one.edit.path
        self.path = self._graph.workspace.relative(path)
        self.fate = one.fate
        self.record = ox.NamedNode(self._graph.addresses.record(path.parent.name, path.stem))
        self.old = State(statements(one.edit.before))
        self.new = aligned(self.old, State(statements(one.edit.after)))

    @property
    def now(self) -> State:
        """The state to name the record by."""
        return self.old if self.fate is Fate.REMOVED else self.new

    def telling(self) -> Telling:
        """Tell what changes in the record."""
        told = self._named(self.fate.value)
        if self.fate is Fate.ADDED:
            return told._replace(lead=self._names.summary(self.new, self.record))
        if self.fate is Fate.REMOVED:
            return told
        if self._is_withdrawn(self.new) and not self._is_withdrawn(self.old):
            return told._replace(fate="withdrawn", changes=tuple(self._reasons()))
        return told._replace(changes=tuple(self._changes()))

    def moved(self, other: Record) -> Telling:
        """Tell that the record stood elsewhere."""
        return self._named("moved")._replace(lead=self._names.say("telling.was", path=other.path))

    def _named(self, fate: str) -> Telling:
        kind = self._names.kind(self.now, self.record)
        label = self._names.own_label(self.now, self.record)
        named = self._names.choose(kind.label) if kind else ""
        return Telling(self.record, self.path, label, named, fate)

    def _is_withdrawn(self, state: State) -> bool:
        values = state.values(self.record, self._graph.role("deprecated"))
        return any(getattr(value, "value", "") in _TRUE for value in values)

    def _reasons(self) -> Iterator[Told]:
        """Tell of a withdrawn record only why, and what takes its place."""
        roles = [self._graph.role(name) for name in ("successor", "change")]
        for change in self._between():
            if change.predicate in roles and change.added:
                yield from self._sentences.tell(change._replace(removed=()))

    def _changes(self) -> Iterator[Told]:
        found = [
            c for c in self._between() if self.old.said(c.subject) and self.new.said(c.subject)
        ]
        # Every change has a new day; that tells something only when nothing else does.
        quiet = self._graph.role("modified")
        told = [c for c in found if c.predicate != quiet] or found
        for change in sorted(told, key=self._order):
            yield from self._sentences.tell(change)

    def _between(self) -> tuple[Change, ...]:
        return changes_between(self.old.statements, self.new.statements)

    @property
    def _sentences(self) -> Sentences:
        return Sentences(self._names, self.record, self.old, self.new)

    def _order(self, change: Change) -> tuple[str, float, str]:
        kind = self._names.kind(self.new, change.subject)
        place = kind.order.get(change.predicate.value, 1e9) if kind else 1e9
        return _part_of(change.subject), place, change.predicate.value


def _part_of(node: Node) -> str:
    return node.value.partition("#")[2]


def moves(records: Sequence[Record]) -> Iterator[tuple[Record, Record]]:
    """Yield the records that came while one like them went, each with that one."""
    gone = [r for r in records if r.fate is Fate.REMOVED]
    for record in records:
        if record.fate is Fate.ADDED and gone:
            scores = {likeness(record.new, other.old): other for other in gone}
            best = max(scores)
            if best >= _SAME:
                gone.remove(scores[best])
                yield record, scores[best]
