"""Checks that no two records are one thing under two nearly equal names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import chain, combinations
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.findings import Finding, Severity, finding
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds

# Shorter names differ by one letter without being alike: "MEE" and "MEP".
SHORTEST = 6
# Of a longer one the forms would take more room than a name is worth.
LONGEST = 300
# How much two names must have in common for a person to look whether they are one thing.
LIKENESS = 0.75
# What is no letter and no digit, and parts no words.
SIGN = re.compile(r"[^\w ]|_")
FIRST = "http://www.w3.org/2004/02/skos/core#prefLabel"
NAMES = """SELECT DISTINCT ?kind ?record ?path ?name ?scheme WHERE {
  VALUES ?path { skos:prefLabel skos:altLabel }
  ?kind rdfs:subClassOf+ %s . ?record a ?kind ; ?path ?name .
  FILTER(isLiteral(?name))
  FILTER NOT EXISTS { ?record owl:deprecated true }
  OPTIONAL { ?record skos:inScheme ?scheme }
}"""
DIFFERENT = "SELECT ?one ?other WHERE { ?one owl:differentFrom ?other }"


class _Name(NamedTuple):
    """A name of a record; ``realm`` is within what no other record may have nearly the same."""

    record: ox.NamedNode
    path: ox.NamedNode
    text: ox.Literal
    realm: tuple[object, ...]


def check_likeness(graph: Graph, _: Kinds, places: Places) -> Iterator[Finding]:
    """Find records of one kind whose names are equal but for a letter, a sign or their order."""
    told = {frozenset((row["one"], row["other"])) for row in graph.select(DIFFERENT)}
    for one, other in _alike(_names(graph)):
        pair = frozenset((one.record, other.record))
        if pair not in told:
            told.add(pair)
            about = (other.record, other.path, other.text)
            yield finding(
                "similar-name",
                places.of(*about),
                Severity.WARNING,
                about=about,
                name=other.text.value,
                other=one.text.value,
                address=graph.addresses.compact(one.record.value),
            )


def similar(graph: Graph, label: str) -> list[ox.NamedNode]:
    """Return the records of any kind that have nearly this name, in a fixed order."""
    forms, names = _forms(label), _names(graph)
    texts = {name.text.value.casefold() for name in names}
    close = get_close_matches(label.casefold(), texts, 9, LIKENESS)
    alike = (n for n in names if n.text.value.casefold() in close or forms & _forms(n.text.value))
    return list(dict.fromkeys(name.record for name in alike))


def _names(graph: Graph) -> list[_Name]:
    role = graph.role("record")
    rows = graph.select(NAMES % role) if role else ()
    names = [_Name(record, path, text, (kind, scheme)) for kind, record, path, text, scheme in rows]
    return sorted(names, key=lambda n: (n.record.value, n.path.value, n.text.value))


def _alike(names: Iterable[_Name]) -> Iterator[tuple[_Name, _Name]]:
    """Yield names that share a form; rules judge a text that is the first name of either."""
    comparable: dict[tuple[object, ...], list[_Name]] = defaultdict(list)
    for name in names:
        comparable[(*name.realm, name.text.language)].append(name)
    # One realm after the other: the forms of all names at once take much memory.
    for group in chain.from_iterable(map(_sharing, comparable.values())):
        for one, other in combinations(group, 2):
            told = one.text == other.text and FIRST in (one.path.value, other.path.value)
            if one.record != other.record and not told:
                yield one, other


def _sharing(names: Sequence[_Name]) -> list[list[_Name]]:
    """Return the names that share each form; almost every form is of one name alone."""
    first: dict[str, _Name] = {}
    shared: dict[str, list[_Name]] = {}
    for name in _near(names):
        for form in _forms(name.text.value):
            found = first.setdefault(form, name)
            if found is not name:
                shared.setdefault(form, [found]).append(name)
    return list(shared.values())


def _near(names: Sequence[_Name]) -> list[_Name]:
    """Leave out most names that share no form: of their letters too many differ.

    To add up the letters takes much less time than to make the forms, which have the same sums.
    """
    sums = [_sums(name.text.value) for name in names]
    number = Counter(chain.from_iterable(sums))
    return [name for name, own in zip(names, sums, strict=True) if any(number[n] > 1 for n in own)]


def _sums(text: str) -> set[int]:
    """Return a sum over all letters of a name, and those over all but one."""
    letters = [ord(letter) ** 3 for word in _words(text) for letter in word]
    whole = sum(letters)
    return {whole, *(whole - letter for letter in set(letters))}


def _forms(text: str) -> set[str]:
    """Return the bare name, its words in order, and the name without each of its letters.

    Two names that differ by one letter have a form in common; a word with a digit stays whole.
    """
    words = _words(text)
    bare = "".join(words)
    if not SHORTEST <= len(bare) <= LONGEST:
        return {bare}
    letters = [word.isalpha() for word in words for _ in word]
    shorter = {bare[:n] + bare[n + 1 :] for n, may_go in enumerate(letters) if may_go}
    return {bare, " ".join(sorted(words)), *shorter}


def _words(text: str) -> list[str]:
    return SIGN.sub("", unicodedata.normalize("NFKD", text.casefold())).split()
