"""The columns of a sheet: those of the shape of its kind, in the order of the shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.exchange.values import STRING
from jkgraph.graph import RDF, Graph, Term
from jkgraph.kinds import Field, Kind, Kinds, Texts
from jkgraph.limits import limits
from jkgraph.plain import plain

LANGUAGE_STRING = f"{RDF}langString"

# What identifies a row stands in columns of its own, which no field has.
SLUG, RECORD, PART, REST, VERSION = "slug", "record", "part", "rest", "version"
KEY_WORDS = {
    SLUG: "sheet.slug",
    RECORD: "sheet.record",
    PART: "sheet.part",
    REST: "sheet.rest",
    VERSION: "sheet.version",
}
MARK = "*"
LONGEST_TITLE = 31


class Column(NamedTuple):
    """A column for the values of a property, or for those in one language.

    ``is_single`` tells that one value is all there may be, ``is_link`` that values are pointed to.
    """

    key: str
    path: ox.NamedNode
    header: str
    help: str
    language: str
    classes: tuple[ox.NamedNode, ...]
    values: tuple[Term, ...]
    datatypes: tuple[str, ...]
    is_link: bool
    is_single: bool
    is_required: bool

    @property
    def is_text(self) -> bool:
        """Whether the column holds free text."""
        return not self.is_link and set(self.datatypes) <= {STRING}


@dataclass(frozen=True)
class Sheet:
    """The sheet of a kind; ``keys`` are the columns that identify a row."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    is_part: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        return (RECORD, PART) if self.is_part else (SLUG,)

    @cached_property
    def paths(self) -> frozenset[ox.NamedNode]:
        """The properties that have a column."""
        return frozenset(column.path for column in self.columns)

    def column(self, path: ox.NamedNode, term: Term) -> Column:
        """Return the column for a value: that of its language, else the first of its property."""
        language = term.language if isinstance(term, ox.Literal) else None
        own = [column for column in self.columns if column.path == path]
        return next((c for c in own if c.language and c.language == language), own[0])


class Sheets:
    """The sheets of a workspace in one language."""

    def __init__(self, graph: Graph, kinds: Kinds, language: str) -> None:
        self._graph, self._kinds, self.language = graph, kinds, language
        # Titles of the sheets that are of no kind, and one that Excel keeps for itself.
        reserved = (self.word("sheet.guide"), self.word("sheet.faults"), "History")
        self._titles = Counter(title.casefold() for title in reserved)
        self.parts = {kind.iri: self._sheet(kind, is_part=True) for kind in kinds.parts}
        self.records = {kind.iri: self._sheet(kind, is_part=False) for kind in kinds.records}

    @property
    def all(self) -> list[Sheet]:
        """All sheets, those of records first."""
        return [*self.records.values(), *self.parts.values()]

    def word(self, key: str, /, **values: object) -> str:
        """Return words of the interface in the language of the sheets."""
        return self._graph.workspace.catalogue.word(key, self.language, **values)

    def text(self, texts: Texts) -> str:
        """Return a text in the language of the sheets, else in the first language that it has."""
        return " ".join(self._graph.workspace.choose(texts, self.language).split())

    def _sheet(self, kind: Kind, *, is_part: bool) -> Sheet:
        columns = [c for fields in kind.by_path().values() for c in self._columns(fields)]
        return Sheet(kind, self._title(kind), tuple(self._distinct(columns)), is_part)

    def _title(self, kind: Kind) -> str:
        """Make the title of a sheet, within what Excel allows, for one sheet only."""
        text = self.text(kind.plural) or self.text(kind.label) or kind.name
        plain = " ".join("".join(" " if c in "[]:*?/\\" else c for c in text).split())
        title = (plain[:1].upper() + plain[1:]).strip("'")[:LONGEST_TITLE].strip("' ")
        self._titles[title.casefold()] += 1
        number = self._titles[title.casefold()]
        return title if number == 1 else f"{title[: LONGEST_TITLE - 4]} {number}"

    def _columns(self, fields: Sequence[Field]) -> Iterable[Column]:
        first = fields[0]
        languages = tuple(dict.fromkeys(lang for f in fields for lang in f.languages))
        datatypes = tuple(dict.fromkeys(d.value for f in fields for d in f.datatypes))
        if LANGUAGE_STRING in datatypes and not languages:
            languages = self._graph.workspace.languages
        asked = limits(self._graph, fields)
        values = tuple(dict.fromkeys(v for f in fields for v in f.values))
        column = Column(
            key=first.path.value,
            path=first.path,
            header=self.text(first.name) or self._graph.addresses.compact(first.path.value),
            help=plain(self.text(first.description), self._label),
            language="",
            classes=tuple(dict.fromkeys(cls for f in fields for cls in f.classes)),
            values=values,
            datatypes=() if languages else datatypes or (STRING,),
            is_link=any(f.classes or f.is_address for f in fields)
            or any(isinstance(v, ox.NamedNode) for v in values),
            is_single=any(f.maximum == 1 for f in fields),
            is_required=asked.required,
        )
        if not languages or column.is_link:
            return [column]
        return [
            column._replace(
                key=f"{column.key}@{language}",
                header=f"{column.header} ({language})",
                language=language,
                is_single=column.is_single or asked.unique,
                is_required=language in asked.languages,
            )
            for language in languages
        ]

    def _distinct(self, columns: Sequence[Column]) -> Iterable[Column]:
        """Add the name of its property to a header that would stand there twice."""
        headers = [self.word(key) for key in KEY_WORDS.values()] + [c.header for c in columns]
        number = Counter(map(plain_header, headers))
        for column in columns:
            name = self._graph.addresses.compact(column.path.value)
            is_alone = number[plain_header(column.header)] == 1
            yield column if is_alone else column._replace(header=f"{column.header} [{name}]")

    def _label(self, name: str) -> str:
        """Return the label of what a compact name stands for; none for what is not there."""
        address = self._graph.addresses.expand(name)
        node = ox.NamedNode(address) if address else None
        return self._graph.label(node, self.language) if node and self._graph.has(node) else ""


def plain_header(text: str) -> str:
    """Return a header as it is compared: without the mark of what is required."""
    return " ".join(text.rstrip(f"{MARK} ").split()).casefold()
