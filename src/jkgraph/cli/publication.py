"""The command that tells what becomes visible to readers: ``published``."""

from __future__ import annotations

import click

from jkgraph.cli.help import Command
from jkgraph.cli.session import Session, session


@click.command(cls=Command)
@click.argument("revision", default="HEAD", metavar="[REV]")
@session
def published(run: Session, revision: str) -> None:
    """List the records that became published."""
    from jkgraph.publication import newly_published

    run.require_readable()
    records = newly_published(run.graph, revision)
    for record in records:
        click.echo(f"{run.graph.file_of(record)}: {run.graph.label(record, run.language)}")
    run.tell("published.sum", number=run.count("count.record", len(records)), revision=revision)


COMMANDS = (published,)
