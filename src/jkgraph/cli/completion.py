"""What the shell may complete: names of saved queries, and values of their parameters."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pyoxigraph as ox
from click.shell_completion import CompletionItem

from jkgraph.cli.help import Command
from jkgraph.cli.session import Session
from jkgraph.errors import JkgraphError


def query_names(ctx: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
    """Complete the name of a saved query; a path is left to the shell."""
    try:
        found = sorted(path.stem for path in _session(ctx).workspace.queries.glob("*.rq"))
    except JkgraphError:
        found = []
    names = [CompletionItem(name) for name in found if name.startswith(start)]
    return [*names, CompletionItem(start, type="file")]


def parameters(ctx: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
    """Complete a parameter as NAME=VALUE."""
    name, equals, value = start.partition("=")
    if equals:
        return list(_values(ctx, name, value, f"{name}="))
    return [CompletionItem(f"{n}=") for n in _parameters(ctx) if n.startswith(name)]


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


def _parameters(ctx: click.Context) -> dict[str, Iterator[tuple[str, str]]]:
    """Return for each parameter of the query its possible values, with their names."""
    from jkgraph.queries import saved_query

    run = _session(ctx)
    # Where the value of an option is missing still, the name is not read as one.
    name = ctx.params["name"] or next(iter(ctx.args), "")
    try:
        graph = run.warm()
        query = saved_query(graph, name)
    except JkgraphError:
        return {}

    def values(kind: ox.NamedNode) -> Iterator[tuple[str, str]]:
        for node in graph.instances([kind]):
            yield graph.addresses.compact(node.value), graph.label(node, run.language)

    return {p.name: values(p.type) for p in query.parameters}


def _values(ctx: click.Context, name: str, start: str, before: str) -> Iterator[CompletionItem]:
    for compact, label in _parameters(ctx).get(name, ()):
        slug = compact.rpartition(":")[2]
        if slug.startswith(start):
            yield CompletionItem(f"{before}{slug}", help=label)
