"""The command that starts a record: ``new``."""

from __future__ import annotations

import click
import pyoxigraph as ox

from jkgraph import clock
from jkgraph.checks.likeness import similar
from jkgraph.cli.help import Command, Option
from jkgraph.cli.interview import Interview, ask_kind, ask_name, ask_slug, tell_alike
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.iri import slugify
from jkgraph.kinds import Kind
from jkgraph.scaffold import Start, new_record


@click.command(cls=Command)
@click.argument("kind", required=False)
@click.argument("label", required=False, default="")
@click.option("--slug", default="", cls=Option)
@click.option("--ask/--no-ask", "is_asking", default=None, cls=Option)
@session
def new(run: Session, kind: str | None, label: str, slug: str, is_asking: bool | None) -> None:
    """Start a record."""
    found = run.kind(kind) if kind else None
    if is_asking or (is_asking is None and run.is_interactive):
        _ask(run, found, label, slug)
        return
    if found is None or not label:
        raise JkgraphError("new-what", known=", ".join(run.kinds.by_name))
    alike = similar(run.graph, label)
    # The clock is right here: the record is made today, by a person.
    path = new_record(run.graph, run.kinds, found, Start(label, run.language, clock.today(), slug))
    click.echo(run.workspace.relative(path))
    tell_alike(run, alike)
    run.tell("new.next", file=run.workspace.relative(path))


def _ask(run: Session, kind: Kind | None, label: str, slug: str) -> None:
    run.require_readable()
    kind = kind or ask_kind(run)
    label = ask_name(run, label)
    slug = ask_slug(run, kind, slug or slugify(label))
    record = ox.NamedNode(run.graph.addresses.record(kind.name, slug))
    interview = Interview(run, record)
    interview.ask(kind)
    said, is_complete = tuple(interview.said), interview.is_complete
    start = Start(label, run.language, clock.today(), slug, said, is_complete)
    file = run.workspace.relative(new_record(run.graph, run.kinds, kind, start))
    click.echo(file)
    run.tell("new.done" if is_complete else "new.next", file=file)


COMMANDS = (new,)
