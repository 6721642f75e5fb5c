"""Write single terms in Turtle: short where that is certainly legal, in full otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = _XSD + "string"
# What Turtle reads back with the same datatype and the same lexical form.
_SHORT = {
    _XSD + "boolean": re.compile(r"true|false"),
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}
# Less than PN_LOCAL allows, so that nobody has to know the rest of PN_LOCAL.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


class Names:
    """Shortens IRIs by prefixes, and remembers which prefixes that took."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._short: dict[str, str] = {}
        self._used: dict[str, str] = {}

    def header(self) -> list[str]:
        """Return the declarations of the prefixes used so far."""
        used = sorted(self._used.items())
        return [f"@prefix {prefix}: {ox.NamedNode(iri)} ." for prefix, iri in used]

    def iri(self, node: ox.NamedNode) -> str:
        """Write an IRI, by the prefix with the longest namespace that fits."""
        if node.value not in self._short:
            self._short[node.value] = self._shorten(node)
        return self._short[node.value]

    def literal(self, literal: ox.Literal) -> str:
        """Write a literal with its lexical form unchanged."""
        datatype = literal.datatype.value
        if literal.language or datatype == _STRING:
            return str(literal)
        if datatype in _SHORT and _SHORT[datatype].fullmatch(literal.value):
            return literal.value
        return f"{ox.Literal(literal.value)}^^{self.iri(literal.datatype)}"

    def _shorten(self, node: ox.NamedNode) -> str:
        for prefix, namespace in self._prefixes:
            is_inside = node.value.startswith(namespace)
            if is_inside and (local := _LOCAL.fullmatch(node.value, len(namespace))):
                self._used[prefix] = namespace
                return f"{prefix}:{local[0]}"
        return str(node)
