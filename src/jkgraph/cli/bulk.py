"""The command that changes many records at once: ``update``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from jkgraph.cli.compare import fitted
from jkgraph.cli.help import Command, Option
from jkgraph.cli.query import require_known_terms
from jkgraph.cli.session import Session, session
from jkgraph.differences import difference
from jkgraph.errors import unreadable
from jkgraph.telling import Teller, write_tellings
from jkgraph.updates import update as updated


@click.command(cls=Command)
@click.argument("file")
@click.option("--yes", "is_agreed", is_flag=True, cls=Option)
@session
def update(run: Session, file: str, is_agreed: bool) -> None:
    """Change many records at once."""
    run.require_readable()
    text = _read(file)
    require_known_terms(run.graph, text, file)
    edits = updated(run.graph, run.kinds, text, file, date.today())
    teller = Teller(run.graph, run.kinds, run.language)
    tellings = teller.tell([*filter(None, map(difference, edits))])
    told = write_tellings(tellings, "text", run.say, run.language)
    click.echo(fitted(told) if sys.stdout.isatty() else told, nl=False)
    if not edits:
        run.tell("update.none")
    elif is_agreed or (_is_terminal() and run.agrees("update.agree")):
        run.write(edits)
    elif _is_terminal():
        run.tell("update.not-written")
    else:
        run.tell("update.dry", number=run.count("count.record", len(edits)))


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from error


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


COMMANDS = (update,)
