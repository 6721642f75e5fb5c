"""The command ``conform``: whether everything is as the standards ask."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import BadGzipFile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from jkgraph.cli.help import Command, Option
from jkgraph.cli.progress import progress
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.files import replace_bytes
from jkgraph.findings import Severity

if TYPE_CHECKING:
    from jkgraph.conformance import Outcome

PATH = click.Path(path_type=Path)
FORMATS = ("text", "json", "csv", "html", "xlsx")
# What reading a file raises that is no longer what was built.
DAMAGES = (SyntaxError, ValueError, EOFError, BadGzipFile, zlib.error)
LEVELS = tuple(severity.word for severity in Severity)
COLUMNS = ("subject", "number", "standard", "version", *reversed(LEVELS), "result")


@click.command(cls=Command)
@click.option("--shapes", type=PATH, multiple=True, cls=Option, metavar="FILE")
@click.option("--site", type=PATH, cls=Option, metavar="FOLDER")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", cls=Option)
@click.option("--out", type=PATH, cls=Option, metavar="FILE")
@click.option("--fail-on", type=click.Choice(LEVELS), default=LEVELS[0], cls=Option)
@session
def conform(
    run: Session,
    shapes: tuple[Path, ...],
    site: Path | None,
    form: str,
    out: Path | None,
    fail_on: str,
) -> None:
    """Check everything that standards ask."""
    from jkgraph.conformance import of_files, of_site

    if form == "xlsx" and out is None:
        raise JkgraphError("needs-out", form=form)
    run.require_readable()
    # Before anything is inferred, which a build does.
    found = list(of_files(run.graph, run.kinds))
    with _built(run, site) as folder:
        try:
            found += of_site(run.graph, folder, run.workspace.site.path, shapes)
        except DAMAGES as error:
            raise JkgraphError("site-damaged", folder=folder, reason=error) from error
    document = _written(run, found, form)
    if out:
        replace_bytes(out, document)
        click.echo(out)
    else:
        click.echo(document.decode(), nl=False)
    worst = max((f.severity for one in found for f in one.findings), default=None)
    run.tell("conform.sum", best=sum(one.result == "best" for one in found), all=len(found))
    if worst is not None and worst >= Severity[fail_on.upper()]:
        raise click.exceptions.Exit(1)


@contextmanager
def _built(run: Session, site: Path | None) -> Iterator[Path]:
    """Give the folder of a site: one that was built, else a new one that goes again."""
    if site is not None:
        if not (site / "dataset.ttl").is_file():
            raise JkgraphError("no-site", folder=site)
        yield site
        return
    with TemporaryDirectory(prefix="jkgraph-") as folder:
        from jkgraph.site import build_site

        with progress(run, "build.progress") as show:
            yield build_site(run.graph, run.kinds, Path(folder) / "site", progress=show).folder


def _written(run: Session, found: list[Outcome], form: str) -> bytes:
    if form == "json":
        listed = [_object(run, one) for one in found]
        return f"{json.dumps(listed, ensure_ascii=False, indent=2)}\n".encode()
    rows = [_row(run, one) for one in found]
    names = [run.say(f"conform.{name}") for name in COLUMNS]
    out = io.BytesIO()
    if form in {"html", "xlsx"}:
        from jkgraph.rows import WRITERS

        terms = ([ox.Literal(value) for value in row] for row in rows)
        WRITERS[form](run.say("conform.title"), names, terms, out)
        return out.getvalue()
    if form == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([COLUMNS, *rows])
        return text.getvalue().encode()
    from jkgraph.columns import columns

    table = columns(names, [[str(cell) for cell in row] for row in rows], run.width).encode()
    reports = (_report(run, one, "text") for one in found if one.findings)
    return b"\n".join((table, *reports))


def _row(run: Session, one: Outcome) -> list[str | int]:
    subject, standard = (
        run.workspace.catalogue.say(message, run.language)
        for message in (one.subject, one.standard)
    )
    numbers = [one.count(severity) for severity in reversed(Severity)]
    result = run.say(f"conform.{one.result}")
    return [subject, one.number, standard, one.version, *numbers, result]


def _object(run: Session, one: Outcome) -> dict[str, object]:
    cells = dict(zip(COLUMNS, _row(run, one), strict=True))
    findings = json.loads(_report(run, one, "json"))
    return {**cells, "result": one.result, "findings": findings}


def _report(run: Session, one: Outcome, form: str) -> bytes:
    from jkgraph.reports import Report, write

    return write(Report(run.graph, run.kinds, list(one.findings), run.language), form)


COMMANDS = (conform,)
