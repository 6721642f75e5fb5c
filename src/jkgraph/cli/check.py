"""Commands that check what people wrote: ``validate`` and ``format``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from jkgraph.checks import fails, run_checks
from jkgraph.checks.shacl import ENGINES, Engine
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError, unreadable
from jkgraph.files import replace_text
from jkgraph.findings import Finding, Severity
from jkgraph.layout import Layout
from jkgraph.turtle import CommentsWouldBeLost, TurtleSyntaxError


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[FILE]...")
@click.option("--shacl", "engine", type=click.Choice(ENGINES), cls=Option)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", cls=Option)
@session
def validate(run: Session, paths: tuple[str, ...], engine: Engine | None, form: str) -> None:
    """Check files, words, links, shapes and rules."""
    wanted = {_relative(run, path) for path in paths}
    found = [
        f
        for f in run_checks(run.graph, run.kinds, engine)
        if not wanted or _is_within(f.location.path, wanted)
    ]
    click.echo(_json(run, found) if form == "json" else _text(run, found), nl=bool(found))
    run.tell("validate.sum", **_sum(run, found))
    if fails(run.graph, found):
        raise click.exceptions.Exit(1)


def _relative(run: Session, name: str) -> str:
    path = Path(name).resolve()
    if not path.exists():
        raise unreadable(name, FileNotFoundError())
    if not path.is_relative_to(run.workspace.root):
        raise JkgraphError("outside-workspace", file=name, root=run.workspace.root)
    return run.workspace.relative(path)


def _is_within(path: str, wanted: set[str]) -> bool:
    return any(name in {path, "."} or path.startswith(f"{name}/") for name in wanted)


def _text(run: Session, found: list[Finding]) -> str:
    words = run.workspace.catalogue
    return "\n".join(
        f"{f.location}: {run.say(f'severity.{f.severity.word}')}: "
        f"{words.say(f.message, run.language)} [{f.rule}]"
        for f in found
    )


def _json(run: Session, found: list[Finding]) -> str:
    words = run.workspace.catalogue
    return json.dumps(
        [
            {
                "path": f.location.path,
                "line": f.location.line,
                "column": f.location.column,
                "severity": f.severity.word,
                "rule": f.rule,
                "record": f.record,
                "message": {lang: words.say(f.message, lang) for lang in words.languages},
            }
            for f in found
        ],
        ensure_ascii=False,
        indent=2,
    )


def _sum(run: Session, found: list[Finding]) -> dict[str, str]:
    number = Counter(f.severity for f in found)
    counts = {s.word: run.count(f"count.{s.word}", number[s]) for s in Severity}
    return {"records": run.count("count.record", len(run.graph.records())), **counts}


@click.command("format", cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[FILE]...")
@click.option("--check", "only_check", is_flag=True, cls=Option)
@session
def format_files(run: Session, paths: tuple[str, ...], only_check: bool) -> None:
    """Write record files in the canonical form."""
    wanted = {_relative(run, path) for path in paths}
    changed = refused = 0
    for path in sorted(run.workspace.data.rglob("*.ttl")):
        if wanted and not _is_within(run.workspace.relative(path), wanted):
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


COMMANDS = (validate, format_files)
