"""The whole graph in single files, tables of its kinds, checksums, and what describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import chain

from jkgraph.errors import JkgraphError
from jkgraph.queries import Query, read_query, run
from jkgraph.site.bundle import Bundle, Files
from jkgraph.site.dataset import Dump, description
from jkgraph.site.graphs import Counts, graphs
from jkgraph.site.plan import WHOLE, Plan
from jkgraph.site.quality import conformance
from jkgraph.site.tables import Tables
from jkgraph.syntaxes import json_ld
from jkgraph.turtle import write

FOLDER = f"{WHOLE}/"


def dumps(plan: Plan) -> Iterator[Bundle]:
    """Yield the published graph as a whole, and the tables of its facets."""
    tables = Tables(plan)
    yield Bundle((FOLDER, "dataset"), partial(whole, plan, tables))
    yield from tables.of_facets()


def whole(plan: Plan, tables: Tables) -> Files:
    """Yield the published graph as a whole, its tables, their checksums and a description."""
    made, counts = [], Counts()
    for path, pieces in graphs(plan, FOLDER, counts):
        summed = _Summed(pieces)
        yield path, iter(summed)
        made.append(Dump(path, summed.size, summed.sha256.hexdigest()))
    kinds = ((path, content, None) for path, content in tables.of_kinds())
    for path, content, query in chain(_exports(plan), kinds):
        yield path, content
        found = conformance(plan, path.removeprefix(FOLDER), content)
        made.append(Dump(path, len(content), sha256(content).hexdigest(), query, found))
    sums = (f"{dump.sha256}  {dump.path.removeprefix(FOLDER)}\n" for dump in made)
    yield f"{FOLDER}SHA256SUMS", "".join(sums).encode()
    yield from description(plan, made, counts)


class _Summed:
    """Pieces of a file, with their size and checksum when they have been taken."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.size, self.sha256 = 0, sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size += len(piece)
            self.sha256.update(piece)
            yield piece


def _exports(plan: Plan) -> Iterator[tuple[str, bytes, Query]]:
    """Yield what the queries of the folder for exports construct, in two syntaxes."""
    graph = plan.graph
    for file in sorted(graph.workspace.exports.glob("*.rq")):
        query = read_query(graph, file)
        triples = run(graph, query.text, graph.workspace.relative(file))
        if not isinstance(triples, tuple):
            raise JkgraphError("not-a-construct", file=graph.workspace.relative(file))
        # A store gives what it constructs in the order in which it took its triples up.
        triples, prefixes = tuple(sorted(triples, key=str)), graph.addresses.prefixes
        yield f"{FOLDER}{query.name}.ttl", write(triples, prefixes).encode(), query
        yield f"{FOLDER}{query.name}.jsonld", json_ld(triples, prefixes), query
