"""N-Triples and JSON-LD: the same bytes for the same triples, every literal as written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox

from jkgraph.iri import Addresses

STRING = "http://www.w3.org/2001/XMLSchema#string"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

# Without indents, with which Python's encoder is ten times as slow.
ENCODE = json.JSONEncoder(ensure_ascii=False).encode

Namer = Callable[[str], str]


def n_triples(triples: Iterable[ox.Triple]) -> bytes:
    """Write triples as N-Triples, sorted, each once."""
    return "".join(sorted({f"{t} .\n" for t in triples})).encode()


def read_term(text: str | None) -> Any:
    """Read one term as N-Triples writes it; nothing for what is no term."""
    line = f"<urn:s> <urn:p> {text} ." if text and text[0] in '<_"' else ""
    quads = list(ox.parse(line, ox.RdfFormat.N_TRIPLES))
    return quads[0].object if quads else None


def json_ld(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    """Write triples as JSON-LD, a line a property, with the prefixes in use as context."""
    document = JsonLd(prefixes)
    nodes = document.nodes(triples)
    return "".join((document.head(), nodes, document.FOOT)).encode()


class JsonLd:
    """A document of JSON-LD that is written in parts; its head can be told when they are done.

    Parts stand apart with a `SEPARATOR`; each node belongs in one of them.
    """

    SEPARATOR = ",\n"
    FOOT = "\n]}\n"

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._addresses = Addresses("", prefixes)
        self._used: dict[str, str] = {}
        self._name = cache(self._shorten)

    def head(self) -> str:
        """Write what comes before the nodes: the prefixes that they used."""
        return f'{{"@context": {_lines(dict(sorted(self._used.items())))}, "@graph": [\n'

    def nodes(self, triples: Iterable[ox.Triple]) -> str:
        """Write the nodes of some triples, in the order in which they come."""
        nodes: dict[str, dict[str, object]] = {}
        name = self._name
        for triple in dict.fromkeys(triples):
            node = nodes.setdefault(str(triple.subject), {"@id": _id(triple.subject, name)})
            key = "@type" if triple.predicate == TYPE else name(triple.predicate.value)
            value = _value(triple.object, name)
            node.setdefault(key, []).append(value["@id"] if key == "@type" else value)  # type: ignore[attr-defined]  # lists
        return self.SEPARATOR.join(map(_lines, nodes.values()))

    def _shorten(self, iri: str) -> str:
        compact = self._addresses.compact(iri)
        if compact.startswith("<"):
            return iri
        prefix = compact.partition(":")[0]
        self._used[prefix] = self._prefixes[prefix]
        return compact


def _lines(node: Mapping[str, object]) -> str:
    lines = (f" {ENCODE(key)}: {ENCODE(value)}" for key, value in node.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _id(term: object, name: Namer) -> str:
    return name(term.value) if isinstance(term, ox.NamedNode) else str(term)


def _value(term: object, name: Namer) -> dict[str, str]:
    if not isinstance(term, ox.Literal):
        return {"@id": _id(term, name)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == STRING:
        return {"@value": term.value}
    return {"@value": term.value, "@type": name(term.datatype.value)}
