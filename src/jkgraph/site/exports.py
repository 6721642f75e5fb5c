"""The data beside the pages: each record, each list, and each question with its answer.

Literals keep the text they were written with: everything is read from the files again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox

from jkgraph.answers import answer_formats, write_answer
from jkgraph.iri import split
from jkgraph.queries import saved_queries, saved_query, solutions, standalone
from jkgraph.site.plan import Plan
from jkgraph.site.tables import harmless_csv
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import parse, write


def exports(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of every data file of a site."""
    workspace = plan.graph.workspace
    for record, path in record_files(plan):
        yield from _files(plan, plan.paths[record].removesuffix(".html"), [path])
    ontology = sorted(workspace.ontology.rglob("*.ttl"))
    yield from _lists(plan, ontology)
    yield from _files(plan, "def", sorted(workspace.ontology.glob("*.ttl")))
    yield from _files(plan, "shape", sorted(workspace.shapes.glob("*.ttl")))
    for name in saved_queries(plan.graph):
        yield from _answers(plan, name)


def record_files(plan: Plan) -> Iterator[tuple[str, Path]]:
    """Yield the address and the file of every record that has a page."""
    for name, records in plan.records.items():
        for record in records:
            slug = split(record.value)[1]
            yield record.value, plan.graph.workspace.record_path(name, slug)


def _files(plan: Plan, stem: str, paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    texts = [path.read_bytes() for path in paths]
    yield f"{stem}.ttl", b"\n".join(texts)
    yield from _other_syntaxes(plan, stem, list(read_triples(texts)))


def _other_syntaxes(plan: Plan, stem: str, triples: list[ox.Triple]) -> Iterator[tuple[str, bytes]]:
    yield f"{stem}.nt", n_triples(triples)
    yield f"{stem}.jsonld", json_ld(triples, plan.graph.addresses.prefixes)


def _lists(plan: Plan, paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield the data of each scheme with its values, and of each value by itself."""
    said: dict[str, list[ox.Triple]] = {}
    for triple in read_triples(path.read_bytes() for path in paths):
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


def read_triples(texts: Iterable[bytes]) -> Iterator[ox.Triple]:
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
    yield f"query/{name}.rq", standalone(plan.graph, query).encode()
    for form in answer_formats(solutions(plan.graph, query.text, name)):
        out = BytesIO()
        # An answer is a stream, which can be written once.
        answer = solutions(plan.graph, query.text, name)
        write_answer(answer, form, out, plan.graph.addresses)
        content = out.getvalue()
        yield f"query/{name}.{form}", harmless_csv(content) if form == "csv" else content
