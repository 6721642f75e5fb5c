"""Arrange triples by subject, and decide how each blank node is written.

One that is referred to once stands inside what refers to it, as a property list or as part of a
collection. The others have blocks of their own, with a label when something refers to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from jkgraph.bounds import USUAL
from jkgraph.turtle.terms import FIRST, NIL, REST, Resource, Term


@dataclass(frozen=True)
class Tree:
    """Triples by subject and property, and what refers to each blank node."""

    properties: Mapping[Resource, Mapping[ox.NamedNode, Sequence[Term]]]
    references: Mapping[Resource, Sequence[Resource]]
    label: str

    def blocks(self) -> list[Resource]:
        """Return the subjects that are not written inside another."""
        return [subject for subject in self.properties if subject not in self.nested]

    @cached_property
    def cells(self) -> frozenset[Resource]:
        """The blank nodes that can be written as part of a collection."""
        ends = (node for node in self.properties if self._is_cell(node, rest=NIL))
        return frozenset(cell for end in ends for cell in self._cells_before(end))

    @cached_property
    def nested(self) -> frozenset[Resource]:
        """The blank nodes that are written inside what refers to them."""
        found: set[Resource] = set()
        around = [(node, 0) for node in self.properties if not self._is_inside(node)]
        while around:
            node, depth = around.pop()
            for predicate, inner in self._inside(node):
                is_same_list = predicate == REST and node in self.cells and node in found
                deeper = depth if is_same_list else depth + 1
                if deeper <= USUAL.nesting:
                    found.add(inner)
                # What is too deep to be read again gets a block of its own.
                around.append((inner, deeper if deeper <= USUAL.nesting else 0))
        return frozenset(found)

    @cached_property
    def labels(self) -> Mapping[Resource, str]:
        """The labels of the blank nodes that cannot do without."""
        labelled = sorted(node.value for node in self.references if node not in self.nested)
        return {ox.BlankNode(name): f"_:{self.label}{i}" for i, name in enumerate(labelled)}

    def members(self, cell: Resource) -> Iterator[Term]:
        """Yield the members of the collection that begins with this cell."""
        node: Term = cell
        while isinstance(node, ox.BlankNode):
            yield self.properties[node][FIRST][0]
            node = self.properties[node][REST][0]

    def _is_inside(self, node: Term) -> bool:
        return isinstance(node, ox.BlankNode) and len(self.references.get(node, ())) == 1

    def _is_cell(self, node: Resource, rest: Term) -> bool:
        values = self.properties[node]
        has_pair = values.keys() == {FIRST, REST} and len(values[FIRST]) == 1
        return self._is_inside(node) and has_pair and list(values[REST]) == [rest]

    def _cells_before(self, end: Resource) -> Iterator[Resource]:
        cell = end
        while True:
            yield cell
            (before,) = self.references[cell]
            if not self._is_cell(before, rest=cell):
                return
            cell = before

    def _inside(self, node: Resource) -> Iterator[tuple[ox.NamedNode, Resource]]:
        for predicate, values in self.properties.get(node, {}).items():
            for value in values:
                if isinstance(value, ox.BlankNode) and self._is_inside(value):
                    yield predicate, value


def arrange(triples: Iterable[ox.Triple], label: str = "b") -> Tree:
    """Arrange triples so that the same graph gives the same tree, in whatever order it comes.

    ``label`` begins the labels of blank nodes, which hold for a document as a whole.
    """
    graph = set(triples)
    tree = _tree(graph, label)
    return _tree(canonical(graph), label) if tree.labels else tree


def canonical(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return the triples with blank nodes named by what is said of them."""
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset}


def _tree(triples: Iterable[ox.Triple], label: str) -> Tree:
    properties: dict[Resource, dict[ox.NamedNode, list[Term]]] = {}
    references: dict[Resource, list[Resource]] = {}
    for subject, predicate, value in triples:
        properties.setdefault(subject, {}).setdefault(predicate, []).append(value)
        if isinstance(value, ox.BlankNode):
            references.setdefault(value, []).append(subject)
    return Tree(properties, references, label)
