"""The file that a person starts from: a new record with help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text
from jkgraph.graph import Graph
from jkgraph.iri import SLUG_LENGTH, is_slug, slugify
from jkgraph.kinds import Field, Kind, Kinds

HINT = "#>"
STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
LANGUAGE_STRING = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


@dataclass(frozen=True)
class Start:
    """What a person says of a new record: its name, and who reads the help, and when."""

    label: str
    language: str
    today: date
    slug: str = ""


def starting_text(graph: Graph, kinds: Kinds, kind: Kind, start: Start) -> str:
    """Return the text of a new record, with a hint line for every field."""
    slug = start.slug or slugify(start.label)
    return _Scaffold(graph, kinds, kind, start.language).text(slug, start)


def new_record(graph: Graph, kinds: Kinds, kind: Kind, start: Start) -> Path:
    """Write a file for a new record, with a hint line for every field; return its path.

    Raises JkgraphError when the slug is not one, or is in use: nothing is overwritten.
    """
    slug = start.slug or slugify(start.label)
    if not is_slug(slug):
        raise JkgraphError("bad-slug", slug=slug, length=SLUG_LENGTH)
    path = graph.workspace.record_path(kind.name, slug)
    if path.exists():
        raise JkgraphError("record-exists", file=graph.workspace.relative(path))
    replace_text(path, starting_text(graph, kinds, kind, start))
    return path


class _Scaffold:
    """The text of a new record: what is known is filled in, the rest is a hint."""

    def __init__(self, graph: Graph, kinds: Kinds, kind: Kind, language: str) -> None:
        self._graph, self._kinds, self._kind, self._language = graph, kinds, kind, language
        self._compact = graph.addresses.compact

    def text(self, slug: str, start: Start) -> str:
        record = self._graph.addresses.record(self._kind.name, slug)
        known = self._known(start.label, start.today)
        lines = [f"{self._compact(record)} a {self._compact(self._kind.iri.value)} ;"]
        for fields in self._kind.by_path().values():
            value = known.get(fields[0].path.value)
            lines += self._hints(fields, is_known=value is not None)
            if value:
                lines.append(f"    {self._compact(fields[0].path.value)} {value} ;")
        # The statement ends on a line of its own, so that hints can be filled in above it.
        body = "\n".join([*lines, "    .", *self._part_hints(), ""])
        return "\n".join([f"@prefix : <{record}#> .", *self._prefixes(body), "", body])

    def _known(self, label: str, today: date) -> dict[str, str]:
        languages = self._graph.workspace.languages
        known = {"label": f'"{_escaped(label)}"@{languages[0]}', "status": self._draft()}
        day = f'"{today.isoformat()}"^^xsd:date'
        known |= {"created": day, "modified": day}
        roles = {name: self._graph.role(name) for name in known}
        return {role.value: known[name] for name, role in roles.items() if role and known[name]}

    def _draft(self) -> str:
        draft = self._graph.role("draft")
        return self._compact(draft.value) if draft else ""

    def _prefixes(self, body: str) -> list[str]:
        """Declare the prefixes that the record or a hint needs."""
        named = set(re.findall(r"(?<![\w:-])([a-z][\w-]*):", body))
        known = sorted(self._graph.addresses.prefixes.items())
        return [f"@prefix {prefix}: <{iri}> ." for prefix, iri in known if prefix in named]

    def _hints(self, fields: tuple[Field, ...], *, is_known: bool = False) -> Iterator[str]:
        for field in fields:
            name, text = self._word(field.name), self._word(field.description)
            duty = self._graph.workspace.catalogue.word(
                "scaffold.required" if field.minimum else "scaffold.optional", self._language
            )
            yield f"    {HINT} {name} ({duty}): {text}"
        if not is_known:
            yield f"    {HINT}   {self._compact(fields[0].path.value)} {self._example(fields[0])} ;"

    def _part_hints(self) -> Iterator[str]:
        """Show how to write the parts that the record must have."""
        parts = {kind.iri: kind for kind in self._kinds.parts}
        for field in self._kind.fields:
            for part in (parts[cls] for cls in field.classes if cls in parts and field.minimum):
                yield f"\n{HINT} {_part_name(part)} a {self._compact(part.iri.value)} ;"
                for fields in part.by_path().values():
                    yield from self._hints(fields)
                yield f"{HINT}     ."

    def _example(self, field: Field) -> str:
        if field.values:
            return f"{self._term(field.values[0])}"
        for cls in field.classes:
            for kind in (*self._kinds.parts, *self._kinds.records, *self._kinds.lists):
                if cls == kind.iri or cls in kind.parents:
                    return _part_name(kind) if kind in self._kinds.parts else f"{kind.name}:…"
        if field.is_address:
            return "<https://…>"
        if field.datatypes and field.datatypes[0] not in {STRING, LANGUAGE_STRING}:
            return f'"…"^^{self._compact(field.datatypes[0].value)}'
        return f'"…"@{field.languages[0]}' if field.languages else '"…"'

    def _term(self, term: object) -> str:
        return self._compact(term.value)  # type: ignore[attr-defined]  # closed lists hold IRIs

    def _word(self, texts: Mapping[str, str]) -> str:
        for language in (self._language, *self._graph.workspace.languages, *texts):
            if language in texts:
                return " ".join(texts[language].split())
        return ""


def _part_name(part: Kind) -> str:
    return f":{part.name[0]}1"


def _escaped(text: str) -> str:
    """Write a name on one line, without what no text can hold."""
    plain = text.encode("utf-8", "ignore").decode().replace("\0", " ")
    return " ".join(plain.split()).replace("\\", "\\\\").replace('"', '\\"')
