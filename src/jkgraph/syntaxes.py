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
    addresses = Addresses("", prefixes)
    used: dict[str, str] = {}

    @cache
    def name(iri: str) -> str:
        compact = addresses.compact(iri)
        if compact.startswith("<"):
            return iri
        prefix = compact.partition(":")[0]
        used[prefix] = prefixes[prefix]
        return compact

    nodes: dict[str, dict[str, object]] = {}
    for triple in dict.fromkeys(triples):
        node = nodes.setdefault(str(triple.subject), {"@id": _id(triple.subject, name)})
        key = "@type" if triple.predicate == TYPE else name(triple.predicate.value)
        value = _value(triple.object, name)
        node.setdefault(key, []).append(value["@id"] if key == "@type" else value)  # type: ignore[attr-defined]  # lists
    written = ",\n".join(_lines(node) for node in nodes.values())
    context = _lines(dict(sorted(used.items())))
    return f'{{"@context": {context}, "@graph": [\n{written}\n]}}\n'.encode()


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
