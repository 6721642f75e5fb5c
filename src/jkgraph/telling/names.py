"""What things are called in a telling: records, values, parts by what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from jkgraph.differences import statements
from jkgraph.graph import TYPE, Graph, Node, Term
from jkgraph.kinds import Kind, Kinds
from jkgraph.telling.passages import Mark, Piece
from jkgraph.telling.states import State
from jkgraph.turtle import TurtleSyntaxError
from jkgraph.wording import worded

# How many facts name a part of which nothing better is known.
_FACTS = 3
_LONGEST = 120


class Names:
    """Calls things by their names in one language; what is gone, by the name that it had."""

    def __init__(
        self, graph: Graph, kinds: Kinds, language: str, texts: Sequence[str], is_brief: bool
    ) -> None:
        self.graph, self.kinds, self.language, self.is_brief = graph, kinds, language, is_brief
        self._texts = texts
        self._gone: Mapping[Node, Mapping[str, str]] | None = None

    def say(self, key: str, **values: object) -> str:
        """Return words of the interface."""
        return self.graph.workspace.catalogue.word(key, self.language, **values)

    def choose(self, texts: Mapping[str, str], fallback: str = "") -> str:
        """Return the text in the language of the reader, else in the leading one, else any."""
        return self.graph.workspace.choose(texts, self.language) if texts else fallback

    def label(self, node: Node) -> str:
        """Return the name of a resource, also of one that is gone."""
        role = self.graph.role("label")
        texts = self.graph.texts(node, role) if role else {}
        return self.choose(texts or self._labels.get(node, {}), self._compact(node))

    def _compact(self, node: Node) -> str:
        return self.graph.addresses.compact(node.value)

    @property
    def _labels(self) -> Mapping[Node, Mapping[str, str]]:
        """The names in the texts that were given, read when something has no name in the graph."""
        if self._gone is None:
            role = self.graph.role("label")
            found: dict[Node, dict[str, str]] = {}
            for text in self._texts:
                try:
                    said = statements(text)
                except TurtleSyntaxError:
                    continue
                for subject, predicate, value in said:
                    if predicate == role and isinstance(value, ox.Literal):
                        found.setdefault(subject, {})[value.language or ""] = value.value
            self._gone = found
        return self._gone

    def own_label(self, state: State, record: Node) -> str:
        """Return the name of a record in the state that its file is in."""
        values = state.values(record, self.graph.role("label"))
        texts = {v.language or "": v.value for v in values if isinstance(v, ox.Literal)}
        return self.choose(texts, self._compact(record))

    def summary(self, state: State, node: Node) -> str:
        """Return what something is, in the state that its file is in."""
        for role in self.graph.roles("summary"):
            values = state.values(node, role)
            if texts := {v.language or "": v.value for v in values if isinstance(v, ox.Literal)}:
                return self.choose(texts)
        return ""

    def kind(self, state: State, node: Node) -> Kind | None:
        """Return the kind of a record or of a part."""
        return self.kinds.of(list(state.values(node, TYPE)))

    def field(self, kind: Kind | None, predicate: ox.NamedNode) -> str:
        """Return what a property is called in the form of a kind."""
        fields = kind.by_path().get(predicate.value, ()) if kind else ()
        return self.choose(fields[0].name) if fields else self.label(predicate)

    def value(self, term: Term, state: State) -> Piece:
        """Return the name of a value; texts stand between quotation marks."""
        if isinstance(term, ox.Literal):
            found = worded(term, self.say)
            if found is not None:
                return Piece(found, Mark.VALUE)
            other = term.language or ""
            return Piece(f"“{term.value}”", Mark.VALUE, language=self.other(other))
        if not isinstance(term, ox.NamedNode):
            return Piece(str(term), Mark.VALUE)
        if state.said(term):
            return Piece(self.part(term, state), Mark.VALUE)
        return Piece(self.label(term), Mark.VALUE, iri=term.value)

    def with_address(self, piece: Piece) -> Piece:
        """Add its address to the name of a resource, for two that are called the same."""
        compact = self.graph.addresses.compact(piece.iri)
        return piece._replace(text=f"{piece.text} ({compact})") if piece.iri else piece

    def other(self, language: str) -> str:
        """Return a language where it is not that of the reader."""
        return "" if language == self.language else language

    def language_name(self, language: str) -> str:
        """Return what the reader calls a language."""
        key = f"telling.language.{language}"
        name = self.say(key)
        return language if name == key else name

    def part(self, part: Node, state: State) -> str:
        """Name a part of a record by the document and page it cites, else by what it says first."""
        sources = state.values(part, self.graph.role("source"))
        named = [self.value(v, state).text for v in sources if self.is_told(v, state)]
        if named:
            return ", ".join([*named, *self._places(part, state)[:1]])
        if not self.is_brief and (summary := self.summary(state, part)):
            return f"“{_cut(summary)}”"
        facts = [self.value(v, state).text for v in self._facts(part, state)]
        kind = self.kind(state, part)
        return ", ".join(facts[:_FACTS]) or (self.choose(kind.label) if kind else "?")

    def _places(self, part: Node, state: State) -> list[str]:
        """Return where in its document a part points, the most handy first."""
        roles = ("pages",) if self.is_brief else ("pages", "section", "item")
        values = [(r, v) for r in roles for v in state.values(part, self.graph.role(r))]
        texts = [(role, getattr(value, "value", "")) for role, value in values]
        return [self.say("page.pages", pages=t) if role == "pages" else t for role, t in texts]

    def _facts(self, part: Node, state: State) -> list[Term]:
        kind = self.kind(state, part)
        order = kind.order if kind else {}
        said = state.said(part)
        paths = sorted(said, key=lambda p: (order.get(p.value, 1e9), p.value))
        values = [v for p in paths if p != TYPE for v in said[p] if not state.said(v)]
        return [v for v in values if self.is_told(v, state)]

    def is_told(self, value: Term, state: State) -> bool:
        """Tell whether a value is named: in brief, texts are not, nor what has no name now."""
        if not self.is_brief or state.said(value):
            return True
        if not isinstance(value, ox.NamedNode):
            return not is_text(value)
        is_own = value.value.startswith(self.graph.addresses.base)
        return not is_own or self.graph.has(value, self.graph.role("label"))


def is_text(term: Term) -> bool:
    """Tell whether a value is a text, and no date, number or answer."""
    return isinstance(term, ox.Literal) and worded(term, str) is None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"
