"""Snippets for editors: what can be written in a record, to be typed by its name.

They are in the form of VS Code, which other editors read too: `$1` is where the cursor stops, and
`${1|a,b|}` a choice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count, takewhile

import pyoxigraph as ox

from jkgraph.graph import Graph
from jkgraph.iri import slugify
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.scaffold import HINT, Start, starting_text

# What editors take a file in Turtle for, when they know it and when they do not.
SCOPE = "turtle,plaintext"
# A slug that no record has, and what an editor writes instead: the name of the file.
SLUG, FILE = "_slug_", "${TM_FILENAME_BASE}"
TODAY = '"${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE}"^^xsd:date'
# A field with its value, and whether it is a hint.
LINE = re.compile(rf"    ({HINT}   )?(\S+) (\S+) ;")
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
            yield self._snippet(
                kind.name, self._new(kind), kind.definition, [*self._record(kind), "$0"]
            )
        for kind in self._kinds.parts:
            stops = count(1)
            body = [*self._part(kind, f"${{{next(stops)}:{kind.name[0]}1}}", stops), "$0"]
            yield self._snippet(kind.name, self._new(kind), kind.definition, body)
        for field, value in self._fields().values():
            name = self._graph.addresses.compact(field.path.value)
            line = f"{name} {self._value(field, value, count(1))} ;$0"
            prefixes = [name, slugify(self._word(field.name))]
            yield self._snippet(name, prefixes, field.description, [line])
        told = self._graph.workspace.catalogue.word("snippet.prefixes", self._language)
        lines = [*self._declared(self._graph.addresses.prefixes), "$0"]
        yield self._snippet("@prefix", ["@prefix"], {self._language: told}, lines)

    def _snippet(
        self, name: str, prefixes: Iterable[str], told: Mapping[str, str], body: list[str]
    ) -> tuple[str, object]:
        return name, {
            "scope": SCOPE,
            "prefix": list(dict.fromkeys(prefixes)),
            "description": self._word(told),
            "body": body,
        }

    def _new(self, kind: Kind) -> list[str]:
        """Return what to type for a new thing: what people call it, and its name in the files."""
        new = self._graph.workspace.catalogue.word("snippet.new", self._language)
        return [f"{new}-{name}" for name in (slugify(self._word(kind.label)), kind.name)]

    def _fields(self) -> dict[str, tuple[Field, str]]:
        """Return a field for each property, with the value that a hint gives as an example."""
        found: dict[str, tuple[Field, str]] = {}
        for kind in (*self._kinds.records, *self._kinds.parts):
            _, body = self._start(kind)
            values = {m[2]: m[3] for line in body if (m := LINE.fullmatch(line))}
            for path, (field, *_) in kind.by_path().items():
                value = values.get(self._graph.addresses.compact(path))
                if value:
                    found.setdefault(path, (field, value))
        return found

    def _start(self, kind: Kind) -> tuple[list[str], list[str]]:
        """Return what `new` writes: the prefixes, and the lines of the record, without its end."""
        start = Start("…", self._language, date.min, SLUG)
        head, _, body = starting_text(self._graph, self._kinds, kind, start).partition("\n\n")
        return head.splitlines(), [*takewhile(lambda line: line != END, body.splitlines())]

    def _record(self, kind: Kind) -> list[str]:
        """Return the lines that `new` writes, with places to fill in."""
        head, (subject, *hints) = self._start(kind)
        stops = count(1)
        body = [subject, *self._filled(kind, hints, stops), END]
        needed = {cls for field in kind.fields if field.minimum for cls in field.classes}
        for part in self._kinds.parts:
            if part.iri in needed:
                body += ["", *self._part(part, f"{part.name[0]}1", stops)]
        # A choice can be from another list than that of the example that `new` gives.
        chosen = re.findall(r"[|,]([a-z][\w-]*):", "\n".join(body))
        known = {line.split(":")[0].removeprefix("@prefix ") for line in head}
        lines = [*head, *self._declared({*chosen} - known), "", *body]
        return [line.replace(SLUG, FILE) for line in lines]

    def _part(self, kind: Kind, name: str, stops: Iterator[int]) -> list[str]:
        _, (_, *hints) = self._start(kind)
        subject = f":{name} a {self._graph.addresses.compact(kind.iri.value)} ;"
        return [subject, *self._filled(kind, hints, stops), END]

    def _filled(self, kind: Kind, lines: Iterable[str], stops: Iterator[int]) -> Iterator[str]:
        """Yield lines with a place to fill in for what is known or must be there."""
        fields = {self._graph.addresses.compact(p): found for p, found in kind.by_path().items()}
        for line in lines:
            found = LINE.fullmatch(line)
            own = fields.get(found[2], ()) if found else ()
            if found and own and (not found[1] or any(field.minimum for field in own)):
                yield f"    {found[2]} {self._value(own[0], found[3], stops)} ;"
            else:
                yield _literal(line)

    def _value(self, field: Field, example: str, stops: Iterator[int]) -> str:
        """Return the value of a field as a place to fill in, or a choice."""
        if field.path in self._today:
            return TODAY
        if choices := [*map(self._graph.addresses.compact, self._choices(field))]:
            return f"${{{next(stops)}|{','.join(map(_choice, choices))}|}}"
        needed = field.languages[: field.minimum]
        texts = [example.replace(f"@{needed[0]}", f"@{language}") for language in needed]
        places = (
            re.sub("…", lambda _: f"${{{next(stops)}}}", _literal(text))
            for text in texts or [example]
        )
        return " , ".join(places)

    def _choices(self, field: Field) -> list[str]:
        """Return the values of a field that takes them from closed lists, the draft first."""
        found = [v.value for v in field.values if isinstance(v, ox.NamedNode)]
        if self._kinds.is_of_lists(field):
            found = [value.value for value in self._graph.instances(field.classes)]
        draft = self._graph.role("draft")
        return sorted({*found}, key=lambda value: (draft is None or value != draft.value, value))

    def _declared(self, prefixes: Iterable[str]) -> list[str]:
        known = self._graph.addresses.prefixes
        return [f"@prefix {prefix}: <{known[prefix]}> ." for prefix in sorted(prefixes)]

    def _word(self, texts: Mapping[str, str]) -> str:
        return " ".join(self._graph.workspace.choose(texts, self._language).split())


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
