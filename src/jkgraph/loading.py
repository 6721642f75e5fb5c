"""Reads the files of a workspace into a graph; one that cannot be read becomes a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

import pyoxigraph as ox

from jkgraph.errors import unreadable
from jkgraph.findings import Finding, Location, finding
from jkgraph.graph import SCHEME, TYPE, Graph, file_graph
from jkgraph.iri import SLUG_LENGTH, kebab, split
from jkgraph.journal import recover
from jkgraph.messages import did_you_mean
from jkgraph.workspace import Workspace

Texts = Mapping[str, bytes]
Ahead = Callable[[Texts], object]


def with_shapes(graph: Graph) -> Graph:
    """Return a graph with its shapes, which are read anew."""
    shapes = ox.Store()
    broken = _load(graph, sorted(graph.workspace.shapes.glob("*.ttl")), shapes)
    return replace(graph, shapes=shapes, broken=(*graph.broken, *broken))


def load_terms(workspace: Workspace) -> Graph:
    """Load ontology and shapes, and no records; a file that cannot be read becomes a finding."""
    graph = Graph(workspace, workspace.addresses, ox.Store(), ox.Store())
    broken = tuple(_load(graph, sorted(workspace.ontology.rglob("*.ttl")), graph.store))
    addresses = workspace.addresses.with_folders(_folders(graph))
    return with_shapes(replace(graph, addresses=addresses, broken=broken))


def load(workspace: Workspace, ahead: Ahead | None = None) -> Graph:
    """Load ontology, records and shapes; a file that cannot be read becomes a finding.

    ``ahead`` is called with the texts of all files by their paths, before the records are
    parsed, when there is reason to expect that all are Turtle and none is over its bounds.
    """
    recover(workspace)
    graph = load_terms(workspace)
    return replace(graph, broken=(*graph.broken, *_load_records(graph, ahead)))


def record_paths(workspace: Workspace) -> list[Path]:
    """Return the files of records that may be read, in order."""
    return [path for path in sorted(workspace.data.rglob("*.ttl")) if not refusal(workspace, path)]


def may_be_read(workspace: Workspace, path: Path) -> bool:
    """Tell whether a file that a finding is about may be looked at."""
    if not path.is_relative_to(workspace.data):
        return path.is_file()
    return path.is_file() and path.suffix == ".ttl" and refusal(workspace, path) is None


def refusal(workspace: Workspace, path: Path) -> Finding | None:
    """Find why a file may not be read: it leads elsewhere, may never end, or has no address."""
    place, mode = Location(workspace.relative(path)), path.lstat().st_mode
    if S_ISLNK(mode):
        return finding("file-symlink", place)
    if S_ISDIR(mode):
        return finding("folder-nested", place)
    if not S_ISREG(mode):
        return finding("file-stray", place)
    try:
        file_graph(place.path)
    except ValueError:
        return finding("slug-form", place, slug=path.stem, length=SLUG_LENGTH)
    return None


def _load_records(graph: Graph, ahead: Ahead | None) -> Iterator[Finding]:
    files = sorted(graph.workspace.data.rglob("*.ttl"), key=attrgetter("parts"))
    paths = {graph.workspace.relative(path): path for path in files}
    # Only what is within its bounds is kept; anything else is read when its turn comes.
    plain = dict(_plain_texts(graph, paths))
    if ahead and len(plain) == len(paths) and not graph.broken:
        ahead({**graph.sources, **plain})
    for name, path in paths.items():
        if name in plain:
            found = _load_plain(graph, name, plain[name], graph.store)
        elif not (found := refusal(graph.workspace, path)):
            found = load_file(graph, name, _content(graph, path), graph.store)
        if found:
            yield found


def _plain_texts(graph: Graph, paths: Mapping[str, Path]) -> Iterator[tuple[str, bytes]]:
    # Not at the top: a kept graph is opened without reading Turtle.
    from jkgraph.turtle import is_plain

    for name, path in paths.items():
        if not refusal(graph.workspace, path):
            text = _content(graph, path)
            if is_plain(text, graph.workspace.limits):
                yield name, text


def _load(graph: Graph, paths: Iterable[Path], store: ox.Store) -> Iterator[Finding]:
    for path in paths:
        relative = graph.workspace.relative(path)
        if found := load_file(graph, relative, _content(graph, path), store):
            yield found


def _content(graph: Graph, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(graph.workspace.relative(path), error) from error


def load_file(graph: Graph, path: str, content: bytes, store: ox.Store) -> Finding | None:
    """Load the content of a file into a store, and keep it; return what makes it unreadable."""
    from jkgraph.turtle import is_plain, parse

    try:
        if not is_plain(content, graph.workspace.limits):
            parse(content.decode(), graph.workspace.limits)
    except (SyntaxError, ValueError):
        return _syntax_finding(graph, path, content)
    return _load_plain(graph, path, content, store)


def _load_plain(graph: Graph, path: str, content: bytes, store: ox.Store) -> Finding | None:
    try:
        store.load(content, ox.RdfFormat.TURTLE, to_graph=file_graph(path))
    except (SyntaxError, ValueError):
        store.remove_graph(file_graph(path))
        return _syntax_finding(graph, path, content)
    graph.sources[path] = content
    return None


def _syntax_finding(graph: Graph, path: str, content: bytes) -> Finding:
    from jkgraph.turtle import TurtleSyntaxError, parse

    try:
        parse(content.decode("utf-8"), graph.workspace.limits)
    except UnicodeDecodeError as error:
        *lines, before = content[: error.start].decode().split("\n")
        return finding("syntax-encoding", Location(path, len(lines) + 1, len(before) + 1))
    except TurtleSyntaxError as error:
        place = Location(path, error.line, error.column)
        known = graph.addresses.prefixes
        is_known = error.prefix is None or error.prefix in known
        hint = error.bound if is_known else did_you_mean(error.prefix or "", known)
        return finding(
            f"syntax-{error.reason}", place, detail=error.detail, name=f"{error.prefix}:", hint=hint
        )
    return finding("syntax-other", Location(path), detail="")


def _folders(graph: Graph) -> list[str]:
    """Name the folders under ``id/``: kinds and classes of lists, and schemes with values."""
    parents = [graph.role("record"), graph.role("list")]
    classes = [cls for parent in parents if parent for cls in graph.below(parent)]
    names = {kebab(split(cls.value)[1]) for cls in classes}
    schemes = {split(scheme.value)[1] for scheme in graph.subjects(TYPE, SCHEME)}
    return sorted(names | schemes | {"scheme"})
