"""The command that changes many records at once: ``update``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from jkgraph import clock
from jkgraph.asking import require_known_terms
from jkgraph.cli.compare import show_edits
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.errors import unreadable
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
    edits = updated(run.graph, run.kinds, text, file, clock.today())
    show_edits(run, edits)
    if not edits:
        run.tell("update.none")
    elif is_agreed or (run.is_interactive and run.agrees("update.agree")):
        run.write(edits)
    elif run.is_interactive:
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


COMMANDS = (update,)
