"""One finding to be repaired, with the text in which it stands and what is known around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from jkgraph.findings import Finding, Repair, Replacement
from jkgraph.graph import TYPE, Graph
from jkgraph.kinds import Field, Kinds
from jkgraph.messages import Message
from jkgraph.syntaxes import read_term
from jkgraph.turtle import Names, Spots


@dataclass(frozen=True)
class Case:
    """A finding, the graph, and the text of the file."""

    graph: Graph
    kinds: Kinds
    found: Finding
    spots: Spots

    @property
    def at(self) -> tuple[int, int]:
        """The line and column of the finding."""
        return self.found.location.line, self.found.location.column

    @cached_property
    def written(self) -> str:
        """What stands at the place of the finding."""
        return self.spots.term(*self.at)

    @property
    def file_record(self) -> str:
        """The address of the record that the file is for, by where it lies."""
        folder, _, file = self.found.location.path.rpartition("/")
        return self.graph.addresses.record(folder.rpartition("/")[2], file.removesuffix(".ttl"))

    @cached_property
    def subject(self) -> ox.NamedNode:
        """The record or part that the finding is about."""
        return ox.NamedNode(self.found.record or self.graph.addresses.records)

    @cached_property
    def value(self) -> ox.NamedNode | ox.Literal | None:
        """The value that the finding is about."""
        term = read_term(self.found.value)
        return term if isinstance(term, ox.NamedNode | ox.Literal) else None

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the property, the one that was broken first."""
        kind = self.kinds.of(self.graph.objects(self.subject, TYPE))
        fields = [f for f in kind.fields if f.path.value == self.found.predicate] if kind else []
        return tuple(sorted(fields, key=lambda f: f.rule != self.found.rule))

    @property
    def near(self) -> str:
        """The name that the message holds up as the right one; else nothing."""
        hint = self.found.message.values.get("hint")
        return str(hint.values.get("near", "")) if isinstance(hint, Message) else ""

    def instead(self, new: str, *, is_safe: bool = False, old: str | None = None) -> Repair | None:
        """Put a text in the place of what stands there."""
        old = self.written if old is None else old
        if not self.spots.rest(*self.at).startswith(old.partition("\n")[0]) or new == old:
            return None
        return Repair((Replacement(*self.at, old, new),), is_safe)

    def term(self, term: ox.NamedNode | ox.Literal, *, is_safe: bool) -> Repair | None:
        """Put a term in the place of what stands there, and declare its prefix where it misses."""
        names = Names(self.graph.addresses.prefixes)
        new = names.iri(term) if isinstance(term, ox.NamedNode) else names.literal(term)
        repair = self.instead(new, is_safe=is_safe) if self.written else None
        return repair and Repair((*repair.replacements, *self.declared(names)), is_safe)

    def declared(self, names: Names) -> list[Replacement]:
        """Return the declarations that the text needs for what was named."""
        lines = (line for line in names.header() if line.split()[1][:-1] not in self.spots.prefixes)
        return [Replacement(1, 1, "", f"{line}\n") for line in lines]
