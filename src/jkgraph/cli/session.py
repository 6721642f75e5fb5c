"""One run of a command: the workspace it works on, and the language it speaks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from jkgraph.cli.help import language_of
from jkgraph.cli.progress import elapsed
from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph, Term
from jkgraph.messages import LANGUAGES, did_you_mean, visible
from jkgraph.warm import Kept, Part, State, find, is_worthwhile, keep, state
from jkgraph.workspace import Workspace, find_root, open_workspace

if TYPE_CHECKING:
    from jkgraph.edits import Edit
    from jkgraph.kinds import Kind, Kinds
    from jkgraph.remote.protocol import Endpoint


# Nobody waits for a graph that is being kept, where a system can go on without its parent.
BACKGROUND = hasattr(os, "fork")


class Session:
    """One run: the workspace, opened when a command needs it, and the language."""

    def __init__(self, root: str | None, language: str | None) -> None:
        self._root, self._language = root, language
        self._part: Part = "closed"
        self._state: State | None = None
        self.kept: Kept | None = None
        self.endpoint: Endpoint | None = None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace that the command works on."""
        return open_workspace(Path(self._root) if self._root else find_root(Path.cwd()))

    @cached_property
    def graph(self) -> Graph:
        """The graph of the workspace, without what follows from it."""
        if self.endpoint is None:
            # Not at the top: a kept graph is opened without reading files.
            from jkgraph.loading import load

            with elapsed(self, "load.progress"):
                return load(self.workspace)
        from jkgraph.remote.records import load_records

        return load_records(self.workspace, self.endpoint)

    def read_from(self, url: str | None) -> None:
        """Read the records from a server instead of from the files, if there is an address."""
        if url is not None:
            from jkgraph.remote import client
            from jkgraph.remote.protocol import Endpoint

            self.endpoint = Endpoint(url, client.within(self.workspace.limits))

    def warm(self, part: Part = "closed") -> Graph:
        """Return the closed graph, or only what is asserted: as it is kept, or from the files."""
        self._part, self._state = part, None if self.endpoint else state(self.workspace)
        self.kept = find(self.workspace, part, self._state) if self._state else None
        graph = self.kept.open(self.workspace) if self.kept else None
        if graph is not None:
            return graph
        self.kept = None
        self.require_readable()
        if part == "closed":
            from jkgraph.inference import infer

            with elapsed(self, "infer.progress"):
                infer(self.graph)
        return self.graph

    @property
    def is_stale(self) -> bool:
        """Whether files changed since the graph was opened."""
        now = state(self.workspace)
        return bool(now and self._state and now.files != self._state.files)

    def keep(self, *, wait: bool = False) -> None:
        """Keep the graph for the next command, when the answer to this one is out."""
        sys.stdout.flush()
        now = self._state
        if self.kept is None and now and is_worthwhile(self.graph, now):
            if wait or not BACKGROUND:
                self.kept = keep(self.graph, self._part, now)
            elif os.fork() == 0:
                try:
                    _go_to_the_background()
                    keep(self.graph, self._part, now)
                finally:
                    os._exit(0)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Delete the kept graph when it turns out to be damaged."""
        try:
            yield
        except (RuntimeError, OSError) as error:
            # A fault of the system has a number; one of the store has none.
            if self.kept is None or getattr(error, "errno", None) is not None:
                raise
            self.kept.delete()
            raise JkgraphError("kept-damaged", folder=self.kept.folder) from error

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of the workspace."""
        from jkgraph.kinds import read_kinds

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

    def tell_error(self, error: JkgraphError) -> None:
        """Say what could not be done, when the work goes on all the same."""
        told = self.workspace.catalogue.say(error.message, self.language)
        click.echo(f"jkgraph: {visible(told)}", err=True)

    def count(self, key: str, number: int) -> str:
        """Return a number of things in words."""
        return self.workspace.catalogue.plural(key, number, self.language)

    def record(self, name: str) -> ox.NamedNode:
        """Find a record by address, compact name, slug, file or label."""
        from jkgraph.lookup import find as find_record

        return find_record(self.graph, self.graph.records(), name)

    def kind(self, name: str) -> Kind:
        """Find a kind of records by its name or label."""
        found = self.kinds.find(name)
        if found is None:
            labels = (label for kind in self.kinds.records for label in kind.label.values())
            hint = did_you_mean(name, (*labels, *self.kinds.by_name))
            known = ", ".join(self.kinds.by_name)
            raise JkgraphError("no-such-kind", kind=name, known=known, hint=hint)
        return found

    def name(self, record: ox.NamedNode) -> str:
        """Name a record for a person: its label, and how to write it."""
        label = visible(self.graph.label(record, self.language))
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
        return visible(" ".join(self.workspace.choose(texts, self.language).split()))

    def value(self, term: Term) -> str:
        """Write a value for a person."""
        if isinstance(term, ox.NamedNode):
            return self.name(term)
        return visible(str(getattr(term, "value", term)))

    def write(self, edits: Sequence[Edit]) -> None:
        """Write edits, and say which files they are in and what to do next."""
        from jkgraph.edits import apply_edits

        apply_edits(edits, self.workspace)
        for edit in edits:
            click.echo(self.workspace.relative(edit.path))
        self.tell("written.next")

    def prompt(self, key: str, default: str | None = None) -> str:
        """Ask for a line of text; Ctrl-C or the end of the input ends the command."""
        shown = bool(default)
        text = click.prompt(self.say(key), default=default, show_default=shown, err=True)
        return str(text).strip()

    @property
    def is_interactive(self) -> bool:
        """Whether a person can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def width(self) -> int:
        """The width of the terminal that gets the answer; 0 when it goes elsewhere."""
        if not sys.stdout.isatty():
            return 0
        from shutil import get_terminal_size

        return get_terminal_size().columns

    def agrees(self, key: str) -> bool:
        """Ask for yes or no, in either language; nothing typed means no."""
        return self.prompt(key, self.say("prompt.no"))[:1].casefold() in {"j", "y"}

    def require_readable(self) -> None:
        """Stop when a file cannot be read: an answer without it would be wrong."""
        self.graph.require_readable()


def _go_to_the_background() -> None:
    """Let go of the terminal, and of whoever reads the answer."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)


session = click.make_pass_decorator(Session)
