"""Checks the files of a built site against each other: syntaxes and checksums."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from jkgraph.site.plan import WHOLE

ENDS = (".nt", ".nt.gz", ".jsonld")
INFERRED = "inferred.nt.gz"
Triples = set[ox.Triple]


def syntaxes(folder: Path) -> Iterator[tuple[Path, Path, bool]]:
    """Yield every Turtle file with the same data in another syntax, and whether they agree."""
    for file in sorted(folder.rglob("*.ttl")):
        others = [other for other in map(file.with_suffix, ENDS) if other.is_file()]
        said = _canonical(_read(file)) if others else set()
        yield from ((file, other, _canonical(_read(other)) == said) for other in others)
    whole = folder / WHOLE / "graph.ttl"
    named = whole.with_suffix(".trig")
    if named.is_file():
        # Beside a graph for every file it has one for what follows.
        every = [*_read(whole), *_read(whole.with_name(INFERRED))]
        yield whole, named, _canonical(_read(named)) == _canonical(every)


def _read(file: Path) -> Iterator[ox.Triple]:
    content, name = file.read_bytes(), file.name
    if name.endswith(".gz"):
        content, name = gzip.decompress(content), name.removesuffix(".gz")
    form = ox.RdfFormat.from_extension(name.rpartition(".")[2])
    return (quad.triple for quad in ox.parse(content, form))


def _canonical(triples: Iterable[ox.Triple]) -> Triples:
    """Return triples with the same names for the same blank nodes."""
    found = set(triples)
    if not any(isinstance(term, ox.BlankNode) for t in found for term in (t.subject, t.object)):
        return found
    graph = ox.Dataset(ox.Quad(*triple) for triple in found)
    graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {quad.triple for quad in graph}


def dumps(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Yield the files with all data, and whether each has the checksum that is published."""
    for line in (folder / WHOLE / "SHA256SUMS").read_text("utf-8").splitlines():
        told, _, name = line.partition("  ")
        file = folder / WHOLE / name
        is_same = file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == told
        yield file, is_same
