"""Two records that are one thing: what refers to the one comes to refer to the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from itertools import chain, count
from typing import NamedTuple, cast

import pyoxigraph as ox

from jkgraph.edits import Edit, Editor
from jkgraph.errors import JkgraphError
from jkgraph.graph import TYPE, Graph, Node, Term
from jkgraph.kinds import Kinds
from jkgraph.lifecycle import End, references, remains, tombstone, touched, whole_of

_Said = tuple[ox.NamedNode, Term]

# What a record says of itself as a record, which is of no use to another one.
OWN = (
    *("status", "created", "modified", "reviewed", "due"),
    *("change", "deprecated", "successor", "scheme"),
)


class Merger(NamedTuple):
    """What a merger does: the edits, the references that move, and what goes unsaid."""

    edits: tuple[Edit, ...]
    moved: tuple[ox.Triple, ...]
    left: tuple[ox.Triple, ...]


def merge(
    graph: Graph, kinds: Kinds, records: tuple[ox.NamedNode, ox.NamedNode], end: End, *, take: bool
) -> Merger:
    """Let the first record give way to the second, to which all references move.

    The first stays as a tombstone; its parts that others refer to are copied. With ``take`` come
    along, too: its names, as other names; and its links and parts, where a record may have
    several. Raises JkgraphError when the records are of different kinds.
    """
    scheme = graph.required_role("scheme")
    one, other = (
        (kinds.of(graph.objects(record, TYPE)), graph.objects(record, scheme)) for record in records
    )
    if one != other:
        names = [graph.addresses.compact(record.value) for record in records]
        raise JkgraphError("other-kind", one=names[0], other=names[1])
    return _Merging(graph, kinds, *records).merge(end, take=take)


class _Merging:
    def __init__(self, graph: Graph, kinds: Kinds, gone: ox.NamedNode, stays: ox.NamedNode) -> None:
        self._graph, self._kinds, self._gone, self._stays = graph, kinds, gone, stays
        self._said = graph.document(gone).triples
        self._own = graph.document(stays).triples
        self._parts: set[Term] = {t.subject for t in self._said if t.subject != gone}

    def merge(self, end: End, *, take: bool) -> Merger:
        moved = references(self._graph, self._gone)
        taken = [*self._links(), *self._names()] if take else []
        going = self._with_inner({t.object for t in (*moved, *taken)} & self._parts)
        copied = [t for t in self._said if t.subject in going or t.object in going]
        names = {self._gone: self._stays, **self._addresses(going)}
        edits = self._edits(moved, [_renamed(t, names) for t in (*taken, *copied)], names, end)
        told = {t.object for t in (*taken, *copied)}
        left = tuple(t for t in self._contents() if t.object not in {*told, self._stays})
        return Merger(tuple(edits), tuple(moved), left)

    def _edits(
        self,
        moved: Iterable[ox.Triple],
        added: list[ox.Triple],
        names: Mapping[Term, Term],
        end: End,
    ) -> Iterator[Edit]:
        graph, editor = self._graph, Editor(self._graph, self._kinds)
        end = end._replace(successor=self._stays)
        stone = tombstone(graph, remains(graph, self._gone, set()), self._gone, end)
        yield editor.edit(graph.path(self._gone), stone)
        for record in dict.fromkeys((self._stays, *(whole_of(t.subject) for t in moved))):
            old = graph.document(record).triples
            new = [_renamed(t, names) for t in old] + (added if record == self._stays else [])
            # What was said of the two together, such as that they differ, says nothing any more.
            own = {t for t in new if t.subject == t.object == self._stays} - {*old}
            new = [t for t in dict.fromkeys(new) if t not in own]
            if set(new) != set(old):
                yield editor.edit(graph.path(record), touched(graph, new, record, end.today))

    def _contents(self) -> list[ox.Triple]:
        """Return what only the record that goes says about the thing."""
        own = {TYPE, *(self._graph.role(name) for name in OWN)}
        known = {(t.predicate, t.object) for t in self._own}
        about = (t for t in self._said if t.subject == self._gone and t.predicate not in own)
        return [t for t in about if (t.predicate, t.object) not in known]

    def _names(self) -> Iterator[ox.Triple]:
        """Yield the names of the record that goes, as other names."""
        label, other = self._graph.role("label"), self._graph.role("alternative")
        known = {t.object for t in self._own}
        for triple in self._contents():
            if other and triple.predicate in {label, other} and triple.object not in known:
                yield ox.Triple(self._gone, other, triple.object)

    def _links(self) -> list[ox.Triple]:
        """Return the links and parts that may come along, each with all that it is about."""
        kind = self._kinds.of(self._graph.objects(self._stays, TYPE))
        fields = kind.by_path() if kind else {}
        contents = self._contents()
        found = [
            t
            for t in contents
            if isinstance(t.object, ox.NamedNode)
            and t.object != self._stays
            and all(field.maximum is None for field in fields.get(t.predicate.value, ()))
            and (t.object in self._parts or self._may_have_more(t.predicate))
        ]
        while True:
            here = {*_terms(self._own), *_terms(found)}
            lost = {*_terms(contents)} - here
            kept = [t for t in found if not lost & {o.object for o in self._part(t.object)}]
            if kept == found:
                return found
            found = kept

    def _may_have_more(self, predicate: ox.NamedNode) -> bool:
        """Tell whether nothing stands there yet, or other records have several such values."""
        quads = self._graph.store.quads_for_pattern(None, predicate, None)
        numbers = Counter(quad.subject for quad in quads)
        return not numbers[self._stays] or max(numbers.values()) > 1

    def _part(self, part: Term) -> list[ox.Triple]:
        return [t for t in self._said if t.subject == part and part in self._parts]

    def _with_inner(self, parts: Set[Term]) -> list[Term]:
        """Return parts with the parts that they refer to, in a fixed order."""
        found = sorted(parts, key=str)
        for part in found:
            found += [o.object for o in self._part(part) if o.object in self._parts - {*found}]
        return found

    def _addresses(self, parts: Iterable[Term]) -> Mapping[Term, Term]:
        """Give parts an address in the other record; an equal part there serves as well."""
        there: dict[Term, set[_Said]] = {}
        for t in self._own:
            there.setdefault(t.subject, set()).add((t.predicate, t.object))
        names: dict[Term, Term] = {}
        for part in parts:
            said = {(t.predicate, t.object) for t in self._part(part)}
            twin = next((node for node in there if there[node] == said), None)
            names[part] = twin or self._free(str(part)[1:-1].rpartition("#")[2], there)
            there.setdefault(names[part], said)
        return names

    def _free(self, name: str, used: Container[Term]) -> ox.NamedNode:
        stem = re.sub(r"\d+$", "", name)
        wanted = chain([name], (f"{stem}{n}" for n in count(1)))
        nodes = (ox.NamedNode(f"{self._stays.value}#{own}") for own in wanted)
        return next(node for node in nodes if node not in used)


def _renamed(triple: ox.Triple, names: Mapping[Term, Term]) -> ox.Triple:
    subject = cast("Node", names.get(triple.subject, triple.subject))
    return ox.Triple(subject, triple.predicate, names.get(triple.object, triple.object))


def _terms(triples: Iterable[ox.Triple]) -> Iterator[Term]:
    for triple in triples:
        yield from (triple.predicate, triple.object)
