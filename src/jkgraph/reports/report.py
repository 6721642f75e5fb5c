"""What a report tells of each finding, in one language: names instead of addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import pyoxigraph as ox

from jkgraph.findings import Finding, Severity
from jkgraph.graph import TYPE, Graph
from jkgraph.kinds import Kinds
from jkgraph.loading import may_be_read
from jkgraph.reports.rules import Rules
from jkgraph.syntaxes import read_term
from jkgraph.turtle import Positions

# How much of a file that cannot be read is looked through for its name.
ENOUGH = 50_000


class Entry(NamedTuple):
    """A finding in words; what is not known of it is empty."""

    finding: Finding
    severity: str
    sentence: str
    label: str
    field: str
    value: str
    repair: str
    page: str

    @property
    def subject(self) -> str:
        """What the finding is about: the record, its field, and the value there."""
        named = " – ".join(filter(None, (self.label, self.field)))
        return ": ".join(filter(None, (named, self.value)))


class Report:
    """The findings of one check, to be written in a language.

    ``fail_on`` is the least severity that fails; None when none does.
    """

    def __init__(
        self,
        graph: Graph,
        kinds: Kinds,
        findings: list[Finding],
        language: str,
        fail_on: Severity | None = Severity.VIOLATION,
    ) -> None:
        self.graph, self.kinds, self.findings = graph, kinds, findings
        self.language, self.fail_on = language, fail_on
        self.rules = Rules(graph, kinds, language)
        self._files: dict[str, str] = {}

    @cached_property
    def entries(self) -> list[Entry]:
        """The findings in words, in their order."""
        return [self._entry(found) for found in self.findings]

    def say(self, key: str, /, **values: object) -> str:
        """Return words of the interface."""
        return self.graph.workspace.catalogue.word(key, self.language, **values)

    def summary(self) -> str:
        """Say how many findings there are of each severity, and how many can be repaired."""
        number = Counter(found.severity for found in self.findings)
        counts = {s.word: self.count(f"count.{s.word}", number[s]) for s in Severity}
        records = self.count("count.record", len(self.graph.records()))
        return self.say("validate.sum", records=records, **counts)

    def count(self, key: str, number: int) -> str:
        """Return a number of things in words."""
        return self.graph.workspace.catalogue.plural(key, number, self.language)

    def fails(self, found: Finding) -> bool:
        """Tell whether a finding is bad enough to fail."""
        return self.fail_on is not None and found.severity >= self.fail_on

    def _entry(self, found: Finding) -> Entry:
        return Entry(
            finding=found,
            severity=self.say(f"severity.{found.severity.word}"),
            sentence=self.graph.workspace.catalogue.say(found.message, self.language),
            label=self._label(found),
            field=self._field(found),
            value=self.value(found),
            repair=self._repair(found),
            page=self.rules.page(found.rule),
        )

    def _label(self, found: Finding) -> str:
        iri = self.record(found)
        if iri is None:
            return ""
        texts = self.graph.texts(ox.NamedNode(iri), self._name)
        return self._chosen(texts) or self._label_in_file(found.location.path, iri)

    def _label_in_file(self, path: str, iri: str) -> str:
        """Find the name in what stands before the fault of a file that cannot be read."""
        if path not in self._files:
            file = self.graph.workspace.root / path
            may = may_be_read(self.graph.workspace, file)
            text = file.read_text("utf-8", "replace").removeprefix("\ufeff") if may else ""
            said = (placed.triple for placed in Positions(text[:ENOUGH]).triples)
            texts = {
                t.object.language or "": t.object.value
                for t in said
                if t.predicate == self._name and t.subject == ox.NamedNode(iri)
                if isinstance(t.object, ox.Literal)
            }
            self._files[path] = self._chosen(texts)
        return self._files[path]

    @property
    def _name(self) -> ox.NamedNode:
        return self.graph.term(self.graph.workspace.roles.label)

    def _chosen(self, texts: Mapping[str, str]) -> str:
        languages = (self.language, *self.graph.workspace.languages, *texts)
        return next((texts[lang] for lang in languages if lang in texts), "")

    def record(self, found: Finding) -> str | None:
        """Return the address of the record that a finding is about, or in whose file it is."""
        addresses = self.graph.addresses
        if found.record and addresses.kind_and_slug(found.record):
            return found.record.partition("#")[0]
        data = f"{self.graph.workspace.relative(self.graph.workspace.data)}/"
        folder, _, name = found.location.path.removeprefix(data).partition("/")
        is_record = found.location.path.startswith(data) and folder in self.kinds.by_name
        file = self.graph.workspace.root / found.location.path
        if not is_record or "/" in name or not may_be_read(self.graph.workspace, file):
            return None
        return addresses.record(folder, name.removesuffix(".ttl"))

    def _field(self, found: Finding) -> str:
        if not found.record or not found.predicate:
            return ""
        if found.predicate == TYPE.value:
            return "a"
        kind = self.kinds.of(self.graph.objects(ox.NamedNode(found.record), TYPE))
        fields = kind.by_path().get(found.predicate, ()) if kind else ()
        name = self._chosen(fields[0].name) if fields else ""
        return name or self.graph.addresses.compact(found.predicate)

    def value(self, found: Finding) -> str:
        """Write the value that a finding is about: a compact name, or the text as it stands."""
        term = read_term(found.value)
        if isinstance(term, ox.NamedNode):
            return self.graph.addresses.compact(term.value)
        return term.value if isinstance(term, ox.Literal) else ""

    def _repair(self, found: Finding) -> str:
        if found.repair is None:
            return ""
        first = found.repair.replacements[0]
        if not first.new.strip():
            return self.say("repair.remove", text=first.old.strip().replace("\ufeff", "BOM"))
        if not first.old:
            return self.say("repair.add", text=first.new.strip())
        return self.say("repair.write", text=first.new)
