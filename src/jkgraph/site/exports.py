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

from jkgraph.answers import answer_formats, write_answer
from jkgraph.iri import split
from jkgraph.queries import saved_queries, saved_query, solutions
from jkgraph.site.plan import Plan
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import parse, write

DUMP = "data"


def exports(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of every data file of a site."""
    workspace = plan.graph.workspace
    for record, path in _record_files(plan):
        yield from _files(plan, plan.paths[record].removesuffix(".html"), [path])
    ontology = sorted(workspace.ontology.rglob("*.ttl"))
    yield from _lists(plan, ontology)
    yield from _files(plan, "def", sorted(workspace.ontology.glob("*.ttl")))
    yield from _files(plan, "shape", sorted(workspace.shapes.glob("*.ttl")))
    for name in saved_queries(plan.graph):
        yield from _answers(plan, name)
    yield from _dumps(plan, ontology)


def _record_files(plan: Plan) -> Iterator[tuple[str, Path]]:
    """Yield the address and the file of every record that has a page."""
    for name, records in plan.records.items():
        for record in records:
            slug = split(record.value)[1]
            yield record.value, plan.graph.workspace.record_path(name, slug)


def _files(plan: Plan, stem: str, paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    texts = [path.read_bytes() for path in paths]
    yield f"{stem}.ttl", b"\n".join(texts)
    yield from _other_syntaxes(plan, stem, list(_triples(texts)))


def _other_syntaxes(plan: Plan, stem: str, triples: list[ox.Triple]) -> Iterator[tuple[str, bytes]]:
    yield f"{stem}.nt", n_triples(triples)
    yield f"{stem}.jsonld", json_ld(triples, plan.graph.addresses.prefixes)


def _lists(plan: Plan, paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the data of each scheme with its values, and of each value by itself."""
    said: dict[str, list[ox.Triple]] = {}
    for triple in _triples(path.read_bytes() for path in paths):
        said.setdefault(getattr(triple.subject, "value", ""), []).append(triple)
    for name, members in plan.schemes.items():
        scheme = plan.graph.addresses.record("scheme", name)
        subjects = (scheme, *(member.value for member in members))
        triples = [t for subject in subjects for t in said.get(subject, ())]
        yield from _written(plan, f"{name}/index", triples)
    for value in plan.values:
        yield from _written(plan, plan.paths[value.value].removesuffix(".html"), said[value.value])


def _written(plan: Plan, stem: str, triples: list[ox.Triple]) -> Iterator[tuple[str, bytes]]:
    yield f"{stem}.ttl", write(triples, plan.graph.addresses.prefixes).encode()
    yield from _other_syntaxes(plan, stem, triples)


def _triples(texts: Iterable[bytes]) -> Iterator[ox.Triple]:
    """Read texts; what has no name is numbered, so that two builds write the same."""
    numbers: dict[tuple[int, ox.BlankNode], int] = {}
    for at, text in enumerate(texts):
        for triple in parse(text.decode(), limit_bytes=len(text)).triples:
            subject, predicate, value = triple
            if not isinstance(subject, ox.BlankNode) and not isinstance(value, ox.BlankNode):
                yield triple
                continue
            terms = (
                ox.BlankNode(f"b{numbers.setdefault((at, term), len(numbers))}")
                if isinstance(term, ox.BlankNode)
                else term
                for term in (subject, value)
            )
            yield ox.Triple(next(terms), predicate, next(terms))


def _answers(plan: Plan, name: str) -> Iterator[tuple[str, bytes]]:
    query = saved_query(plan.graph, name)
    for form in answer_formats(solutions(plan.graph, query.text, name)):
        out = BytesIO()
        # An answer is a stream, which can be written once.
        answer = solutions(plan.graph, query.text, name)
        write_answer(answer, form, out, plan.graph.addresses)
        yield f"query/{name}.{form}", out.getvalue()


def _dumps(plan: Plan, paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the published graph as a whole, with checksums."""
    paths = [*paths, *(path for _, path in _record_files(plan))]
    sums = []
    for path, content in _files(plan, f"{DUMP}/graph", paths):
        if path.endswith(".nt"):
            # A gzip file holds a time; without one two builds are the same to the byte.
            path, content = f"{path}.gz", gzip.compress(content, mtime=0)  # noqa: PLW2901  (one file, packed)
        yield path, content
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {path.rpartition('/')[2]}\n")
    yield f"{DUMP}/SHA256SUMS", "".join(sums).encode()
