"""Commands that tell what there is: ``show``, ``infer`` and ``stats``."""

from __future__ import annotations

import click

from jkgraph.cli.help import Command, Option, endpoint_option
from jkgraph.cli.session import Session, session
from jkgraph.graph import INFERRED, TYPE
from jkgraph.inference import ENGINES, Engine, infer
from jkgraph.kinds import read_kinds
from jkgraph.loading import with_shapes
from jkgraph.lookup import find
from jkgraph.portrait import portrait
from jkgraph.syntaxes import n_triples


@click.command(cls=Command)
@click.argument("name")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "ttl", "nt"]), default="text", cls=Option
)
@endpoint_option
@session
def show(run: Session, name: str, form: str, endpoint: str | None) -> None:
    """Show a record."""
    run.read_from(endpoint)
    graph = run.warm() if form == "text" else run.graph
    record = find(graph, graph.records(), name)
    if form == "ttl":
        click.echo(graph.document(record).text, nl=False)
    elif form == "nt":
        click.echo(n_triples(graph.document(record).triples), nl=False)
    else:
        graph = with_shapes(graph)
        click.echo(portrait(graph, read_kinds(graph), record, run.language))
        run.keep()


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
@endpoint_option
@session
def stats(run: Session, endpoint: str | None) -> None:
    """Count what there is."""
    run.read_from(endpoint)
    graph = with_shapes(run.warm())
    inferred = sum(1 for _ in graph.store.quads_for_pattern(None, None, None, INFERRED))
    kinds = read_kinds(graph).records
    rows = [(kind.plural, len(graph.subjects(TYPE, kind.iri))) for kind in kinds]
    named = [(run.word(texts) or "?", n) for texts, n in rows]
    rows_shown = [(name, n) for name, n in named if n]
    rows_shown.append((run.say("stats.stated"), len(graph.store) - inferred))
    rows_shown.append((run.say("stats.inferred"), inferred))
    longest = max(len(name) for name, _ in rows_shown)
    for name, number in rows_shown:
        click.echo(f"{name:<{longest}}  {number:>8}")
    run.keep()


COMMANDS = (show, infer_command, stats)
