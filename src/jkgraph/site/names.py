"""Files beside the forms: the names of what there is, and a text to start from without a form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from jkgraph.graph import TYPE, Term
from jkgraph.iri import split
from jkgraph.kinds import Field, Kind
from jkgraph.scaffold import Start, starting_text
from jkgraph.site.plan import FORMS, Plan, in_language


def form_files(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of what the forms load, and of what stands for them."""
    for kind in plan.kinds.records:
        yield f"{FORMS}/{kind.name}.json", _json(_records(plan, kind), _gone(plan, kind))
        for language in plan.languages:
            path = in_language(plan, f"{FORMS}/{kind.name}.ttl", language)
            slug = plan.graph.workspace.catalogue.word("form.slug-new", language)
            start = Start("…", language, None, slug)
            yield path, starting_text(plan.graph, plan.kinds, kind, start).encode()
    for part in _referred(plan):
        yield f"{FORMS}/{part.name}.json", _json(_parts(plan, part), ())


def folders(plan: Plan, field: Field) -> tuple[str, ...]:
    """Return the kinds of records, or of parts of other records, that a field can point to."""
    wanted = set(field.classes)
    kinds = (k for k in plan.kinds.records if wanted.intersection((k.iri, *k.parents)))
    parts = (k for k in plan.kinds.parts if k.iri in wanted)
    return tuple(sorted(k.name for k in (*kinds, *parts)))


def _referred(plan: Plan) -> list[Kind]:
    """Return the kinds of parts that other records point to."""
    every = (*plan.kinds.records, *plan.kinds.parts)
    named = {c for k in every for f in k.fields if plan.is_elsewhere(k, f) for c in f.classes}
    return [part for part in plan.kinds.parts if part.iri in named]


def _records(plan: Plan, kind: Kind) -> Iterator[list[str]]:
    """Yield the slug of each record, its name in the leading language, and its other names."""
    graph, leading = plan.graph, plan.languages[0]
    for record in plan.lists[kind.name]:
        names = dict.fromkeys([graph.label(record, leading), *graph.names(record)])
        yield [split(record.value)[1], *names]


def _gone(plan: Plan, kind: Kind) -> Iterator[str]:
    """Yield the slugs that nothing new may have, and that nothing points to any more."""
    listed = set(plan.lists[kind.name])
    yield from (split(r.value)[1] for r in plan.records[kind.name] if r not in listed)


def _parts(plan: Plan, part: Kind) -> Iterator[list[str]]:
    """Yield each part by its first text and the name of its record."""
    graph, leading = plan.graph, plan.languages[0]
    for node in graph.subjects(TYPE, part.iri):
        text = next(_texts(graph.objects(node, field.path) for field in part.fields), "")
        record = graph.label(ox.NamedNode(node.value.partition("#")[0]), leading)
        yield [node.value.removeprefix(graph.addresses.records), f"{text} ({record})"]


def _texts(values: Iterable[list[Term]]) -> Iterator[str]:
    yield from (v.value for found in values for v in found if isinstance(v, ox.Literal))


def _json(rows: Iterable[list[str]], gone: Iterable[str]) -> bytes:
    made = {"rows": list(rows), "gone": list(gone)}
    return f"{json.dumps(made, ensure_ascii=False, separators=(',', ':'))}\n".encode()
