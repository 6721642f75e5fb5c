"""What an import would change: cell by cell, against what was exported and what is there now.

A cell that says what it said when it was exported leaves the files alone, whatever they say now.
A cell that was changed counts, unless the files were changed there too, and differently.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.edits import Edit, Editor
from jkgraph.errors import JkgraphError
from jkgraph.exchange.cells import Cells, Terms
from jkgraph.exchange.columns import VERSION, Column
from jkgraph.exchange.contents import Contents
from jkgraph.exchange.drafts import Changed, Drafts
from jkgraph.exchange.names import Names
from jkgraph.exchange.rows import Rows, Told
from jkgraph.exchange.tables import Cell, Place, Received, Remark
from jkgraph.exchange.values import agree
from jkgraph.findings import Severity
from jkgraph.graph import Graph, Term
from jkgraph.iri import split
from jkgraph.kinds import Kinds
from jkgraph.messages import Message


class Plan(NamedTuple):
    """What becomes of the record files, and what is to be said of the cells.

    ``places`` are the cells by resource, property and language; that of a row has none of these.
    """

    edits: tuple[Edit, ...]
    remarks: tuple[Remark, ...]
    places: Mapping[tuple[str, str, str], Place]

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong; then nothing may be written."""
        return any(remark.severity == Severity.VIOLATION for remark in self.remarks)


def make_plan(graph: Graph, kinds: Kinds, received: Received, today: date) -> Plan:
    """Compare what was read with what was exported and with the files."""
    return _Planner(graph, kinds, received, today).plan()


