"""The command ``serve``: shows the site on this machine, once built or following its files."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from http.server import ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from jkgraph.cli.help import Command, Option
from jkgraph.cli.publish import build_in
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from jkgraph.site.endpoint import Endpoint
    from jkgraph.site.watching import Told

# As in `site.preview`, which takes long to load.
HERE = "127.0.0.1"


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, cls=Option)
@click.option("--drafts", is_flag=True, cls=Option)
@click.option("--watch", is_flag=True, cls=Option)
@click.option("--sparql", is_flag=True, cls=Option)
@click.option("--host", default=HERE, show_default=True, cls=Option, metavar="ADDRESS")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), cls=Option, metavar="SECONDS")
@click.option("--limit", type=click.IntRange(1), cls=Option, metavar="N")
@session
def serve(
    run: Session,
    port: int,
    drafts: bool,
    watch: bool,
    sparql: bool,
    host: str,
    timeout: float | None,
    limit: int | None,
) -> None:
    """Show the site on this machine."""
    if watch:
        if sparql or host != HERE:
            raise JkgraphError("watch-alone")
        _watch(run, port, drafts)
        return
    from jkgraph.site.preview import serve as start

    build_in(run, run.workspace.preview, _here(run.workspace).site, drafts)
    with _endpoint(run, timeout, limit) if sparql else nullcontext() as endpoint:
        begin = partial(start, run.workspace.preview, endpoint=endpoint, host=host)
        _show(run, begin, port, host, sparql=sparql)


@contextmanager
def _endpoint(run: Session, seconds: float | None, rows: int | None) -> Iterator[Endpoint]:
    from jkgraph.site.answering import Bounds
    from jkgraph.site.endpoint import Endpoint
    from jkgraph.site.workers import Workers

    limits = run.workspace.limits
    bounds = Bounds(
        seconds=seconds or limits.serve_seconds,
        memory=limits.serve_megabytes,
        size=limits.answer_megabytes,
        rows=rows or limits.serve_rows,
    )
    # Whoever ends this program from outside wants nothing to be left behind either.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # The build has left in the graph what it shows, with what follows from that.
    with Workers(run.graph, bounds) as workers:
        yield Endpoint(run.graph, workers)


def _here(workspace: Workspace) -> Workspace:
    """Give the site the address of a preview: the root of a host that nobody else sees."""
    return replace(workspace, site=workspace.site._replace(address="", sub_path="/"))


def _show(
    run: Session,
    start: Callable[[int], ThreadingHTTPServer],
    port: int,
    host: str = HERE,
    *,
    sparql: bool = False,
) -> None:
    try:
        server = start(port)
    except OSError as error:
        raise JkgraphError("port-in-use", port=port, reason=error.strerror) from error
    with server:
        address = f"http://{host}:{server.server_address[1]}/"
        run.tell("serve.at", address=address)
        if sparql:
            run.tell("serve.sparql", address=f"{address}sparql")
        server.serve_forever()


def _watch(run: Session, port: int, drafts: bool) -> None:
    if find_spec("watchfiles") is None:
        raise JkgraphError("no-watchfiles")
    from jkgraph.site.live import Live
    from jkgraph.site.preview import serve_live
    from jkgraph.site.watching import Watching

    root, stop = run.workspace.root, Event()
    live = Live(lambda: _here(open_workspace(root)), drafts=drafts)
    watching = Watching(live, partial(_check, root))
    Thread(target=watching.follow, args=(stop,), daemon=True).start()
    run.tell("serve.watching")
    try:
        _show(run, partial(serve_live, watching), port)
    finally:
        stop.set()


def _check(root: Path) -> Iterator[Told]:
    """Yield what ``validate`` finds, which runs beside, so that no page has to wait for it."""
    from jkgraph.site.watching import Told, in_words

    words = open_workspace(root).catalogue
    command = [sys.executable, "-m", "jkgraph", "--root", str(root), "validate", "--format", "json"]
    ran = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  (our own)
    # Without any finding there is no output; what could not run is told by the page itself.
    for found in json.loads(ran.stdout or "[]"):
        if found["severity"] == "info":
            continue
        texts = (
            (lang, in_words(words, found["severity"], text, lang))
            for lang, text in found["message"].items()
        )
        place = f"{found['path']}:{found['line']}:{found['column']}"
        yield Told(found["path"], place, tuple(texts))


COMMANDS = (serve,)
