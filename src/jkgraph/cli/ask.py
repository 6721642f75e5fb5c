"""Commands that ask: ``query``, ``show``, ``infer`` and ``stats``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from jkgraph.answers import FORMATS, write_answer
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.graph import INFERRED, TYPE
from jkgraph.inference import Engine, infer
from jkgraph.messages import did_you_mean
from jkgraph.portrait import portrait
from jkgraph.queries import (
    Query,
    fill,
    parse_query,
    read_query,
    saved_queries,
    saved_query,
    solutions,
    unknown_terms,
)
from jkgraph.syntaxes import n_triples

ENGINES = ("compiled", "owlrl")


@click.command(cls=Command)
@click.argument("name", required=False, metavar="[QUERY]")
@click.option("-e", "--expression", cls=Option, metavar="SPARQL")
@click.option("-p", "--param", "given", multiple=True, cls=Option, metavar="NAME=VALUE")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="table", cls=Option)
@click.option("--engine", type=click.Choice(ENGINES), default="compiled", cls=Option)
@session
def query(
    run: Session,
    name: str | None,
    expression: str | None,
    given: tuple[str, ...],
    form: str,
    engine: Engine,
) -> None:
    """Ask the graph."""
    if name is None and expression is None:
        _list_saved(run)
        return
    run.require_readable()
    asked = _asked(run, name, expression)
    text = fill(run.graph, asked, _pairs(given))
    require_known_terms(run, text)
    infer(run.graph, engine)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    answer = solutions(run.graph, text, asked.name)
    write_answer(answer, form, sys.stdout.buffer, run.graph.addresses, width)


def _asked(run: Session, name: str | None, expression: str | None) -> Query:
    if name is not None and expression is not None:
        raise JkgraphError("one-query")
    if name is None:
        return parse_query(run.graph, "-e", expression or "")
    if name == "-":
        return parse_query(run.graph, "-", sys.stdin.read())
    if name.endswith(".rq") or "/" in name:
        return read_query(run.graph, Path(name))
    return saved_query(run.graph, name)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, equals, _ in pairs:
        if not equals:
            raise JkgraphError("bad-pair", text=name)
    return {name.lstrip("?"): value for name, _, value in pairs}


def require_known_terms(run: Session, text: str) -> None:
    """Refuse a misspelt term in SPARQL: an empty answer to it would read as an answer."""
    terms = run.graph.own_names()
    for word in unknown_terms(run.graph, text, terms):
        name = run.graph.addresses.compact(run.graph.addresses.terms + word)
        raise JkgraphError("query-term", name=name, hint=did_you_mean(word, terms))


def _list_saved(run: Session) -> None:
    saved = saved_queries(run.graph)
    longest = max(map(len, saved), default=0)
    for name in saved:
        titles = saved_query(run.graph, name).texts.get("Title", {})
        click.echo(
            f"{name:<{longest}}  {titles.get(run.language) or next(iter(titles.values()), '')}"
        )
    run.tell("query.none" if not saved else "query.saved")


@click.command(cls=Command)
@click.argument("name")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "ttl", "nt"]), default="text", cls=Option
)
@session
def show(run: Session, name: str, form: str) -> None:
    """Show a record."""
    record = run.record(name)
    if form == "ttl":
        click.echo(run.graph.document(record).text, nl=False)
    elif form == "nt":
        click.echo(n_triples(run.graph.document(record).triples), nl=False)
    else:
        run.require_readable()
        infer(run.graph)
        click.echo(portrait(run.graph, run.kinds, record, run.language))


@click.command("infer", cls=Command)
@click.option("--engine", type=click.Choice(ENGINES), default="compiled", cls=Option)
@session
def infer_command(run: Session, engine: Engine) -> None:
    """Write what follows from the records."""
    run.require_readable()
    number = infer(run.graph, engine)
    quads = run.graph.store.quads_for_pattern(None, None, None, INFERRED)
    click.echo(n_triples(q.triple for q in quads), nl=False)
    run.tell("infer.sum", number=number)


@click.command(cls=Command)
@session
def stats(run: Session) -> None:
    """Count what there is."""
    run.require_readable()
    stated = len(run.graph.store)
    rows = [(kind.plural, len(run.graph.subjects(TYPE, kind.iri))) for kind in run.kinds.records]
    named = [(t.get(run.language) or next(iter(t.values()), "?"), n) for t, n in rows]
    rows_shown = [(name, n) for name, n in named if n]
    rows_shown.append((run.say("stats.stated"), stated))
    rows_shown.append((run.say("stats.inferred"), infer(run.graph)))
    longest = max(len(name) for name, _ in rows_shown)
    for name, number in rows_shown:
        click.echo(f"{name:<{longest}}  {number:>8}")


COMMANDS = (query, show, infer_command, stats)
