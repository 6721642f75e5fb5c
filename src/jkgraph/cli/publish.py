"""Commands that publish: ``build`` and ``docs``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from jkgraph.cli.help import Command, Option, endpoint_option
from jkgraph.cli.progress import progress
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text
from jkgraph.settings import ADDRESS, SUB_PATH, Site


@click.command(cls=Command)
@click.option("--out", type=click.Path(path_type=Path), cls=Option, metavar="FOLDER")
@click.option("--drafts", is_flag=True, cls=Option)
@click.option("--verify", is_flag=True, cls=Option)
@click.option("--base-url", cls=Option, metavar="URL")
@click.option("--sub-path", cls=Option, metavar="PATH")
@click.option("--no-search", is_flag=True, cls=Option)
@endpoint_option
@session
def build(
    run: Session,
    out: Path | None,
    drafts: bool,
    verify: bool,
    base_url: str | None,
    sub_path: str | None,
    no_search: bool,
    endpoint: str | None,
) -> None:
    """Build the site."""
    run.read_from(endpoint)
    target = (out or run.workspace.build).resolve()
    site = run.workspace.site
    if sub_path is not None:
        site = site._replace(address="", sub_path=_sub_path(sub_path))
    if base_url is not None:
        site = site._replace(address=_address(base_url))
    build_in(run, target, site, drafts, search=not no_search)
    if not site.address:
        run.tell("build.no-address")
    if verify:
        _verify(run, target, site)


def _address(text: str) -> str:
    address = f"{text.rstrip('/')}/"
    if not re.fullmatch(ADDRESS, address):
        raise JkgraphError("wrong-option", option="--base-url", value=text, wanted="https://…/")
    return address


def _sub_path(text: str) -> str:
    path = f"/{text.strip('/')}/".replace("//", "/")
    if not re.fullmatch(SUB_PATH, path):
        raise JkgraphError("wrong-option", option="--sub-path", value=text, wanted="/…/")
    return path


def build_in(run: Session, target: Path, site: Site, drafts: bool, *, search: bool = True) -> None:
    """Build the site in a folder, and tell what was made."""
    from jkgraph.site import build_site

    graph = replace(run.graph, workspace=replace(run.workspace, site=site))
    with progress(run, "build.progress") as show:
        made = build_site(graph, run.kinds, target, drafts=drafts, search=search, progress=show)
    pages, files = run.count("count.page", made.pages), run.count("count.file", made.files)
    run.tell("build.sum", pages=pages, files=files, folder=made.folder)
    if search and not made.searchable:
        run.tell("build.no-search")
    if made.changes.is_part:
        run.tell("build.shallow")
    elif not made.changes.told_by_git:
        run.tell("build.no-history")


def _verify(run: Session, folder: Path, site: Site) -> None:
    from jkgraph.site.verify import broken_links

    broken = list(broken_links(folder, site.path))
    for link in broken:
        click.echo(f"{link.page}: {run.say('build.broken', href=link.href)}")
    if broken:
        raise click.exceptions.Exit(1)
    run.tell("build.verified")


@click.command(cls=Command)
@click.option("--check", "only_check", is_flag=True, cls=Option)
@session
def docs(run: Session, only_check: bool) -> None:
    """Write the reference pages, and the answers in documents."""
    stale = False
    for path, text in _documents(run):
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale = True
        if only_check:
            click.echo(f"{run.workspace.relative(path)}:1:1: {run.say('docs.stale')}")
        else:
            replace_text(path, text)
            click.echo(run.workspace.relative(path))
    if only_check and stale:
        raise click.exceptions.Exit(1)


def _documents(run: Session) -> Iterator[tuple[Path, str]]:
    from jkgraph.excerpts import documents_with_answers
    from jkgraph.inference import infer
    from jkgraph.picture import picture
    from jkgraph.record_form import record_form
    from jkgraph.reference import reference
    from jkgraph.snippets import snippets

    group = click.get_current_context().find_root().command
    for name, text in reference(run.graph, run.kinds, group):
        yield run.workspace.reference / name, text
    yield run.workspace.snippets, snippets(run.graph, run.kinds)
    yield run.workspace.record_form, record_form(run.graph, run.kinds)
    layout, drawn = run.workspace.picture
    if layout.is_file():
        yield drawn, picture(run.graph, run.kinds, layout)
    infer(run.graph)
    yield from documents_with_answers(run.graph)


COMMANDS = (build, docs)
