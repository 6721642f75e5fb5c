"""The command ``format``: record files in the form that all of them have."""

from __future__ import annotations

from pathlib import Path

import click

from jkgraph.cli.chosen import chosen
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.files import replace_text
from jkgraph.layout import Layout
from jkgraph.loading import record_paths
from jkgraph.turtle import CommentsWouldBeLost, TurtleSyntaxError


@click.command("format", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[FILE]...")
@click.option("--check", "only_check", is_flag=True, cls=Option)
@session
def format_files(run: Session, paths: tuple[str, ...], only_check: bool) -> None:
    """Write record files in the canonical form."""
    is_wanted = chosen(run, paths)
    changed = refused = 0
    for path in record_paths(run.workspace):
        if not is_wanted(run.workspace.relative(path)):
            continue
        try:
            changed += _format(run, path, only_check)
        except (CommentsWouldBeLost, TurtleSyntaxError, UnicodeDecodeError) as error:
            click.echo(_refusal(run, path, error))
            refused += 1
    key = "format.would-change" if only_check else "format.changed"
    run.tell(key, number=run.count("count.file", changed))
    if refused or (only_check and changed):
        raise click.exceptions.Exit(1)


def _format(run: Session, path: Path, only_check: bool) -> bool:
    text = path.read_text("utf-8")
    new = Layout(run.graph, run.kinds).canonical(path, text)
    if new == text:
        return False
    relative = run.workspace.relative(path)
    if only_check:
        click.echo(f"{relative}:1:1: {run.say('format.not-canonical', file=relative)}")
    else:
        replace_text(path, new)
        click.echo(relative)
    return True


def _refusal(run: Session, path: Path, error: Exception) -> str:
    relative = run.workspace.relative(path)
    if isinstance(error, CommentsWouldBeLost):
        line, column, _ = error.comments[0]
        return f"{relative}:{line}:{column}: {run.say('format.comments')}"
    line, column = getattr(error, "line", 1), getattr(error, "column", 1)
    return f"{relative}:{line}:{column}: {run.say('format.unreadable')}"


COMMANDS = (format_files,)
