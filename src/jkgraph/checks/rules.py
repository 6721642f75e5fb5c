"""Runs the whole-graph rules: SPARQL files that must return nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from jkgraph.checks.places import Places
from jkgraph.errors import JkgraphError
from jkgraph.findings import Finding, Severity, worded
from jkgraph.graph import Graph, Term
from jkgraph.messages import Message, did_you_mean
from jkgraph.queries import Query, Table, read_query, run


def read_rules(graph: Graph) -> list[Query]:
    """Read the rules of the workspace; a rule without a complete header is an error."""
    return [_read(graph, path) for path in sorted(graph.workspace.rules.glob("*.rq"))]


def _read(graph: Graph, path: Path) -> Query:
    rule = read_query(graph, path)
    for key in ("Problem", "Solution"):
        for language in graph.workspace.languages:
            if not rule.texts.get(key, {}).get(language):
                raise JkgraphError("rule-header", rule=rule.name, line=f"# {key}@{language}: …")
    if rule.header("Severity").upper() not in Severity.__members__:
        known = [s.word for s in Severity]
        hint = did_you_mean(rule.header("Severity"), known)
        raise JkgraphError("rule-severity", rule=rule.name, known=", ".join(known), hint=hint)
    return rule


def answer_rule(graph: Graph, rule: Query) -> tuple[Query, Table]:
    """Ask a rule, and return it with its answer; one that does not return records is an error."""
    table = run(graph, rule.text, rule.name)
    if not isinstance(table, Table) or table.variables[:1] != ("record",):
        raise JkgraphError("rule-result", rule=rule.name)
    return rule, table


def check_rules(
    graph: Graph, places: Places, answers: Iterable[tuple[Query, Table]]
) -> Iterator[Finding]:
    """Find what the whole-graph rules found, a finding for every row of their answers."""
    for rule, table in answers:
        severity = Severity[rule.header("Severity").upper()]
        for values in table.rows:
            row = dict(zip(table.variables, values, strict=True))
            record, path = row["record"], row.get("path")
            if isinstance(record, ox.NamedNode):
                about = (record, path if isinstance(path, ox.NamedNode) else None, row.get("value"))
                message = _message(graph, rule, row)
                yield worded(rule.name, severity, places.of(*about), message, about)


def _message(graph: Graph, rule: Query, row: Mapping[str, Term | None]) -> Message:
    """Join problem and solution per language, with the names of what the row holds."""
    texts = {}
    for language in graph.workspace.languages:
        text = f"{rule.texts['Problem'][language]} {rule.texts['Solution'][language]}"
        for name, term in row.items():
            text = text.replace("{" + name + "}", _named(graph, term, language))
        texts[language] = text
    return Message(texts=texts)


def _named(graph: Graph, term: Term | None, language: str) -> str:
    if isinstance(term, ox.NamedNode):
        return graph.label(term, language)
    return term.value if isinstance(term, ox.Literal) else ""
