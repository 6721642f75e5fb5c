"""Checks of the files: where they lie, what they are called, and whom they speak of."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.findings import Finding, Location, Severity, finding
from jkgraph.graph import TYPE, Graph, Node, Term, graph_path
from jkgraph.iri import SLUG_LENGTH, is_slug
from jkgraph.kinds import Kinds
from jkgraph.loading import refusal
from jkgraph.messages import did_you_mean
from jkgraph.turtle import Positions
from jkgraph.workspace import Workspace

# Colons are few: to begin with one makes the search fast.
NAME_THEN_HASH = re.compile(rb":(?<=[\w-]:)[\w-]+#")


def check_files(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find misplaced and misnamed files, and files that speak of something else."""
    records = _Records(graph, kinds, places)
    for name in _names(graph.workspace):
        # To ask the disk again about what was read would take long; nothing but an ending is
        # no name of a record.
        if name in graph.sources and not name.endswith("/.ttl"):
            yield from records.check(name)
        else:
            yield from _unread(graph, kinds, records, name)


def _names(workspace: Workspace) -> Iterator[str]:
    """Yield what lies below the folder of records, by its path from the root."""
    for folder, folders, files in os.walk(workspace.data):
        below = os.path.relpath(folder, workspace.root).replace(os.sep, "/")
        yield from (f"{below}/{name}" for name in (*folders, *files))


def _unread(graph: Graph, kinds: Kinds, records: _Records, name: str) -> Iterator[Finding]:
    path = graph.workspace.root / name
    if path.suffix == ".ttl":
        # What may not be read has a finding already.
        if refusal(graph.workspace, path) is None:
            yield from records.check(name)
    elif path.is_symlink():
        yield finding("file-symlink", Location(name))
    elif not path.is_dir():
        yield finding("file-stray", Location(name), Severity.WARNING)
    elif path.parent != graph.workspace.data:
        yield finding("folder-nested", Location(name))
    elif path.name not in kinds.by_name:
        hint = did_you_mean(path.name, kinds.by_name)
        yield finding("folder-unknown", Location(name), folder=path.name, hint=hint)


class _Records:
    """The files of records, of which most are asked for at once: that is much faster."""

    def __init__(self, graph: Graph, kinds: Kinds, places: Places) -> None:
        self._graph, self._kinds, self._places = graph, kinds, places

    @cached_property
    def _spoken(self) -> Mapping[str | None, set[Node]]:
        """What each file speaks of."""
        found: dict[Term, set[Node]] = defaultdict(set)
        query = "SELECT DISTINCT ?file ?s WHERE { GRAPH ?file { ?s ?p ?o } }"
        for file, subject in self._graph.select(query):
            found[file].add(subject)
        return {graph_path(file): subjects for file, subjects in found.items()}

    @cached_property
    def _types(self) -> Mapping[str, list[Term]]:
        return self._graph.said(TYPE)

    def check(self, name: str) -> Iterator[Finding]:
        """Find what is wrong with a file, by its path from the root."""
        _, *folders, file = name.split("/")
        if not folders:
            yield finding("file-outside", Location(name))
        elif len(folders) == 1 and folders[0] in self._kinds.by_name:
            yield from self._record(name, folders[0], file.removesuffix(".ttl"))

    def _record(self, name: str, folder: str, slug: str) -> Iterator[Finding]:
        if not is_slug(slug):
            yield finding("slug-form", Location(name), slug=slug, length=SLUG_LENGTH)
        # A file that cannot be read has a finding already.
        if (content := self._graph.sources.get(name)) is None:
            return
        if not (subjects := self._spoken.get(name)):
            yield finding("file-empty", Location(name))
            return
        if NAME_THEN_HASH.search(content):
            for line, column, _ in Positions(content.decode("utf-8")).hash_after_name:
                yield finding("hash-after-name", Location(name, line, column))
        record = ox.NamedNode(self._graph.addresses.record(folder, slug))
        yield from self._subjects(name, record, subjects)
        if record in subjects:
            yield from self._classes(record, folder)

    def _subjects(self, name: str, record: ox.NamedNode, subjects: set[Node]) -> Iterator[Finding]:
        part = f"{record.value}#"
        others = {s for s in subjects if s != record and not s.value.startswith(part)}
        if not others and record in subjects:
            return
        compact = self._compact(record)
        if blank := {s for s in others if isinstance(s, ox.BlankNode)}:
            place = self._places.within(name, min(blank, key=str))
            yield finding("blank-node", place, about=(record,), name=compact)
            others -= blank
        if record not in subjects:
            first = min(others, key=str, default=None)
            place = self._places.within(name, first) if first else Location(name)
            yield finding("record-missing", place, name=compact, other=self._compact(first))
            return
        for other in sorted(others, key=str):
            place = self._places.within(name, other)
            about = (record,)
            yield finding(
                "subject-elsewhere", place, about=about, name=compact, other=self._compact(other)
            )

    def _classes(self, record: ox.NamedNode, folder: str) -> Iterator[Finding]:
        wanted, terms = self._kinds.by_name[folder], self._graph.addresses.terms
        types = self._types.get(record.value, ())
        own = [t for t in types if isinstance(t, ox.NamedNode) and t.value.startswith(terms)]
        kind = self._compact(wanted.iri)
        if not own:
            yield finding("type-missing", self._places.of(record), about=(record,), kind=kind)
        for cls in own:
            if cls != wanted.iri and self._kinds.of([cls]):
                about = (record, TYPE, cls)
                place = self._places.of(*about)
                found = self._compact(cls)
                yield finding("type-elsewhere", place, about=about, kind=found, wanted=kind)

    def _compact(self, term: Term | None) -> str:
        if not isinstance(term, ox.NamedNode):
            return ""
        return self._graph.addresses.compact(term.value)
