"""Kinds and their fields, read from ontology and shapes: the only description of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.graph import CLASS, OWL, SUBCLASS, TYPE, Graph, Node, Term, by_language, members
from jkgraph.iri import kebab, split
from jkgraph.messages import nearest

SH = "http://www.w3.org/ns/shacl#"
DEFINITION = ox.NamedNode("http://www.w3.org/2004/02/skos/core#definition")
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
INVERSE = ox.NamedNode(f"{OWL}inverseOf")

Texts = Mapping[str, str]


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


class Group(NamedTuple):
    """A group of fields, shown under one heading."""

    iri: str
    label: Texts
    order: float


class Field(NamedTuple):
    """A named property shape: one thing that can be said of a record, and how."""

    shape: str
    path: ox.NamedNode
    name: Texts
    description: Texts
    order: float
    group: Group | None
    classes: tuple[ox.NamedNode, ...]
    values: tuple[Term, ...]
    datatypes: tuple[ox.NamedNode, ...]
    languages: tuple[str, ...]
    minimum: int
    maximum: int | None
    message: Texts
    severity: str
    is_address: bool

    @property
    def rule(self) -> str:
        """The local name of the shape, which findings and documentation use."""
        return split(self.shape)[1]


@dataclass(frozen=True)
class Kind:
    """A class of records, parts or list values, with the fields of its shapes."""

    iri: ox.NamedNode
    label: Texts
    plural: Texts
    definition: Texts
    parents: tuple[ox.NamedNode, ...]
    shapes: tuple[str, ...]
    fields: tuple[Field, ...]

    @cached_property
    def name(self) -> str:
        """The name of its folder and its prefix."""
        return kebab(split(self.iri.value)[1])

    @cached_property
    def order(self) -> Mapping[str, float]:
        """The place of each property in a record: the order of its first field."""
        return {f.path.value: f.order for f in reversed(self.fields)}

    def by_path(self) -> Mapping[str, tuple[Field, ...]]:
        """Return the fields by property, in order."""
        found: dict[str, tuple[Field, ...]] = {}
        for field in self.fields:
            found[field.path.value] = (*found.get(field.path.value, ()), field)
        return found


@dataclass(frozen=True)
class Kinds:
    """All kinds of a workspace: of records, of parts of records, and of list values.

    ``families`` are the classes between the class of all records and the kinds.
    """

    records: tuple[Kind, ...]
    parts: tuple[Kind, ...]
    lists: tuple[Kind, ...]
    families: tuple[Kind, ...]

    @cached_property
    def by_class(self) -> Mapping[str, Kind]:
        """Every kind by the IRI of its class."""
        everything = (*self.records, *self.parts, *self.lists, *self.families)
        return {kind.iri.value: kind for kind in everything}

    @cached_property
    def by_name(self) -> Mapping[str, Kind]:
        """The kinds of records by the name of their folder."""
        return {kind.name: kind for kind in self.records}

    def of(self, types: list[Term]) -> Kind | None:
        """Return the kind that a resource with these types is of; not a family above it."""
        names = (term.value for term in types if isinstance(term, ox.NamedNode))
        found = (self.by_class[name] for name in names if name in self.by_class)
        return max(found, key=lambda kind: len(kind.parents), default=None)

    def is_of_lists(self, field: Field) -> bool:
        """Tell whether a field takes its values from closed lists, and from nowhere else."""
        lists = {kind.iri for kind in self.lists}
        return bool(field.classes) and lists.issuperset(field.classes)

    def find(self, word: str) -> Kind | None:
        """Return the kind of records that a person means by a name or a label."""
        folded = word.casefold()
        for kind in self.records:
            if folded in {kind.name, *map(str.casefold, (*kind.label.values(),))}:
                return kind
        return None

    def suggest(self, word: str) -> str | None:
        """Return the kind name nearest to a misspelt one."""
        return nearest(word, self.by_name)


def read_kinds(graph: Graph) -> Kinds:
    """Read the kinds from the ontology and the shapes of a graph."""
    forms = _Forms(graph)
    leaves: list[Kind] = []
    families: list[Kind] = []
    for cls in _classes(graph, "record"):
        (families if graph.subjects(SUBCLASS, cls) else leaves).append(forms.kind(cls))
    families = [replace(family, fields=_shared_fields(family, leaves)) for family in families]
    return Kinds(
        records=tuple(leaves),
        parts=tuple(forms.kind(cls) for cls in _classes(graph, "part")),
        lists=tuple(forms.kind(cls) for cls in _classes(graph, "list")),
        families=tuple(families),
    )


def _shared_fields(family: Kind, kinds: list[Kind]) -> tuple[Field, ...]:
    """Return the fields that all kinds of a family have."""
    members = [kind for kind in kinds if family.iri in kind.parents]
    fields = members[0].fields if members else ()
    return tuple(f for f in fields if all(f.path.value in kind.order for kind in members))


def _classes(graph: Graph, role: str) -> list[ox.NamedNode]:
    parent = graph.role(role)
    return graph.below(parent)[1:] if parent else []


class _Forms:
    """The node shapes of a workspace by the class they are for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._store = graph.shapes
        self._plural = graph.role("plural")
        self._label = graph.role("label") or RDFS_LABEL
        self._fields: dict[Term, Field] = {}

    def kind(self, cls: ox.NamedNode) -> Kind:
        parents = self._parents(cls)
        shapes = [s for c in (cls, *parents) for s in self._subjects("targetClass", c)]
        fields = {f.shape: f for s in shapes for f in self._shape_fields(s)}
        label = self._graph.texts(cls, self._label) or self._graph.texts(cls, RDFS_LABEL)
        return Kind(
            iri=cls,
            label=label,
            plural=self._graph.texts(cls, self._plural) if self._plural else label,
            definition=self._graph.texts(cls, DEFINITION),
            parents=tuple(parents),
            shapes=tuple(s.value for s in shapes),
            fields=tuple(sorted(fields.values(), key=lambda f: (f.order, f.shape))),
        )

    def _parents(self, cls: ox.NamedNode) -> list[ox.NamedNode]:
        found = [cls]
        for child in found:
            above = self._graph.objects(child, SUBCLASS)
            found += [c for c in above if isinstance(c, ox.NamedNode) and c not in found]
        return found[1:]

    def _shape_fields(self, shape: Node) -> Iterator[Field]:
        for node in self._objects(shape, "property"):
            if node not in self._fields and (field := self._field(node)):
                self._fields[node] = field
            if node in self._fields:
                yield self._fields[node]

    def _field(self, node: Term) -> Field | None:
        path = self._one(node, "path")
        if not isinstance(node, ox.NamedNode) or not isinstance(path, ox.NamedNode):
            return None
        severity = self._one(node, "severity")
        maximum = self._one(node, "maxCount") or self._one(node, "qualifiedMaxCount")
        least = self._one(node, "minCount") or self._one(node, "qualifiedMinCount")
        return Field(
            shape=node.value,
            path=path,
            name=self._texts(node, "name"),
            description=self._texts(node, "description"),
            order=float(_text(self._one(node, "order")) or "1000"),
            group=self._group(self._one(node, "group")),
            classes=self._nodes(node, "class"),
            values=tuple(v for head in self._objects(node, "in") for v in self._members(head)),
            datatypes=self._nodes(node, "datatype"),
            languages=self._languages(node),
            minimum=int(_text(least) or "0"),
            maximum=int(_text(maximum)) if maximum else None,
            message=self._texts(node, "message"),
            severity=split(_text(severity) or f"{SH}Violation")[1].lower(),
            is_address=self._one(node, "nodeKind") == _sh("IRI"),
        )

    def _group(self, node: Term | None) -> Group | None:
        if not isinstance(node, ox.NamedNode):
            return None
        label = by_language(q.object for q in self._store.quads_for_pattern(node, RDFS_LABEL, None))
        return Group(node.value, label, float(_text(self._one(node, "order")) or "1000"))

    def _nodes(self, node: Node, name: str) -> tuple[ox.NamedNode, ...]:
        """Read the values of a constraint, also where they stand as alternatives."""
        options = [o for head in self._objects(node, "or") for o in self._members(head)]
        found = [v for n in (node, *options) for v in self._objects(n, name)]
        return tuple(v for v in found if isinstance(v, ox.NamedNode))

    def _languages(self, node: Node) -> tuple[str, ...]:
        holders = [node, *self._objects(node, "qualifiedValueShape")]
        heads = [head for holder in holders for head in self._objects(holder, "languageIn")]
        return tuple(dict.fromkeys(_text(v) for head in heads for v in self._members(head)))

    def _members(self, head: Term) -> Iterator[Term]:
        return members(self._store, head)

    def _subjects(self, name: str, value: Term) -> list[ox.NamedNode]:
        quads = self._store.quads_for_pattern(None, _sh(name), value)
        named = {q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}
        return sorted(named, key=lambda n: n.value)

    def _objects(self, node: Term, name: str) -> list[Term]:
        if not isinstance(node, ox.NamedNode | ox.BlankNode):
            return []
        return [q.object for q in self._store.quads_for_pattern(node, _sh(name), None)]

    def _one(self, node: Term, name: str) -> Term | None:
        return next(iter(self._objects(node, name)), None)

    def _texts(self, node: Node, name: str) -> Texts:
        return by_language(self._objects(node, name))


def inverses(graph: Graph) -> Mapping[ox.NamedNode, ox.NamedNode]:
    """Return each property that has an inverse, with that inverse, both ways round."""
    pairs = [
        (q.subject, q.object)
        for q in graph.store.quads_for_pattern(None, INVERSE, None)
        if isinstance(q.subject, ox.NamedNode) and isinstance(q.object, ox.NamedNode)
    ]
    return {a: b for pair in pairs for a, b in (pair, pair[::-1])}


def is_class(graph: Graph, node: Term) -> bool:
    """Tell whether the ontology declares a class."""
    return graph.has(node, TYPE, CLASS)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else ""
