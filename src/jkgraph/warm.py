"""The loaded graph, kept on disk for the next command.

Beside a kept graph stands what the files were that it was made from: their paths, sizes,
times of change and numbers on disk. It serves only those very files, so that it is never
old; it may be deleted at any time.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import time, time_ns
from typing import Literal as Choice
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import Graph
from jkgraph.workspace import FILE, Workspace

# A small graph is loaded sooner than a kept one is opened.
WORTHWHILE = 10_000
# Two changes this near to each other may bear the same time, on the coarsest of disks.
SETTLED_NS = 2_000_000_000
# The one before the last may be in use still.
NEWEST = 2
UNFINISHED = ".new-"
HOUR = 3600
ENGINE = Path(__file__).parent

Part = Choice["closed", "asserted"]
File = tuple[str, int, int, int, int]


class State(NamedTuple):
    """What the files of a workspace are at a moment, and whether they have come to rest."""

    files: bytes
    settled: bool


class Kept(NamedTuple):
    """A graph in a folder of the cache."""

    folder: Path

    @property
    def store(self) -> Path:
        """The store with the triples."""
        return self.folder / "store"

    @property
    def files(self) -> Path:
        """The file that tells what files it was made from."""
        return self.folder / "files"

    @property
    def prefixes(self) -> Path:
        """The file with the folders that have a prefix, one a line."""
        return self.folder / "prefixes"

    def open(self, workspace: Workspace) -> Graph | None:
        """Open the graph; one that is damaged is deleted."""
        try:
            folders = self.prefixes.read_text("utf-8").split()
            store = ox.Store.read_only(str(self.store))
        except (OSError, RuntimeError):
            self.delete()
            return None
        with suppress(OSError):
            os.utime(self.folder)
        return Graph(workspace, workspace.addresses.with_folders(folders), store, ox.Store())

    def delete(self) -> None:
        """Delete the graph, as far as that is allowed."""
        from shutil import rmtree

        folder = self.folder
        # Half of it is no kept graph, and taking files away would make it look like the newest.
        with suppress(OSError):
            folder = folder.rename(folder.with_name(f"{UNFINISHED}{folder.name}"))
        rmtree(folder, ignore_errors=True)


def state(workspace: Workspace) -> State | None:
    """Return what the files are now; None when one cannot even be looked at.

    To be asked before the files are read.
    """
    try:
        now, files = time_ns(), sorted(_files(workspace))
    except OSError:
        return None
    newest = max(moment for file in files for moment in file[3:])
    return State(marshal.dumps((ox.__version__, files)), now - newest > SETTLED_NS)


def _files(workspace: Workspace) -> Iterator[File]:
    """Yield what tells one state of a file from another; the engine's own files count too.

    A program can set the time at which content was changed, and not the time at which
    anything about the file was changed (ctime).
    """
    yield _told(FILE, (workspace.root / FILE).stat())
    for folder in (workspace.ontology, workspace.data, workspace.shapes):
        yield from _below(str(folder), ".ttl")
    yield from _below(str(ENGINE), ".py")


def _below(folder: str, suffix: str) -> Iterator[File]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.lower().endswith(suffix):
                yield _told(entry.path, entry.stat())
            elif entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, suffix)


def _told(path: str, stat: os.stat_result) -> File:
    return path, stat.st_size, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns


def find(workspace: Workspace, part: Part, now: State) -> Kept | None:
    """Return the kept graph of these very files, if there is one."""
    for kept in map(Kept, workspace.cache.glob(f"{part}-*")):
        with suppress(OSError):
            if kept.files.read_bytes() == now.files:
                return kept
    return None


def is_worthwhile(graph: Graph, now: State) -> bool:
    """Tell whether a graph is to be kept: it is large, and its files have come to rest."""
    return now.settled and len(graph.store) >= WORTHWHILE


def keep(graph: Graph, part: Part, now: State) -> Kept | None:
    """Keep a graph; where that cannot be done, nothing happens."""
    from tempfile import mkdtemp

    cache = graph.workspace.cache
    with suppress(OSError, RuntimeError):
        cache.mkdir(parents=True, exist_ok=True)
        new = Kept(Path(mkdtemp(prefix=UNFINISHED, dir=cache)))
        try:
            _write(graph, new, now)
            name = f"{part}-{new.folder.name.removeprefix(UNFINISHED)}"
            kept = Kept(new.folder.rename(cache / name))
        finally:
            new.delete()
        _tidy(cache, part)
        return kept
    return None


def _write(graph: Graph, new: Kept, now: State) -> None:
    # mkdtemp makes a folder that only its maker may read.
    new.folder.chmod(0o755)
    store = ox.Store(str(new.store))
    store.bulk_extend(graph.store)
    store.flush()
    own = graph.addresses
    folders = (name for name, space in own.prefixes.items() if space == own.namespace(name))
    new.prefixes.write_text("\n".join(folders), "utf-8")
    new.files.write_bytes(now.files)


def _tidy(cache: Path, part: Part) -> None:
    """Delete what is of former files, and what commands that were killed left behind."""
    former = sorted(cache.glob(f"{part}-*"), key=_moment)[:-NEWEST]
    begun = (path for path in cache.glob(f"{UNFINISHED}*") if time() - _moment(path) > HOUR)
    for folder in (*former, *begun):
        Kept(folder).delete()


def _moment(path: Path) -> float:
    """Return when something was changed; what another command has just deleted is of no use."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0
