"""Builds the site: plan, render, export, and put the new folder in the place of the old."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from jkgraph.errors import JkgraphError
from jkgraph.folders import new_folder
from jkgraph.graph import Graph
from jkgraph.inference import infer
from jkgraph.kinds import Kinds
from jkgraph.site.bundle import Bundle, Files, NotYet, Written
from jkgraph.site.changes import Changes
from jkgraph.site.contents import published_only
from jkgraph.site.data import bundles
from jkgraph.site.output import Output
from jkgraph.site.plan import Page, Plan, make_plan
from jkgraph.site.render import Renderer
from jkgraph.site.search import can_index, number_of_documents, write_index
from jkgraph.site.sharing import share

MARK = ".jkgraph-site"

Progress = Callable[[int, int], None]


class Built(NamedTuple):
    """What a build has made: where, how much of it, whether it can be searched, from which past."""

    folder: Path
    pages: int
    files: int
    searchable: bool
    changes: Changes


def build_site(  # noqa: PLR0913  (two places, and what may be left out or told)
    graph: Graph,
    kinds: Kinds,
    target: Path,
    *,
    drafts: bool = False,
    search: bool = True,
    progress: Progress | None = None,
) -> Built:
    """Build the whole site in a folder; what stood there is replaced at the end, or kept.

    Without ``search`` there is no search index, as where the indexer is not installed.

    Raises JkgraphError when there is nothing to show, when a file cannot be read, or when
    the target holds anything but a site that was built before.
    """
    _require_readable(graph)
    if progress:
        progress(0, 1)
    shown = graph if drafts else published_only(graph)
    infer(shown)
    plan = make_plan(shown, kinds)
    # Files first: what takes longest is among them.
    items: list[Bundle | Page] = [*bundles(plan), *plan.pages]
    searchable = search and can_index()
    documents = number_of_documents(plan) if searchable else 0

    def done(number: int) -> None:
        # A document for the search index takes about as long as a page.
        if progress:
            progress(number, len(items) + documents)

    with new_folder(target, MARK) as folder:
        output = Output(folder, target)
        output.write(_static(shown))
        renderer = _write(plan, items, output, done)
        if searchable:
            write_index(renderer.views, folder, lambda number: done(len(items) + number))
        files = sum(len(names) for _, _, names in os.walk(folder))
    return Built(target, len(plan.pages), files - len(plan.pages), searchable, plan.changes)


def _require_readable(graph: Graph) -> None:
    if graph.broken:
        raise JkgraphError("broken-files", number=len(graph.broken), first=graph.broken[0].location)
    if not graph.records():
        raise JkgraphError("nothing-to-build", folder=graph.workspace.data)


def _write(
    plan: Plan, items: Sequence[Bundle | Page], output: Output, done: Callable[[int], None]
) -> Renderer:
    """Write the pages and what stands beside them."""
    beside = Written(output.folder, complete=False)
    renderer = Renderer(plan, beside)

    def write(item: Bundle | Page) -> bool:
        try:
            output.write(item.make() if isinstance(item, Bundle) else [_drawn(renderer, item)])
        except NotYet:
            return False
        return True

    def write_last(page: Bundle | Page) -> None:
        beside.complete = True
        write(page)

    share(items, write, write_last, done)
    return renderer


def _drawn(renderer: Renderer, page: Page) -> tuple[str, bytes]:
    return page.path, renderer.render(page).encode()


def _static(graph: Graph) -> Files:
    """Yield style sheets and pictures: the workspace's win from the engine's."""
    found: dict[str, Path] = {}
    for source in reversed(graph.workspace.templates):
        files = (path for path in sorted((source / "static").rglob("*")) if path.is_file())
        found |= {path.relative_to(source).as_posix(): path for path in files}
    return ((name, path.read_bytes()) for name, path in found.items())
