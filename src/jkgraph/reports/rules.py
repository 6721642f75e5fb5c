"""What a rule is about, and the page that tells more of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from jkgraph.checks.rules import read_rules
from jkgraph.graph import Graph
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.queries import Query

RULES, FIELDS = "rules.md", "fields.md"
PAGE = "rules.html"
OWN = "finding."


class Rule(NamedTuple):
    """A rule in words; ``label`` is the name of the field that it is about."""

    name: str
    label: str
    text: str


class Section(NamedTuple):
    """Rules under one heading."""

    title: str
    rules: tuple[Rule, ...]


class Rules:
    """The rules of a workspace: its shapes, its queries, and the checks of the engine."""

    def __init__(self, graph: Graph, kinds: Kinds, language: str) -> None:
        self._graph, self._kinds, self._language = graph, kinds, language

    def page(self, rule: str) -> str:
        """Return where a rule is explained: on the site, else in the reference, else nowhere."""
        workspace = self._graph.workspace
        if not (rule in self._fields or rule in self._queries or rule in self._own):
            return ""
        if workspace.site.address:
            folder = "" if self._language == workspace.languages[0] else f"{self._language}/"
            return f"{workspace.site.address}{folder}{PAGE}#{rule}"
        name = FIELDS if rule in self._fields else RULES
        file = workspace.reference / name
        return f"{workspace.relative(file)}#{rule}" if file.is_file() else ""

    def sections(self) -> Iterator[Section]:
        """Yield all rules: of the graph as a whole, of each kind, and of the engine."""
        word = self._graph.workspace.catalogue.word
        times = Counter(field.rule for kind in self._every for field in kind.fields)
        shared = [rule for rule, number in times.items() if number > 1]
        groups = [
            (word("page.rules-whole", self._language), list(self._queries)),
            (word("page.rules-shared", self._language), shared),
        ]
        for kind in self._every:
            rules = [field.rule for field in kind.fields if times[field.rule] == 1]
            groups.append((self._worded(kind.label), rules))
        groups.append((word("page.rules-own", self._language), self._own))
        labels = {name: self._worded(field.name) for name, field in self._fields.items()}
        for title, names in groups:
            if names:
                told = (Rule(name, labels.get(name, ""), self.said(name)) for name in names)
                yield Section(title, tuple(told))

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
        return opened(self._worded(texts))

    def _worded(self, texts: Mapping[str, str]) -> str:
        languages = (self._language, *self._graph.workspace.languages, *texts)
        return next((texts[lang] for lang in languages if lang in texts), "")

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {field.rule: field for kind in self._every for field in kind.fields}

    @property
    def _every(self) -> tuple[Kind, ...]:
        return (*self._kinds.records, *self._kinds.parts, *self._kinds.lists)

    @cached_property
    def _own(self) -> list[str]:
        keys = self._graph.workspace.catalogue.keys(self._language)
        return sorted(key.removeprefix(OWN) for key in keys if key.startswith(OWN))

    @cached_property
    def _queries(self) -> dict[str, Query]:
        return {rule.name: rule for rule in read_rules(self._graph)}


def opened(text: str) -> str:
    """Leave open in a message what each finding fills in."""
    return re.sub(r"\{\w+\}", "…", re.sub(r" ?\{hint\}", "", text))
