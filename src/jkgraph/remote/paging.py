"""The whole of an answer, from a server that may stop at a number of rows without a word.

Rows that stop at a round number are asked on; if there are more, the answer is asked again
in pages, in an order that leaves no choice, and counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import pyoxigraph as ox

from jkgraph.errors import JkgraphError
from jkgraph.remote.client import IN_MEMORY, Body, Reply, too_big
from jkgraph.remote.protocol import Endpoint, Rows
from jkgraph.sparql import DATASET, quiet

# Servers are set to stop at a multiple of this, or at a power of two.
ROUND = 100
PROLOGUE = re.compile(r"(?:\s|PREFIX\s+[\w.-]*:|BASE\b)*", re.IGNORECASE)
ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
BOUNDED = re.compile(r"\b(?:LIMIT|OFFSET|VALUES)\b", re.IGNORECASE)
MADE = re.compile(r"\s*CONSTRUCT\b\s*(\{\s*\})?\s*", re.IGNORECASE)
VARIABLE = re.compile(r"[?$](\w+)")
PATTERN = re.compile(r"\{\s*\}")


@dataclass(frozen=True)
class Question:
    """The text of a question, in which the parts at the top can be told apart."""

    text: str

    @cached_property
    def outline(self) -> str:
        """The text with all blank that stands between braces, in strings, or is a comment."""
        depth, signs = 0, []
        for sign in quiet(self.text):
            depth -= sign == "}"
            signs.append(" " if depth else sign)
            depth += sign == "{"
        return "".join(signs)

    @cached_property
    def start(self) -> int:
        """Where its prefixes end."""
        found = PROLOGUE.match(self.outline)
        return found.end() if found else 0

    @property
    def has_dataset(self) -> bool:
        """Whether it tells itself which graphs it is about."""
        return bool(DATASET.search(self.outline))

    def within(self, around: str, names: list[str]) -> str:
        """Put the question, in a fixed order, in the place of `{}` in another."""
        order = " ".join(f"?{name}" for name in names)
        if not order or BOUNDED.search(self.outline):
            order = ""
        elif not ORDERED.search(self.outline):
            order = f"ORDER BY {order}"
        inner = f"{{ {{ {self.text[self.start :]}\n{order} }} }}"
        return self.text[: self.start] + around.replace("{}", inner, 1)

    def as_rows(self) -> tuple[str, str] | None:
        """Split a question that makes triples into what it makes, and the question for the rows.

        Returns None for other questions.
        """
        body, outline = self.text[self.start :], self.outline[self.start :]
        made = MADE.match(outline)
        pattern = PATTERN.search(outline, made.end()) if made else None
        if not made or not pattern:
            return None
        template = body[slice(*(made.span(1) if made[1] else pattern.span()))]
        prologue = self.text[: self.start]
        return f"{prologue}CONSTRUCT {template} WHERE {{}}", (
            f"{prologue}SELECT * {body[made.end() :]}"
        )


def all_rows(endpoint: Endpoint, text: str, limit: int | None = None) -> Reply:
    """Ask for rows, or for yes or no, and return a reply with all of them.

    ``limit`` is how many rows are wanted at most. Raises JkgraphError when the server does not
    give them all.
    """
    reply = endpoint.ask(text)
    names, number = _counted(endpoint, reply)
    if number < ROUND or (number % ROUND and number & (number - 1)):
        return reply
    if limit is not None and number >= limit:
        return reply
    question = Question(text)
    if question.has_dataset:
        raise JkgraphError("endpoint-maybe-cut", url=endpoint.name, number=number)
    pages = _Pages(endpoint, question, names, number)
    return pages.joined(reply) if pages.has_more() else reply


def _counted(endpoint: Endpoint, reply: Reply) -> tuple[list[str], int]:
    """Read a reply to its end; return the names and the number of its rows."""
    rows = endpoint.read_rows(reply)
    if isinstance(rows, ox.QueryBoolean):
        return [], 0
    try:
        return [variable.value for variable in rows.variables], sum(1 for _ in rows)
    except (SyntaxError, ValueError) as error:
        raise endpoint.nonsense(reply) from error


class _Pages(NamedTuple):
    endpoint: Endpoint
    question: Question
    names: list[str]
    size: int

    def has_more(self) -> bool:
        """Tell whether there are rows beyond the first page."""
        return bool(self._bindings(1, self.size))

    def joined(self, first: Reply) -> Reply:
        """Return a reply with the rows of all pages, of which there must be as many as counted."""
        body, number, total = Body(IN_MEMORY), 0, self._count()
        body.write(
            f'{{"head":{{"vars":{json.dumps(self.names)}}},"results":{{"bindings":['.encode()
        )
        while bindings := self._bindings(self.size, number) if number < total else []:
            body.write(b"," if number else b"")
            body.write(json.dumps(bindings)[1:-1].encode())
            number += len(bindings)
            if body.tell() > self.endpoint.limits.size:
                raise too_big(self.endpoint.url, self.endpoint.limits)
        body.write(b"]}}")
        if number != total:
            raise JkgraphError("endpoint-cut", url=self.endpoint.name)
        body.seek(0)
        return replace(first, body=body)

    def _bindings(self, size: int, start: int) -> list[Mapping[str, Any]]:
        chosen = " ".join(f"?{name}" for name in self.names)
        page = f"SELECT {chosen} {{}} LIMIT {size} OFFSET {start}"
        reply = self.endpoint.ask(self.question.within(page, self.names))
        _counted(self.endpoint, reply)
        reply.body.seek(0)
        found: list[Mapping[str, Any]] = json.load(reply.body)["results"]["bindings"]
        return found

    def _count(self) -> int:
        reply = self.endpoint.ask(self.question.within("SELECT (COUNT(*) AS ?number) {}", []))
        rows = self.endpoint.read_rows(reply)
        try:
            return int(next(iter(rows))["number"].value)  # type: ignore[arg-type]  # or it fails
        except (SyntaxError, ValueError, LookupError, TypeError, StopIteration) as error:
            raise self.endpoint.nonsense(reply) from error


def all_triples(endpoint: Endpoint, text: str) -> Iterator[ox.Triple]:
    """Ask for triples and yield all; they are made here, of rows, of which none can be missing."""
    parts = Question(text).as_rows()
    if parts is None:
        yield from endpoint.triples(text)
        return
    made, asked = parts
    rows: Rows = endpoint.read_rows(all_rows(endpoint, asked))
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101  (they were asked for)
    nothing, used = ox.Store(), set(VARIABLE.findall(quiet(made)))
    names = [name for name in rows.variables if name.value in used]
    for row in rows:
        values = {name: row[name] for name in names if row[name] is not None}
        triples = nothing.query(made, substitutions=values)
        assert isinstance(triples, ox.QueryTriples)  # noqa: S101  (a template makes triples)
        yield from triples
