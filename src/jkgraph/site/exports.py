"""The data beside the pages: each record, each list, and each question with its answer.

Literals keep the text they were written with: everything is read from the files again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from io import BytesIO
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from jkgraph.answers import answer_formats, write_answer
from jkgraph.iri import split
from jkgraph.queries import Solutions, saved_queries, saved_query, solutions, standalone
from jkgraph.releasing.earlier import frozen, kept
from jkgraph.site.bundle import Bundle, Files
from jkgraph.site.plan import Plan
from jkgraph.site.tables import harmless_csv
from jkgraph.sparql import gives_triples
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import parse, write


def exports(plan: Plan) -> Iterator[Bundle]:
    """Yield the data files of a site: of each record, list, list value and question."""
    graph, workspace = plan.graph, plan.graph.workspace
    for record, path in record_files(plan):
        yield _of_files(plan, plan.paths[record].removesuffix(".html"), [path])
    yield from _lists(plan)
    yield _of_files(plan, "def", graph.files(workspace.ontology, deep=False))
    for version, file in frozen(workspace).items():
        yield Bundle((f"def/{version}",), partial(_frozen, f"def/{version}", file))
    yield _of_files(plan, "shape", graph.files(workspace.shapes))
    for name in saved_queries(graph):
        yield Bundle((f"query/{name}",), partial(_answers, plan, name))


def record_files(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the address and the file of every record that has a page."""
    workspace = plan.graph.workspace
    for name, records in plan.records.items():
        for record in records:
            path = workspace.record_path(name, split(record.value)[1])
            yield record.value, workspace.relative(path)


def _of_files(plan: Plan, stem: str, paths: Iterable[str]) -> Bundle:
    texts = [plan.graph.sources[path] for path in paths]
    return Bundle((stem,), partial(in_syntaxes, plan, stem, texts))


def in_syntaxes(plan: Plan, stem: str, texts: Sequence[bytes]) -> Files:
    """Yield what some texts say together, in every syntax."""
    yield f"{stem}.ttl", b"\n".join(texts)
    yield from _other_syntaxes(plan, stem, list(read_triples(texts)))


def _frozen(stem: str, file: Path) -> Files:
    """Yield the ontology as it was at one of its versions, as it was written."""
    yield f"{stem}.ttl", kept(file)


def _other_syntaxes(plan: Plan, stem: str, triples: list[ox.Triple]) -> Files:
    yield f"{stem}.nt", n_triples(triples)
    yield f"{stem}.jsonld", json_ld(triples, plan.graph.addresses.prefixes)


def _lists(plan: Plan) -> Iterator[Bundle]:
    """Yield the data of each scheme with its values, and of each value by itself."""
    graph = plan.graph

    @cache
    def said() -> Mapping[str, list[ox.Triple]]:
        found: dict[str, list[ox.Triple]] = {}
        texts = (graph.sources[path] for path in graph.files(graph.workspace.ontology))
        for triple in read_triples(texts):
            found.setdefault(getattr(triple.subject, "value", ""), []).append(triple)
        return found

    def write_all(stem: str, subjects: Iterable[str]) -> Files:
        return _written(plan, stem, [t for s in subjects for t in said().get(s, ())])

    for name, members in plan.schemes.items():
        subjects = (graph.addresses.record("scheme", name), *(m.value for m in members))
        yield Bundle((f"{name}/index",), partial(write_all, f"{name}/index", subjects))
    for value in plan.values:
        stem = plan.paths[value.value].removesuffix(".html")
        yield Bundle((stem,), partial(write_all, stem, [value.value]))


def _written(plan: Plan, stem: str, triples: list[ox.Triple]) -> Files:
    yield f"{stem}.ttl", write(triples, plan.graph.addresses.prefixes).encode()
    yield from _other_syntaxes(plan, stem, triples)


def read_triples(texts: Iterable[bytes]) -> Iterator[ox.Triple]:
    """Read texts; what has no name is numbered, so that two builds write the same."""
    return chain.from_iterable(read_each(texts))


def read_each(texts: Iterable[bytes]) -> Iterator[list[ox.Triple]]:
    """Read texts one by one; what has no name is numbered from the first to the last."""
    numbers: dict[tuple[int, ox.BlankNode], int] = {}
    for at, text in enumerate(texts):
        yield [_numbered(triple, at, numbers) for triple in parse(text.decode()).triples]


def _numbered(
    triple: ox.Triple, at: int, numbers: dict[tuple[int, ox.BlankNode], int]
) -> ox.Triple:
    subject, predicate, value = triple
    if not isinstance(subject, ox.BlankNode) and not isinstance(value, ox.BlankNode):
        return triple
    terms = (
        ox.BlankNode(f"b{numbers.setdefault((at, term), len(numbers))}")
        if isinstance(term, ox.BlankNode)
        else term
        for term in (subject, value)
    )
    return ox.Triple(next(terms), predicate, next(terms))


def _answers(plan: Plan, name: str) -> Files:
    graph = plan.graph
    query = saved_query(graph, name)
    yield f"query/{name}.rq", standalone(graph, query).encode()
    ask: Callable[[], Solutions] = partial(solutions, graph, query.text, name)
    if not gives_triples(query.text):
        ask = partial(ox.parse_query_results, _json(ask()), ox.QueryResultsFormat.JSON)
    for form in answer_formats(query.text):
        out = BytesIO()
        # An answer is a stream, which can be written once.
        write_answer(ask(), form, out, graph.addresses)
        content = out.getvalue()
        yield f"query/{name}.{form}", harmless_csv(content) if form == "csv" else content


def _json(answer: Solutions) -> bytes:
    """Return rows, or yes or no, as they are read again sooner than they are found."""
    out = BytesIO()
    answer.serialize(out, ox.QueryResultsFormat.JSON)  # type: ignore[arg-type]  # no triples
    return out.getvalue()
