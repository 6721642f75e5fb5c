"""The command that starts a record: ``new``."""

from __future__ import annotations

from datetime import date

import click

from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.messages import did_you_mean
from jkgraph.scaffold import Start, new_record


@click.command(cls=Command)
@click.argument("kind")
@click.argument("label")
@click.option("--slug", default="", cls=Option)
@session
def new(run: Session, kind: str, label: str, slug: str) -> None:
    """Start a record."""
    found = run.kinds.find(kind)
    if found is None:
        known = ", ".join(run.kinds.by_name)
        labels = (label for k in run.kinds.records for label in k.label.values())
        hint = did_you_mean(kind, (*labels, *run.kinds.by_name))
        raise JkgraphError("no-such-kind", kind=kind, known=known, hint=hint)
    # The clock is right here: the record is made today, by a person.
    today = date.today()
    start = Start(label, run.language, today, slug)
    path = new_record(run.graph, run.kinds, found, start)
    click.echo(run.workspace.relative(path))
    run.tell("new.next", file=run.workspace.relative(path))


COMMANDS = (new,)
