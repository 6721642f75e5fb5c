"""Write triples in the canonical form: one way for each graph, one line for each triple.

Formatting in place, with the care that a file of somebody else needs, is for `formatter`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from jkgraph.turtle.names import Names
from jkgraph.turtle.terms import NIL, TYPE, Resource, Term
from jkgraph.turtle.tree import Tree, arrange

Order = Callable[[str], tuple[Any, ...]]

_STEP = 4
_WIDTH = 100
# Some editors and str.splitlines end a line here, where Turtle does not.
_LINE_ENDS = {chr(code): f"\\u{code:04X}" for code in (0x85, 0x2028, 0x2029)}


def write(
    triples: Iterable[ox.Triple],
    prefixes: Mapping[str, str],
    *,
    predicate_order: Order | None = None,
    subject_order: Order | None = None,
    languages: Sequence[str] = ("nl", "en"),
) -> str:
    """Write triples as Turtle, subjects and properties in the given order, else by IRI."""
    tree = arrange(triples)
    page = _Page(tree, Names(prefixes), predicate_order or _by_iri, languages)
    blocks = page.blocks(subject_order or _by_iri)
    parts = ["\n".join(page.names.header()), *blocks]
    return _visible("\n\n".join(filter(None, parts))) + "\n" if blocks else ""


class Graphs:
    """A document of TriG that is written graph by graph; its head can be told when all are done.

    Graphs stand apart with a `SEPARATOR`, as they do from the head.
    """

    SEPARATOR = "\n\n"
    FOOT = "\n"

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._names = Names(prefixes)
        self._number = 0

    def head(self) -> str:
        """Write what comes before the graphs: the prefixes that they used."""
        return "\n".join(self._names.header())

    def graph(self, name: str, triples: Iterable[ox.Triple]) -> str:
        """Write a named graph; nothing when it is empty."""
        tree = arrange(triples, f"g{self._number}b")
        self._number += 1
        blocks = _Page(tree, self._names, _by_iri, ("nl", "en")).blocks(_by_iri)
        said = _visible("\n\n".join(blocks))
        return f"{ox.NamedNode(name)} {{\n{said}\n}}" if blocks else ""


def _visible(text: str) -> str:
    for sign, code in _LINE_ENDS.items():
        text = text.replace(sign, code)
    return text


def _by_iri(_iri: str) -> tuple[Any, ...]:
    return ()


class _Page(NamedTuple):
    tree: Tree
    names: Names
    predicate_order: Order
    languages: Sequence[str]

    def blocks(self, order: Order) -> list[str]:
        """Write every subject that stands by itself, blank nodes last."""
        subjects = self.tree.blocks()
        named = [node for node in subjects if isinstance(node, ox.NamedNode)]
        blank = [node for node in subjects if isinstance(node, ox.BlankNode)]
        named.sort(key=lambda node: (order(node.value), node.value))
        return [*map(self._block, named), *sorted(map(self._block, blank))]

    def _block(self, subject: Resource) -> str:
        if isinstance(subject, ox.NamedNode):
            name = self.names.iri(subject)
        else:
            name = self.tree.labels.get(subject, "[]")
        return f"{name} {self._properties(subject, _STEP)} ."

    def _properties(self, subject: Resource, indent: int) -> str:
        properties = self.tree.properties[subject]
        in_order = sorted(properties, key=self._key)
        lines = (self._property(key, properties[key], indent) for key in in_order)
        return f" ;\n{' ' * indent}".join(lines)

    def _key(self, predicate: ox.NamedNode) -> tuple[Any, ...]:
        return predicate != TYPE, self.predicate_order(predicate.value), predicate.value

    def _property(self, predicate: ox.NamedNode, values: Sequence[Term], indent: int) -> str:
        name = "a" if predicate == TYPE else self.names.iri(predicate)
        written = sorted(self._value(value, indent + _STEP) for value in values)
        separator = f" ,\n{' ' * (indent + _STEP)}"
        return f"{name} {separator.join(text for *_, text in written)}"

    def _value(self, value: Term, indent: int) -> tuple[int, int, str, str, str]:
        """Write a value, after what it is to be sorted by."""
        if isinstance(value, ox.NamedNode):
            return 0, 0, "", "", "()" if value == NIL else self.names.iri(value)
        if isinstance(value, ox.BlankNode):
            return 2, 0, "", "", self._blank(value, indent)
        if isinstance(value, ox.Triple) or value.direction:
            raise ValueError("RDF 1.2 terms cannot be written")  # noqa: TRY003 - a bug, not a fault
        language = value.language or ""
        known = language in self.languages
        rank = self.languages.index(language) if known else len(self.languages)
        return 1, rank, language, value.value, self.names.literal(value)

    def _blank(self, node: ox.BlankNode, indent: int) -> str:
        if node not in self.tree.nested:
            return self.tree.labels[node]
        if node in self.tree.cells:
            return self._collection(node, indent)
        if node not in self.tree.properties:
            return "[]"
        inner = " " * (indent + _STEP)
        return f"[\n{inner}{self._properties(node, indent + _STEP)}\n{' ' * indent}]"

    def _collection(self, cell: ox.BlankNode, indent: int) -> str:
        members = [self._value(member, indent + _STEP)[-1] for member in self.tree.members(cell)]
        line = f"( {' '.join(members)} )"
        if "\n" not in line and indent + len(line) <= _WIDTH:
            return line
        inner = f"\n{' ' * (indent + _STEP)}"
        return f"({inner}{inner.join(members)}\n{' ' * indent})"
