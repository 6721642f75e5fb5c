"""The command that asks the graph: ``query``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

import click

from jkgraph.answers import FORMATS, write_answer
from jkgraph.asking import notes, prepared
from jkgraph.bounds import Bounds
from jkgraph.cli.completion import QueryCommand, parameters, query_names
from jkgraph.cli.help import Option, endpoint_option
from jkgraph.cli.limits import limited
from jkgraph.cli.progress import elapsed
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.messages import visible
from jkgraph.parameters import example
from jkgraph.queries import (
    Query,
    Solutions,
    parse_query,
    read_query,
    saved_queries,
    saved_query,
    solutions,
)

# As in `inference`, which takes long to load.
ENGINES = ("compiled", "owlrl")


@click.command("query", cls=QueryCommand)
@click.argument("name", required=False, metavar="[QUERY]", shell_complete=query_names)
@click.option("-e", "--expression", cls=Option, metavar="SPARQL")
@click.option(
    "-p",
    "--param",
    "given",
    multiple=True,
    cls=Option,
    metavar="NAME=VALUE",
    shell_complete=parameters,
)
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), cls=Option)
@click.option("-o", "--out", type=click.Path(path_type=Path), cls=Option, metavar="FILE")
@click.option("--list", "listed", is_flag=True, cls=Option)
@click.option("--asserted/--inferred", default=False, cls=Option)
@click.option("--limit", type=click.IntRange(0), cls=Option, metavar="N")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), cls=Option, metavar="SECONDS")
@click.option("--explain", is_flag=True, cls=Option)
@click.option("--engine", type=click.Choice(ENGINES), default="compiled", cls=Option)
@endpoint_option
@session
def query(
    run: Session,
    name: str | None,
    expression: str | None,
    given: tuple[str, ...],
    form: str | None,
    out: Path | None,
    listed: bool,
    asserted: bool,
    limit: int | None,
    timeout: float | None,
    explain: bool,
    engine: str,
    endpoint: str | None,
) -> None:
    """Ask the graph."""
    run.read_from(endpoint)
    if listed or (name is None and expression is None):
        _list_saved(run, name, in_full=listed)
        return
    form = form_of(form, out)
    watch = Stopwatch(run, on=explain)
    graph = _graph(run, asserted, engine)
    watch.tell("explain.graph")
    asked = _asked(graph, name, expression)
    _learn(run, graph, asked, given)
    asked = prepared(graph, asked, pairs(given))
    if run.endpoint is None:
        tell_notes(run, graph, asked)
    with limited(run, "query_seconds", timeout), run.asking(), ExitStack() as shown:
        shown.enter_context(elapsed(run, "query.progress"))
        found = _solutions(run, graph, asked, asserted=asserted, form=form, limit=limit)
        answer(run, graph, asked, found, form, out, limit, begin=shown.close)
    watch.tell("explain.answer")
    run.keep(wait=explain)
    if explain:
        from jkgraph.cli.explain import tell_plan

        tell_plan(run, graph, asked, timeout)


def answer(
    run: Session,
    graph: Graph,
    asked: Query,
    found: Solutions,
    form: str,
    out: Path | None,
    limit: int | None,
    begin: Callable[[], None] = lambda: None,
) -> int | None:
    """Write an answer; return the number of rows of a table.

    ``begin`` is called before anything is written.
    """

    def write(to: BinaryIO) -> int | None:
        # Excel bounds a sheet by itself.
        bounded = to if form == "xlsx" else _Bounded(to, run.workspace.limits, begin)
        label = cache(lambda node: graph.label(node, run.language))
        title = asked.texts.get("Title", {}).get(run.language, asked.name)
        return write_answer(
            found,
            form,
            cast("BinaryIO", bounded),
            graph.addresses,
            width=run.width if out is None else 0,
            label=label if form == "table" else None,
            limit=limit,
            title=title,
        )

    return _put(write, out)


class _Bounded:
    """Passes an answer on, up to a size."""

    def __init__(self, out: BinaryIO, bounds: Bounds, begin: Callable[[], None]) -> None:
        self._out, self._bounds, self._begin, self._size = out, bounds, begin, 0

    def write(self, content: bytes) -> int:
        self._begin()
        self._size += len(content)
        if self._size > self._bounds.query_megabytes * 1_000_000:
            found = f"> {self._bounds.query_megabytes}"
            raise JkgraphError("answer-large", bound=self._bounds.over("query_megabytes", found))
        return self._out.write(content)

    def flush(self) -> None:
        self._out.flush()


class Stopwatch:
    """Tells, when asked, how long each step took."""

    def __init__(self, run: Session, *, on: bool) -> None:
        self._run, self._on, self._since = run, on, time.perf_counter()

    def tell(self, key: str) -> None:
        """Tell how long the step took that now ends; the next one begins."""
        now = time.perf_counter()
        if self._on:
            click.echo(f"{now - self._since:8.3f} s  {self._run.say(key)}", err=True)
        self._since = now


def form_of(form: str | None, out: Path | None, option: str = "--out") -> str:
    """Return the format: as asked for, else by the name of the file, else a table."""
    named = out.suffix[1:].lower() if out else "table"
    form = form or named
    if form not in FORMATS:
        raise JkgraphError("wrong-option", option=option, value=out, wanted="answer.csv")
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise JkgraphError("not-on-screen", format=form)
    return form


def _put(write: Callable[[BinaryIO], int | None], out: Path | None) -> int | None:
    """Write to standard output, or to a file that changes only when all is there."""
    if out is None:
        return write(sys.stdout.buffer)
    from tempfile import TemporaryFile

    from jkgraph.files import replace_content

    # A file without a name, so that nothing is left of it when the work is stopped.
    with TemporaryFile() as whole:
        number = write(whole)
        whole.seek(0)
        replace_content(out, whole)
    return number


def _solutions(
    run: Session, graph: Graph, asked: Query, *, asserted: bool, form: str, limit: int | None
) -> Solutions:
    """Ask the graph in memory, or the server that holds it."""
    if run.endpoint is None:
        return solutions(graph, asked.text, asked.name)
    from jkgraph.remote.questions import ask

    named = form == "table"
    return ask(graph, run.endpoint, asked, asserted=asserted, named=named, limit=limit)


def _learn(run: Session, graph: Graph, asked: Query, given: tuple[str, ...]) -> None:
    """Get to know what a server has to be filled in, when something is."""
    if run.endpoint and given:
        from jkgraph.remote.questions import learn_choices

        learn_choices(graph, run.endpoint, asked)


def _graph(run: Session, asserted: bool, engine: str) -> Graph:
    if run.endpoint:
        from jkgraph.loading import load_terms

        # A server is asked itself, and not for all that it holds.
        graph = load_terms(run.workspace)
        graph.require_readable()
        return graph
    if asserted:
        return run.warm("asserted")
    if engine == "compiled":
        return run.warm()
    from jkgraph.inference import infer

    run.require_readable()
    infer(run.graph, "owlrl")
    return run.graph


def _asked(graph: Graph, name: str | None, expression: str | None) -> Query:
    if name is not None and expression is not None:
        raise JkgraphError("one-query")
    if name is None:
        return parse_query(graph, "-e", expression or "")
    if name == "-":
        return parse_query(graph, "-", sys.stdin.read())
    if name.endswith(".rq") or "/" in name:
        return read_query(graph, Path(name))
    return saved_query(graph, name)


def pairs(given: Iterable[str]) -> dict[str, str]:
    """Read the values of parameters, as NAME=VALUE."""
    parts = [text.partition("=") for text in given]
    for name, equals, _ in parts:
        if not equals:
            raise JkgraphError("bad-pair", text=name)
    return {name.lstrip("?"): value for name, _, value in parts}


def tell_notes(run: Session, graph: Graph, asked: Query) -> None:
    """Tell of each name in a query that finds nothing."""
    for note in notes(graph, asked):
        click.echo(run.workspace.catalogue.say(note, run.language), err=True)


def _list_saved(run: Session, name: str | None, *, in_full: bool) -> None:
    graph = run.warm() if in_full else run.graph
    found = {name: saved_query(graph, name)} if name else _saved(graph)
    longest = max(map(len, found), default=0)
    for saved in found.values():
        title = run.word(saved.texts.get("Title", {}))
        if not in_full:
            click.echo(visible(f"{saved.name:<{longest}}  {title}"))
            continue
        click.echo(visible(f"{saved.name}: {title}"))
        for parameter in saved.parameters:
            kind = graph.addresses.compact(parameter.type.value)
            label = graph.label(parameter.type, run.language)
            click.echo(visible(f"    {parameter.name}: {label} ({kind})"))
        click.echo(visible(f"    $ {example(saved)}"))
    run.tell("query.saved" if found else "query.none")


def _saved(graph: Graph) -> dict[str, Query]:
    return {name: saved_query(graph, name) for name in saved_queries(graph)}


COMMANDS = (query,)
