"""Checks of the files: where they lie, what they are called, and whom they speak of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.findings import Finding, Location, Severity, finding
from jkgraph.graph import TYPE, Graph, Node, Term, graph_path
from jkgraph.iri import SLUG_LENGTH, is_slug
from jkgraph.kinds import Kinds
from jkgraph.loading import refusal
from jkgraph.messages import did_you_mean
from jkgraph.turtle import positions

# What each file speaks of.
Spoken = Mapping[str | None, set[Node]]
# Colons are few: to begin with one makes the search fast.
NAME_THEN_HASH = re.compile(rb":(?<=[\w-]:)[\w-]+#")


def check_files(graph: Graph, kinds: Kinds, places: Places) -> Iterator[Finding]:
    """Find misplaced and misnamed files, and files that speak of something else."""
    subjects = _subjects_by_file(graph)
    for path in sorted(graph.workspace.data.rglob("*")):
        if path.suffix == ".ttl":
            # What may not be read has a finding already.
            if _is_read(graph, path) or refusal(graph.workspace, path) is None:
                yield from _turtle_file(graph, kinds, places, path, subjects)
        elif path.is_symlink():
            yield finding("file-symlink", _start(graph, path))
        elif path.is_dir():
            yield from _folder(graph, kinds, path)
        else:
            yield finding("file-stray", _start(graph, path), Severity.WARNING)


def _is_read(graph: Graph, path: Path) -> bool:
    return graph.workspace.relative(path) in graph.sources


def _turtle_file(
    graph: Graph, kinds: Kinds, places: Places, path: Path, subjects: Spoken
) -> Iterator[Finding]:
    if path.parent == graph.workspace.data:
        yield finding("file-outside", _start(graph, path))
    elif path.parent.name in kinds.by_name and path.parent.parent == graph.workspace.data:
        spoken_of = subjects.get(graph.workspace.relative(path), set())
        yield from _record_file(graph, kinds, places, path, spoken_of)


def _subjects_by_file(graph: Graph) -> Spoken:
    """Ask once for what each file speaks of: much faster than asking for each file."""
    found: dict[str | None, set[Node]] = defaultdict(set)
    for row in graph.select("SELECT DISTINCT ?file ?s WHERE { GRAPH ?file { ?s ?p ?o } }"):
        found[graph_path(row["file"])].add(row["s"])
    return found


def _start(graph: Graph, path: Path) -> Location:
    return Location(graph.workspace.relative(path))


def _folder(graph: Graph, kinds: Kinds, path: Path) -> Iterator[Finding]:
    if path.parent != graph.workspace.data:
        yield finding("folder-nested", _start(graph, path))
    elif path.name not in kinds.by_name:
        hint = did_you_mean(path.name, kinds.by_name)
        yield finding("folder-unknown", _start(graph, path), folder=path.name, hint=hint)


def _record_file(
    graph: Graph, kinds: Kinds, places: Places, path: Path, subjects: set[Node]
) -> Iterator[Finding]:
    if not is_slug(path.stem):
        yield finding("slug-form", _start(graph, path), slug=path.stem, length=SLUG_LENGTH)
    # A file that cannot be read has a finding already.
    if not subjects and _is_read(graph, path):
        yield finding("file-empty", _start(graph, path))
    if subjects:
        content = graph.sources[graph.workspace.relative(path)]
        if NAME_THEN_HASH.search(content):
            yield from _hidden_parts(graph, path, content)
        yield from _subjects(graph, kinds, places, path, subjects)


def _hidden_parts(graph: Graph, path: Path, content: bytes) -> Iterator[Finding]:
    for line, column, _ in positions(content.decode("utf-8")).hash_after_name:
        place = Location(graph.workspace.relative(path), line, column)
        yield finding("hash-after-name", place)


def _subjects(
    graph: Graph, kinds: Kinds, places: Places, path: Path, subjects: set[Node]
) -> Iterator[Finding]:
    relative = graph.workspace.relative(path)
    record = ox.NamedNode(graph.addresses.record(path.parent.name, path.stem))
    name = graph.addresses.compact(record.value)
    others = {s for s in subjects if s != record and not str(s)[1:].startswith(f"{record.value}#")}
    if blank := {s for s in others if isinstance(s, ox.BlankNode)}:
        place = places.within(relative, min(blank, key=str))
        yield finding("blank-node", place, about=(record,), name=name)
        others -= blank
    if record not in subjects:
        first = min(others, key=str, default=None)
        place = places.within(relative, first) if first else Location(relative)
        yield finding("record-missing", place, name=name, other=_compact(graph, first))
        return
    for other in sorted(others, key=str):
        place = places.within(relative, other)
        yield finding(
            "subject-elsewhere", place, about=(record,), name=name, other=_compact(graph, other)
        )
    yield from _types(graph, kinds, places, record, path.parent.name)


def _types(
    graph: Graph, kinds: Kinds, places: Places, record: ox.NamedNode, folder: str
) -> Iterator[Finding]:
    types = graph.objects(record, TYPE)
    wanted = kinds.by_name[folder]
    own = [t for t in types if str(t)[1:].startswith(graph.addresses.terms)]
    if not own:
        yield finding(
            "type-missing", places.of(record), about=(record,), kind=_compact(graph, wanted.iri)
        )
    for cls in own:
        if cls != wanted.iri and kinds.of([cls]):
            yield finding(
                "type-elsewhere",
                places.of(record, TYPE, cls),
                about=(record, TYPE, cls),
                kind=_compact(graph, cls),
                wanted=_compact(graph, wanted.iri),
            )


def _compact(graph: Graph, term: Term | None) -> str:
    return graph.addresses.compact(term.value) if isinstance(term, ox.NamedNode) else ""
