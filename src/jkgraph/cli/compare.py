"""The command that tells what changed: ``diff``."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import click

from jkgraph.cli.chosen import chosen
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.comparison import compare
from jkgraph.differences import difference
from jkgraph.edits import Edit
from jkgraph.messages import visible
from jkgraph.telling import FORMS, Teller, Telling, write_tellings

# What a file of a workspace is called at its end; revisions are not.
_ENDS = {".ttl", ".rq"}
# The last commit, and the files as they are.
_USUAL = ("HEAD", "")


@click.command(cls=Command)
@click.argument("names", nargs=-1, metavar="[REVISION] [REVISION] [FILE]...")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", cls=Option)
@session
def diff(run: Session, names: tuple[str, ...], form: str) -> None:
    """Tell what changed."""
    revisions, files = _sorted_out(names)
    old, new = (*revisions, *_USUAL[len(revisions) :])
    is_wanted = chosen(run, files, may_be_gone=True)
    tellings = compare(run.workspace, old, new, is_wanted, run.language)
    _show(run, tellings, form)
    run.tell("diff.sum" if tellings else "diff.nothing", **_sum(run, tellings))


def show_edits(run: Session, edits: Iterable[Edit]) -> None:
    """Tell what edits change in each record."""
    teller = Teller(run.graph, run.kinds, run.language)
    _show(run, teller.tell([*filter(None, map(difference, edits))]), "text")


def _show(run: Session, tellings: Sequence[Telling], form: str) -> None:
    written = write_tellings(tellings, form, run.say, run.language)
    if form == "text":
        written = visible(written)
    is_fitted = form == "text" and run.width
    click.echo(_fitted(written, run.width) if is_fitted else written, nl=False)


def _fitted(text: str, width: int) -> str:
    """Break long lines for the terminal, so that what belongs together stays indented."""
    fill = partial(textwrap.fill, width=width, subsequent_indent="    ", break_on_hyphens=False)
    return "".join(f"{fill(line)}\n" for line in text.splitlines())


def _sorted_out(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell revisions, at most two and in front, from files and folders."""
    parts = [part for name in names for part in _ends_of_range(name)]
    first = next((n for n, part in enumerate(parts) if _is_file(part)), len(parts))
    number = min(first, len(_USUAL))
    return parts[:number], parts[number:]


def _ends_of_range(name: str) -> Iterable[str]:
    """Take the two revisions apart that people write as ``old..new``."""
    old, dots, new = name.partition("..")
    is_range = old and dots and not _is_file(name)
    return [part for part in (old, new.lstrip(".")) if part] if is_range else [name]


def _is_file(name: str) -> bool:
    path = Path(name)
    return path.exists() or path.suffix in _ENDS


def _sum(run: Session, tellings: Sequence[Telling]) -> dict[str, str]:
    number = Counter("record" if telling.record else "file" for telling in tellings)
    return {
        "records": run.count("count.record", number["record"]),
        "files": run.count("count.other-file", number["file"]),
    }


COMMANDS = (diff,)
