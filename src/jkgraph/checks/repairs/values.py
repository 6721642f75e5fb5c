"""Repairs of values that a field does not take: days, numbers, languages, labels for names."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from jkgraph.checks.repairs.case import Case
from jkgraph.checks.repairs.names import choose, elsewhere
from jkgraph.findings import Repair, Replacement
from jkgraph.iri import split
from jkgraph.kinds import Field
from jkgraph.typed import is_certain, rewritten

STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")


def value(case: Case) -> Repair | None:
    """Write a value as the field takes it, or what the field lacks."""
    if isinstance(case.value, ox.Literal):
        return _region(case, case.value) or _literal(case, case.value)
    if case.value:
        return elsewhere(case, split(case.value.value)[1], is_safe=False)
    return _missing(case)


def typed(case: Case) -> Repair | None:
    """Write a value as its datatype wants it."""
    if not isinstance(case.value, ox.Literal):
        return None
    return _typed(case, case.value, case.value.datatype)


def _literal(case: Case, literal: ox.Literal) -> Repair | None:
    for field in case.fields[:1]:
        if field.classes:
            return _named(case, literal, field)
        if STRING in field.datatypes and literal.language:
            return case.term(ox.Literal(literal.value), is_safe=True)
        if field.languages and not literal.language:
            return _untagged(case, field)
        made = (_typed(case, literal, datatype) for datatype in field.datatypes)
        return next(filter(None, made), None)
    return None


def _typed(case: Case, literal: ox.Literal, datatype: ox.NamedNode) -> Repair | None:
    new = rewritten(literal.value, datatype.value)
    if new is None or datatype == STRING:
        return None
    made = ox.Literal(new, datatype=datatype)
    return case.term(made, is_safe=is_certain(literal.value)) if made != literal else None


def _named(case: Case, literal: ox.Literal, field: Field) -> Repair | None:
    """Name the record or list value whose label or slug stands there as a text."""
    candidates: dict[str, ox.NamedNode] = {}
    for node in case.graph.instances(field.classes):
        candidates |= dict.fromkeys((split(node.value)[1], *case.graph.names(node)), node)
    is_closed = case.kinds.is_of_lists(field)
    chosen = choose(literal.value.strip(), candidates, is_closed=is_closed)
    return case.term(chosen[0], is_safe=chosen[1]) if chosen else None


def _region(case: Case, literal: ox.Literal) -> Repair | None:
    """Leave the country out of a language: nl-NL is nl."""
    language, dash, _ = (literal.language or "").partition("-")
    if not dash or language not in case.graph.workspace.languages:
        return None
    return _tagged(case, language, is_safe=language not in _languages(case))


def _untagged(case: Case, field: Field) -> Repair | None:
    """Name the only language that has no text yet; else propose the leading one."""
    free = [lang for lang in field.languages if lang not in _languages(case)]
    return _tagged(case, free[0], is_safe=len(free) == 1) if free else None


def _tagged(case: Case, language: str, *, is_safe: bool) -> Repair | None:
    if not case.written.startswith(('"', "'")):
        return None
    bare = re.sub(r"@[A-Za-z0-9-]+$", "", case.written)
    return case.instead(f"{bare}@{language}", is_safe=is_safe)


def _languages(case: Case) -> Mapping[str, str]:
    path = case.found.predicate
    return case.graph.texts(case.subject, ox.NamedNode(path)) if path else {}


def _missing(case: Case) -> Repair | None:
    """Give a record that says not how far it is the status of a new one."""
    status, draft = case.graph.role("status"), case.graph.role("draft")
    rest = case.spots.rest(*case.at)
    if not status or not draft or case.found.predicate != status.value or rest[-1:] != ";":
        return None
    if case.graph.objects(case.subject, status):
        return None
    compact = case.graph.addresses.compact
    line = f"\n    {compact(status.value)} {compact(draft.value)} ;"
    line_number, column = case.at
    return Repair((Replacement(line_number, column + len(rest), "", line),))
