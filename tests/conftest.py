"""What the tests share: the workspaces, and two ways to run the command line."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import (
    AbstractContextManager,
    chdir,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
)
from dataclasses import dataclass
from functools import partial
from http.server import HTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

import pyoxigraph as ox
import pytest

from jkgraph.checks.shacl import Engine, validate
from jkgraph.cli import main
from jkgraph.graph import Graph
from jkgraph.inference import infer
from jkgraph.iri import split
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.site import build_site
from jkgraph.syntaxes import n_triples
from jkgraph.workspace import open_workspace

# A shell that starts the tests behind itself makes them, and what they start, deaf to interruption.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
WORKSPACES = ROOT / "tests" / "workspaces"
CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.0.0] - 2026-12-01

### Software 0.1.0

Nothing new.

### Ontology 1.0.0

First version.

### Data 1.0.0

Six records.
"""

Tried = Callable[..., dict[Path, set[str]]]


@contextmanager
def _running(server: HTTPServer) -> Iterator[str]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield "{}:{}".format(*server.server_address)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what is kept for a person out of the home of whoever tests."""
    os.environ["XDG_CACHE_HOME"] = str(_shared(tmp_path_factory) / "cache")


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of one run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def running() -> Callable[[HTTPServer], AbstractContextManager[str]]:
    """Let a server answer meanwhile, and give the name and port that it listens on."""
    return _running


@dataclass(frozen=True)
class Ran:
    """What a run of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def heads(self) -> list[str]:
        """The first line of each finding, which editors read; what helps a person is indented."""
        return [line for line in self.out.splitlines() if line[:1].strip()]


@pytest.fixture(scope="session")
def repository() -> Path:
    """Give the root of this repository."""
    return ROOT


@pytest.fixture(scope="session")
def broken() -> Path:
    """Give the workspace with planted faults; it is read in its place, because it holds links."""
    return WORKSPACES / "broken"


@pytest.fixture(scope="session")
def real() -> Graph:
    """Give the graph of this repository as people wrote it, to be read only."""
    return load(open_workspace(ROOT))