class _Planner:
    def __init__(self, graph: Graph, kinds: Kinds, received: Received, today: date) -> None:
        self._graph, self._received = graph, received
        self._contents = Contents(graph, kinds)
        self._names = Names(graph, kinds, received.language, {})
        self._cells = Cells(self._names)
        self._rows = Rows(graph, self._contents, received, self._names)
        self._remarks: list[Remark] = list(received.notes)
        self._places: dict[tuple[str, str, str], Place] = {}
        self._changed: Changed = defaultdict(dict)
        self._editor = Editor(graph, kinds)
        self._drafts = Drafts(
            graph, self._contents, received, self._rows.told, self._changed, today
        )

    def plan(self) -> Plan:
        told = list(self._rows.read())
        self._remarks += self._rows.remarks
        for row in told:
            self._note_places(row)
            now = self._contents.values(row.sheet, row.subject)
            for column in row.sheet.columns:
                cell = row.row.cells.get(column.key)
                if cell is not None:
                    self._compare(row, column, cell, now.get(column, frozenset()))
        self._remarks += [*self._missing(), *self._outrun()]
        edits = tuple(filter(None, map(self._edit, self._records(told))))
        self._remarks += self._drafts.remarks
        return Plan(edits, tuple(self._remarks), self._places)

    def _note_places(self, told: Told) -> None:
        node = told.subject.value
        self._places[node, "", ""] = told.row.at(told.sheet.keys[-1])
        for column in told.sheet.columns:
            if column.key in told.row.cells:
                place = told.row.at(column.key)
                self._places[node, column.path.value, column.language] = place
                self._places.setdefault((node, column.path.value, ""), place)

    def _compare(self, told: Told, column: Column, cell: Cell, now: Terms) -> None:
        """Find out whether a cell was changed, and whether it may be."""
        text, meant = self._sent(told, column, now)
        if cell.fault:
            self._say(cell.place, cell.fault)
        elif cell.text == text:
            return
        elif meant is None:
            self._say(cell.place, "cell-too-long")
        else:
            try:
                wanted = self._cells.read(column, told.record, cell.text, meant)
            except (JkgraphError, ValueError) as error:
                self._say_error(cell.place, error, cell.text)
                return
            before = frozenset(meant.values())
            if agree(wanted, before) or agree(wanted, now):
                return
            if now == before and not self._is_stale(told):
                self._changed[told.subject, column.path][column] = wanted
            else:
                self._conflict(told, column, cell, (before, wanted, now))

    def _sent(
        self, told: Told, column: Column, now: Terms
    ) -> tuple[str, Mapping[str, Term] | None]:
        """Return the text of a cell when it was exported, and what it meant."""
        if told.is_new:
            return "", {}
        if self._received.sent is not None:
            return self._received.sent[told.subject].cells.get(column.key, ("", {}))
        written = self._cells.write(column, told.record, now)
        return written.text, written.meanings

    def _is_stale(self, told: Told) -> bool:
        """Tell whether a row of a file that carries only versions is of another one."""
        if self._received.sent is not None or told.is_new:
            return False
        return told.row.text(VERSION) != self._contents.entries[told.record].version

    def _conflict(
        self, told: Told, column: Column, cell: Cell, values: tuple[Terms, Terms, Terms]
    ) -> None:
        before, wanted, now = (self._cells.show(column, told.record, v) for v in values)
        name, field = self._names.label(told.record), column.header
        if self._received.sent is None:
            self._say(cell.place, "cell-stale", name=name, field=field, mine=wanted, theirs=now)
        else:
            known = {"name": name, "field": field, "mine": wanted, "theirs": now}
            self._say(cell.place, "cell-conflict", before=before, **known)

    def _missing(self) -> Iterator[Remark]:
        """Say of which sheets rows are gone; that takes no record away."""
        titles = {t.sheet.kind.iri: t.title for t in self._received.tables}
        gone = (s for s in self._received.sent or () if s not in self._rows.told)
        kinds = (self._contents.kind(subject) for subject in gone)
        for iri, number in Counter(kind.iri for kind in kinds if kind).items():
            place = Place(titles.get(iri, split(iri.value)[1]), 1)
            message = Message("error.row-missing", {"number": number})
            yield Remark(place, "row-missing", Severity.INFO, message)

    def _outrun(self) -> Iterator[Remark]:
        """Say which records were changed in the files too, beside the cells that were changed."""
        sent = self._received.sent or {}
        for record in sorted({self._above(s) for s, _ in self._changed}, key=lambda r: r.value):
            entry = self._contents.entries.get(record)
            if entry and record in sent and sent[record].version != entry.version:
                place = self._place(record)
                values = {"name": self._names.label(record), "revision": self._received.revision}
                message = Message("error.row-changed", values)
                yield Remark(place, "row-changed", Severity.INFO, message)

    def _records(self, told: list[Told]) -> list[ox.NamedNode]:
        """Return the records of which anything changes, in a fixed order."""
        changed = {subject for subject, _ in self._changed} | {t.subject for t in told if t.is_new}
        return sorted({self._above(node) for node in changed}, key=lambda node: node.value)

    @staticmethod
    def _above(node: ox.NamedNode) -> ox.NamedNode:
        return ox.NamedNode(node.value.partition("#")[0])

    def _edit(self, record: ox.NamedNode) -> Edit | None:
        kind, slug = self._graph.addresses.kind_and_slug(record.value) or ("", "")
        path = self._graph.workspace.record_path(kind, slug)
        try:
            edit = self._editor.edit(path, self._drafts.triples(record))
        except JkgraphError as error:
            self._say_error(self._place(record), error, "")
            return None
        return edit if edit.before != edit.after else None

    def _place(self, record: ox.NamedNode) -> Place:
        """Return the place of the row of a record, else of one of its parts."""
        own = (told.row.place for told in self._rows.told.values() if told.record == record)
        return self._places.get((record.value, "", "")) or next(own)

    def _say(self, place: Place, rule: str, **values: object) -> None:
        message = Message(f"error.{rule}", values)
        self._remarks.append(Remark(place, rule, Severity.VIOLATION, message))

    def _say_error(self, place: Place, error: JkgraphError | ValueError, text: str) -> None:
        """Say what is wrong with a cell in the words of the error."""
        if isinstance(error, JkgraphError):
            rule = error.message.key.partition(".")[2]
            self._remarks.append(Remark(place, rule, Severity.VIOLATION, error.message))
        else:
            self._say(place, "cell-unfit", value=text)
