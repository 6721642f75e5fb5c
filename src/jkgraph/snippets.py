"""Snippets for editors: what can be written in a record, to be typed by its name.

They are in the form of VS Code, which other editors read too: `$1` is where the cursor stops, and
`${1|a,b|}` a choice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, takewhile

import pyoxigraph as ox

from jkgraph.graph import TYPE, Graph
from jkgraph.iri import slugify
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.scaffold import HINT, Start, example, prefix_lines, starting_text

# What editors take a file in Turtle for, when they know it and when they do not.
SCOPE = "turtle,plaintext"
# A slug that no record has, and what an editor writes instead: the name of the file.
SLUG, FILE = "_slug_", "${TM_FILENAME_BASE}"
TODAY = "${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE}"
LINE = re.compile(rf"    (?:{HINT}   )?(\S+) \S+ ;")
END = "    ."


def snippets(graph: Graph, kinds: Kinds) -> str:
    """Return the snippets of a workspace as JSON: records, parts, fields and prefixes."""
    made = dict(_Writer(graph, kinds).all())
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


class _Writer:
    """Writes snippets in the leading language of a workspace."""

    def __init__(self, graph: Graph, kinds: Kinds) -> None:
        self._graph, self._kinds = graph, kinds
        self._language = graph.workspace.languages[0]
        self._today = {graph.role("created"), graph.role("modified")}

    def all(self) -> Iterator[tuple[str, object]]:
        for kind in self._kinds.records:
            body = [*self._record(kind), "$0"]
            yield self._snippet(kind.name, self._new(kind), self._word(kind.definition), body)
        for kind in self._kinds.parts:
            stops = count(1)
            name = f":${{{next(stops)}:{kind.name[0]}1}}"
            body = [*self._part(kind, name, stops), "$0"]
            yield self._snippet(kind.name, self._new(kind), self._word(kind.definition), body)
        for field in self._fields():
            name = self._compact(field.path)
            body = [f"{name} {self._value(field, count(1))} ;$0"]
            prefixes = [name, slugify(self._word(field.name))]
            yield self._snippet(name, prefixes, self._word(field.description), body)
        lines = prefix_lines(self._graph, ": ".join((*self._graph.addresses.prefixes, "")))
        told = self._graph.workspace.catalogue.word("snippet.prefixes", self._language)
        yield self._snippet("@prefix", ["@prefix"], told, [*map(_literal, lines), "$0"])

    def _snippet(
        self, name: str, prefixes: Iterable[str], told: str, body: list[str]
    ) -> tuple[str, object]:
        made = {"scope": SCOPE, "prefix": list(dict.fromkeys(prefixes)), "description": told}
        return name, {**made, "body": body}

    def _new(self, kind: Kind) -> list[str]:
        """Return what to type for a new thing: its name in the files, and what people call it."""
        new = self._graph.workspace.catalogue.word("snippet.new", self._language)
        return [f"{new}-{name}" for name in (slugify(self._word(kind.label)), kind.name)]

    def _fields(self) -> list[Field]:
        """Return one field for each property, that of the first kind that has it."""
        found: dict[ox.NamedNode, Field] = {}
        for kind in (*self._kinds.records, *self._kinds.parts):
            for field in kind.fields:
                found.setdefault(field.path, field)
        return list(found.values())

    def _record(self, kind: Kind) -> list[str]:
        """Return the lines that `new` writes, with places to fill in what must be there."""
        start = Start("…", self._language, today=None, slug=SLUG)
        text = starting_text(self._graph, self._kinds, kind, start)
        own, *_ = text.splitlines()
        stops = count(1)
        body = [*self._body(kind, text, stops), *self._needed_parts(kind, stops)]
        # A choice can be from another list than the one that `new` gives an example of.
        head = [own, *prefix_lines(self._graph, "\n".join(body)), ""]
        return [line.replace(SLUG, FILE) for line in (*head, *body)]

    def _body(self, kind: Kind, text: str, stops: Iterator[int]) -> Iterator[str]:
        _, _, body = text.partition("\n\n")
        for line in takewhile(lambda line: line != END, body.splitlines()):
            yield self._filled(kind, line, stops) or _literal(line)
        yield END

    def _needed_parts(self, kind: Kind, stops: Iterator[int]) -> Iterator[str]:
        needed = {cls for field in kind.fields if field.minimum for cls in field.classes}
        for part in self._kinds.parts:
            if part.iri in needed:
                yield from ("", *self._part(part, f":{part.name[0]}1", stops))

    def _filled(self, kind: Kind, line: str, stops: Iterator[int]) -> str:
        """Return the line of a field that must be there; nothing for other lines."""
        found = LINE.fullmatch(line)
        path = self._graph.addresses.expand(found[1]) if found else None
        fields = kind.by_path().get(path or "", ())
        if not found or not any(field.minimum for field in fields):
            return ""
        return f"    {found[1]} {self._value(fields[0], stops)} ;"

    def _part(self, kind: Kind, name: str, stops: Iterator[int]) -> Iterator[str]:
        yield f"{name} a {self._compact(kind.iri)} ;"
        for fields in kind.by_path().values():
            for field in fields:
                yield _literal(
                    f"    {HINT} {self._word(field.name)}: {self._word(field.description)}"
                )
            line = f"    {HINT}   {self._compact(fields[0].path)} {self._example(fields[0])} ;"
            yield self._filled(kind, line, stops) or _literal(line)
        yield END

    def _value(self, field: Field, stops: Iterator[int]) -> str:
        """Return the value of a field as a place to fill in, or a choice."""
        if field.path in self._today:
            return f'"{TODAY}"^^xsd:date'
        if choices := [_choice(self._compact(value)) for value in self._choices(field)]:
            return f"${{{next(stops)}|{','.join(choices)}|}}"
        shown = _literal(self._example(field))
        needed = field.languages[: field.minimum]
        values = [shown.replace(f"@{needed[0]}", f"@{language}") for language in needed] or [shown]
        return " , ".join(re.sub("…", lambda _: f"${{{next(stops)}}}", value) for value in values)

    def _choices(self, field: Field) -> list[ox.NamedNode]:
        """Return the values of a field that takes them from closed lists, the draft first."""
        lists = {kind.iri for kind in self._kinds.lists}
        found = [v for v in field.values if isinstance(v, ox.NamedNode)]
        if field.classes and lists.issuperset(field.classes):
            found = [v for cls in field.classes for v in self._graph.subjects(TYPE, cls)]
        draft = self._graph.role("draft")
        return sorted(dict.fromkeys(found), key=lambda v: (v != draft, v.value))

    def _example(self, field: Field) -> str:
        return example(self._graph, self._kinds, field)

    def _compact(self, node: ox.NamedNode) -> str:
        return self._graph.addresses.compact(node.value)

    def _word(self, texts: Mapping[str, str]) -> str:
        return " ".join((texts.get(self._language) or next(iter(texts.values()), "")).split())


def _literal(text: str) -> str:
    r"""Write a text so that an editor takes it as it is.

    >>> _literal("a $1 in a {b}")
    'a \\$1 in a {b\\}'
    """
    return re.sub(r"([\\$}])", r"\\\1", text)


def _choice(text: str) -> str:
    r"""Write a text so that it is one choice.

    >>> _choice("a,b|c")
    'a\\,b\\|c'
    """
    return re.sub(r"([\\$},|])", r"\\\1", text)
