"""A site that follows the files it is made from: what is asked for is made when it is asked for.

A changed record takes the place of the old one in the graph, and the plan is made anew; after any
other change everything is read again. Files are the same to the byte as those of a full build. A
record that cannot be read leaves what it said before, and a page that cannot be drawn leaves the
page that was drawn before.
"""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from threading import RLock

from jkgraph.errors import JkgraphError
from jkgraph.findings import Finding
from jkgraph.kinds import read_kinds
from jkgraph.messages import Message
from jkgraph.site.bundle import Beside, Bundle, joined
from jkgraph.site.data import OTHERS, bundles
from jkgraph.site.following import Following
from jkgraph.site.plan import Page, Plan, make_plan
from jkgraph.site.render import Renderer
from jkgraph.workspace import Workspace

# What tells that a file is another than it was: when it was changed, its size, and its place.
Signs = tuple[int, int, int]


class Live:
    """The site of a workspace as its files are now. Threads may share it.

    ``opened`` opens the workspace again.
    """

    def __init__(self, opened: Callable[[], Workspace], *, drafts: bool = False) -> None:
        self._opened, self._drafts = opened, drafts
        self._workspace = opened()
        self._lock = RLock()
        self._signs: Mapping[str, Signs] = {}
        self._following: Following | None = None
        self._made: _Made | None = None
        self._fault: JkgraphError | None = None
        self._drawn: dict[str, bytes] = {}
        self._undrawn: dict[str, JkgraphError] = {}
        self.refresh()

    @property
    def workspace(self) -> Workspace:
        """The workspace as it was when it could last be used."""
        return self._workspace

    @property
    def pages(self) -> Mapping[str, Page]:
        """The pages by address."""
        return self._made.pages if self._made else {}

    @property
    def broken(self) -> list[Finding]:
        """The findings about records that cannot be read, by place."""
        with self._lock:
            found = self._following.broken.values() if self._following else ()
            return sorted(found, key=lambda f: f.order)

    @property
    def faults(self) -> list[Message]:
        """What else stops the site, or pages that were asked for, from being made."""
        with self._lock:
            return [error.message for error in (self._fault, *self._undrawn.values()) if error]

    def refresh(self) -> set[Path]:
        """Take up what has changed on disk, and return the paths of it."""
        with self._lock:
            signs, before = dict(_signs(self._workspace.sources)), self._signs
            changed = {Path(path) for path, _ in signs.items() ^ before.items()}
            self._signs = signs
            if changed:
                with _undisturbed():
                    self._take_up(changed)
            return changed

    def _take_up(self, changed: set[Path]) -> None:
        records, drawing = (
            {path for path in changed if any(map(path.is_relative_to, folders))}
            for folders in (
                [self._workspace.data],
                [self._workspace.queries, *self._workspace.templates],
            )
        )
        is_same = not drawing
        self._undrawn.clear()
        try:
            if self._following is None or self._fault or changed - records - drawing:
                before = self._following.graph if self._following else None
                following = Following(self._opened(), drafts=self._drafts, before=before)
            else:
                following = self._following
                following.read(path for path in records if path.suffix == ".ttl")
            graph = following.graph
            plan = make_plan(graph, read_kinds(graph))
            self._made = _Made(plan, self, self._made if is_same else None)
            self._following, self._workspace, self._fault = following, graph.workspace, None
        except JkgraphError as error:
            self._fault = error

    def read(self, address: str) -> bytes:
        """Return what a file of the site holds; nothing when there is none."""
        return self.content(address) or b""

    def size(self, address: str) -> int:
        """Return how many bytes a file of the site has."""
        return len(self.read(address))

    def content(self, address: str) -> bytes | None:
        """Return a file of the site by its address from the root; None when there is none.

        Raises JkgraphError for what cannot be made, and could not before.
        """
        with self._lock:
            if path := self._static(address):
                return path.read_bytes()
            if self._made is None:
                raise self._fault or JkgraphError("nothing-to-build", folder=self._workspace.data)
            page = self._made.pages.get(address)
            return self._page(self._made, page) if page else self._made.file(address)

    def _static(self, address: str) -> Path | None:
        """Return a style sheet, script or picture, the workspace's own first."""
        for folder in self._workspace.templates:
            # A name that no file can have is no fault.
            with suppress(OSError, ValueError):
                path = (folder / address).resolve()
                if path.is_relative_to((folder / "static").resolve()) and path.is_file():
                    return path
        return None

    def _page(self, made: _Made, page: Page) -> bytes:
        """Draw a page; return what was drawn before when it, or the site, cannot be made."""
        if self._fault and page.path in self._drawn:
            return self._drawn[page.path]
        try:
            self._drawn[page.path] = made.renderer.render(page).encode()
            self._undrawn.pop(page.path, None)
        except JkgraphError as error:
            self._undrawn[page.path] = error
            if page.path not in self._drawn:
                raise
        return self._drawn[page.path]


class _Made:
    """A plan with what is made of it; what cannot have changed comes from the one before."""

    def __init__(self, plan: Plan, beside: Beside, before: _Made | None) -> None:
        self._plan = plan
        compiled = before.renderer.environment if before else None
        self.renderer: Renderer = Renderer(plan, beside, compiled)
        self._files: dict[tuple[str, ...], Mapping[str, bytes]] = {}

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        return {page.path: page for page in self._plan.pages}

    @cached_property
    def _bundles(self) -> Mapping[str, Bundle]:
        return {stem: bundle for bundle in bundles(self._plan) for stem in bundle.stems}

    def file(self, address: str) -> bytes | None:
        """Return a file that stands beside the pages; None when there is none."""
        stems = (address.rpartition(".")[0], f"{address.partition('/')[0]}/", OTHERS)
        for bundle in filter(None, map(self._bundles.get, stems)):
            if bundle.stems not in self._files:
                self._files[bundle.stems] = {p: joined(c) for p, c in bundle.make()}
            if address in self._files[bundle.stems]:
                return self._files[bundle.stems][address]
        return None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Collect no garbage meanwhile: looking through a large graph for it takes half the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _signs(paths: Iterable[str | Path]) -> Iterator[tuple[str, Signs]]:
    """Yield every file, in folders too, with its signs; much faster than by way of Path."""
    for path in paths:
        # What is gone, or goes meanwhile, is not there.
        with suppress(OSError):
            seen = os.stat(path)  # noqa: PTH116  (faster)
            if stat.S_ISDIR(seen.st_mode):
                with os.scandir(path) as found:
                    yield from _signs(entry.path for entry in found)
            else:
                yield str(path), (seen.st_mtime_ns, seen.st_size, seen.st_ino)