@pytest.fixture(scope="session")
def closed() -> Graph:
    """Give the graph of this repository with what follows from it, to be read only."""
    graph = load(open_workspace(ROOT))
    infer(graph)
    return graph


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the built site of this repository, to be read only; all processes share one."""
    site = _shared(tmp_path_factory) / "site" / "real"
    try:
        site.parent.mkdir()
    except FileExistsError:
        # Another process builds it, and it is there when it is whole.
        for _ in range(3000):
            if site.exists():
                break
            sleep(0.1)
        return site
    graph = load(open_workspace(ROOT))
    return build_site(graph, read_kinds(graph), site).folder


@pytest.fixture(scope="session")
def broken_shapes(real: Graph, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """Give a way to try example records: which shapes does each of them break?"""
    return partial(_broken_shapes, real, tmp_path_factory.mktemp("shapes"))


def _broken_shapes(
    graph: Graph, folder: Path, examples: Iterable[Path], engine: Engine = "fast", without: str = ""
) -> dict[Path, set[str]]:
    """Try examples together, for which all get names of their own, without one shape if asked."""
    workspace = graph.workspace
    paths = [*workspace.ontology.rglob("*.ttl"), ROOT / "tests" / "shapes" / "_context.ttl"]
    triples = [triple for path in sorted(paths) for triple in _read(path)]
    owners: dict[object, Path] = {}
    for number, path in enumerate(examples):
        said = _read(path)
        own = {t.subject: ox.NamedNode(f"{t.subject.value}-{number}") for t in said}
        triples += [
            ox.Triple(own[t.subject], t.predicate, own.get(t.object, t.object)) for t in said
        ]
        owners.update(dict.fromkeys(own.values(), path))
    left_out = ox.NamedNode(graph.addresses.shapes + without)
    shapes = [t for path in sorted(workspace.shapes.glob("*.ttl")) for t in _read(path)]
    shapes = [t for t in shapes if left_out not in {t.subject, t.object}]
    data, forms = folder / "data.ttl", folder / "shapes.ttl"
    data.write_bytes(n_triples(triples))
    forms.write_bytes(n_triples(shapes))
    broken: dict[Path, set[str]] = {path: set() for path in owners.values()}
    for result in validate(data, forms, engine):
        broken.setdefault(owners.get(result.focus, folder), set()).add(split(result.shape)[1])
    return broken


def _read(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)]


@pytest.fixture(scope="session")
def _minimal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspaces") / "minimal"
    shutil.copytree(WORKSPACES / "minimal", folder, ignore=shutil.ignore_patterns("build"))
    # Closing the axioms takes most of the time of a small run; every copy gets the result.
    infer(load(open_workspace(folder)))
    return folder


@pytest.fixture
def minimal(_minimal: Path, tmp_path: Path) -> Path:
    """Give a copy of the minimal workspace that a test may change."""
    return Path(shutil.copytree(_minimal, tmp_path / "minimal"))


@pytest.fixture
def graph(minimal: Path) -> Graph:
    """Give the graph of the minimal workspace, without what follows from it."""
    return load(open_workspace(minimal))


@pytest.fixture(scope="session")
def built(_minimal: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the built site of the minimal workspace, to be read only."""
    folder = tmp_path_factory.mktemp("site") / "site"
    ran = _run("--root", str(_minimal), "build", "--out", str(folder))
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def run(minimal: Path) -> Callable[..., Ran]:
    """Run a command in this process; in the copy of the minimal workspace, unless told where."""

    def in_folder(*arguments: str, lang: str = "en", at: Path = minimal, given: str = "") -> Ran:
        with chdir(at):
            return _run("--lang", lang, *arguments, given=given)

    return in_folder


@pytest.fixture
def program(minimal: Path) -> Callable[..., Ran]:
    """Run a command as a program of its own, with what its environment says of languages."""

    def in_folder(*arguments: str, at: Path = minimal, **environment: str) -> Ran:
        spoken = {"LC_ALL", "LC_MESSAGES", "LANG"}
        inherited = {name: value for name, value in os.environ.items() if name not in spoken}
        done = subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, "-m", "jkgraph", *arguments],
            cwd=at,
            env={**inherited, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return in_folder


@pytest.fixture(scope="session")
def commit() -> Callable[[Path], None]:
    """Commit all that is in a folder, after making a repository of it when it is none."""

    def committed(folder: Path) -> None:
        who = ("-c", "user.name=redactie", "-c", "user.email=redactie@example.org")
        for words in (("init",), ("add", "--all"), (*who, "commit", "--message", "State")):
            subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  (fixed words; found on the path)

    return committed


@pytest.fixture
def ready(minimal: Path, commit: Callable[[Path], None]) -> Path:
    """Give a workspace of which nothing was released yet, and all is ready for it."""
    text = (minimal / "jkgraph.toml").read_text("utf-8")
    versioned = text.replace("requires", 'version = "1.0.0"\nrequires')
    (minimal / "jkgraph.toml").write_text(versioned, "utf-8")
    (minimal / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    (minimal / ".gitignore").write_text("/build/\n", "utf-8")
    shutil.copy(ROOT / "requirements.lock", minimal)
    commit(minimal)
    return minimal


def _run(*arguments: str, given: str = "") -> Ran:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with _called_with(arguments, given), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return Ran(code, *texts)


@contextmanager
def _called_with(arguments: tuple[str, ...], given: str) -> Iterator[None]:
    """Give the command line its arguments and its input, where it looks for them."""
    kept = sys.argv, sys.stdin
    sys.argv, sys.stdin = ["jkgraph", *arguments], io.StringIO(given)
    try:
        yield
    finally:
        sys.argv, sys.stdin = kept
