"""One run of a command: the workspace it works on, and the language it speaks."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import click
import pyoxigraph as ox

from jkgraph.cli.help import LANGUAGES, language_of
from jkgraph.edits import Edit, apply_edits
from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph, Term, load
from jkgraph.iri import split
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.messages import did_you_mean
from jkgraph.workspace import Workspace, find_root, open_workspace


class Session:
    """One run: the workspace, opened when a command needs it, and the language."""

    def __init__(self, root: str | None, language: str | None) -> None:
        self._root, self._language = root, language

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace that the command works on."""
        return open_workspace(Path(self._root) if self._root else find_root(Path.cwd()))

    @cached_property
    def graph(self) -> Graph:
        """The graph of the workspace, without what follows from it."""
        return load(self.workspace)

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of the workspace."""
        return read_kinds(self.graph)

    def reload(self) -> None:
        """Forget the graph, because files were changed."""
        for name in ("graph", "kinds"):
            vars(self).pop(name, None)

    @cached_property
    def language(self) -> str:
        """The language to speak: asked for, else the reader's, if the workspace has it."""
        language = self._language or language_of(sys.argv[1:])
        return language if language in (*self.workspace.languages, *LANGUAGES) else LANGUAGES[0]

    def say(self, key: str, /, **values: object) -> str:
        """Return words of the interface."""
        return self.workspace.catalogue.word(key, self.language, **values)

    def tell(self, key: str, /, **values: object) -> None:
        """Say something to the person, beside the output of the command."""
        click.echo(self.say(key, **values), err=True)

    def count(self, key: str, number: int) -> str:
        """Return a number of things in words."""
        return self.workspace.catalogue.plural(key, number, self.language)

    def record(self, name: str) -> ox.NamedNode:
        """Find a record by address, compact name, slug, file or label."""
        records = {record.value: record for record in self.graph.records()}
        by_name: dict[str, dict[ox.NamedNode, None]] = {}
        for record in records.values():
            compact = self.graph.addresses.compact(record.value)
            names = {split(record.value)[1], compact}
            names |= {self.graph.label(record, lang) for lang in self.workspace.languages}
            names.add(self.workspace.relative(self.graph.path(record)))
            for own in names:
                by_name.setdefault(own.casefold(), {})[record] = None
        found = [records[name]] if name in records else list(by_name.get(name.casefold(), ()))
        if not found:
            raise JkgraphError("no-such-record", name=name, hint=did_you_mean(name, by_name))
        if len(found) > 1:
            known = ", ".join(self.graph.addresses.compact(r.value) for r in found)
            raise JkgraphError("several-records", name=name, known=known)
        return found[0]

    def name(self, record: ox.NamedNode) -> str:
        """Name a record for a person: its label, and how to write it."""
        label = self.graph.label(record, self.language)
        return f"{label} ({self.graph.addresses.compact(record.value)})"

    def field(self, subject: Term, predicate: ox.NamedNode) -> str:
        """Name what a statement about a record or a part of it says, as its form does."""
        types = self.graph.objects(subject, TYPE) if isinstance(subject, ox.NamedNode) else []
        kind = self.kinds.of(types)
        fields = kind.by_path().get(predicate.value, ()) if kind else ()
        names = fields[0].name if fields else {}
        return names.get(self.language) or self.graph.label(predicate, self.language)

    def word(self, texts: Mapping[str, str]) -> str:
        """Choose the text in the language of the person, else in another, on one line."""
        for language in (self.language, *self.workspace.languages, *texts):
            if language in texts:
                return " ".join(texts[language].split())
        return ""

    def value(self, term: Term) -> str:
        """Write a value for a person."""
        return (
            self.name(term) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))
        )

    def write(self, edits: Sequence[Edit]) -> None:
        """Write edits, and say which files they are in and what to do next."""
        apply_edits(edits)
        for edit in edits:
            click.echo(self.workspace.relative(edit.path))
        self.tell("written.next")

    def prompt(self, key: str, default: str | None = None) -> str:
        """Ask for a line of text; Ctrl-C or the end of the input ends the command."""
        shown = bool(default)
        text = click.prompt(self.say(key), default=default, show_default=shown, err=True)
        return str(text).strip()

    def agrees(self, key: str) -> bool:
        """Ask for yes or no, in either language; nothing typed means no."""
        return self.prompt(key, self.say("prompt.no"))[:1].casefold() in {"j", "y"}

    def require_readable(self) -> None:
        """Stop when a file cannot be read: an answer without it would be wrong."""
        if self.graph.broken:
            first = self.graph.broken[0]
            raise JkgraphError("broken-files", number=len(self.graph.broken), first=first.location)


session = click.make_pass_decorator(Session)
