"""What is to be released, and what stands against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph import __version__
from jkgraph.checks import fails, run_checks
from jkgraph.errors import JkgraphError, unreadable
from jkgraph.folders import beside
from jkgraph.graph import OWL, Graph
from jkgraph.history import changed_since
from jkgraph.iri import whole
from jkgraph.kinds import Kinds
from jkgraph.messages import Message
from jkgraph.releasing.earlier import IDS, frozen, ids_of, kept, number, releases
from jkgraph.releasing.notes import DATA, ONTOLOGY, SOFTWARE, Notes, notes_of
from jkgraph.settings import VERSION
from jkgraph.site.contents import is_unpublished, published_only
from jkgraph.workspace import FILE

VERSION_INFO = ox.NamedNode(f"{OWL}versionInfo")
VERSION_IRI = ox.NamedNode(f"{OWL}versionIRI")


class Hindrance(NamedTuple):
    """What stands against a release: where, and what to do about it."""

    place: str
    message: Message


class Candidate:
    """A workspace that is to be released, as it was read and before anything was inferred.

    Afterwards its graph holds what is published only. Raises JkgraphError when the workspace
    says no version of its data or its ontology.
    """

    def __init__(self, graph: Graph, kinds: Kinds) -> None:
        self.kinds, self.workspace = kinds, graph.workspace
        self._graph = graph
        self._node = ox.NamedNode(graph.addresses.terms.removesuffix("#"))
        self.version = graph.workspace.general.version
        self.ontology = self._said(VERSION_INFO)
        if not self.version:
            raise JkgraphError("no-version", file=FILE)
        # It becomes part of the name of a file.
        if not re.fullmatch(VERSION, self.ontology):
            raise JkgraphError("no-ontology-version", iri=self._node.value)
        self.terms = graph.files(graph.workspace.ontology, deep=False)
        self._failing = [f for f in run_checks(graph, kinds) if fails(graph, [f])]
        self.drafts = {
            path
            for record, path in graph.record_files.items()
            if is_unpublished(graph, ox.NamedNode(record))
        }
        self.graph = published_only(graph)
        self.ids = self._ids()

    def _said(self, predicate: ox.NamedNode) -> str:
        values = self._graph.objects(self._node, predicate)
        return values[0].value if values and not isinstance(values[0], ox.Triple) else ""

    def _ids(self) -> tuple[str, ...]:
        """Return what is published: the addresses of records, lists, their values, and terms."""
        own, store = self.graph.addresses, self.graph.store
        said = {q.subject.value for q in store if isinstance(q.subject, ox.NamedNode)}
        records = {whole(iri) for iri in said if iri.startswith(own.records)}
        return tuple(sorted(records | {iri for iri in said if iri.startswith(own.terms)}))

    @property
    def own(self) -> str:
        """The path below which the repository keeps what there is to tell of the release."""
        return f"{self.workspace.relative(self.workspace.releases / self.version)}/"

    @cached_property
    def notes(self) -> Notes | None:
        """What the changelog says of it."""
        path = self.workspace.changelog
        try:
            return notes_of(path.read_text("utf-8"), self.version)
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(path, error) from error

    def hindrances(self) -> Iterator[Hindrance]:
        """Yield what stands against the release."""
        changed = changed_since(self.workspace, "HEAD")
        # What was made of this release before, be it half, is written anew.
        half = self.workspace.relative(beside(self.workspace.releases / self.version))
        if others := [path for path in changed if not path.startswith((self.own, half))]:
            yield _hindrance(min(others), "release.not-committed", number=len(others))
        if self._failing:
            yield _hindrance(str(self._failing[0].location), "release.not-valid")
        yield from self._about_versions()
        yield from self._about_notes()
        yield from self._about_ids()

    def _about_versions(self) -> Iterator[Hindrance]:
        made = releases(self.workspace)
        newest = max(made, key=number, default=self.version)
        if self.version not in made and number(self.version) < number(newest):
            yield _hindrance(FILE, "release.version-older", version=self.version, newest=newest)
        address = f"{self._node.value}/{self.ontology}"
        if self._said(VERSION_IRI) not in {"", address}:
            yield _hindrance(self.terms[0], "release.version-address", address=address)
        path = frozen(self.workspace).get(self.ontology)
        if path and kept(path) != b"\n".join(self._graph.sources[p] for p in self.terms):
            values = {"version": self.ontology, "release": path.parent.name}
            yield _hindrance(self.terms[0], "release.ontology-changed", **values)

    def _about_notes(self) -> Iterator[Hindrance]:
        name, notes = self.workspace.relative(self.workspace.changelog), self.notes
        if notes is None:
            yield _hindrance(name, "release.no-notes", version=self.version)
            return
        place = f"{name}:{notes.line}"
        if not notes.day:
            yield _hindrance(place, "release.no-day", version=self.version)
        parts = {SOFTWARE: __version__, ONTOLOGY: self.ontology, DATA: self.version}
        for heading in notes.missing(parts.items()):
            yield _hindrance(place, "release.no-part", heading=heading)

    def _about_ids(self) -> Iterator[Hindrance]:
        earlier = [v for v in releases(self.workspace) if number(v) < number(self.version)]
        if not earlier:
            return
        folder, published = self.workspace.releases / earlier[-1], {*self.ids}
        for line, iri in enumerate(ids_of(folder), 1):
            if iri not in published:
                place = f"{self.workspace.relative(folder / IDS)}:{line}"
                yield _hindrance(place, "release.id-gone", iri=iri, release=earlier[-1])


def _hindrance(place: str, key: str, **values: object) -> Hindrance:
    return Hindrance(place, Message(key, values))
