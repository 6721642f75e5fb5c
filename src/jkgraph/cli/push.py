"""The command that brings the graph to a server: ``publish``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from jkgraph.cli.help import Command, Option
from jkgraph.cli.progress import progress
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError

if TYPE_CHECKING:
    from jkgraph.remote.publishing import Publication


@click.command(cls=Command)
@click.option("--endpoint", "url", required=True, cls=Option, metavar="URL")
@click.option("--update", cls=Option, metavar="URL")
@click.option("--drafts", is_flag=True, cls=Option)
@click.option("--yes", is_flag=True, cls=Option)
@session
def publish(run: Session, url: str, update: str | None, drafts: bool, yes: bool) -> None:
    """Bring the graph to a server."""
    from jkgraph.remote import client
    from jkgraph.remote.protocol import Endpoint
    from jkgraph.remote.publishing import WHOLE, Target

    endpoint = Endpoint(url, client.within(run.workspace.limits))
    target = Target(endpoint, update or _beside(url))
    wanted = _wanted(run, drafts)
    told = target.told(wanted)
    differences = target.differences(wanted)
    number = sum(one.size for one in differences)
    for one in differences:
        added, removed = len(one.added), len(one.removed)
        click.echo(f"{one.graph}  +{added} -{removed} ({one.number})")
    if told == wanted.told(WHOLE) and not number:
        run.tell("publish.nothing")
        return
    if told and not any(triple.object == WHOLE for triple in told):
        run.tell("publish.unfinished")
    if not yes and not (run.is_interactive and run.agrees("publish.sure")):
        run.tell("publish.dry")
        return
    sent = None
    try:
        with progress(run, "publish.progress") as show:
            for sent in target.publish(wanted, differences):
                if show and number:
                    show(sent, number)
    except JkgraphError as error:
        key = "publish-refused" if sent is None else "publish-stopped"
        raise JkgraphError(key, sent=sent, number=number, reason=error.message) from error
    except KeyboardInterrupt:
        run.tell("publish.interrupted", sent=sent or 0, number=number)
        raise
    run.tell("publish.sum", number=number)


def _beside(url: str) -> str:
    """Return where a server takes changes, by where it answers questions."""
    return f"{url.removesuffix('query')}update" if url.endswith("/query") else url


def _wanted(run: Session, drafts: bool) -> Publication:
    from jkgraph.inference import infer
    from jkgraph.remote.publishing import publication
    from jkgraph.site.contents import published_only

    run.require_readable()
    if not run.graph.records():
        raise JkgraphError("nothing-to-build", folder=run.workspace.data)
    graph = run.graph if drafts else published_only(run.graph)
    infer(graph)
    return publication(graph)


COMMANDS = (publish,)
