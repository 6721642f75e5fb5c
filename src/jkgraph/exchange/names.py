"""The texts by which a cell points to something: its label, and more where that is not enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import Graph
from jkgraph.iri import split
from jkgraph.kinds import Kinds
from jkgraph.messages import NOTHING, Message, did_you_mean

Classes = tuple[ox.NamedNode, ...]
Nodes = tuple[ox.NamedNode, ...]
# The class and the label of records that are still to be made.
New = dict[ox.NamedNode, tuple[ox.NamedNode, str]]

# A sheet that is wrong throughout is not made better by a thousand hints.
MOST_HINTS = 100
PART = re.compile(r"[\w-]+")


class Index(NamedTuple):
    """What a field may point to: by the texts that cells show, and by all that people may type."""

    shown: Mapping[str, Nodes]
    typed: Mapping[str, Nodes]

    def find(self, text: str) -> Nodes:
        """Return everything that a text may mean."""
        return self.shown.get(text) or self.typed.get(text.casefold(), ())


@dataclass(frozen=True)
class Names:
    """The names of a workspace in one language, and of records that are still to be made."""

    graph: Graph
    kinds: Kinds
    language: str
    new: New = field(default_factory=dict)
    _known: dict[Classes, Index] = field(default_factory=dict)
    _labelled: dict[ox.NamedNode, str] = field(default_factory=dict)
    _hints: dict[tuple[str, Classes], Message] = field(default_factory=dict)

    def texts(self, node: ox.NamedNode, owner: ox.NamedNode) -> Iterator[str]:
        """Yield the texts for something, the most readable first; not all are unambiguous."""
        record, _, part = node.value.partition("#")
        if part and record == owner.value:
            yield f"#{part}"
        elif part and record.startswith(self.graph.addresses.records):
            above = ox.NamedNode(record)
            yield from (f"{text} #{part}" for text in self.texts(above, above))
        elif "://" in node.value and not self.graph.has(node):
            yield node.value
        yield self.label(node)
        yield f"{self.label(node)} [{split(node.value)[1]}]"
        yield self.graph.addresses.compact(node.value)

    def find(self, text: str, classes: Classes, owner: ox.NamedNode) -> Nodes:
        """Return everything that a text may mean in a field for these classes."""
        text = " ".join(text.split())
        found = self.index(classes).find(text) or self._part(text, classes, owner)
        return found or tuple(self._addressed(text))

    def hint(self, text: str, classes: Classes) -> Message:
        """Name the text that is most like one that means nothing; that takes long."""
        if (text, classes) not in self._hints and len(self._hints) < MOST_HINTS:
            self._hints[text, classes] = did_you_mean(text, self.index(classes).shown)
        return self._hints.get((text, classes), NOTHING)

    def label(self, node: ox.NamedNode) -> str:
        """Return the label of a resource on one line."""
        if node in self.new:
            return self.new[node][1]
        if node not in self._labelled:
            self._labelled[node] = " ".join(self.graph.label(node, self.language).split())
        return self._labelled[node]

    def index(self, classes: Classes) -> Index:
        """Return what a field for these classes may point to; for none, all records and values."""
        if classes not in self._known:
            self._known[classes] = self._index(classes)
        return self._known[classes]

    def _index(self, classes: Classes) -> Index:
        wanted = classes or tuple(filter(None, map(self.graph.role, ("record", "list"))))
        below = {cls for parent in wanted for cls in self.graph.below(parent)}
        new = (node for node, (cls, _) in self.new.items() if cls in below)
        nodes = dict.fromkeys((*self.graph.instances(wanted), *new))
        shown: dict[str, Nodes] = {}
        typed: dict[str, Nodes] = {}
        # Parts go by the name of their record.
        start = self.graph.addresses.records
        for node in (n for n in nodes if not (n.value.startswith(start) and "#" in n.value)):
            label, local = self.label(node), split(node.value)[1]
            for text in dict.fromkeys((label, f"{label} [{local}]")):
                shown[text] = (*shown.get(text, ()), node)
            own = (label, f"{label} [{local}]", local, *self._labels(node))
            for folded in {text.casefold() for text in own}:
                typed[folded] = (*typed.get(folded, ()), node)
        return Index(shown, typed)

    def _labels(self, node: ox.NamedNode) -> Sequence[str]:
        role = self.graph.role("label")
        texts = self.graph.texts(node, role).values() if role else ()
        return [" ".join(text.split()) for text in texts]

    def _part(self, text: str, classes: Classes, owner: ox.NamedNode) -> Nodes:
        record, sign, part = text.rpartition("#")
        if not sign and classes and set(classes) <= self._parts:
            sign = "#"
        if not sign or not PART.fullmatch(part):
            return ()
        above = self.find(record, (), owner) if record else (owner,)
        return tuple(ox.NamedNode(f"{node.value}#{part}") for node in above)

    @cached_property
    def _parts(self) -> frozenset[ox.NamedNode]:
        return frozenset(kind.iri for kind in self.kinds.parts)

    def _addressed(self, text: str) -> Iterator[ox.NamedNode]:
        """Read a web address, or a compact name of what is there."""
        address = None if " " in text else self.graph.addresses.expand(text)
        if address is None:
            return
        try:
            node = ox.NamedNode(address)
        except ValueError:
            return
        if "://" in text or self.graph.has(node) or node in self.new:
            yield node
