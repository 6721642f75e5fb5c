"""The file that a person starts from: a new record with help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.edits import Edit, Editor, apply_edits
from jkgraph.errors import JkgraphError
from jkgraph.graph import RDF, TYPE, Graph, Term
from jkgraph.iri import SLUG_LENGTH, is_slug, slugify
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.queries import XSD

HINT = "#>"
DAY = ox.NamedNode(f"{XSD}date")
TEXTS = {f"{XSD}string", f"{RDF}langString"}
LANGUAGE_DAY = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


class Start(NamedTuple):
    """What a person says of a new record: its name, who reads the help, when, and what more.

    ``said`` are statements about the record; ``is_complete`` tells that no help is needed.
    """

    label: str
    language: str
    today: date | None
    slug: str = ""
    said: tuple[ox.Triple, ...] = ()
    is_complete: bool = False


def place_of(graph: Graph, kind: Kind, slug: str) -> Path:
    """Return the file for a new record.

    Raises JkgraphError when the slug is not one, or is in use: nothing is overwritten.
    """
    if not is_slug(slug):
        raise JkgraphError("bad-slug", slug=slug, length=SLUG_LENGTH)
    path = graph.workspace.record_path(kind.name, slug)
    if path.exists():
        raise JkgraphError("record-exists", file=graph.workspace.relative(path))
    return path


def starting_text(graph: Graph, kinds: Kinds, kind: Kind, start: Start) -> str:
    """Return the text of a new record, with a hint line for every field."""
    slug = start.slug or slugify(start.label)
    record = ox.NamedNode(graph.addresses.record(kind.name, slug))
    said = [*_known(graph, kind, record, start), *start.said]
    return _Scaffold(graph, kinds, record, start.language).text(kind, said)


def new_record(graph: Graph, kinds: Kinds, kind: Kind, start: Start) -> Path:
    """Write a file for a new record and return its path.

    Unless the record is complete, the file has a hint line for every field. Raises JkgraphError
    when the slug is not one, or is in use.
    """
    path = place_of(graph, kind, start.slug or slugify(start.label))
    if start.is_complete:
        record = ox.NamedNode(graph.addresses.record(kind.name, path.stem))
        said = (*_known(graph, kind, record, start), *start.said)
        edit = Editor(graph, kinds).edit(path, said)
    else:
        edit = Edit(path, None, starting_text(graph, kinds, kind, start))
    apply_edits([edit], graph.workspace)
    return path


def _known(graph: Graph, kind: Kind, record: ox.NamedNode, start: Start) -> Iterator[ox.Triple]:
    """Yield what is known of a record before anybody is asked."""
    today = ox.Literal(start.today.isoformat(), datatype=DAY) if start.today else None
    label = ox.Literal(_plain(start.label), language=graph.workspace.languages[0])
    known = {"label": label, "status": graph.role("draft"), "created": today, "modified": today}
    yield ox.Triple(record, TYPE, kind.iri)
    for name, value in known.items():
        role = graph.role(name)
        if role and value and role.value in kind.order:
            yield ox.Triple(record, role, value)


class _Scaffold:
    """The text of a new record: what is said is filled in, the rest is a hint."""

    def __init__(self, graph: Graph, kinds: Kinds, record: ox.NamedNode, language: str) -> None:
        self._graph, self._kinds, self._record, self._language = graph, kinds, record, language
        self._compact = graph.addresses.compact

    def text(self, kind: Kind, said: Sequence[ox.Triple]) -> str:
        lines = self._block(self._record, kind, said)
        types = {t.subject: t.object for t in said if t.predicate == TYPE}
        for part in self._kinds.parts:
            for subject in (s for s, cls in types.items() if cls == part.iri):
                lines += ["", *self._block(subject, part, said)]
        body = "\n".join([*lines, *self._part_hints(kind, {*types.values()}), ""])
        head = f"@prefix : <{self._record.value}#> ."
        return "\n".join([head, *self._prefixes(body), "", body])

    def _block(self, subject: Term, kind: Kind, said: Sequence[ox.Triple]) -> list[str]:
        lines = [f"{self._written(subject)} a {self._compact(kind.iri.value)} ;"]
        own = [t for t in said if t.subject == subject]
        for fields in kind.by_path().values():
            values = [t.object for t in own if t.predicate == fields[0].path]
            lines += self._hints(fields, values)
            if values:
                written = " , ".join(map(self._written, values))
                lines.append(f"    {self._compact(fields[0].path.value)} {written} ;")
        # The statement ends on a line of its own, so that hints can be filled in above it.
        return [*lines, "    ."]

    def _written(self, term: Term) -> str:
        if isinstance(term, ox.Literal):
            kind = "" if term.language else term.datatype.value
            typed = f"{ox.Literal(term.value)}^^{self._compact(kind)}"
            return str(term) if kind in {"", *TEXTS} else typed
        assert isinstance(term, ox.NamedNode)  # noqa: S101  (nobody is asked for other terms)
        base, _, name = term.value.partition("#")
        return f":{name}" if base == self._record.value and name else self._compact(term.value)

    def _prefixes(self, body: str) -> list[str]:
        """Declare the prefixes that the record or a hint needs."""
        named = set(re.findall(r"(?<![\w:-])([a-z][\w-]*):", body))
        known = sorted(self._graph.addresses.prefixes.items())
        return [f"@prefix {prefix}: <{iri}> ." for prefix, iri in known if prefix in named]

    def _hints(self, fields: tuple[Field, ...], given: Sequence[Term] = ()) -> Iterator[str]:
        for field in fields:
            name, text = self._word(field.name), self._word(field.description)
            duty = self._graph.workspace.catalogue.word(
                "scaffold.required" if field.minimum else "scaffold.optional", self._language
            )
            yield f"    {HINT} {name} ({duty}): {text}"
        least = max(field.minimum for field in fields)
        if len(given) < max(least, 1):
            example = self._example(fields[0], given)
            yield f"    {HINT}   {self._compact(fields[0].path.value)} {example} ;"

    def _part_hints(self, kind: Kind, given: Set[Term]) -> Iterator[str]:
        """Show how to write the parts that the record must have, and that were not given."""
        parts = {part.iri: part for part in self._kinds.parts if part.iri not in given}
        for field in kind.fields:
            for part in (parts[cls] for cls in field.classes if cls in parts and field.minimum):
                yield f"\n{HINT} {_part_name(part)} a {self._compact(part.iri.value)} ;"
                for fields in part.by_path().values():
                    yield from self._hints(fields)
                yield f"{HINT}     ."

    def _example(self, field: Field, given: Sequence[Term]) -> str:
        if field.values:
            return f"{self._term(field.values[0])}"
        for cls in field.classes:
            for kind in (*self._kinds.parts, *self._kinds.records, *self._kinds.lists):
                if cls == kind.iri or cls in kind.parents:
                    return _part_name(kind) if kind in self._kinds.parts else f"{kind.name}:…"
        if field.is_address:
            return "<https://…>"
        if field.datatypes and field.datatypes[0].value not in TEXTS:
            return f'"…"^^{self._compact(field.datatypes[0].value)}'
        used = {value.language for value in given if isinstance(value, ox.Literal)}
        language = next((lang for lang in field.languages if lang not in used), "")
        return f'"…"@{language}' if language else '"…"'

    def _term(self, term: object) -> str:
        return self._compact(term.value)  # type: ignore[attr-defined]  # closed lists hold IRIs

    def _word(self, texts: Mapping[str, str]) -> str:
        return " ".join(self._graph.workspace.choose(texts, self._language).split())


def _part_name(part: Kind) -> str:
    return f":{part.name[0]}1"


def _plain(text: str) -> str:
    """Write a name on one line, without what no text can hold."""
    return " ".join(text.encode("utf-8", "ignore").decode().replace("\0", " ").split())
