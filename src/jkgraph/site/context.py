"""A JSON-LD context with short names for the terms of the data, for those who write or read it.

The data files of the site carry a context of their own, so that reading them needs no network.
This one is for others; its version goes up when a name comes to stand for something else, or goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox

from jkgraph.graph import OWL, RDF, TYPE
from jkgraph.iri import split
from jkgraph.kinds import Field, Kind
from jkgraph.site.plan import Plan

VERSION = 1
PATH = f"context/v{VERSION}.jsonld"
OBJECT = ox.NamedNode(f"{OWL}ObjectProperty")
TEXT = f"{RDF}langString"
# What needs no coercion: a plain string, and what JSON writes by itself in another form.
PLAIN = {"http://www.w3.org/2001/XMLSchema#string"}


def context_file(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of the context file."""
    names = {"@version": 1.1, "@protected": True, "id": "@id", "type": "@type"}
    made = {**names, **_prefixes(plan), **_terms(plan)}
    text = json.dumps({"@context": made}, ensure_ascii=False, indent=2)
    yield PATH, f"{text}\n".encode()


def _prefixes(plan: Plan) -> dict[str, str]:
    """Return the prefixes of vocabularies; those of kinds are names of properties too often."""
    return dict(sorted(plan.graph.workspace.addresses.prefixes.items()))


def _terms(plan: Plan) -> dict[str, object]:
    """Name classes and properties by their last part, the workspace's own first."""
    graph = plan.graph
    kinds = (*plan.kinds.records, *plan.kinds.parts, *plan.kinds.lists, *plan.kinds.families)
    fields = _fields(kinds)
    predicates = {ox.NamedNode(iri) for iri in fields} | set(graph.own_terms())
    own = graph.addresses.terms
    taken = {"id", "type", *_prefixes(plan)}
    found: dict[str, object] = {}
    for term in sorted(predicates, key=lambda t: (not t.value.startswith(own), t.value)):
        name = split(term.value)[1]
        compact = graph.addresses.compact(term.value)
        if name in found or name in taken or compact.startswith("<"):
            continue
        how = _how(plan, term, fields.get(term.value, []))
        found[name] = {"@id": compact, **how} if how else compact
    return dict(sorted(found.items()))


def _fields(kinds: tuple[Kind, ...]) -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for kind in kinds:
        for field in kind.fields:
            found.setdefault(field.path.value, []).append(field)
    return found


def _how(plan: Plan, term: ox.NamedNode, fields: list[Field]) -> dict[str, str]:
    """Return how the values of a property are written, when all its fields agree."""
    ways = {_way(plan, field) for field in fields}
    if not ways and plan.graph.has(term, TYPE, OBJECT):
        ways = {("@type", "@id")}
    if len(ways) != 1:
        return {}
    key, value = ways.pop()
    return {key: value} if key else {}


def _way(plan: Plan, field: Field) -> tuple[str, str]:
    datatypes = {datatype.value for datatype in field.datatypes}
    if field.languages or datatypes == {TEXT}:
        return "@container", "@language"
    if field.is_address or field.classes:
        return "@type", "@id"
    if len(datatypes) == 1 and not datatypes & PLAIN:
        return "@type", plan.graph.addresses.compact(datatypes.pop())
    return "", ""
