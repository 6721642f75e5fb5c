"""What the shell may complete: names of saved queries, and values of their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from jkgraph.cli.help import Command
from jkgraph.cli.session import Session
from jkgraph.errors import JkgraphError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from jkgraph.suggestions import Suggestion


def query_names(ctx: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
    """Complete the name of a saved query; a path is left to the shell."""
    try:
        found = sorted(path.stem for path in _session(ctx).workspace.queries.glob("*.rq"))
    except JkgraphError:
        found = []
    names = [_item(name) for name in found if name.startswith(start)]
    return [*names, _item(start, type="file")]


def parameters(ctx: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
    """Complete a parameter as NAME=VALUE."""
    name, equals, value = start.partition("=")
    if equals:
        return list(_values(ctx, name, value, f"{name}="))
    return [_item(found.text) for found in _suggested(ctx, name)]


class QueryCommand(Command):
    """The command that asks; some shells break NAME=VALUE in three words."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the value behind the equals sign."""
        given = ctx.params["given"]
        if given and "=" not in given[-1] and ctx.args in ([], ["="]):
            return list(_values(ctx, given[-1], incomplete, ""))
        return super().shell_complete(ctx, incomplete)


def _session(ctx: click.Context) -> Session:
    root = ctx.find_root().params
    return Session(root.get("root"), root.get("lang"))


def _suggested(ctx: click.Context, typed: str) -> Iterator[Suggestion]:
    """Suggest a parameter of the query, or a value of it."""
    from jkgraph.queries import saved_query
    from jkgraph.suggestions import Suggester

    run = _session(ctx)
    # Where the value of an option is missing still, the name is not read as one.
    name = ctx.params["name"] or next(iter(ctx.args), "")
    with suppress(JkgraphError):
        graph = run.warm()
        yield from Suggester(graph, run.language).parameters(saved_query(graph, name), typed)


def _values(ctx: click.Context, name: str, start: str, before: str) -> Iterator[CompletionItem]:
    for found in _suggested(ctx, f"{name}={start}"):
        if found.text.startswith(start):
            yield _item(f"{before}{found.text}", help=found.told)


def _item(value: str, **more: str) -> CompletionItem:
    # Not at the top: the shell asks seldom, and every command would load it.
    from click.shell_completion import CompletionItem

    return CompletionItem(value, **more)
