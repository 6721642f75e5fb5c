"""The command that brings the graph to a server: ``publish``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from jkgraph.cli.help import Command, Option
from jkgraph.cli.publish import progress
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError

if TYPE_CHECKING:
    from jkgraph.remote.publishing import Difference, Publication, Target

# Where servers take changes, when they answer questions at an address that ends so.
BESIDE = {"/query": "/update"}


@click.command(cls=Command)
@click.option("--endpoint", "url", required=True, cls=Option, metavar="URL")
@click.option("--update", cls=Option, metavar="URL")
@click.option("--drafts", is_flag=True, cls=Option)
@click.option("--yes", is_flag=True, cls=Option)
@session
def publish(run: Session, url: str, update: str | None, drafts: bool, yes: bool) -> None:
    """Bring the graph to a server."""
    from jkgraph.remote.protocol import Endpoint
    from jkgraph.remote.publishing import WHOLE, Target

    target = Target(Endpoint(url), update or _beside(url))
    wanted = _wanted(run, drafts)
    told = target.told(wanted)
    differences = target.differences(wanted)
    for one in differences:
        added, removed = len(one.added), len(one.removed)
        click.echo(f"{one.graph}  +{added} -{removed} ({one.number})")
    if told == wanted.told(WHOLE) and not _number(differences):
        run.tell("publish.nothing")
        return
    if told and not any(triple.object == WHOLE for triple in told):
        run.tell("publish.unfinished")
    if not yes and not (run.is_interactive and run.agrees("publish.sure")):
        run.tell("publish.dry")
        return
    _send(run, target, wanted, differences)
    run.tell("publish.sum", number=_number(differences))


def _beside(url: str) -> str:
    ends = ((f"{url.removesuffix(end)}{other}", end) for end, other in BESIDE.items())
    return next((other for other, end in ends if url.endswith(end)), url)


def _number(differences: Sequence[Difference]) -> int:
    return sum(len(one.added) + len(one.removed) for one in differences)


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


def _send(
    run: Session, target: Target, wanted: Publication, differences: Sequence[Difference]
) -> None:
    number, sent = _number(differences), None
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


COMMANDS = (publish,)
