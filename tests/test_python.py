"""The graph from Python: values, records, answers, faults; and its documentation is true."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

import jkgraph
from jkgraph import JkgraphError, KnowledgeGraph, Record, warm

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "how-to" / "use-from-python.md"
STONE = "bridge/oude-steenbrug"


@pytest.fixture(scope="module")
def kg(_minimal: Path) -> KnowledgeGraph:
    return jkgraph.open(_minimal, lang="en")


# What the documentation says


@pytest.mark.parametrize("module", ["answer", "knowledge", "record"])
def test_examples_in_docstrings_are_true(kg: KnowledgeGraph, module: str) -> None:
    failed, tried = doctest.testmod(import_module(f"jkgraph.api.{module}"), extraglobs={"kg": kg})

    assert failed == 0
    assert tried > 0


def test_the_examples_of_the_page_are_true(minimal: Path) -> None:
    blocks = re.findall(r"^```pycon\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest("".join(blocks), {}, PAGE.name, str(PAGE), 0)

    with chdir(minimal):
        failed, tried = doctest.DocTestRunner().run(example)

    assert failed == 0
    assert tried > 10


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, jkgraph; print(*sys.modules, sep='\\n'); jkgraph.JkgraphError; jkgraph.open"
    done = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert [name for name in done.stdout.split() if name.startswith("jkgraph")] == ["jkgraph"]


# Answers


def test_values_have_their_types(kg: KnowledgeGraph) -> None:
    answer = kg.query("""SELECT ?a ?b ?c ?d ?e ?f ?g ?class { VALUES (?a ?b ?c ?d ?e ?f ?g ?class) {
        (1 1.5 true "2025-01-02"^^xsd:date "x"@nl UNDEF <https://e.org/> water:lange-vaart) } }""")

    row = answer[0]
    assert row[:7] == (1, 1.5, True, date(2025, 1, 2), "x", None, "https://e.org/")
    assert row[7] == kg["water/lange-vaart"]
    assert answer.to_dicts() == [dict(zip("abcdefg", row, strict=False)) | {"class": row[7]}]
    assert len(answer) == 1


def test_yes_no_and_statements_are_answers_too(kg: KnowledgeGraph) -> None:
    assert kg.query("ASK { ?x a br:Bridge }").value is True
    assert kg.query("ASK { ?x a br:Bridge }")
    assert not kg.query("ASK { ?x br:length 1 }")
    assert not kg.query("SELECT * { ?x br:length 1 }")
    made = kg.query("CONSTRUCT { ?x br:length ?y } { ?x br:length ?y }")
    assert made.columns == ("subject", "predicate", "object")
    assert {str(row.subject) for row in made} == {"Wooden bridge", "Old Stone Bridge"}


@pytest.mark.parametrize(
    "water", ["lange-vaart", "Lange Vaart", "water:lange-vaart", "water/lange-vaart"]
)
def test_a_parameter_goes_by_any_name(kg: KnowledgeGraph, water: str) -> None:
    assert len(kg.query("bridges-over", water=water)) == 2
    assert len(kg.query("bridges-over", water=kg[water])) == 2


def test_a_frame_has_a_type_for_each_column(kg: KnowledgeGraph) -> None:
    answer = kg.query("""SELECT ?n ?x ?yes ?day ?text ?water {
        VALUES (?n ?x ?yes ?day ?text ?water) {
        (1 1.5 true "1701-01-02"^^xsd:date "x" water:lange-vaart)
        (UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF) } }""")

    frame = answer.to_pandas()

    assert list(frame.columns) == ["n", "x", "yes", "day", "text", "water"]
    assert [str(kind).partition("[")[0] for kind in frame.dtypes] == [
        *("Int64", "Float64", "boolean", "datetime64", "string", "string")
    ]
    assert frame.loc[0, "water"] == "Lange Vaart"
    assert frame.loc[1].isna().all()
    assert answer.to_pandas("name").loc[0, "water"] == "water:lange-vaart"
    assert answer.to_pandas("object").loc[0, "water"] == kg["water/lange-vaart"]
    with pytest.raises(JkgraphError, match="label, name, object"):
        answer.to_pandas("slug")


def test_an_empty_answer_is_a_frame_with_columns(kg: KnowledgeGraph) -> None:
    frame = kg.query("SELECT ?x ?y { ?x br:length ?y FILTER(?y > 1000) }").to_pandas()

    assert (list(frame.columns), len(frame)) == (["x", "y"], 0)


def test_without_pandas_is_told_what_to_install(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(JkgraphError, match=r"pip install 'jkgraph\[frames\]'"):
        kg.query("upstream").to_pandas()


def test_a_notebook_shows_text_as_text(kg: KnowledgeGraph) -> None:
    shown = kg.query('SELECT ?x { VALUES ?x { "<script>a()</script>" } }')._repr_html_()

    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "Old Stone Bridge" in kg[STONE]._repr_html_()


def test_a_long_answer_is_not_shown_whole(kg: KnowledgeGraph) -> None:
    shown = kg.query("SELECT * { ?x ?y ?z } LIMIT 25")._repr_html_()

    assert shown.count("<tr>") == 21
    assert "+5" in shown


# Records


def test_a_record_tells_what_is_said_of_it(kg: KnowledgeGraph) -> None:
    bridge = kg[STONE]

    assert (bridge.name, bridge.kind, bridge.label) == (
        *("bridge:oude-steenbrug", "bridge", "Old Stone Bridge"),
    )
    assert bridge.iri == "https://example.org/bruggen/id/bridge/oude-steenbrug"
    assert bridge.file == "data/bridge/oude-steenbrug.ttl"
    assert (bridge.is_draft, bridge.is_withdrawn) == (False, False)
    assert bridge["br:length"] == bridge["length"] == bridge["length in metres"] == (24.5,)
    assert bridge["prefLabel"] == ("Old Stone Bridge",)
    assert bridge.fields["opened on"] == (date(1701, 6, 1),)
    assert [water.label for water in bridge.links["crosses"]] == ["Lange Vaart"]
    assert kg["bridge/nieuwe-brug"].is_draft
    assert kg["bridge/nieuwe-brug"]["opened"] == ()


def test_a_citation_leads_to_its_source(kg: KnowledgeGraph) -> None:
    (citation,) = kg[STONE].citations

    assert citation.source == kg["book/bruggen-van-de-streek"]
    assert (citation.pages, citation.section, citation.item) == ("12-13", "", "")
    assert citation.part.name == citation.part.label == "bridge:oude-steenbrug#c1"
    assert kg[citation.part.iri] == citation.part


def test_what_follows_counts_unless_it_is_left_out(kg: KnowledgeGraph, minimal: Path) -> None:
    written = jkgraph.open(minimal, inferred=False)

    assert kg[STONE]["upstreamOf"]
    assert written[STONE]["upstreamOf"] == ()
    assert written.language == "nl"
    assert written[STONE].label == "Oude Steenbrug"


@pytest.mark.parametrize("kind", ["bridge", "Bridge", "bridges", "brug", "crossing"])
def test_a_kind_goes_by_any_of_its_names(kg: KnowledgeGraph, kind: str) -> None:
    assert kg[STONE] in kg.records(kind)


def test_records_have_an_order_and_are_equal_by_address(kg: KnowledgeGraph) -> None:
    every = kg.records()

    assert every == sorted(every) == list(kg)
    assert len({*every, *kg.records("bridge")}) == len(every) == len(kg) == 8
    assert kg[STONE] != "Old Stone Bridge"
    assert [value.label for value in kg.records("material")] == sorted(
        value.label for value in kg.records("material")
    )


def test_what_was_withdrawn_is_in_no_list(minimal: Path) -> None:
    file = minimal / "data/bridge/houten-brug.ttl"
    said = "a br:Bridge ; <http://www.w3.org/2002/07/owl#deprecated> true ;"
    file.write_text(file.read_text("utf-8").replace("a br:Bridge ;", said), "utf-8")

    kg = jkgraph.open(minimal)

    assert kg["bridge/houten-brug"].is_withdrawn
    assert kg["bridge/houten-brug"] not in kg.records("bridge")
    assert kg.search("houten") == []


def test_a_large_graph_is_kept_for_the_next_script(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "WORTHWHILE", 0)
    monkeypatch.setattr(warm, "SETTLED_NS", -(10**15))
    first = jkgraph.open(minimal)
    monkeypatch.setattr("jkgraph.api.knowledge.load", None)

    second = jkgraph.open(minimal)

    assert second.records() == first.records()
    assert second[STONE].fields == first[STONE].fields


# Faults


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT * { ?x br:lenght ?y }", "sparql:1:15: .* Did you mean length?"),
        ("SELECT * { ?x brr:length ?y }", 'sparql:1:15: the prefix "brr:"'),
        ("SELECT * {", "sparql:1:"),
        ("SELECT * { SERVICE <https://e.org/> { ?x ?y ?z } }", "SERVICE"),
        ("DELETE WHERE { ?x ?y ?z }", "sparql:1:1"),
        ("LOAD <https://e.org/>", "sparql:1:1"),
        ("bridges-ovr", "Did you mean bridges-over?"),
        ("", "sparql:1:1"),
    ],
)
def test_a_faulty_query_is_told(kg: KnowledgeGraph, text: str, told: str) -> None:
    with pytest.raises(JkgraphError, match=told):
        kg.query(text)


def test_a_name_that_finds_nothing_is_warned_of(kg: KnowledgeGraph) -> None:
    with pytest.warns(UserWarning, match="Did you mean prefLabel?") as told:
        kg.query("SELECT * { ?x skos:prefLable ?y }")

    assert told[0].filename == __file__


def _faults(kg: KnowledgeGraph) -> Iterator[tuple[str, object]]:
    yield 'There is no "bridge/old".', lambda: kg["bridge/old"]
    yield 'There is no field "lenght". Did you mean length?', lambda: kg[STONE]["lenght"]
    yield 'There is no kind "brigde". Did you mean bridge?', lambda: kg.records("brigde")
    yield "There is no .*lange", lambda: kg.query("bridges-over", water="lange")
    yield 'no parameter "watre"', lambda: kg.query("bridges-over", watre="lange-vaart")
    yield "6 rows and 2 columns", lambda: kg.query("upstream").value


def test_faults_are_told_in_the_language_of_the_graph(kg: KnowledgeGraph, minimal: Path) -> None:
    for told, fails in _faults(kg):
        with pytest.raises(JkgraphError, match=told):
            fails()
    with pytest.raises(JkgraphError, match="Er is geen veld"):
        jkgraph.open(minimal)[STONE]["lenght"]


def test_a_workspace_that_cannot_be_read_is_told(minimal: Path, tmp_path: Path) -> None:
    with pytest.raises(JkgraphError, match=r"jkgraph\.toml"):
        jkgraph.open(tmp_path)
    with pytest.raises(JkgraphError, match="lang"):
        jkgraph.open(minimal, lang="fr")
    (minimal / "data/bridge/kapot.ttl").write_text("bridge:kapot a")
    with pytest.raises(JkgraphError, match=r"kapot\.ttl"):
        jkgraph.open(minimal, lang="en")


def test_a_record_is_a_record_for_those_who_check_types() -> None:
    assert Record is jkgraph.Record
    with pytest.raises(AttributeError):
        jkgraph.no_such_thing  # noqa: B018  (asking is the test)
