"""Repairs of names: of terms, records, list values and prefixes that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import pyoxigraph as ox

from jkgraph.checks.repairs.case import Case
from jkgraph.checks.vocabulary import names_in
from jkgraph.findings import Repair, Replacement
from jkgraph.graph import SCHEME, TYPE
from jkgraph.iri import split
from jkgraph.messages import LIKENESS, nearest
from jkgraph.turtle import Names


def term(case: Case) -> Repair | None:
    """Name the term of the ontology that is nearest to one that does not exist."""
    name = str(case.found.message.values["name"])
    local = name.rpartition(":")[2]
    if not case.near:
        return None
    # In the settings a name stands between quotes.
    is_setting = case.spots.rest(*case.at).startswith(f'"{name}"')
    old = f'"{name}"' if is_setting else case.written or name
    is_safe = is_only(local, case.near, case.graph.own_names())
    return case.instead(_ending(old, local, case.near), is_safe=is_safe, old=old)


def link(case: Case) -> Repair | None:
    """Name the record or list value that is nearest to one that does not exist."""
    if not isinstance(case.value, ox.NamedNode):
        return term(case)
    namespace, local = split(case.value.value)
    if not case.near:
        return elsewhere(case, local, is_safe=True)
    names = names_in(case.graph, namespace)
    folder, _ = case.graph.addresses.kind_and_slug(case.value.value) or ("", "")
    is_list = folder in {split(scheme.value)[1] for scheme in case.graph.subjects(TYPE, SCHEME)}
    is_safe = is_only(local, case.near, names, is_closed=is_list)
    return case.instead(_ending(case.written, local, case.near), is_safe=is_safe)


def elsewhere(case: Case, local: str, *, is_safe: bool) -> Repair | None:
    """Name what the field wants and has the same last part: only the prefix was wrong."""
    graph = case.graph
    wanted = {cls for field in case.fields[:1] for top in field.classes for cls in graph.below(top)}
    spaces = sorted(set(graph.addresses.prefixes.values()))
    named = (ox.NamedNode(f"{space}{local}") for space in spaces)
    same = [node for node in named if wanted.intersection(graph.objects(node, TYPE))]
    return case.term(same[0], is_safe=is_safe) if len(same) == 1 else None


def unshaped(case: Case) -> Repair | None:
    """Name the property of this kind that is nearest to one that does not belong here."""
    kind = case.kinds.of(case.graph.objects(case.subject, TYPE))
    if kind is None or not case.near or not case.found.predicate:
        return None
    paths = {split(path)[1]: path for path in reversed(list(kind.order))}
    local = split(case.found.predicate)[1]
    every = (*case.kinds.records, *case.kinds.parts)
    is_real = any(case.found.predicate in other.order for other in every)
    is_safe = not is_real and is_only(local, case.near, paths)
    return case.term(ox.NamedNode(paths[case.near]), is_safe=is_safe)


def prefix(case: Case) -> Repair | None:
    """Declare a known prefix, or name the one that is nearest to a misspelt one everywhere."""
    wrong = str(case.found.message.values["name"]).removesuffix(":")
    known = {**case.graph.addresses.prefixes, "": f"{case.file_record}#"}
    names = Names(known)
    if wrong in known:
        line = f"@prefix {wrong}: <{known[wrong]}> .\n"
        return Repair((Replacement(1, 1, "", line),), is_safe=True)
    if not case.near:
        return None
    uses = case.spots.names(wrong)
    iris = [known[case.near] + text.partition(":")[2] for _, text in uses]
    replacements = [
        Replacement(*place, text, names.iri(ox.NamedNode(iri)))
        for (place, text), iri in zip(uses, iris, strict=True)
    ]
    are_there = all(case.graph.has(ox.NamedNode(iri)) for iri in iris)
    is_safe = are_there and is_only(wrong, case.near, known)
    return Repair((*replacements, *case.declared(names)), is_safe) if uses else None


def record(case: Case) -> Repair | None:
    """Give the record the name of its file."""
    return case.instead(str(case.found.message.values["name"]))


def kind(case: Case) -> Repair | None:
    """Say of a record that it is of the kind of its folder."""
    if not case.written:
        return None
    wanted = case.found.message.values["kind"]
    return case.instead(f"{case.written} a {wanted} ;", is_safe=True)


def choose(
    word: str, candidates: Mapping[str, ox.NamedNode], *, is_closed: bool
) -> tuple[ox.NamedNode, bool] | None:
    """Return what a word names exactly or nearly, and whether it can name nothing else."""
    near = nearest(word, candidates)
    if near is None:
        return None
    is_same = near.casefold() == word.casefold()
    return candidates[near], is_same or is_only(word, near, candidates, is_closed=is_closed)


def is_only(word: str, near: str, candidates: Iterable[str], *, is_closed: bool = True) -> bool:
    """Tell whether a misspelt word can mean one candidate only.

    Of a closed list no other candidate may be alike. Where more may be made, the word has to be
    one slip away from the candidate and from no other: it could name what is yet to be made.
    """
    folded = {c.casefold() for c in candidates if c[:1].isupper() == near[:1].isupper()}
    alike = get_close_matches(word.casefold(), folded, 2, LIKENESS)
    if is_closed and len(alike) == 1:
        return True
    slips = [c for c in folded if _is_slip(word.casefold(), c)]
    return slips == [near.casefold()]


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter, or by two that changed places."""
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
    differ = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differ) <= 1:
        return True
    first, last = differ[0], differ[-1]
    return last == first + 1 and one[first : last + 1] == other[first : last + 1][::-1]


def _ending(name: str, old: str, new: str) -> str:
    head, _, tail = name.rpartition(old)
    return f"{head}{new}{tail}"
