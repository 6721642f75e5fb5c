"""The command that makes a release: ``release``."""

from __future__ import annotations

import click

from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.messages import visible


@click.command(cls=Command)
@click.option("--yes", is_flag=True, cls=Option)
@session
def release(run: Session, yes: bool) -> None:
    """Look at what stands against a release, and make it."""
    from jkgraph.releasing.candidate import Candidate
    from jkgraph.releasing.making import places, write
    from jkgraph.releasing.making import release as made_from

    run.require_readable()
    candidate = Candidate(run.graph, run.kinds)
    hindrances = list(candidate.hindrances())
    for one in hindrances:
        told = run.workspace.catalogue.say(one.message, run.language)
        click.echo(visible(f"{one.place}: {told}"))
    if hindrances:
        run.tell("release.hindered", version=candidate.version)
        raise click.exceptions.Exit(1)
    made = made_from(candidate)
    folders = places(run.workspace, made)
    ids, version = len(candidate.ids), candidate.version
    run.tell("release.sum", version=version, ontology=candidate.ontology, number=ids)
    there = [folder for folder, _ in folders if folder.exists()]
    for folder in there:
        run.tell("release.same", folder=run.workspace.relative(folder))
    if len(there) == len(folders):
        return
    if yes or (run.is_interactive and run.agrees("release.sure")):
        write(run.workspace, made)
        for folder, _ in folders:
            click.echo(run.workspace.relative(folder))
        run.tell("release.next", version=version)
    else:
        run.tell("release.dry")


COMMANDS = (release,)
