"""Every rule finds what it is for, at a place in a file, and leaves the rest alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.checks.places import Places
from jkgraph.checks.rules import answer_rule, check_rules, read_rules
from jkgraph.findings import Finding
from jkgraph.graph import Graph, file_graph
from jkgraph.queries import read_query

HERE = Path(__file__).parent
EXAMPLES = HERE / "rules"
RULES = sorted(path.stem for path in (HERE.parent / "shapes" / "rules").glob("*.rq"))


def find(real: Graph, rule: str, case: str) -> list[Finding]:
    """Apply a rule to an example: the ontology with the records of one file, or of a folder."""
    workspace = real.workspace
    ontology = {file_graph(workspace.relative(p)) for p in workspace.ontology.rglob("*.ttl")}
    store = ox.Store()
    store.bulk_extend(quad for quad in real.store if quad.graph_name in ontology)
    folder = EXAMPLES / rule
    for path in sorted((*folder.glob(f"{case}.ttl"), *folder.glob(f"{case}/*.ttl"))):
        name = file_graph(workspace.relative(path))
        store.load(path.read_bytes(), ox.RdfFormat.TURTLE, to_graph=name)
    graph = replace(real, store=store)
    answer = answer_rule(graph, read_query(graph, workspace.rules / f"{rule}.rq"))
    return list(check_rules(graph, Places(graph), [answer]))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_it_is_for(real: Graph, rule: str) -> None:
    found = find(real, rule, "hit")

    assert {finding.rule for finding in found} == {rule}
    for finding in found:
        assert finding.location.path.startswith(f"tests/rules/{rule}/hit")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_in_both_languages_what_it_found(real: Graph, rule: str) -> None:
    for finding in find(real, rule, "hit"):
        for language in ("nl", "en"):
            text = real.workspace.catalogue.say(finding.message, language)
            assert text
            assert "{" not in text


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_leaves_alone_what_is_right(real: Graph, rule: str) -> None:
    assert find(real, rule, "miss") == []


def test_every_rule_has_a_complete_header(real: Graph) -> None:
    assert [rule.name for rule in read_rules(real)] == RULES
