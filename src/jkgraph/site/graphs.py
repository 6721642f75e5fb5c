"""The published graph as a whole in every syntax: files are read once, and none is held whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from gzip import GzipFile
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO

import pyoxigraph as ox

from jkgraph.graph import INFERRED, TYPE, Graph
from jkgraph.site.exports import read_each, record_files
from jkgraph.site.plan import Plan
from jkgraph.syntaxes import JsonLd, n_triples
from jkgraph.turtle import Graphs

# How many bytes are read at a time, and how many resources are written.
PIECE, SOME = 1 << 20, 1000

Named = tuple[str, list[ox.Triple]]


class Counts:
    """How many triples there are, with each property, and how many things of each class."""

    def __init__(self) -> None:
        self.triples = 0
        self.properties: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()

    def add(self, triples: Iterable[ox.Triple]) -> None:
        """Count triples, each once."""
        for triple in dict.fromkeys(triples):
            self.triples += 1
            self.properties[triple.predicate.value] += 1
            if triple.predicate == TYPE and isinstance(triple.object, ox.NamedNode):
                self.classes[triple.object.value] += 1


def graphs(plan: Plan, folder: str, counts: Counts) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the graph in every syntax, and count what it says."""
    names, prefixes = _names(plan), plan.graph.addresses.prefixes
    texts = [plan.graph.sources[path] for path in names]
    yield f"{folder}graph.ttl", (b"\n" * (at > 0) + text for at, text in enumerate(texts))
    document, trig = JsonLd(prefixes), Graphs(prefixes)
    with TemporaryFile() as lines, TemporaryFile() as nodes, TemporaryFile() as named:
        with _packed(lines) as packed:
            for part in _parts(plan.graph, zip(names.values(), read_each(texts), strict=True)):
                triples = [triple for _, some in part for triple in some]
                counts.add(triples)
                packed.write(n_triples(triples))
                _append(nodes, document.nodes(triples), document.SEPARATOR)
                for name, some in part:
                    _append(named, trig.graph(name, some), trig.SEPARATOR)
        yield f"{folder}graph.nt.gz", _pieces("", lines, "")
        yield f"{folder}graph.jsonld", _pieces(document.head(), nodes, document.FOOT)
        with TemporaryFile() as follows:
            with _packed(follows) as packed:
                for name, triples in _inferred(plan.graph):
                    packed.write(n_triples(triples))
                    _append(named, trig.graph(name, triples), trig.SEPARATOR)
            yield f"{folder}graph.trig", _pieces(trig.head() + trig.SEPARATOR, named, trig.FOOT)
            yield f"{folder}inferred.nt.gz", _pieces("", follows, "")


def _names(plan: Plan) -> dict[str, str]:
    """Return the files of the ontology and of the records, with the names of their graphs."""
    graph, name = plan.graph, plan.graph.addresses.document
    found = {path: name(path) for path in graph.files(graph.workspace.ontology)}
    for record, path in record_files(plan):
        found[path] = name(f"{plan.paths[record].removesuffix('.html')}.ttl")
    return found


def _parts(graph: Graph, read: Iterator[Named]) -> Iterator[list[Named]]:
    """Yield the files of the ontology together, for they tell of the same things; then each."""
    yield list(islice(read, len(graph.files(graph.workspace.ontology))))
    for one in read:
        yield [one]


def _inferred(graph: Graph) -> Iterator[Named]:
    """Yield what follows and was not stated, some resources at a time, in their order."""
    name, quads = graph.addresses.document("inferred"), graph.store.quads_for_pattern
    nodes = sorted({q.subject for q in quads(None, None, None, INFERRED)}, key=str)
    for at in range(0, len(nodes), SOME):
        some = (quads(node, None, None, INFERRED) for node in nodes[at : at + SOME])
        yield name, [quad.triple for quad in chain.from_iterable(some)]


def _packed(file: IO[bytes]) -> GzipFile:
    # A gzip file holds a time; without one two builds are the same to the byte.
    return GzipFile(filename="", mode="wb", fileobj=file, mtime=0)


def _append(file: IO[bytes], text: str, separator: str) -> None:
    if text:
        file.write(((separator if file.tell() else "") + text).encode())


def _pieces(head: str, file: IO[bytes], foot: str) -> Iterator[bytes]:
    yield head.encode()
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
    yield foot.encode()
