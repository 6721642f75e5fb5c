"""Brings the named graphs on a server to what the workspace says, by sending what differs.

What differs is found by reading the server, so that whatever happened before, also half of a
publication, the next one ends in the same graphs. A third graph tells readers whether the others
are whole; it says so only after they were read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import INFERRED, Graph, Term, file_graph
from jkgraph.history import changed_since, resolve
from jkgraph.remote.client import Client
from jkgraph.remote.paging import all_rows
from jkgraph.remote.protocol import Endpoint
from jkgraph.remote.skolem import skolemised
from jkgraph.syntaxes import STRING, n_triples
from jkgraph.turtle import parse
from jkgraph.workspace import Workspace

UPDATE = "application/sparql-update"
# The most triples, and about the most signs, of one request.
TRIPLES, SIGNS = 1000, 500_000
ADMS = "http://purl.org/adms/status/"
STATUS = ox.NamedNode("http://www.w3.org/ns/adms#status")
WHOLE, BEGUN = ox.NamedNode(f"{ADMS}Completed"), ox.NamedNode(f"{ADMS}UnderDevelopment")
CHECKSUM = ox.NamedNode("http://spdx.org/rdf/terms#checksumValue")
VERSION = ox.NamedNode("http://www.w3.org/2002/07/owl#versionInfo")
NUMBER = ox.NamedNode("http://rdfs.org/ns/void#triples")
LANGUAGE_TEXT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class Publication(NamedTuple):
    """What is to stand on a server: the triples of each graph, and the graph that tells of them."""

    graphs: Mapping[str, tuple[ox.Triple, ...]]
    about: str
    revision: str

    def told(self, status: ox.NamedNode) -> set[ox.Triple]:
        """Return what is said of it to readers."""
        subject = ox.NamedNode(self.about)
        said = {ox.Triple(subject, STATUS, status)}
        if self.revision:
            said.add(ox.Triple(subject, VERSION, ox.Literal(self.revision)))
        for name, triples in self.graphs.items():
            checksum = ox.Literal(sha256(n_triples(triples)).hexdigest())
            said.add(ox.Triple(ox.NamedNode(name), NUMBER, ox.Literal(len(triples))))
            said.add(ox.Triple(ox.NamedNode(name), CHECKSUM, checksum))
        return said


class Difference(NamedTuple):
    """What is to be removed from a graph on a server, and added to it, to have so many triples."""

    graph: str
    removed: tuple[ox.Triple, ...]
    added: tuple[ox.Triple, ...]
    number: int

    @property
    def size(self) -> int:
        """How many triples are to be sent."""
        return len(self.removed) + len(self.added)

    def updates(self) -> Iterator[tuple[int, str]]:
        """Yield the requests, each with the number of its triples. All may be repeated."""
        for verb, triples in (("DELETE", self.removed), ("INSERT", self.added)):
            for lines in _batches(triples):
                text = "\n".join(lines)
                yield len(lines), f"{verb} DATA {{ GRAPH <{self.graph}> {{\n{text}\n}} }}"


def _batches(triples: Iterable[ox.Triple]) -> Iterator[list[str]]:
    lines: list[str] = []
    signs = 0
    for line in (f"{triple} ." for triple in triples):
        if lines and (len(lines) == TRIPLES or signs + len(line) > SIGNS):
            yield lines
            lines, signs = [], 0
        lines.append(line)
        signs += len(line)
    if lines:
        yield lines


def publication(graph: Graph) -> Publication:
    """Return what a closed graph publishes: what its files say, as it is written there, and more.

    Raises JkgraphError for a blank node that cannot get an address.
    """
    own, known = graph.addresses, graph.store.contains_named_graph
    texts = (text for path, text in graph.sources.items() if known(file_graph(path)))
    stated = (triple for text in texts for triple in parse(text.decode()).triples)
    inferred = (q.triple for q in graph.store.quads_for_pattern(None, None, None, INFERRED))
    graphs = {
        own.asserted: tuple(dict.fromkeys(skolemised(stated, own.nameless))),
        own.inferred: tuple(inferred),
    }
    return Publication(graphs, own.publication, _revision(graph.workspace))


def _revision(workspace: Workspace) -> str:
    """Return the commit that the files are of; empty when git cannot tell."""
    with suppress(JkgraphError):
        changed = changed_since(workspace, "HEAD")
        return resolve(workspace, "HEAD") + ("-changed" if changed else "")
    return ""


class Target:
    """A server that answers questions at one address, and takes changes at another."""

    def __init__(self, endpoint: Endpoint, update: str) -> None:
        self.endpoint, self._client = endpoint, Client(update, endpoint.limits)

    def differences(self, wanted: Publication) -> list[Difference]:
        """Return what is to be changed in each graph."""
        return [
            _difference(name, triples, self._read(name)) for name, triples in wanted.graphs.items()
        ]

    def told(self, wanted: Publication) -> set[ox.Triple]:
        """Return what the server says of the publication that it holds; nothing of none."""
        return set(self._read(wanted.about))

    def publish(self, wanted: Publication, differences: Iterable[Difference]) -> Iterator[int]:
        """Send what differs, read the graphs again, and only then say that they are whole.

        Yields how many triples were sent: 0 when the server says that they are not whole, and a
        number after each request. Raises JkgraphError when a request fails, and when the graphs
        are not what they should be.
        """
        updates = [update for difference in differences for update in difference.updates()]
        sent = 0
        if updates:
            self._tell(wanted, BEGUN)
        yield sent
        for size, text in updates:
            self._send(text)
            sent += size
            yield sent
        left = self.differences(wanted) if updates else []
        if wrong := sum(difference.size for difference in left):
            raise JkgraphError("publish-differs", number=wrong)
        self._tell(wanted, WHOLE)

    def _tell(self, wanted: Publication, status: ox.NamedNode) -> None:
        difference = _difference(wanted.about, wanted.told(status), self._read(wanted.about))
        # Added first, so that there is no moment at which nothing is said.
        for _, text in reversed([*difference.updates()]):
            self._send(text)

    def _send(self, text: str) -> None:
        self._client.send("POST", self._client.url, text.encode(), {"Content-Type": UPDATE})

    def _read(self, graph: str) -> Iterator[ox.Triple]:
        text = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        rows = self.endpoint.read_rows(all_rows(self.endpoint, text))
        for row in rows if isinstance(rows, ox.QuerySolutions) else ():
            yield ox.Triple(row["s"], row["p"], row["o"])


def _difference(graph: str, wanted: Iterable[ox.Triple], there: Iterable[ox.Triple]) -> Difference:
    """Compare triples by what they mean: servers write some values in a way of their own."""
    new, old = ({_key(t): t for t in triples} for triples in (wanted, there))
    removed = tuple(sorted((old[key] for key in old.keys() - new.keys()), key=str))
    if any(isinstance(end, ox.BlankNode) for t in removed for end in (t.subject, t.object)):
        raise JkgraphError("publish-foreign", graph=graph)
    added = tuple(sorted((new[key] for key in new.keys() - old.keys()), key=str))
    return Difference(graph, removed, added, len(new))


def _key(triple: ox.Triple) -> tuple[Term, Term, Term]:
    return triple.subject, triple.predicate, _value(triple.object)


@cache
def _value(term: Term) -> Term:
    """Return a value as the store writes it: one way for each number, date, and language."""
    if not isinstance(term, ox.Literal) or term.datatype.value in {STRING, LANGUAGE_TEXT}:
        return term
    store = ox.Store()
    store.add(ox.Quad(INFERRED, STATUS, term))
    (quad,) = store
    kept: Term = quad.object
    return kept
