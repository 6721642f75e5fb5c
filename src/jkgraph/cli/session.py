"""One run of a command: the workspace it works on, and the language it speaks."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path

import click

from jkgraph.cli.help import LANGUAGES, language_of
from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph, load
from jkgraph.kinds import Kinds, read_kinds
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

    def require_readable(self) -> None:
        """Stop when a file cannot be read: an answer without it would be wrong."""
        if self.graph.broken:
            first = self.graph.broken[0]
            raise JkgraphError("broken-files", number=len(self.graph.broken), first=first.location)


session = click.make_pass_decorator(Session)
