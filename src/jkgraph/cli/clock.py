"""Commands of the review clock: ``review`` and ``due``."""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date, timedelta

import click

from jkgraph import clock
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.columns import columns
from jkgraph.errors import JkgraphError
from jkgraph.reviews import Due, calendar
from jkgraph.reviews import due as due_until
from jkgraph.reviews import review as reviewed

FORMATS = ("text", "csv", "json", "ical")
COLUMNS = ("due.day", "due.record", "due.name", "due.kind", "due.owner", "due.reviewed")


@click.command(cls=Command)
@click.argument("names", nargs=-1, required=True, metavar="RECORD...")
@click.option("--on", cls=Option, metavar="DATE")
@click.option("--next", "again", cls=Option, metavar="DATE")
@session
def review(run: Session, names: tuple[str, ...], on: str | None, again: str | None) -> None:
    """Say that records were looked at."""
    run.require_readable()
    today = clock.today()
    day = _date(on) if on else today
    if day > today:
        raise JkgraphError("future-review", day=day)
    following = _date(again) if again else None
    records = list(dict.fromkeys(run.record(name) for name in names))
    edits = [reviewed(run.graph, run.kinds, record, day, following) for record in records]
    run.write(edits)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise JkgraphError("bad-day", text=text) from error


@click.command(cls=Command)
@click.option("--within", type=click.IntRange(0, 36500), default=0, cls=Option, metavar="DAYS")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", cls=Option)
@session
def due(run: Session, within: int, form: str) -> None:
    """Show what is to be looked at again."""
    run.require_readable()
    today = clock.today()
    until = today + timedelta(days=within)
    found = due_until(run.graph, run.kinds, until)
    rows = [_row(run, one) for one in found]
    sys.stdout.buffer.write(_written(run, found, rows, form, today).encode())
    sys.stdout.buffer.flush()
    number = run.count("count.record", len(found))
    run.tell("due.sum", number=number, day=until)


def _row(run: Session, one: Due) -> tuple[str, ...]:
    names = ", ".join(run.graph.label(owner, run.language) for owner in one.owners)
    record = run.graph.addresses.compact(one.record.value)
    label, kind = run.graph.label(one.record, run.language), run.word(one.kind.label)
    return str(one.day), record, label, kind, names, str(one.reviewed or "")


def _written(
    run: Session, found: list[Due], rows: list[tuple[str, ...]], form: str, today: date
) -> str:
    if form == "ical":
        events = (run.say("due.summary", name=row[2]) for row in rows)
        return calendar(found, events, today)
    names = [key.partition(".")[2] for key in COLUMNS]
    if form == "json":
        listed = [dict(zip(names, row, strict=True)) for row in rows]
        return f"{json.dumps(listed, ensure_ascii=False, indent=2)}\n"
    if form == "csv":
        out = io.StringIO()
        csv.writer(out).writerows([names, *rows])
        return out.getvalue()
    return columns([run.say(key) for key in COLUMNS], rows, run.width) if rows else ""


COMMANDS = (review, due)
