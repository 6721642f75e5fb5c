"""The questions of ``new``: what the shape requires, one by one, with help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

import click
import pyoxigraph as ox

from jkgraph.checks.likeness import similar
from jkgraph.choices import choices, fitting, literal, part_of, usual
from jkgraph.cli.session import Session
from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Term
from jkgraph.kinds import Field, Kind
from jkgraph.scaffold import place_of

T = TypeVar("T")

# What a record gets by itself, and what only other commands write.
GIVEN = ("status", "created", "modified")
LATER = ("reviewed", "due", "change", "deprecated", "successor")
# In which a part says where something stands: always asked.
WHERE = ("pages", "section", "item")
# Of a longer list people type a part of the name; of what fits, so many are shown.
LONGEST = 40
MOST = 12


def ask_kind(run: Session) -> Kind:
    """Let a person choose a kind from a list with definitions."""
    kinds = sorted(run.kinds.records, key=lambda kind: run.word(kind.label).casefold())
    run.tell("new.kinds")
    _show(f"{run.word(kind.label)}: {run.word(kind.definition)}" for kind in kinds)
    while True:
        text = run.prompt("new.kind")
        if found := _numbered(text, kinds) or run.kinds.find(text):
            return found
        run.tell("new.no-choice", text=text)


def ask_name(run: Session, label: str) -> str:
    """Ask what the record is called; end when it turns out to be there already."""
    while not label:
        label = run.prompt("new.label")
    if tell_alike(run, similar(run.graph, label)) and not run.agrees("new.go-on"):
        run.tell("new.stopped")
        raise click.exceptions.Exit(0)
    return label


def tell_alike(run: Session, alike: Sequence[ox.NamedNode]) -> bool:
    """Name the records that a new one may be the same as; tell whether there are any."""
    if alike:
        run.tell("new.alike")
        _show(map(run.name, alike))
    return bool(alike)


def ask_slug(run: Session, kind: Kind, slug: str) -> str:
    """Ask for the last part of the address, with a suggestion."""
    while True:
        slug = run.prompt("new.slug", slug)
        try:
            return place_of(run.graph, kind, slug).stem
        except JkgraphError as error:
            click.echo(run.workspace.catalogue.say(error.message, run.language), err=True)


@dataclass
class Interview:
    """What a person said of a new record so far, and whether that is all it needs."""

    run: Session
    record: ox.NamedNode
    said: list[ox.Triple] = field(default_factory=list)
    is_complete: bool = True

    def ask(self, kind: Kind) -> None:
        """Ask for all that a kind requires, and for what it allows when that is wanted."""
        run = self.run
        run.tell("new.questions")
        unasked = {run.graph.role(name) for name in (*GIVEN, *LATER)}
        fields = [max(same, key=lambda f: f.minimum) for same in kind.by_path().values()]
        fields = [one for one in fields if one.path not in unasked]
        self._ask(self.record, [one for one in fields if one.minimum])
        if run.agrees("new.more"):
            self._ask(self.record, [one for one in fields if not one.minimum])

    def _ask(self, subject: ox.NamedNode, fields: Sequence[Field]) -> None:
        for one in fields:
            self.said += [ox.Triple(subject, one.path, value) for value in self._values(one)]

    def _values(self, one: Field) -> Iterator[Term]:
        part = part_of(self.run.kinds, one)
        if part is not None:
            yield from self._parts(one, part)
        elif one.classes or one.values:
            yield from self._links(one)
        else:
            yield from self._literals(one)

    def _explain(self, one: Field) -> None:
        duty = self.run.say("scaffold.required" if one.minimum else "scaffold.optional")
        name, text = self.run.word(one.name), self.run.word(one.description)
        click.echo(f"\n{name} ({duty})\n  {text}", err=True)

    def _literals(self, one: Field) -> Iterator[Term]:
        run = self.run
        known = [lang for lang in run.workspace.languages if lang in one.languages]
        languages = known[: max(one.minimum, 1)] or [""]
        if one.path == run.graph.role("label"):
            languages = languages[1:]
        if languages:
            self._explain(one)
        for language in languages:
            value = self._literal(one, language)
            self.is_complete &= value is not None or not one.minimum
            yield from filter(None, [value])

    def _literal(self, one: Field, language: str) -> Term | None:
        key = f"language.{language}" if language else "new.answer"
        while text := self.run.prompt(key, ""):
            if value := literal(one, text, language):
                return value
            click.echo(f"  {self.run.word(one.message)}", err=True)
        return None

    def _links(self, one: Field) -> Iterator[Term]:
        """Let a person choose by number, or by a part of the name; nothing typed ends it."""
        run = self.run
        self._explain(one)
        offered = choices(run.graph, one, run.language)
        is_closed = bool(one.values) or run.kinds.is_of_lists(one)
        shown = offered if is_closed and len(offered) <= LONGEST else []
        _show(choice.label for choice in shown)
        default = usual(run.graph, one)
        suggestion = run.graph.label(default, run.language) if default and one.minimum else ""
        chosen: list[ox.NamedNode] = []
        while one.maximum is None or len(chosen) < one.maximum:
            text = run.prompt("new.another" if chosen else "new.answer", suggestion)
            if text.casefold() in {"", run.say("prompt.no")}:
                break
            number = _numbered(text, shown)
            found = [number] if number else fitting(text, offered)
            if default and text == suggestion:
                found = [choice for choice in offered if choice.node == default]
            if len(found) == 1:
                suggestion = ""
                click.echo(f"  {run.name(found[0].node)}", err=True)
                chosen += [node for node in [found[0].node] if node not in chosen]
            else:
                shown = found[:MOST]
                run.tell("new.which" if found else "new.no-choice", text=text)
                _show(run.name(choice.node) for choice in shown)
        self.is_complete &= len(chosen) >= one.minimum
        yield from chosen

    def _parts(self, one: Field, part: Kind) -> Iterator[Term]:
        run = self.run
        self._explain(one)
        where = {run.graph.role(name) for name in WHERE}
        wanted = [f for f in part.fields if f.minimum or f.path in where]
        if not one.minimum and not run.agrees("new.part"):
            return
        for number in count(1):
            node = ox.NamedNode(f"{self.record.value}#{part.name[0]}{number}")
            before = len(self.said)
            self._ask(node, wanted)
            if len(self.said) == before:
                self.is_complete &= number > one.minimum
                return
            self.said.insert(before, ox.Triple(node, TYPE, part.iri))
            yield node
            if number == one.maximum or not run.agrees("new.next-part"):
                return


def _numbered(text: str, shown: Sequence[T]) -> T | None:
    is_number = text.isdecimal() and 0 < int(text) <= len(shown)
    return shown[int(text) - 1] if is_number else None


def _show(lines: Iterable[str]) -> None:
    for number, line in enumerate(lines, 1):
        click.echo(f"{number:>4}  {line}", err=True)
