"""Site generators of others: where they are, how each is started, and what it writes.

All read the same concepts, which `inside.py skos` makes from the records.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from measure import HERE, Command, beside, run

WAIT = 30


@dataclass(frozen=True)
class Ready:
    """A generator that can start: its version, its command, and what it makes where."""

    version: str
    command: Command
    made: Path
    writes: str


@dataclass(frozen=True)
class Generator:
    """A generator: its name, where it is installed, and how it gets ready to read a file."""

    name: str
    place: str | None
    prepare: Callable[[str, Path, Path], AbstractContextManager[Ready]]


def generators() -> Iterator[Generator]:
    """Yield all generators, also those that are not installed."""
    yield Generator("Snowman", _program("snowman", "SNOWMAN_BIN"), _snowman)
    yield Generator("pyLODE", _program("pylode", "PYLODE_BIN"), _pylode)
    yield Generator("Ontospy", _program("ontospy", "ONTOSPY_BIN"), _ontospy)
    yield Generator("SkoHub", os.environ.get("SKOHUB_DIR"), _skohub)


def _program(name: str, variable: str) -> str | None:
    return os.environ.get(variable) or shutil.which(name)


@contextmanager
def _skohub(place: str, concepts: Path, _: Path) -> Iterator[Ready]:
    """Build with all caches deleted first, as its own command does."""
    home = Path(place)
    read = home / "data" / "jkgraph-benchmark.ttl"
    if others := {*home.glob("data/**/*.ttl")} - {read}:
        raise SystemExit(f"SkoHub would read {min(others)} too.")
    shutil.copyfile(concepts, read)
    number = json.loads((home / "package.json").read_text("utf-8"))["version"]
    revision = run(["git", "-C", place, "log", "-1", "--format=%h of %cs"]).out.strip()
    build = ["env", "GATSBY_TELEMETRY_DISABLED=1", "npm", "--silent", "--prefix", place]
    writes = "HTML, JSON and JSON-LD with its own search index"
    try:
        yield Ready(f"{number} ({revision})", [*build, "run", "build"], home / "public", writes)
    finally:
        read.unlink()


@contextmanager
def _snowman(place: str, concepts: Path, folder: Path) -> Iterator[Ready]:
    """Ask a running server, without what was kept of the answers."""
    home, store = folder / "snowman", folder / "snowman-store"
    shutil.copytree(HERE / "snowman", home, dirs_exist_ok=True)
    run([beside("oxigraph"), "load", "--location", str(store), "--file", str(concepts)])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = "{}:{}".format(*free.getsockname())
    settings = f'sparql_client:\n  endpoint: "http://{host}/query"\n'
    (home / "snowman.yaml").write_text(settings, "utf-8")
    serve = [beside("oxigraph"), "serve-read-only", "--location", str(store), "--bind", host]
    version = run([place, "version"]).out.split()[1]
    build = [str(Path(place).resolve()), "build", "--cache-sparql", "never"]
    server = subprocess.Popen(serve, stderr=subprocess.DEVNULL)  # noqa: S603  (our own)
    try:
        _until_it_answers(host)
        yield Ready(version, [*_within(home), *build], home / "site", "HTML in one language")
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _pylode(place: str, concepts: Path, folder: Path) -> Iterator[Ready]:
    made = folder / "pylode.html"
    build = [place, "-p", "vocpub", "-o", str(made), str(concepts)]
    yield Ready(_version(place, "pylode"), build, made, "one page of HTML")


@contextmanager
def _ontospy(place: str, concepts: Path, folder: Path) -> Iterator[Ready]:
    made = folder / "ontospy"
    made.mkdir(exist_ok=True)
    options = ["-i", "-x", "--type", "2", "--nobrowser", "--preflang", "nl"]
    build = [place, "gendocs", *options, "--preflabel", "label", "-o", str(made), str(concepts)]
    yield Ready(_version(place, "ontospy"), build, made, "HTML in one language")


def _within(folder: Path) -> list[str]:
    """Return the start of a command that has to run in a folder."""
    return ["sh", "-c", 'cd "$0" && exec "$@"', str(folder)]


def _version(place: str, package: str) -> str:
    """Ask the interpreter that a program is installed with."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return run([str(Path(place).with_name("python")), "-c", code]).out.strip()


def _until_it_answers(host: str) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://{host}/").close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The SPARQL server does not start.")
