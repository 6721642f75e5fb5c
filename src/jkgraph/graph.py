"""The graph in memory: one store, one named graph per file, so every triple knows its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.iri import Addresses, split
from jkgraph.messages import did_you_mean
from jkgraph.workspace import Workspace

if TYPE_CHECKING:
    from jkgraph.findings import Finding
    from jkgraph.turtle import Document

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

FILE_GRAPH = "file:///"
INFERRED = ox.NamedNode("urn:jkgraph:inferred")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = ox.NamedNode(f"{RDF}type")
SUBCLASS = ox.NamedNode(f"{RDFS}subClassOf")
FIRST = ox.NamedNode(f"{RDF}first")
REST = ox.NamedNode(f"{RDF}rest")
NIL = ox.NamedNode(f"{RDF}nil")
CLASS = ox.NamedNode(f"{OWL}Class")
TRUE = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
SCHEME = ox.NamedNode(f"{SKOS}ConceptScheme")


@dataclass(frozen=True)
class Graph:
    """What a workspace says: its triples by file, its shapes, and the files that say nothing.

    ``store`` holds ontology and records, one named graph a file, and, when it was asked
    for, what follows from them in the graph INFERRED. ``shapes`` holds the shapes.
    ``broken`` are the findings about files that could not be read. ``sources`` holds the text
    of each file that could, by its path from the root.
    """

    workspace: Workspace
    addresses: Addresses
    store: ox.Store
    shapes: ox.Store
    broken: tuple[Finding, ...] = ()
    sources: dict[str, bytes] = field(default_factory=dict, repr=False)
    _terms: dict[str, ox.NamedNode] = field(init=False, default_factory=dict, repr=False)

    def role(self, name: str) -> ox.NamedNode | None:
        """Return the term that does a job in this workspace; None when none does."""
        value = getattr(self.workspace.roles, name)
        return self.term(value) if value else None

    def required_role(self, name: str) -> ox.NamedNode:
        """Return the term that does a job; that none does is an error."""
        found = self.role(name)
        if found is None:
            raise JkgraphError("no-role", role=name)
        return found

    def roles(self, name: str) -> tuple[ox.NamedNode, ...]:
        """Return the terms that do a job in this workspace, in order."""
        return tuple(self.term(value) for value in getattr(self.workspace.roles, name))

    def term(self, name: str) -> ox.NamedNode:
        """Read the compact name of a term, each once; an unknown prefix is an error."""
        if name not in self._terms:
            self._terms[name] = self._term(name)
        return self._terms[name]

    def _term(self, name: str) -> ox.NamedNode:
        iri = self.addresses.expand(name)
        if iri is None:
            hint = did_you_mean(name.partition(":")[0], self.addresses.prefixes)
            raise JkgraphError("unknown-prefix", name=name, hint=hint)
        try:
            return ox.NamedNode(iri)
        except ValueError as error:
            raise JkgraphError("bad-name", name=name) from error

    def objects(self, subject: Node, predicate: ox.NamedNode) -> list[Term]:
        """Return the values of a property, in a fixed order, each once."""
        found = {q.object for q in self.store.quads_for_pattern(subject, predicate, None)}
        return sorted(found, key=str) if len(found) > 1 else [*found]

    def said(self, predicate: ox.NamedNode) -> Mapping[str, list[Term]]:
        """Return the values of a property of everything that has it, as ``objects`` does of one."""
        found: dict[str, set[Term]] = {}
        for quad in self.store.quads_for_pattern(None, predicate, None):
            if not isinstance(quad.subject, ox.Triple):
                found.setdefault(quad.subject.value, set()).add(quad.object)
        return {
            subject: sorted(values, key=str) if len(values) > 1 else list(values)
            for subject, values in found.items()
        }

    def subjects(self, predicate: ox.NamedNode, value: Term) -> list[ox.NamedNode]:
        """Return the resources that have a value for a property, in a fixed order."""
        quads = self.store.quads_for_pattern(None, predicate, value)
        found = {q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}
        return sorted(found, key=lambda n: n.value)

    def texts(self, subject: Node, predicate: ox.NamedNode) -> Mapping[str, str]:
        """Return the texts of a property by language; no language is the empty text."""
        return by_language(self.objects(subject, predicate))

    def in_language(self, terms: Iterable[Term], language: str) -> list[Term]:
        """Keep, of texts in several languages, those in one: this, else the leading one, else any.

        What is no text, or a text in no language, stays.
        """
        found = list(terms)
        tags = {t.language for t in found if isinstance(t, ox.Literal) and t.language}
        if len(tags) < 2:  # noqa: PLR2004  (one language leaves nothing to choose)
            return found
        order = (language, *self.workspace.languages, *sorted(tags))
        keep = next(tag for tag in order if tag in tags)
        return [t for t in found if not isinstance(t, ox.Literal) or t.language in {keep, None}]

    def label(self, node: Node, language: str) -> str:
        """Return the name of a resource in a language, else in another, else its IRI."""
        role = self.role("label")
        return self.name(node, self.texts(node, role) if role else {}, language)

    def name(self, node: Node, texts: Mapping[str, str], language: str) -> str:
        """Choose the name of a resource among its labels, as ``label`` does."""
        if texts:
            return self.workspace.choose(texts, language)
        return self.addresses.compact(node.value) if isinstance(node, ox.NamedNode) else ""

    def below(self, parent: ox.NamedNode) -> list[ox.NamedNode]:
        """Return a class and all classes below it, the nearest first."""
        found = [parent]
        for cls in found:
            found += [c for c in self.subjects(SUBCLASS, cls) if c not in found]
        return found

    def instances(self, classes: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
        """Return the resources of some classes and of those below, in a fixed order, each once."""
        every = dict.fromkeys(cls for parent in classes for cls in self.below(parent))
        return [*dict.fromkeys(node for cls in every for node in self.subjects(TYPE, cls))]

    def names(self, node: Node) -> list[str]:
        """Return the labels of a resource in all languages, then its other names."""
        roles = filter(None, (self.role("label"), self.role("alternative")))
        values = (value for role in roles for value in self.objects(node, role))
        return [value.value for value in values if isinstance(value, ox.Literal)]

    def select(self, query: str) -> Iterator[ox.QuerySolution]:
        """Yield the rows of a SELECT query of the engine's own, over all that is loaded."""
        rows = self.store.query(
            query, prefixes=dict(self.addresses.prefixes), use_default_graph_as_union=True
        )
        if isinstance(rows, ox.QuerySolutions):
            yield from rows

    def has(
        self, subject: Term | None, predicate: ox.NamedNode | None = None, value: Term | None = None
    ) -> bool:
        """Tell whether anything is said that fits a pattern."""
        return next(iter(self.store.quads_for_pattern(subject, predicate, value)), None) is not None  # type: ignore[arg-type]  # a literal says nothing

    def own_terms(self) -> list[ox.NamedNode]:
        """Return the terms that the workspace's own ontology declares."""
        return list(self._own_terms)

    def own_names(self) -> list[str]:
        """Return the local names of the terms of the workspace's own ontology."""
        return [split(term.value)[1] for term in self._own_terms]

    @cached_property
    def _own_terms(self) -> tuple[ox.NamedNode, ...]:
        subjects = {q.subject for q in self.store.quads_for_pattern(None, TYPE, None)}
        named = (t for t in subjects if isinstance(t, ox.NamedNode))
        own = (t for t in named if t.value.startswith(self.addresses.terms))
        return tuple(sorted(own, key=lambda t: t.value))

    @cached_property
    def values(self) -> frozenset[Term]:
        """Every value that any property has; to be asked before anything is inferred."""
        return frozenset(o for (o,) in self.select("SELECT DISTINCT ?o WHERE { ?s ?p ?o }"))

    def file_of(self, node: Node) -> str | None:
        """Return the path of the file that says something of a resource."""
        graphs = {q.graph_name for q in self.store.quads_for_pattern(node, None, None)}
        paths = sorted(filter(None, map(graph_path, graphs)))
        return paths[0] if paths else None

    def records(self) -> list[ox.NamedNode]:
        """Return the IRIs of all records, by the files that stand in ``data``."""
        return [ox.NamedNode(iri) for iri in self.record_files]

    @cached_property
    def record_files(self) -> Mapping[str, str]:
        """The file of each record, by the address of the record."""
        paths = filter(None, map(graph_path, self.store.named_graphs()))
        found = ((path, self.record_at(path)) for path in paths)
        records = sorted(((path, iri) for path, iri in found if iri), key=_by_folder)
        return {iri: path for path, iri in records}

    def record_at(self, path: str) -> str:
        """Return the address of the record that a file is for; empty when it is for none."""
        folder, _, rest = path.partition("/")
        kind, _, name = rest.partition("/")
        is_record = folder == self._data and name and "/" not in name
        return self.addresses.record(kind, name.removesuffix(".ttl")) if is_record else ""

    @cached_property
    def _data(self) -> str:
        return self.workspace.relative(self.workspace.data)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The addresses of the records whose files could not be read."""
        paths = (p for p in self._broken_files if p.is_relative_to(self.workspace.data))
        return frozenset(self.addresses.record(p.parent.name, p.stem) for p in paths)

    def require_readable(self) -> None:
        """Stop when a file cannot be read: an answer without it would be wrong."""
        if self.broken:
            first = self.broken[0]
            raise JkgraphError("broken-files", number=len(self.broken), first=first.location)

    @property
    def is_unjudgeable(self) -> bool:
        """Whether a file could not be read by which all the others are judged."""
        return not all(p.is_relative_to(self.workspace.data) for p in self._broken_files)

    @property
    def _broken_files(self) -> list[Path]:
        return [self.workspace.root / found.location.path for found in self.broken]

    def files(self, folder: Path, *, deep: bool = True) -> list[str]:
        """Return the files that were read in a folder, and deeper unless told otherwise."""
        start = f"{self.workspace.relative(folder)}/"
        parts = [p.removeprefix(start).split("/") for p in self.sources if p.startswith(start)]
        return [start + "/".join(found) for found in sorted(parts) if deep or len(found) == 1]

    def path(self, record: ox.NamedNode) -> Path:
        """Return the file of a record."""
        return self.workspace.root / self.record_files[record.value]

    def document(self, record: ox.NamedNode) -> Document:
        """Read the file of a record again, with every literal as it was written."""
        from jkgraph.turtle import parse

        path = self.record_files[record.value]
        content = self.sources.get(path) or (self.workspace.root / path).read_bytes()
        return parse(content.decode())


def is_withdrawn(graph: Graph, record: ox.NamedNode) -> bool:
    """Tell whether a record was withdrawn."""
    deprecated = graph.role("deprecated")
    return deprecated is not None and graph.has(record, deprecated, TRUE)


def is_draft(graph: Graph, record: Node) -> bool:
    """Tell whether a record has a status, and not that of what is published."""
    status, published = graph.role("status"), graph.role("published")
    given = graph.objects(record, status) if status and published else []
    return bool(given) and published not in given


def by_language(values: Iterable[Term]) -> Mapping[str, str]:
    """Return texts by language; no language is the empty text."""
    return {v.language or "": v.value for v in values if isinstance(v, ox.Literal)}


def _by_folder(found: tuple[str, str]) -> list[str]:
    return found[0].split("/")


def file_graph(path: str) -> ox.NamedNode:
    """Return the name of the graph that holds the triples of a file."""
    return ox.NamedNode(FILE_GRAPH + path)


def graph_path(graph: object) -> str | None:
    """Return the path of the file whose triples a graph holds; None for other graphs."""
    if isinstance(graph, ox.NamedNode) and graph.value.startswith(FILE_GRAPH):
        return graph.value[len(FILE_GRAPH) :]
    return None


def members(store: ox.Store, head: Term) -> Iterator[Term]:
    """Yield the members of an RDF list."""
    while isinstance(head, ox.BlankNode | ox.NamedNode) and head != NIL:
        yield from (q.object for q in store.quads_for_pattern(head, FIRST, None))
        head = next((q.object for q in store.quads_for_pattern(head, REST, None)), NIL)
