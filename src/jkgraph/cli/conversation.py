"""What can be said in the shell, and what it answers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import click

from jkgraph.answers import FORMATS
from jkgraph.asking import prepared
from jkgraph.cli.apart import COULD_NOT, apart
from jkgraph.cli.limits import limited
from jkgraph.cli.query import answer, form_of, pairs, tell_notes
from jkgraph.cli.session import Session
from jkgraph.cli.why import explain
from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.loading import with_shapes
from jkgraph.lookup import find, folded
from jkgraph.messages import LANGUAGES, did_you_mean
from jkgraph.portrait import portrait
from jkgraph.queries import Query, parse_query, saved_queries, saved_query, solutions
from jkgraph.searching import nothing_found, search
from jkgraph.suggestions import Suggester
from jkgraph.warm import Part

Number = TypeVar("Number", int, float)
# What a place in a query that was typed here begins with.
TYPED = "sparql"
ON_SCREEN = tuple(form for form in FORMATS if form != "xlsx")
# How many records a search shows.
MOST = 20
OFF = "off"
# A statement is a subject, a property and a value.
TERMS = 3


class Conversation:
    """The graph that is asked, and how its answers look."""

    def __init__(
        self, run: Session, part: Part, form: str, limit: int | None, timeout: float | None
    ) -> None:
        self.run, self.form, self.limit, self.timeout = run, form, limit, timeout
        self._part = part
        self._last: Query | None = None
        self._open()

    def _open(self) -> None:
        self.graph: Graph = self.run.warm(self._part)
        self.run.keep()
        for made in ("suggester", "_kinds", "_with_shapes"):
            vars(self).pop(made, None)

    @cached_property
    def suggester(self) -> Suggester:
        """What suggests how a text goes on."""
        return Suggester(self.graph, self.run.language)

    @cached_property
    def _with_shapes(self) -> Graph:
        return with_shapes(self.graph)

    @cached_property
    def _kinds(self) -> Kinds:
        return read_kinds(self._with_shapes)

    def do(self, text: str) -> int:
        """Answer a query or do a command, and return its exit code; EOFError means: leave."""
        try:
            with self.run.asking():
                self._refresh()
                name, _, rest = text.partition(" ")
                if name.startswith(".") or text in {"help", "quit", "exit"}:
                    return self._command(f".{name.lstrip('.')}")(self, rest.strip()) or 0
                return self.ask(parse_query(self.graph, TYPED, text), {})
        except JkgraphError as error:
            self.run.tell_error(error)
            return COULD_NOT

    def _refresh(self) -> None:
        """Read the graph again when files changed."""
        if self.run.is_stale:
            self.run.reload()
            self._open()
            self.run.tell("shell.changed")

    def _command(self, name: str) -> Command:
        if name not in COMMANDS:
            raise JkgraphError("shell-command", name=name, hint=did_you_mean(name, COMMANDS))
        return COMMANDS[name]

    def ask(self, query: Query, given: Mapping[str, str], out: Path | None = None) -> int:
        """Answer a query on the screen or in a file, and return the exit code."""
        asked = prepared(self.graph, query, given)
        tell_notes(self.run, self.graph, asked)
        self._last = asked
        form = form_of(None, out, ".save") if out else self.form
        return apart(self.run, lambda: self._answer(asked, form, out))

    def _answer(self, asked: Query, form: str, out: Path | None) -> None:
        start, run, limit = perf_counter(), self.run, None if out else self.limit
        # A store that is open on disk is not to be used by a copy of the program that opened it.
        graph = (run.kept and run.kept.open(run.workspace)) or self.graph
        with limited(run, "query_seconds", self.timeout, ".timeout SECONDS"), run.asking():
            found = solutions(graph, asked.text, asked.name)
            number = answer(run, graph, asked, found, form, out, limit)
        sys.stdout.flush()
        if out:
            click.echo(str(out))
        elif number is not None and run.width:
            key = "shell.first" if number == limit else "shell.rows"
            rows, seconds = run.count("count.row", number), f"{perf_counter() - start:.2f}"
            run.tell(key, rows=rows, seconds=seconds)

    def help(self, _: str) -> None:
        """Tell what can be typed."""
        click.echo(self.run.say("shell.help"))

    def show(self, name: str) -> None:
        """Show a record with what follows from it."""
        record = find(self.graph, self.graph.records(), name)
        click.echo(portrait(self._with_shapes, self._kinds, record, self.run.language))

    def search(self, words: str) -> None:
        """Show the records that hold all words."""
        graph = self.graph
        found = search(graph, words, self.run.language)
        if not found:
            raise nothing_found(graph, words)
        for record in found[:MOST]:
            name, label = (
                graph.addresses.compact(record.value),
                graph.label(record, self.run.language),
            )
            kind = self._kinds.of(graph.objects(record, TYPE))
            click.echo(f"{name}  {label} ({self.run.word(kind.label) if kind else ''})")
        if len(found) > MOST:
            self.run.tell("shell.more", number=len(found) - MOST)

    def titles(self) -> dict[str, str]:
        """Return the titles of the saved queries by name."""
        saved = {name: saved_query(self.graph, name) for name in saved_queries(self.graph)}
        return {name: self.run.word(q.texts.get("Title", {})) for name, q in saved.items()}

    def queries(self, words: str) -> None:
        """Show the saved queries with some words in their name or title."""
        wanted = folded(words).split()
        found = [
            (name, title)
            for name, title in self.titles().items()
            if all(word in folded(f"{name} {title}") for word in wanted)
        ]
        longest = max((len(name) for name, _ in found), default=0)
        for name, title in found:
            click.echo(f"{name:<{longest}}  {title}")
        self.run.tell("shell.run-one" if found else "shell.no-query")

    def run_saved(self, text: str) -> int:
        """Ask a saved query, with values for its parameters."""
        name, *given = _words(text) or [""]
        return self.ask(saved_query(self.graph, name), pairs(given))

    def why(self, text: str) -> None:
        """Tell why something holds: of a record, by a property, with a value."""
        names = _words(text)
        explain(self.run, self.graph, *(names if 1 <= len(names) <= TERMS else [text]))

    def save(self, file: str) -> int:
        """Write the whole answer to the last query to a file."""
        if self._last is None:
            raise JkgraphError("shell-no-last")
        return self.ask(self._last, {}, Path(file or "."))

    def set_form(self, form: str) -> None:
        """Choose how answers are written."""
        self.form = self._chosen(".format", form, ON_SCREEN, self.form)

    def set_language(self, language: str) -> None:
        """Choose the language of names and messages."""
        self.run.language = self._chosen(".lang", language, LANGUAGES, self.run.language)
        vars(self).pop("suggester", None)

    def set_limit(self, text: str) -> None:
        """Choose how many rows are shown."""
        self.limit = self._number(".limit", text, self.limit, int)

    def set_timeout(self, text: str) -> None:
        """Choose after how many seconds a query is stopped."""
        self.timeout = self._number(".timeout", text, self.timeout, float)

    def leave(self, _: str) -> None:
        """End the conversation."""
        raise EOFError

    def _chosen(self, name: str, text: str, known: Collection[str], now: str) -> str:
        """Read one of some words; without a word, tell what is chosen now."""
        if not text:
            click.echo(now)
        elif text not in known:
            raise JkgraphError("wrong-option", option=name, value=text, wanted=", ".join(known))
        return text or now

    def _number(
        self, name: str, text: str, now: Number | None, read: Callable[[str], Number]
    ) -> Number | None:
        """Read a number above nought, or that there is none; without a text, tell what it is."""
        if not text:
            click.echo(OFF if now is None else now)
            return now
        if text == OFF:
            return None
        with suppress(ValueError):
            number = read(text)
            if number > 0:
                return number
        raise JkgraphError("wrong-option", option=name, value=text, wanted=f"100, {OFF}")


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise JkgraphError("shell-quote", text=text) from error


Command = Callable[[Conversation, str], int | None]
COMMANDS: Mapping[str, Command] = {
    ".help": Conversation.help,
    ".queries": Conversation.queries,
    ".run": Conversation.run_saved,
    ".show": Conversation.show,
    ".why": Conversation.why,
    ".search": Conversation.search,
    ".save": Conversation.save,
    ".format": Conversation.set_form,
    ".limit": Conversation.set_limit,
    ".timeout": Conversation.set_timeout,
    ".lang": Conversation.set_language,
    ".quit": Conversation.leave,
    ".exit": Conversation.leave,
}
