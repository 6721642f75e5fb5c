"""The data beside the pages: each record, each list and the whole graph, in three syntaxes.

Literals keep the text they were written with: everything is read from the files again.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox

from jkgraph.answers import write_answer
from jkgraph.iri import Addresses
from jkgraph.queries import saved_queries, saved_query, solutions
from jkgraph.site.plan import Plan
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import parse

DUMP = "data"


def exports(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of every data file of a site."""
    graph = plan.graph
    workspace = graph.workspace
    for name, records in plan_records(plan):
        for record in records:
            path = workspace.record_path(name, record.value.rpartition("/")[2])
            yield from _files(
                graph.addresses, plan.paths[record.value].removesuffix(".html"), [path]
            )
    for path in sorted(workspace.schemes.glob("*.ttl")):
        if path.stem in plan.schemes:
            yield from _files(graph.addresses, f"{path.stem}/index", [path])
    ontology = sorted(workspace.ontology.glob("*.ttl"))
    yield from _files(graph.addresses, "def", ontology)
    yield from _files(graph.addresses, "shape", sorted(workspace.shapes.glob("*.ttl")))
    for name in saved_queries(graph):
        yield from _answers(plan, name)
    yield from _dumps(plan, [*ontology, *sorted(workspace.schemes.glob("*.ttl"))])


def plan_records(plan: Plan) -> Iterator[tuple[str, list[ox.NamedNode]]]:
    """Yield the records that have pages, by the name of their kind."""
    for kind in plan.kinds.records:
        prefix = plan.graph.addresses.namespace(kind.name)
        yield kind.name, [ox.NamedNode(iri) for iri in plan.paths if iri.startswith(prefix)]


def _files(addresses: Addresses, stem: str, paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    texts = [path.read_bytes() for path in paths]
    triples = [t for text in texts for t in parse(text.decode(), limit_bytes=len(text)).triples]
    yield f"{stem}.ttl", b"\n".join(texts)
    yield f"{stem}.nt", n_triples(triples)
    yield f"{stem}.jsonld", json_ld(triples, addresses.prefixes)


def _answers(plan: Plan, name: str) -> Iterator[tuple[str, bytes]]:
    query = saved_query(plan.graph, name)
    for form in ("csv", "json"):
        out = BytesIO()
        answer = solutions(plan.graph, query.text, name)
        write_answer(answer, form, out, plan.graph.addresses)
        yield f"query/{name}.{form}", out.getvalue()


def _dumps(plan: Plan, paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the published graph as a whole, with checksums."""
    workspace = plan.graph.workspace
    for name, records in plan_records(plan):
        paths += [workspace.record_path(name, r.value.rpartition("/")[2]) for r in records]
    sums = []
    for path, content in _files(plan.graph.addresses, f"{DUMP}/graph", paths):
        if path.endswith(".nt"):
            # A gzip file holds a time; without one two builds are the same to the byte.
            path, content = f"{path}.gz", gzip.compress(content, mtime=0)  # noqa: PLW2901  (one file, packed)
        yield path, content
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {path.rpartition('/')[2]}\n")
    yield f"{DUMP}/SHA256SUMS", "".join(sums).encode()
