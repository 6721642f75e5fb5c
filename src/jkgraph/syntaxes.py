"""N-Triples and JSON-LD: the same bytes for the same triples, every literal as written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox

from jkgraph.iri import Addresses

STRING = "http://www.w3.org/2001/XMLSchema#string"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

# Of one text; whatever holds it is written here, in half the time.
ENCODE = json.JSONEncoder(ensure_ascii=False).encode


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
        self._addresses = Addresses("", prefixes)
        self._used: dict[str, str] = {}
        self._name = cache(self._shorten)

    def head(self) -> str:
        """Write what comes before the nodes: the prefixes that they used."""
        used = (f" {ENCODE(prefix)}: {ENCODE(iri)}" for prefix, iri in sorted(self._used.items()))
        return f'{{"@context": {_lines(used)}, "@graph": [\n'

    def nodes(self, triples: Iterable[ox.Triple]) -> str:
        """Write the nodes of some triples, in the order in which they come."""
        nodes: dict[object, dict[str, list[str]]] = {}
        for subject, predicate, value in dict.fromkeys(triples):
            said = nodes.setdefault(subject, {})
            if predicate == TYPE and not isinstance(value, ox.Literal):
                said.setdefault('"@type"', []).append(self._id(value))
            else:
                said.setdefault(self._name(predicate.value), []).append(self._value(value))
        return self.SEPARATOR.join(map(self._node, nodes, nodes.values()))

    def _node(self, subject: object, said: Mapping[str, Iterable[str]]) -> str:
        lines = (f" {key}: [{', '.join(values)}]" for key, values in said.items())
        return _lines((f' "@id": {self._id(subject)}', *lines))

    def _id(self, term: object) -> str:
        return self._name(term.value) if isinstance(term, ox.NamedNode) else ENCODE(str(term))

    def _value(self, term: object) -> str:
        if not isinstance(term, ox.Literal):
            return f'{{"@id": {self._id(term)}}}'
        text = f'{{"@value": {ENCODE(term.value)}'
        if term.language:
            return f'{text}, "@language": {ENCODE(term.language)}}}'
        datatype = term.datatype.value
        return f"{text}}}" if datatype == STRING else f'{text}, "@type": {self._name(datatype)}}}'

    def _shorten(self, iri: str) -> str:
        compact = self._addresses.compact(iri)
        if compact.startswith("<"):
            return ENCODE(iri)
        prefix = compact.partition(":")[0]
        self._used[prefix] = self._addresses.prefixes[prefix]
        return ENCODE(compact)


def _lines(lines: Iterable[str]) -> str:
    return "{\n" + ",\n".join(lines) + "\n}"
