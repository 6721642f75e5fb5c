"""The command ``validate``: what is wrong, where, and what to do; and doing it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import click

from jkgraph.baseline import baseline_text, compared, read_baseline
from jkgraph.checks import load_and_check, run_checks
from jkgraph.checks.shacl import ENGINES, Engine
from jkgraph.cli.chosen import chosen
from jkgraph.cli.help import Command, Option
from jkgraph.cli.limits import limited
from jkgraph.cli.progress import elapsed
from jkgraph.cli.session import Session, session
from jkgraph.edits import Edit, apply_edits
from jkgraph.errors import JkgraphError
from jkgraph.files import replace_bytes, replace_text
from jkgraph.findings import Finding, Severity
from jkgraph.fixing import safe_edits
from jkgraph.history import changed_since, forked_from
from jkgraph.loading import record_paths
from jkgraph.messages import visible
from jkgraph.reports import BINARY, FORMATS, Report, write

NEVER = "never"
LEVELS = (*(severity.word for severity in Severity), NEVER)
# A repair may bring another fault to light, such as the next one in a file that could not be read.
ROUNDS = 5
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[FILE]...")
@click.option("--fix", is_flag=True, cls=Option)
@click.option("--dry-run", is_flag=True, cls=Option)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", cls=Option)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", cls=Option)
@click.option("--fail-on", type=click.Choice(LEVELS), cls=Option)
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", cls=Option)
@click.option("--write-baseline", type=click.Path(path_type=Path), metavar="FILE", cls=Option)
@click.option("--changed", is_flag=False, flag_value="", metavar="[REVISION]", cls=Option)
@click.option("--external", is_flag=True, cls=Option)
@click.option("--shacl", "engine", type=click.Choice(ENGINES), cls=Option)
@session
def validate(
    run: Session,
    paths: tuple[str, ...],
    fix: bool,
    dry_run: bool,
    form: str,
    out: Path | None,
    fail_on: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    changed: str | None,
    external: bool,
    engine: Engine | None,
) -> None:
    """Check files, words, links, shapes and rules."""
    if form in BINARY and out is None:
        raise JkgraphError("needs-out", form=form)
    is_wanted = chosen(run, paths)
    with limited(run, "check_seconds"), elapsed(run, "check.progress"):
        run.graph, run.kinds, found = load_and_check(run.workspace, engine)
    if fix or dry_run:
        found = _fix(run, found, is_wanted, engine, dry_run=dry_run)
    if external:
        found = _with_external(run, found)
    if write_baseline:
        replace_text(write_baseline, baseline_text(run.graph.addresses, found))
        run.tell("validate.baseline", number=run.count("count.finding", len(found)))
        return
    if baseline:
        found, gone = compared(run.graph.addresses, found, read_baseline(baseline))
        if gone:
            run.tell("validate.gone", number=run.count("count.finding", gone), file=baseline)
    found = [f for f in found if is_wanted(f.location.path)]
    if changed is not None:
        found = _changed(run, found, changed)
    report = Report(run.graph, run.kinds, found, run.language, _least(run, fail_on))
    _show(run, report, form, out)
    if any(map(report.fails, found)):
        raise click.exceptions.Exit(1)


def _least(run: Session, fail_on: str | None) -> Severity | None:
    if fail_on == NEVER:
        return None
    return Severity[fail_on.upper()] if fail_on else run.workspace.check.fail_on


def _show(run: Session, report: Report, form: str, out: Path | None) -> None:
    document = write(report, form)
    if out:
        replace_bytes(out, document)
        click.echo(out)
    else:
        click.echo(document.decode(), nl=False)
    click.echo(report.summary(), err=True)
    if safe := sum(1 for f in report.findings if f.repair and f.repair.is_safe):
        run.tell("validate.fixable", number=run.count("count.finding", safe))


def _changed(run: Session, found: list[Finding], revision: str) -> list[Finding]:
    """Keep what was found in changed files, and what points to a record of one."""
    paths = changed_since(run.workspace, revision or forked_from(run.workspace))
    files = (run.workspace.root / path for path in paths)
    records = {f"<{run.graph.addresses.record(f.parent.name, f.stem)}>" for f in files}
    return [f for f in found if f.location.path in paths or f.value in records]


def _fix(
    run: Session,
    found: list[Finding],
    is_wanted: Callable[[str], bool],
    engine: Engine | None,
    *,
    dry_run: bool,
) -> list[Finding]:
    """Show what the safe repairs change and, unless it is a trial, change it."""
    relative, changed = run.workspace.relative, set[Path]()
    files = [f for f in record_paths(run.workspace) if is_wanted(relative(f))]
    for _ in range(ROUNDS):
        edits = list(safe_edits(run.graph, run.kinds, found, files))
        for edit in edits:
            _show_difference(run, edit)
        if dry_run or not edits:
            break
        apply_edits(edits, run.workspace)
        changed |= {edit.path for edit in edits}
        run.reload()
        found = run_checks(run.graph, run.kinds, engine)
        paths = {f.location.path for f in found}
        files = [file for file in files if relative(file) in paths]
    key = "validate.would-fix" if dry_run else "validate.fixed"
    number = len(edits) if dry_run else len(changed)
    run.tell(key, number=run.count("count.file", number))
    return found


def _show_difference(run: Session, edit: Edit) -> None:
    name = run.workspace.relative(edit.path)
    before, after = ((text or "").splitlines() for text in (edit.before, edit.after))
    for line in unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""):
        bare = sys.stderr.isatty() and not line.startswith(("+++", "---"))
        click.secho(visible(line), fg=COLOURS.get(line[:1]) if bare else None, err=True)


def _with_external(run: Session, found: list[Finding]) -> list[Finding]:
    from jkgraph.checks.external import check_external

    return sorted([*found, *check_external(run.graph)], key=lambda f: f.order)


COMMANDS = (validate,)
