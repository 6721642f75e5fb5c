"""Commands for a record that comes to its end: ``withdraw`` and ``merge``."""

from __future__ import annotations

from collections.abc import Iterable

import click
import pyoxigraph as ox

from jkgraph import clock
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.history import is_shallow, mentions
from jkgraph.lifecycle import End, erase, references, whole_of
from jkgraph.lifecycle import withdraw as withdrawn
from jkgraph.merging import merge as merged


@click.command(cls=Command)
@click.argument("record")
@click.option("--reason", default="", cls=Option, metavar="TEXT")
@click.option("--replaced-by", "successor", cls=Option, metavar="RECORD")
@click.option("--erase", "is_erased", is_flag=True, cls=Option)
@session
def withdraw(
    run: Session, record: str, reason: str, successor: str | None, is_erased: bool
) -> None:
    """Withdraw a record."""
    run.require_readable()
    if not (reason.strip() or successor or is_erased):
        raise JkgraphError("no-reason")
    gone, stays = run.record(record), run.record(successor) if successor else None
    end = End(clock.today(), _note(run, reason, stays, is_erased=is_erased), stays)
    edit = (erase if is_erased else withdrawn)(run.graph, run.kinds, gone, end)
    left = references(run.graph, gone)
    run.write([edit])
    if left:
        run.tell("withdraw.references", number=run.count("count.reference", len(left)))
        _list(run, left)
        run.tell("withdraw.merge" if stays else "withdraw.replace")
    if is_erased:
        _tell_history(run, gone)


def _note(run: Session, reason: str, successor: ox.NamedNode | None, *, is_erased: bool) -> str:
    """Word what was done in the language of the records, before the reason that was given."""
    language = run.workspace.languages[0]
    word = run.workspace.catalogue.word
    said = []
    if is_erased:
        said.append(word("note.erased", language))
    if successor and not reason:
        said.append(word("note.replaced", language, name=run.graph.label(successor, language)))
    return " ".join(filter(None, [*said, " ".join(reason.split())]))


def _list(run: Session, triples: Iterable[ox.Triple]) -> None:
    for triple in triples:
        field = run.field(triple.subject, triple.predicate)
        click.echo(f"  {run.name(whole_of(triple.subject))}: {field}", err=True)


def _tell_history(run: Session, record: ox.NamedNode) -> None:
    path = run.workspace.relative(run.graph.path(record))
    try:
        found = mentions(run.workspace, path, run.graph.addresses.compact(record.value))
        if is_shallow(run.workspace):
            run.tell("erase.shallow")
    except JkgraphError:
        run.tell("erase.no-history")
        return
    if found:
        run.tell("erase.history", number=run.count("count.commit", len(found)))
        for mention in found:
            files = ", ".join(mention.files)
            click.echo(f"  {mention.commit} {mention.day} {mention.subject}: {files}", err=True)
        run.tell("erase.what-to-do")


@click.command(cls=Command)
@click.argument("gone", metavar="RECORD")
@click.argument("stays", metavar="OTHER")
@click.option("--reason", default="", cls=Option, metavar="TEXT")
@click.option("--take", is_flag=True, cls=Option)
@session
def merge(run: Session, gone: str, stays: str, reason: str, take: bool) -> None:
    """Merge a record into another."""
    run.require_readable()
    records = run.record(gone), run.record(stays)
    language = run.workspace.languages[0]
    name = run.graph.label(records[1], language)
    note = run.workspace.catalogue.word("note.merged", language, name=name)
    end = End(clock.today(), " ".join([note, *reason.split()]))
    merger = merged(run.graph, run.kinds, records, end, take=take)
    run.write(merger.edits)
    moved = run.count("count.reference", len(merger.moved))
    run.tell("merge.moved", number=moved, name=run.name(records[1]))
    _list(run, merger.moved)
    if merger.left:
        run.tell("merge.left", name=run.name(records[0]))
        for triple in merger.left:
            field = run.field(triple.subject, triple.predicate)
            click.echo(f"  {field}: {run.value(triple.object)}", err=True)


COMMANDS = (withdraw, merge)
