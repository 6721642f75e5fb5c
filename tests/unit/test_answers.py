"""Answers in the format that somebody asked for."""

from __future__ import annotations

import io
from unicodedata import east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jkgraph.answers import FORMATS, write_answer
from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.queries import solutions

NAMES = "SELECT ?bridge ?name { ?bridge a br:Bridge ; skos:prefLabel ?name } ORDER BY ?bridge ?name"


def _answer(graph: Graph, text: str, form: str, width: int = 0) -> str:
    out = io.BytesIO()
    write_answer(solutions(graph, text), form, out, graph.addresses, width=width)
    return out.getvalue().decode(errors="replace")


def test_a_table_has_a_header_a_rule_and_rows(graph: Graph) -> None:
    header, rule, *rows = _answer(graph, NAMES, "table").splitlines()

    assert header.split() == ["bridge", "name"]
    assert rule == "─" * 21 + "  " + "─" * 16
    assert rows[-1] == "bridge:spoorbrug       Spoorbrug"
    assert len(rows) == 7


def test_a_table_fits_a_narrow_terminal(graph: Graph) -> None:
    lines = _answer(graph, NAMES, "table", 24).splitlines()

    assert max(map(len, lines)) <= 24
    assert any("…" in line for line in lines)


def test_a_row_without_a_value_has_an_empty_cell(graph: Graph) -> None:
    text = "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (UNDEF 2) } }"

    assert _answer(graph, text, "md") == "| x | y |\n| --- | --- |\n| 1 |  |\n|  | 2 |\n"


def test_an_answer_without_rows_has_a_header(graph: Graph) -> None:
    text = "SELECT ?x { VALUES ?x { } }"

    assert _answer(graph, text, "table") == "x\n─\n"
    assert _answer(graph, text, "csv").splitlines() == ["x"]


def test_a_cell_of_markdown_keeps_to_its_cell(graph: Graph) -> None:
    text = 'SELECT ?x { BIND("a | b\\nc" AS ?x) }'

    assert _answer(graph, text, "md").splitlines()[-1] == r"| a \| b c |"


def test_the_columns_stand_below_each_other_whatever_is_in_them(graph: Graph) -> None:
    @settings(max_examples=50)
    @given(st.lists(st.text(st.sampled_from("ab é漢字\u0301")), min_size=1, max_size=4))
    def holds(words: list[str]) -> None:
        values = " ".join(f'("{word}" 1)' for word in words)
        text = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}"

        _, _, *rows = _answer(graph, text, "table").split("\n")[:-1]

        assert len({_width(row) for row in rows}) == 1

    holds()


def _width(text: str) -> int:
    return sum({"W": 2, "F": 2}.get(east_asian_width(c), c != "\u0301") for c in text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_format_suits_rows_or_triples_and_says_so(graph: Graph, form: str) -> None:
    triples = "CONSTRUCT WHERE { water:zoute-zee skos:prefLabel ?y }"
    suits_triples = form in {"table", "ttl", "nt", "jsonld"}
    suits_rows = form not in {"ttl", "nt", "jsonld"}

    for text, suits in ((triples, suits_triples), (NAMES, suits_rows)):
        if suits:
            answer = _answer(graph, text, form)
            assert "Z" in answer or "Spoorbrug" in answer or answer.startswith("PK")
        else:
            with pytest.raises(JkgraphError) as caught:
                _answer(graph, text, form)
            assert caught.value.message.key.startswith("error.format-needs-")


def test_yes_or_no_is_written_in_every_format_for_rows(graph: Graph) -> None:
    ask = "ASK { ?x a br:Bridge }"

    for form in ("table", "md", "csv", "json", "xml"):
        assert "true" in _answer(graph, ask, form)
