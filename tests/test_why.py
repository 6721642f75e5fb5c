"""Why something holds, told on the command line and on pages, with the places that it rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from jkgraph.graph import INFERRED, Graph
from jkgraph.proofs import Fact, Proof, Proofs, prove
from jkgraph.why import Explainer

Run = Callable[..., Any]


def test_the_list_says_what_follows_and_what_to_type_next(run: Run) -> None:
    ran = run("why", "oude-steenbrug")

    assert ran.code == 0
    assert ran.out.splitlines() == [
        "lies upstream of (br:upstreamOf)",
        "    Brede Stroom (water:brede-stroom), by way of Lange Vaart",
        "    Salt Sea (water:zoute-zee), by way of Lange Vaart, Brede Stroom",
        "is a (rdf:type)",
        "    crossing (br:Crossing)",
        "    record (br:Record)",
    ]
    command = ran.err.strip().rpartition(": jkgraph ")[2]
    assert run(*command.split()).code == 0


def test_the_tree_names_rules_and_statements_with_their_lines(run: Run) -> None:
    ran = run("why", "Lange Vaart", "stroomt naar", "Zoute Zee", lang="nl")

    assert ran.code == 0
    assert ran.out.splitlines() == [
        "Lange Vaart — stroomt naar → Zoute Zee",
        "│  want “stroomt naar” geldt ook over meer stappen",
        "│  ontology/core.ttl:95:37",
        "├─ Lange Vaart — stroomt naar → Brede Stroom",
        "│     staat in data/water/lange-vaart.ttl:13:18",
        "└─ Brede Stroom — stroomt naar → Zoute Zee",
        "      staat in data/water/brede-stroom.ttl:11:18",
    ]


def test_every_way_to_name_something_is_understood(run: Run) -> None:
    said = run("why", "water:lange-vaart", "br:flowsInto", "water:zoute-zee").out
    base = "https://example.org/bruggen"

    for names in (
        ["lange-vaart", "flowsInto", "zoute-zee"],
        ["data/water/lange-vaart.ttl", "flows into", "Salt Sea"],
        [f"{base}/id/water/lange-vaart", f"{base}/def#flowsInto", f"<{base}/id/water/zoute-zee>"],
    ):
        assert run("why", *names).out == said
    for is_a in ("a", "is a", "rdf:type", "type"):
        assert run("why", "lange-vaart", is_a, "body of water").code == 0


def test_what_is_stated_is_told_with_its_place(run: Run) -> None:
    assert run("why", "lange-vaart", "flowsInto", "brede-stroom").out.splitlines() == [
        "Lange Vaart — flows into → Brede Stroom",
        "   stands in data/water/lange-vaart.ttl:13:18",
    ]
    said = run("why", "lange-vaart", "prefLabel", "Lange Vaart").out
    assert said.endswith("stands in data/water/lange-vaart.ttl:10:9\n")


@pytest.mark.parametrize(
    ("names", "code", "told"),
    [
        (["zoute-zee", "flowsInto", "lange-vaart"], 1, "This does not hold: Salt Sea — flows into"),
        (["lange-vaart", "material"], 1, 'Nothing is known with "made of" about Lange Vaart.'),
        (["book:bruggen-van-de-streek", "br:upstreamOf"], 1, "Nothing is known"),
        (["lange-vaar"], 2, "Did you mean lange-vaart?"),
        (["lange-vaart", "flowInto"], 2, "Did you mean flowsinto?"),
        (["lange-vaart", "flowsInto", "zoute-ze"], 2, "Did you mean zoute-zee?"),
        (["lange-vaart", "flowsInto", "water:nergens"], 2, 'There is no "water:nergens"'),
    ],
)
def test_what_does_not_hold_or_is_not_known_is_said(
    run: Run, names: list[str], code: int, told: str
) -> None:
    ran = run("why", *names)

    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_of_what_nothing_follows_that_is_said(run: Run) -> None:
    ran = run("why", "https://example.org/bruggen/def#crosses")

    assert (ran.code, ran.out) == (0, "")
    assert "Nothing follows about crosses" in ran.err


def test_many_values_are_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jkgraph.cli.why.MOST", 1)

    assert run("why", "lange-vaart", "flowsInto").out.splitlines() == [
        "flows into (br:flowsInto)",
        "    Brede Stroom (water:brede-stroom)",
        "    Salt Sea (water:zoute-zee), by way of Brede Stroom",
    ]


def test_json_has_the_tree_for_programs(run: Run) -> None:
    (told,) = json.loads(
        run("why", "oude-steenbrug", "upstreamOf", "brede-stroom", "-f", "json").out
    )
    first, second = told["premises"]

    assert told["value"]["label"] == "Brede Stroom"
    assert told["rule"]["form"] == "chain"
    assert [told["rule"][key] for key in ("file", "line")] == ["ontology/core.ttl", 102]
    assert first["stated"] == {"file": "data/bridge/oude-steenbrug.ttl", "line": 17, "column": 16}
    assert "rule" not in second
    assert json.loads(run("why", "zoute-zee", "flowsInto", "-f", "json").out) == []


def test_of_two_chains_of_one_property_the_right_one_is_shown(run: Run, minimal: Path) -> None:
    ontology = minimal / "ontology" / "core.ttl"
    text = ontology.read_text("utf-8")
    line = "    owl:propertyChainAxiom ( br:crosses br:flowsInto ) ."
    other = "    owl:propertyChainAxiom ( br:crosses br:crosses br:flowsInto ) ,"
    chain = "        ( br:crosses br:flowsInto ) ."
    ontology.write_text(text.replace(line, f"{other}\n{chain}"), "utf-8")

    assert "ontology/core.ttl:103:9" in run("why", "oude-steenbrug", "upstreamOf").out


def test_a_page_tells_by_way_of_what_something_follows(built: Path) -> None:
    page = (built / "bridge" / "oude-steenbrug.html").read_text("utf-8")
    way = '<small>via <a href="../water/lange-vaart.html">Lange Vaart</a></small>'

    assert page.count(way) == 1
    assert re.search(rf'brede-stroom.html">[^<]*</a>, <a [^<]*</a> {re.escape(way)}', page)


def test_a_page_says_when_another_page_says_it(tmp_path: Path, minimal: Path, run: Run) -> None:
    ontology = minimal / "ontology" / "core.ttl"
    text = ontology.read_text("utf-8").replace(
        "br:material a owl:ObjectProperty ;",
        "br:flowsInto a owl:SymmetricProperty .\n\nbr:material a owl:ObjectProperty ;",
    )
    ontology.write_text(text, "utf-8")

    assert run("build", "--out", str(tmp_path / "site")).code == 0
    page = (tmp_path / "site" / "water" / "zoute-zee.html").read_text("utf-8")
    assert '">Brede Stroom</a> <small>volgens die pagina</small>' in page


def inferred(graph: Graph) -> list[Fact]:
    quads = graph.store.quads_for_pattern(None, None, None, INFERRED)
    return sorted(((q.subject, q.predicate, q.object) for q in quads), key=str)


MARK = ox.NamedNode("urn:put:in")


@pytest.mark.full
def test_all_statements_of_the_real_graph_stand_where_they_are_said_to(closed: Graph) -> None:
    """Put another name in the place that is told: the statement goes, and one with it comes."""
    explainer = Explainer(closed, "nl")
    leaves = {leaf.fact: leaf for proof in prove(closed, inferred(closed)) for leaf in proof.leaves}
    root = closed.workspace.root
    text = cache(lambda path: (root / path).read_text("utf-8").split("\n"))
    said = cache(lambda path: frozenset(_read("\n".join(text(path)))))

    def is_there(leaf: Proof) -> bool:
        at = explainer.place(leaf)
        lines = [*text(at.path)]
        line = lines[at.line - 1]
        start, rest = line[: at.column - 1], line[at.column - 1 :]
        lines[at.line - 1] = re.sub(r"^(<[^>]*>|[^\s,;]+?(?=\.?(?:\s|[,;]|$)))", str(MARK), rest)
        lines[at.line - 1] = start + lines[at.line - 1]
        now = frozenset(_read("\n".join(lines)))
        subject, predicate, _ = leaf.fact
        return (said(at.path) - now, now - said(at.path)) == (
            {leaf.fact},
            {(subject, predicate, MARK)},
        )

    assert len(leaves) > 5_000
    assert [str(fact) for fact, leaf in leaves.items() if not is_there(leaf)] == []


def _read(text: str) -> Iterator[Fact]:
    for quad in ox.parse(text.encode(), ox.RdfFormat.TURTLE):
        yield quad.subject, quad.predicate, quad.object


@pytest.mark.full
def test_all_axioms_that_explain_the_real_graph_stand_where_they_are_said_to(closed: Graph) -> None:
    explainer = Explainer(closed, "nl")
    proofs = Proofs(closed)
    used = {proof.rule: proof for fact in inferred(closed) if (proof := proofs.of(fact))}
    root = closed.workspace.root

    def told(proof: Proof) -> str:
        at = explainer.place(proof)
        return (root / at.path).read_text("utf-8").split("\n")[at.line - 1][at.column - 1 :]

    def wanted(proof: Proof) -> str:
        assert proof.rule is not None
        named = closed.addresses.compact
        if proof.rule.form == "chain":
            return f"( {' '.join(named(term.value) for term in proof.rule.terms)} )"
        return named(proof.rule.axiom.object.value)

    assert len(used) > 30
    assert [wanted(p) for p in used.values() if not told(p).startswith(wanted(p))] == []
