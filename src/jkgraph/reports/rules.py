"""What a rule is about, and the page that tells more of it."""

from __future__ import annotations

import re
from functools import cached_property

from jkgraph.checks.rules import read_rules
from jkgraph.graph import Graph
from jkgraph.kinds import Field, Kinds
from jkgraph.queries import Query

RULES, FIELDS = "rules.md", "fields.md"


class Rules:
    """The rules of a workspace: its shapes, its queries, and the checks of the engine."""

    def __init__(self, graph: Graph, kinds: Kinds, language: str) -> None:
        self._graph, self._kinds, self._language = graph, kinds, language

    def page(self, rule: str) -> str:
        """Return where a rule is explained, from the root of the workspace; empty when nowhere."""
        name = FIELDS if rule in self._fields else RULES
        file = self._graph.workspace.reference / name
        return f"{self._graph.workspace.relative(file)}#{rule}" if file.is_file() else ""

    def said(self, rule: str) -> str:
        """Return what a rule asks for, with what each finding fills in left open."""
        catalogue = self._graph.workspace.catalogue
        if rule in self._fields:
            texts = self._fields[rule].message
        elif rule in self._queries:
            said = self._queries[rule].texts
            texts = {
                lang: f"{text} {said['Solution'][lang]}" for lang, text in said["Problem"].items()
            }
        else:
            return opened(catalogue.word(f"finding.{rule}", self._language))
        languages = (self._language, *self._graph.workspace.languages, *texts)
        return opened(next((texts[lang] for lang in languages if lang in texts), rule))

    @cached_property
    def _fields(self) -> dict[str, Field]:
        every = (*self._kinds.records, *self._kinds.parts, *self._kinds.lists)
        return {field.rule: field for kind in every for field in kind.fields}

    @cached_property
    def _queries(self) -> dict[str, Query]:
        return {rule.name: rule for rule in read_rules(self._graph)}


def opened(text: str) -> str:
    """Leave open in a message what each finding fills in."""
    return re.sub(r"\{\w+\}", "…", re.sub(r" ?\{hint\}", "", text))
