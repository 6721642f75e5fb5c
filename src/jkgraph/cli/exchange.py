"""Commands that take records to a spreadsheet and back: ``export`` and ``import``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jkgraph import clock, worksheets
from jkgraph.cli.help import Command, Option
from jkgraph.cli.limits import limited
from jkgraph.cli.session import Session, session
from jkgraph.edits import apply_edits
from jkgraph.errors import JkgraphError, unreadable
from jkgraph.files import replace_bytes
from jkgraph.findings import Finding, Severity
from jkgraph.history import resolve
from jkgraph.messages import visible

if TYPE_CHECKING:
    from jkgraph.exchange.columns import Sheets
    from jkgraph.exchange.leaves import Leaf
    from jkgraph.exchange.tables import Received, Remark

# Whoever has more to correct than this corrects one thing many times.
MOST_REMARKS = 1_000
BOOK, CSV = ".xlsx", ".csv"
# Signs of an older or livelier form of a workbook.
OTHER_BOOKS = (".xlsm", ".xls", ".xlsb", ".xltm", ".ods")


@click.command(cls=Command)
@click.argument("kinds", nargs=-1, metavar="[KIND]...")
@click.option("--out", type=click.Path(path_type=Path), cls=Option, metavar="FILE")
@click.option("--csv", "as_csv", is_flag=True, cls=Option)
@session
def export(run: Session, kinds: tuple[str, ...], out: Path | None, as_csv: bool) -> None:
    """Write records to a spreadsheet."""
    run.require_readable()
    named = {kind.name: kind for kind in map(run.kind, kinds)}
    wanted = list(named.values()) or list(run.kinds.records)
    if out is None and not (as_csv and len(wanted) == 1):
        raise JkgraphError("export-where")
    if out is not None and out.suffix.lower() != BOOK and not as_csv:
        raise JkgraphError("export-form", file=out)

    from jkgraph.exchange.columns import Sheets
    from jkgraph.exchange.leaves import leaves

    sheets = Sheets(run.graph, run.kinds, run.language)
    found = leaves(run.graph, run.kinds, sheets, wanted)
    if as_csv:
        _write_csv(found, sheets, out)
    elif out is not None:
        worksheets.require()
        from jkgraph.exchange.workbook import write_workbook

        _refuse_existing(out)
        replace_bytes(out, write_workbook(found, sheets, _revision(run)))
    if out is not None:
        number = sum(len(leaf.lines) for leaf in found if not leaf.sheet.is_part)
        run.tell("export.sum", records=run.count("count.record", number), file=out)
        for subject, field in (spot for leaf in found for spot in leaf.too_long):
            name = run.graph.addresses.compact(subject.value)
            run.tell("export.too-long", name=name, field=field)


def _revision(run: Session) -> str:
    try:
        return resolve(run.workspace, "HEAD")
    except JkgraphError:
        return ""


def _write_csv(found: Sequence[Leaf], sheets: Sheets, out: Path | None) -> None:
    from jkgraph.exchange.delimited import write_csv

    if out is None:
        click.echo(write_csv(found[0], sheets).encode(), nl=False)
        return
    files = {out / f"{leaf.sheet.kind.name}{CSV}": write_csv(leaf, sheets) for leaf in found}
    for path in files:
        _refuse_existing(path)
    for path, text in files.items():
        replace_bytes(path, text.encode())


def _refuse_existing(path: Path) -> None:
    # A workbook that is there may hold the work of a person.
    if path.exists():
        raise JkgraphError("file-exists", file=path)


@click.command("import", cls=Command)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--write", is_flag=True, cls=Option)
@session
def import_files(run: Session, files: tuple[Path, ...], write: bool) -> None:
    """Take over what was changed in a spreadsheet."""
    run.require_readable()

    from jkgraph.checks import fails
    from jkgraph.cli.compare import show_edits
    from jkgraph.exchange.plan import make_plan
    from jkgraph.exchange.trial import at_cells, new_findings

    contents = {path: _read(path) for path in files}
    with limited(run, "import_seconds"):
        received = _received(run, contents)
        # The clock is right here: records are made and changed today, by a person.
        plan = make_plan(run.graph, run.kinds, received, clock.today())
        is_tried = bool(plan.edits) and not plan.is_refused
        found = new_findings(run.graph, run.kinds, plan.edits) if is_tried else []
    at_places, others = at_cells(found, plan)
    remarks = sorted((*plan.remarks, *at_places), key=lambda r: (r.place, -r.severity, r.rule))
    show_edits(run, plan.edits)
    _tell(run, files, remarks, others)
    if plan.is_refused or fails(run.graph, found):
        _mark(run, contents, [r for r in remarks if r.severity > Severity.INFO])
        run.tell("import.refused")
        raise click.exceptions.Exit(1)
    if write:
        apply_edits(plan.edits, run.workspace)
    number = run.count("count.record", len(plan.edits))
    key = "import.nothing" if not plan.edits else "import.written" if write else "import.dry"
    run.tell(key, number=number)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def _received(run: Session, contents: dict[Path, bytes]) -> Received:
    forms = {path.suffix.lower() for path in contents}
    if forms == {CSV}:
        from jkgraph.exchange.delimited import read_csv

        named = {path.name: content for path, content in contents.items()}
        return read_csv(named, run.graph, run.kinds)
    if forms & set(OTHER_BOOKS):
        raise JkgraphError("workbook-other", form=", ".join(sorted(forms & set(OTHER_BOOKS))))
    if forms != {BOOK} or len(contents) != 1:
        raise JkgraphError("import-form")
    worksheets.require()
    from jkgraph.exchange.intake import read_workbook

    (content,) = contents.values()
    return read_workbook(content, run.graph, run.kinds)


def _tell(
    run: Session, files: Sequence[Path], remarks: Sequence[Remark], others: Iterable[Finding]
) -> None:
    is_book = files[0].suffix.lower() == BOOK
    for remark in remarks[:MOST_REMARKS]:
        where = f"{files[0]}:{remark.place}" if is_book else str(remark.place)
        click.echo(f"{where}: {_said(run, remark)}")
    if len(remarks) > MOST_REMARKS:
        run.tell("import.more", number=len(remarks) - MOST_REMARKS)
    for found in others:
        click.echo(f"{found.location}: {_said(run, found)}")


def _said(run: Session, found: Remark | Finding) -> str:
    severity = run.say(f"severity.{found.severity.word}")
    text = visible(run.workspace.catalogue.say(found.message, run.language))
    return f"{severity}: {text} [{found.rule}]"


def _mark(run: Session, contents: dict[Path, bytes], remarks: Sequence[Remark]) -> None:
    """Write the remarks beside the cells, in a copy of the workbook."""
    path, content = next(iter(contents.items()))
    if path.suffix.lower() != BOOK or not remarks:
        return
    from jkgraph.exchange.marks import marked

    copy = _copy(path, f"-{run.say('sheet.faults').lower()}")
    words = [(remark, _said(run, remark)) for remark in remarks[:MOST_REMARKS]]
    replace_bytes(
        copy,
        marked(
            content,
            run.workspace.limits,
            words,
            run.say("sheet.faults"),
            run.say("sheet.faults-head"),
        ),
    )
    run.tell("import.marked", file=copy)


def _copy(path: Path, end: str) -> Path:
    """Return where the copy goes: over itself, but over no other, in which somebody may work."""
    if re.search(rf"{re.escape(end)}(-\d+)?$", path.stem):
        return path
    ends = chain([end], (f"{end}-{number}" for number in count(2)))
    copies = (path.with_name(f"{path.stem}{own}{path.suffix}") for own in ends)
    return next(copy for copy in copies if not copy.exists())


COMMANDS = (export, import_files)
