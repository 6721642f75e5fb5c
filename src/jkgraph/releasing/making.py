"""What a release holds, and writing it down."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from jkgraph.errors import JkgraphError
from jkgraph.folders import new_folder
from jkgraph.inference import infer
from jkgraph.releasing.bom import bill
from jkgraph.releasing.candidate import Candidate
from jkgraph.releasing.earlier import IDS, SUMS, differing, frozen_name
from jkgraph.releasing.source import archive
from jkgraph.site.bundle import Files, joined
from jkgraph.site.dumps import whole
from jkgraph.site.exports import in_syntaxes
from jkgraph.site.plan import make_plan
from jkgraph.site.tables import Tables
from jkgraph.workspace import Workspace


class Release(NamedTuple):
    """What a release holds, by the paths of its files; and what the repository keeps of it."""

    version: str
    files: Mapping[str, bytes]
    kept: Mapping[str, bytes]


def release(candidate: Candidate) -> Release:
    """Return what a release holds; the same files of the workspace give the same bytes."""
    files = {name: joined(content) for name, content in _files(candidate)}
    sums = ((name, hashlib.sha256(files[name]).hexdigest()) for name in sorted(files))
    files[SUMS] = "".join(f"{total}  {name}\n" for name, total in sums).encode()
    kept = (IDS, SUMS, frozen_name(candidate.ontology))
    return Release(candidate.version, files, {name: files[name] for name in kept})


def _files(of: Candidate) -> Files:
    infer(of.graph)
    plan = make_plan(of.graph, of.kinds)
    yield from whole(plan, Tables(plan))
    for name, paths in (
        (frozen_name(of.ontology).removesuffix(".ttl"), of.terms),
        ("shape", of.graph.files(of.workspace.shapes)),
    ):
        yield from in_syntaxes(plan, name, [of.graph.sources[path] for path in paths])
    yield (
        "workspace.tar.gz",
        archive(
            of.workspace, of.version, lambda name: name in of.drafts or name.startswith(of.own)
        ),
    )
    if of.notes:
        yield "notes.md", of.notes.text.encode()
        yield "sbom.cdx.json", bill(of.workspace, of.version, of.ontology, of.notes.day)
    yield IDS, "".join(f"{iri}\n" for iri in of.ids).encode()


def write(workspace: Workspace, release: Release) -> None:
    """Write a release, and what the repository keeps of it; what is there stays.

    Raises JkgraphError when anything else is there under its version.
    """
    for folder, files in places(workspace, release):
        if not folder.exists():
            with new_folder(folder) as new:
                for name, content in files.items():
                    (new / name).parent.mkdir(parents=True, exist_ok=True)
                    (new / name).write_bytes(content)


def places(workspace: Workspace, release: Release) -> list[tuple[Path, Mapping[str, bytes]]]:
    """Return the folders of a release with their files, after seeing that nothing else is there.

    Raises JkgraphError when there is.
    """
    found = [
        (workspace.made / release.version, release.files),
        (workspace.releases / release.version, release.kept),
    ]
    for folder, files in found:
        if folder.exists() and (names := differing(folder, files)):
            listed = ", ".join(names)
            raise JkgraphError("other-release", folder=workspace.relative(folder), files=listed)
    return found
