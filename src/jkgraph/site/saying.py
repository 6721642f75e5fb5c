"""Collects what a site says of its data, as triples with the usual prefixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from jkgraph.graph import TYPE, Node, Term
from jkgraph.site.dates import newest
from jkgraph.site.plan import Plan

DESCRIPTION = "dataset"
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "ldqd": "http://www.w3.org/2016/05/ldqd#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Saying:
    """What is said so far."""

    plan: Plan
    triples: list[ox.Triple] = field(default_factory=list)

    def part(self, name: str) -> ox.NamedNode:
        """Return the address of something in the description."""
        return ox.NamedNode(self.plan.graph.addresses.document(f"{DESCRIPTION}#{name}"))

    def url(self, path: str) -> ox.NamedNode:
        """Return the address on the web of a page or file."""
        return ox.NamedNode(self.plan.url(path))

    def say(self, subject: Node, name: str, *values: Term | None) -> None:
        """Say what a property of something is; what is not known is left out."""
        predicate = TYPE if name == "a" else term(name)
        self.triples.extend(ox.Triple(subject, predicate, v) for v in values if v is not None)

    def typed(self, iri: str, *classes: str) -> ox.NamedNode:
        """Return a resource from elsewhere, of which only its class is told."""
        node = ox.NamedNode(iri)
        self.say(node, "a", *map(term, classes))
        return node

    @cached_property
    def day(self) -> ox.Literal | None:
        """The last day on which any published record was changed."""
        day = newest(self.plan)
        return ox.Literal(day, datatype=term("xsd:date")) if day else None


def term(name: str) -> ox.NamedNode:
    """Return the term that a compact name stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def texts(texts: Mapping[str, str]) -> list[ox.Literal]:
    """Return texts as literals, in the order of their languages."""
    found = sorted(texts.items())
    return [ox.Literal(t, language=lang) if lang else ox.Literal(t) for lang, t in found]
