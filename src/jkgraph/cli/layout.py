"""The command ``format``: record files in the form that all of them have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from jkgraph.cli.chosen import chosen
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.edits import Edit, apply_edits
from jkgraph.errors import unreadable
from jkgraph.layout import Layout
from jkgraph.loading import record_paths
from jkgraph.turtle import CommentsWouldBeLost, TurtleSyntaxError, plain_lines


@click.command("format", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[FILE]...")
@click.option("--check", "only_check", is_flag=True, cls=Option)
@session
def format_files(run: Session, paths: tuple[str, ...], only_check: bool) -> None:
    """Write record files in the canonical form."""
    is_wanted = chosen(run, paths)
    layout = Layout(run.graph, run.kinds)
    edits: list[Edit] = []
    refused = 0
    for path in record_paths(run.workspace):
        if not is_wanted(run.workspace.relative(path)):
            continue
        try:
            edits += _edits(layout, path)
        except (CommentsWouldBeLost, TurtleSyntaxError, UnicodeDecodeError) as error:
            click.echo(_refusal(run, path, error))
            refused += 1
    if not only_check:
        apply_edits(edits, run.workspace)
    for edit in edits:
        file = run.workspace.relative(edit.path)
        told = f"{file}:1:1: {run.say('format.not-canonical', file=file)}"
        click.echo(told if only_check else file)
    key = "format.would-change" if only_check else "format.changed"
    run.tell(key, number=run.count("count.file", len(edits)))
    if refused or (only_check and edits):
        raise click.exceptions.Exit(1)


def _edits(layout: Layout, path: Path) -> Iterator[Edit]:
    try:
        before = path.read_bytes().decode()
    except OSError as error:
        raise unreadable(path, error) from error
    after = layout.canonical(path, plain_lines(before))
    if after != before:
        yield Edit(path, before, after)


def _refusal(run: Session, path: Path, error: Exception) -> str:
    relative = run.workspace.relative(path)
    if isinstance(error, CommentsWouldBeLost):
        line, column, _ = error.comments[0]
        return f"{relative}:{line}:{column}: {run.say('format.comments')}"
    line, column = getattr(error, "line", 1), getattr(error, "column", 1)
    return f"{relative}:{line}:{column}: {run.say('format.unreadable')}"


COMMANDS = (format_files,)
