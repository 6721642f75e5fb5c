"""A workspace, opened to be read from Python."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from jkgraph import warm
from jkgraph.api.answer import Answer
from jkgraph.api.reader import Reader, told_in
from jkgraph.api.record import Record, value
from jkgraph.asking import notes, prepared
from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph, is_withdrawn
from jkgraph.kinds import Kind
from jkgraph.loading import load
from jkgraph.lookup import find, folded
from jkgraph.messages import LANGUAGES, did_you_mean
from jkgraph.queries import Query, Table, parse_query, run, saved_queries, saved_query
from jkgraph.searching import search
from jkgraph.workspace import Workspace, find_root, open_workspace

# What a place in a query that was typed here begins with.
TYPED = "sparql"
SAVED = re.compile(r"[\w-]+")
TRIPLE = ("subject", "predicate", "object")


def open_graph(path: str | Path | None, lang: str | None, *, inferred: bool) -> KnowledgeGraph:
    """Open the graph of a workspace, as `jkgraph.open` tells."""
    with told_in(lang or LANGUAGES[-1]):
        workspace = open_workspace(Path(path) if path else find_root(Path.cwd()))
        language = lang or workspace.languages[0]
        if language not in workspace.languages:
            wanted = ", ".join(workspace.languages)
            raise JkgraphError("wrong-option", option="lang", value=lang, wanted=wanted)
        return KnowledgeGraph(_graph(workspace, "closed" if inferred else "asserted"), language)


def _graph(workspace: Workspace, part: warm.Part) -> Graph:
    """Return the kept graph, else read the files and keep it."""
    now = warm.state(workspace)
    kept = warm.find(workspace, part, now) if now else None
    if kept and (graph := kept.open(workspace)):
        return graph
    graph = load(workspace)
    graph.require_readable()
    if part == "closed":
        from jkgraph.inference import infer

        infer(graph)
    if now and warm.is_worthwhile(graph, now):
        warm.keep(graph, part, now)
    return graph


class KnowledgeGraph:
    """A graph as it was when it was opened: nothing here changes a file.

    ``language`` is that of labels and messages. Going through it gives all its records.

    >>> kg
    <KnowledgeGraph "Bridges of the region": 8 records>
    """

    def __init__(self, graph: Graph, language: str) -> None:
        self._graph, self._reader = graph, Reader(graph, language)
        self.language = language

    def query(self, text: str, /, **parameters: object) -> Answer:
        """Answer a query: SPARQL, or a saved query by its name, with values for its parameters.

        The prefixes of the workspace are known. A value may be a slug, a label, an address, a
        Record, a number or a date; it never becomes SPARQL. A fault in the query, a misspelt
        term and SERVICE are errors; of a name that finds nothing a warning tells.

        >>> longest = "SELECT ?x { ?x br:length ?metres } ORDER BY DESC(?metres)"
        >>> [str(row.x) for row in kg.query(longest)]
        ['Old Stone Bridge', 'Wooden bridge']
        """
        graph = self._graph
        with told_in(self.language):
            name = text.strip()
            is_saved = SAVED.fullmatch(name)
            query = saved_query(graph, name) if is_saved else parse_query(graph, TYPED, text)
            asked = prepared(graph, query, {n: _typed(v) for n, v in parameters.items()})
            for note in notes(graph, asked):
                told = graph.workspace.catalogue.say(note, self.language)
                warnings.warn(told, stacklevel=2)
            return self._answer(asked)

    def _answer(self, asked: Query) -> Answer:
        found = run(self._graph, asked.text, asked.name)
        if isinstance(found, bool):
            return Answer(["answer"], [[found]])
        terms = found.rows if isinstance(found, Table) else map(tuple, found)
        names = found.variables if isinstance(found, Table) else TRIPLE
        return Answer(names, ([value(self._reader, term) for term in row] for row in terms))

    @property
    def queries(self) -> Mapping[str, str]:
        """The titles of the saved queries, by name.

        >>> kg.queries["bridges-over"]
        'Which bridges cross this water?'
        """
        saved = (saved_query(self._graph, name) for name in saved_queries(self._graph))
        return {query.name: self._reader.choose(query.texts.get("Title", {})) for query in saved}

    @property
    def kinds(self) -> Mapping[str, str]:
        """What `records` takes: kinds, families of kinds and closed lists by name, with a label.

        >>> kg.kinds["bridge"]
        'bridges'
        """
        choose = self._reader.choose
        return {kind.name: choose(kind.plural) or choose(kind.label) for kind in self._kinds}

    def records(self, kind: str | None = None) -> list[Record]:
        """Return the records of a kind by label, or all of them, without what was withdrawn.

        A kind goes by its name or label, as do families of kinds and closed lists.

        >>> [record.label for record in kg.records("water")]
        ['Brede Stroom', 'Lange Vaart', 'Salt Sea']
        """
        with told_in(self.language):
            found = self._kind(kind) if kind else None
        graph = self._graph
        nodes = graph.instances([found.iri]) if found else graph.records()
        return sorted(Record(self._reader, n) for n in nodes if not is_withdrawn(graph, n))

    def search(self, words: str) -> list[Record]:
        """Return the records that hold all words, those that are called so first.

        >>> kg.search("stone bridge")[0]
        <Record bridge:oude-steenbrug "Old Stone Bridge">
        """
        found = search(self._graph, words, self.language)
        return [Record(self._reader, node) for node in found]

    def __getitem__(self, name: str) -> Record:
        """Return a record by ``kind/slug``, ``kind:slug``, address, slug or label.

        Values of closed lists and parts of records go by the first three. An unknown or
        ambiguous name is an error.
        """
        with told_in(self.language):
            return Record(self._reader, self._named(name))

    def __iter__(self) -> Iterator[Record]:
        """Go through all records."""
        return iter(self.records())

    def __len__(self) -> int:
        """Count the records, without what was withdrawn."""
        return len(self.records())

    def __repr__(self) -> str:
        """Tell what it is about and how large it is."""
        title = self._reader.choose(self._graph.workspace.site.title)
        return f'<KnowledgeGraph "{title}": {len(self)} records>'

    def _named(self, name: str) -> ox.NamedNode:
        graph = self._graph
        kind, _, slug = name.partition("/")
        for iri in (graph.addresses.expand(name), graph.addresses.record(kind, slug)):
            with suppress(ValueError):
                if iri and graph.has(ox.NamedNode(iri)):
                    return ox.NamedNode(iri)
        return find(graph, graph.records(), name)

    @property
    def _kinds(self) -> tuple[Kind, ...]:
        kinds = self._reader.kinds
        return (*kinds.records, *kinds.families, *kinds.lists)

    def _kind(self, word: str) -> Kind:
        named = {
            folded(name): kind
            for kind in self._kinds
            for name in (kind.name, *kind.label.values(), *kind.plural.values())
        }
        if folded(word) not in named:
            hint, known = did_you_mean(word, named), ", ".join(self.kinds)
            raise JkgraphError("no-such-kind", kind=word, known=known, hint=hint)
        return named[folded(word)]


def _typed(given: object) -> str:
    """Write a value as a person would type it."""
    if isinstance(given, Record):
        return given.iri
    if isinstance(given, bool):
        return str(given).lower()
    return given.isoformat() if isinstance(given, date) else str(given)
