"""Saved queries with their answers, as a template sees them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from jkgraph.answers import answer_formats
from jkgraph.graph import Term
from jkgraph.queries import Parameter, Query, Table, parse_term
from jkgraph.site.arrange import arrange, require_view
from jkgraph.site.maker import Views
from jkgraph.site.plan import LISTED
from jkgraph.site.values import Text


class Choice(NamedTuple):
    """A parameter: its name, what is asked for, and values with their names and the one chosen."""

    name: str
    label: str
    options: tuple[tuple[str, Text, bool], ...]


class Question:
    """A saved query: what it asks, and the answer with its parameters by default."""

    def __init__(self, views: Views, query: Query) -> None:
        self._views, self._query = views, query

    @property
    def name(self) -> str:
        """The name of its file."""
        return self._query.name

    @property
    def text(self) -> str:
        """The SPARQL itself, without the lines on top."""
        lines = self._query.text.splitlines()
        return "\n".join(line for line in lines if not line.startswith("#")).strip()

    @property
    def title(self) -> str:
        """What it asks, in a sentence."""
        return self._views.word(self._query.texts.get("Title", {}), self.name)

    @property
    def description(self) -> str:
        """Why somebody asks it."""
        return self._views.word(self._query.texts.get("Description", {}))

    @property
    def chosen(self) -> list[tuple[str, Any]]:
        """The parameters with what is chosen here."""
        terms = ((p.name, parse_term(self._views.graph, p.default)) for p in self._query.parameters)
        return [(name, self._views.value(term)) for name, term in terms]

    @property
    def choices(self) -> list[Choice]:
        """The parameters that can be chosen for, each with the things that have a name."""
        found = (self._choice(parameter) for parameter in self._query.parameters)
        return [choice for choice in found if choice]

    def _choice(self, parameter: Parameter) -> Choice | None:
        graph, views = self._views.graph, self._views
        kind = views.plan.kinds.by_class.get(parameter.type.value)
        if kind is None or kind in views.plan.kinds.parts:
            return None
        default = parse_term(graph, parameter.default)
        options = tuple(
            (graph.addresses.compact(node.value), views.label(node), node == default)
            for node in views.by_label(graph.instances([parameter.type]))
        )
        # Nobody chooses from thousands; where questions are asked a name can be typed.
        if len(options) > LISTED:
            return None
        return Choice(parameter.name, views.word(kind.label, parameter.name), options)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats in which the answer can be had, by the ending of the file."""
        return answer_formats(self._query.text)

    @property
    def view(self) -> str:
        """The way in which the answer is drawn."""
        wanted = self._query.header("View") or "table"
        return require_view(wanted, self._table.variables, self.name)

    @cached_property
    def _table(self) -> Table:
        result = self._views.plan.ask(self._query.text, self.name)
        return result if isinstance(result, Table) else Table((), ())

    @cached_property
    def rows(self) -> list[Mapping[str, Any]]:
        """The rows of the answer, with views of what was found."""
        names = self._table.variables
        shown = ([self._shown(term) for term in row] for row in self._table.rows)
        return [dict(zip(names, row, strict=True)) for row in shown]

    def _shown(self, term: Term | None) -> Any:
        return None if term is None else self._views.value(term)

    @property
    def is_cut(self) -> bool:
        """Whether only the first rows are drawn: of very many, in a view that goes row by row."""
        return self.view in {"list", "table"} and len(self.rows) > LISTED

    @property
    def arranged(self) -> Any:
        """The rows in the form that the view draws."""
        return arrange(self.view, self.rows[:LISTED] if self.is_cut else self.rows)
