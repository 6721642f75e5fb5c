"""The whole graph in single files, tables of its kinds, checksums, and what describes them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from functools import partial

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.graph import INFERRED
from jkgraph.queries import Query, read_query, run
from jkgraph.site.bundle import Bundle, Files
from jkgraph.site.dataset import Dump, description
from jkgraph.site.exports import read_triples, record_files
from jkgraph.site.plan import WHOLE, Plan
from jkgraph.site.quality import conformance
from jkgraph.site.tables import Tables
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import write, write_graphs

FOLDER = f"{WHOLE}/"


def dumps(plan: Plan) -> Iterator[Bundle]:
    """Yield the published graph as a whole, and the tables of its facets."""
    tables = Tables(plan)
    yield Bundle((FOLDER, "dataset"), partial(whole, plan, tables))
    yield from tables.of_facets()


def whole(plan: Plan, tables: Tables) -> Files:
    """Yield the published graph as a whole, its tables, their checksums and a description."""
    made = []
    triples: list[ox.Triple] = []
    wholes = ((path, content, None) for path, content in _graphs(plan, triples))
    kinds = ((path, content, None) for path, content in tables.of_kinds())
    for path, content, query in (*wholes, *_exports(plan), *kinds):
        yield path, content
        made.append(
            Dump(
                path,
                len(content),
                hashlib.sha256(content).hexdigest(),
                query,
                conformance(plan, path.removeprefix(FOLDER), content),
            )
        )
    sums = (f"{dump.sha256}  {dump.path.removeprefix(FOLDER)}\n" for dump in made)
    yield f"{FOLDER}SHA256SUMS", "".join(sums).encode()
    yield from description(plan, made, triples)


def _graphs(plan: Plan, triples: list[ox.Triple]) -> Files:
    """Yield the graph in every syntax, and fill a list with its triples."""
    ontology = plan.graph.files(plan.graph.workspace.ontology)
    texts = [plan.graph.sources[p] for p in (*ontology, *(p for _, p in record_files(plan)))]
    yield f"{FOLDER}graph.ttl", b"\n".join(texts)
    triples += read_triples(texts)
    # A gzip file holds a time; without one two builds are the same to the byte.
    yield f"{FOLDER}graph.nt.gz", gzip.compress(n_triples(triples), mtime=0)
    yield f"{FOLDER}graph.jsonld", json_ld(triples, plan.graph.addresses.prefixes)
    yield f"{FOLDER}graph.trig", _trig(plan, ontology)
    yield f"{FOLDER}inferred.nt.gz", gzip.compress(n_triples(_inferred(plan)), mtime=0)


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


def _inferred(plan: Plan) -> Iterator[ox.Triple]:
    """Yield what follows and was not stated."""
    return (q.triple for q in plan.graph.store.quads_for_pattern(None, None, None, INFERRED))


def _trig(plan: Plan, ontology: list[str]) -> bytes:
    """Write a graph for every file, by the address of that file, and one for what follows."""
    name, sources = plan.graph.addresses.document, plan.graph.sources
    graphs = [(name(path), read_triples([sources[path]])) for path in ontology]
    for record, path in record_files(plan):
        stem = plan.paths[record].removesuffix(".html")
        graphs.append((name(f"{stem}.ttl"), read_triples([sources[path]])))
    graphs.append((name("inferred"), _inferred(plan)))
    return write_graphs(graphs, plan.graph.addresses.prefixes).encode()
