"""The command to talk with the graph: ``shell``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

import click

from jkgraph.cli.conversation import ON_SCREEN, Conversation
from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.sparql import is_whole
from jkgraph.warm import Part

BEGIN = re.compile(r"\s*(?:SELECT|ASK|CONSTRUCT|DESCRIBE|PREFIX|BASE)\b|\.\w", re.IGNORECASE)
# What a person can look over; programs get everything.
SCREENFUL = 100


@click.command("shell", cls=Command)
@click.option("--asserted/--inferred", default=False, cls=Option)
@click.option("-f", "--format", "form", type=click.Choice(ON_SCREEN), default="table", cls=Option)
@click.option("--limit", type=click.IntRange(1), cls=Option, metavar="N")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), cls=Option, metavar="SECONDS")
@session
def shell(
    run: Session, asserted: bool, form: str, limit: int | None, timeout: float | None
) -> None:
    """Talk with the graph."""
    part: Part = "asserted" if asserted else "closed"
    if is_person():
        require_prompts()
        converse(Conversation(run, part, form, limit or SCREENFUL, timeout))
    else:
        talk = Conversation(run, part, form, limit, timeout)
        sys.exit(max(answers(talk, statements(sys.stdin)), default=0))


def is_person() -> bool:
    """Tell whether somebody sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def require_prompts() -> None:
    """Refuse a person without the package that prompts."""
    try:
        import prompt_toolkit  # noqa: F401  (it is only looked for)
    except ImportError as error:
        raise JkgraphError("no-extra", extra="shell") from error


def converse(talk: Conversation) -> None:
    """Talk with a person on a terminal until that person leaves."""
    from jkgraph.cli.prompt import typed

    title = talk.run.word(talk.run.workspace.site.title)
    records = talk.run.count("count.record", len(talk.graph.records()))
    talk.run.tell("shell.greeting", title=title, records=records)
    for _ in answers(talk, typed(talk)):
        pass


def answers(talk: Conversation, said: Iterable[str]) -> Iterator[int]:
    """Do one thing after another, and yield the exit code of each."""
    for text in said:
        try:
            yield talk.do(text)
        except EOFError:
            return


def statements(lines: Iterable[str]) -> Iterator[str]:
    """Split a text into commands and queries.

    A command is a line. A query ends where it is whole, and an empty line, a command or
    another query follows.
    """
    query = ""
    for line in lines:
        if is_whole(query) and (not line.strip() or BEGIN.match(line)):
            yield query.strip()
            query = ""
        if not query.strip() and re.match(r"\.\w", line):
            yield line.strip()
        else:
            query += line
    if query.strip():
        yield query.strip()


COMMANDS = (shell,)
