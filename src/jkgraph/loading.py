"""Reads the files of a workspace into a graph; one that cannot be read becomes a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from jkgraph.errors import unreadable
from jkgraph.findings import Finding, Location, finding
from jkgraph.graph import SCHEME, TYPE, Graph, file_graph
from jkgraph.iri import Addresses, kebab, split
from jkgraph.journal import recover
from jkgraph.messages import NOTHING, did_you_mean
from jkgraph.workspace import Workspace


def loaded(workspace: Workspace, store: ox.Store, folders: list[str]) -> Graph:
    """Return the graph of a store that was loaded before, without shapes."""
    return Graph(workspace, workspace.addresses.with_folders(folders), store, ox.Store())


def with_shapes(graph: Graph) -> Graph:
    """Return a graph with its shapes, which are read anew."""
    shapes = ox.Store()
    broken = _load(graph, sorted(graph.workspace.shapes.glob("*.ttl")), shapes)
    return replace(graph, shapes=shapes, broken=(*graph.broken, *broken))


def load_terms(workspace: Workspace) -> Graph:
    """Load ontology and shapes, and no records; a file that cannot be read becomes a finding."""
    graph = loaded(workspace, ox.Store(), [])
    broken = tuple(_load(graph, sorted(workspace.ontology.rglob("*.ttl")), graph.store))
    addresses = workspace.addresses.with_folders(_folders(graph))
    return with_shapes(replace(graph, addresses=addresses, broken=broken))


def load(workspace: Workspace) -> Graph:
    """Load ontology, records and shapes; a file that cannot be read becomes a finding."""
    recover(workspace)
    graph = load_terms(workspace)
    broken = _load(graph, sorted(workspace.data.rglob("*.ttl")), graph.store)
    return replace(graph, broken=(*graph.broken, *broken))


def _load(graph: Graph, paths: Iterable[Path], store: ox.Store) -> Iterator[Finding]:
    for path in paths:
        relative = graph.workspace.relative(path)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise unreadable(relative, error) from error
        if found := load_file(graph, relative, content, store):
            yield found


def load_file(graph: Graph, path: str, content: bytes, store: ox.Store) -> Finding | None:
    """Load the content of a file into a store, and keep it; return what makes it unreadable."""
    # Not at the top: a kept graph is opened without reading Turtle.
    from jkgraph.turtle import is_plain, parse

    try:
        if not is_plain(content):
            parse(content.decode())
        store.load(content, ox.RdfFormat.TURTLE, to_graph=file_graph(path))
    except (SyntaxError, ValueError):
        store.remove_graph(file_graph(path))
        return _syntax_finding(graph.addresses, path, content)
    graph.sources[path] = content
    return None


def _syntax_finding(addresses: Addresses, path: str, content: bytes) -> Finding:
    from jkgraph.turtle import TurtleSyntaxError, parse

    try:
        parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        *lines, before = content[: error.start].decode().split("\n")
        return finding("syntax-encoding", Location(path, len(lines) + 1, len(before) + 1))
    except TurtleSyntaxError as error:
        place = Location(path, error.line, error.column)
        is_known = error.prefix in addresses.prefixes
        hint = NOTHING if is_known else did_you_mean(error.prefix or "", addresses.prefixes)
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
