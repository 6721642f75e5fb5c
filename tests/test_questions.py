"""The saved queries answer what the sources say, and are made as readers expect.

The answers in ``questions/`` were written from the sources, before the graph was asked.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from jkgraph.graph import TYPE, Graph
from jkgraph.parameters import fill
from jkgraph.queries import Table, run, saved_query, standalone, unknown_terms
from jkgraph.site.arrange import VIEWS
from jkgraph.sparql import names

HERE = Path(__file__).parent
QUESTIONS = sorted(path.stem for path in (HERE / "questions").glob("*.toml"))
QUERIES = sorted(path.stem for path in (HERE.parent / "queries").glob("*.rq"))
HEADERS = [(key, language) for key in ("Title", "Description") for language in ("nl", "en")]

Rows = set[tuple[str, ...]]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / "questions" / f"{name}.toml").read_text("utf-8"))


def rows(answer: str) -> Rows:
    """Read the rows below the names of the columns; no name holds a space."""
    return {tuple(line.split()) for line in answer.strip().splitlines()[1:]}


def asked(graph: Graph, name: str, given: dict[str, str], columns: list[str]) -> Rows:
    """Ask a saved query and return some of its columns, as compact names; nothing is a dash."""
    table = run(graph, fill(graph, saved_query(graph, name), given), name)
    assert isinstance(table, Table)
    places = [table.variables.index(column) for column in columns]
    return {
        tuple(graph.addresses.compact(row[n].value) if row[n] else "-" for n in places)
        for row in table.rows
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_what_the_source_says(closed: Graph, name: str) -> None:
    question = read(name)
    expected = rows(question["answer"])
    columns = question["answer"].split("\n")[0].split()
    found = asked(closed, name, question.get("parameters", {}), columns)

    assert expected - found == set()
    assert found & rows(question.get("never", "")) == set()
    if "among" in question:
        # The source gives a whole list for these; about others it says nothing.
        known = {row[0] for row in rows(read(question["among"])["answer"])}
        assert {row for row in found if row[0] in known} == expected


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_says_in_both_languages_what_it_is_for(real: Graph, name: str) -> None:
    query = saved_query(real, name)

    assert [key for key in HEADERS if not query.texts.get(key[0], {}).get(key[1])] == []
    assert query.header("View") in VIEWS


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_gives_each_row_once_and_in_order(real: Graph, name: str) -> None:
    text = saved_query(real, name).text

    assert re.search(r"^SELECT DISTINCT \?", text, re.MULTILINE)
    assert re.search(r"^ORDER BY \?", text, re.MULTILINE)


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_uses_the_prefixes_and_terms_of_the_workspace(real: Graph, name: str) -> None:
    text = saved_query(real, name).text

    assert "PREFIX" not in text
    assert {name.prefix for name in names(text)} <= set(real.addresses.prefixes)
    assert unknown_terms(real, text) == []
    # As it is copied from its page, with its prefixes.
    assert unknown_terms(real, standalone(real, saved_query(real, name))) == []


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_has_an_answer(closed: Graph, name: str) -> None:
    table = run(closed, saved_query(closed, name).text, name)

    assert isinstance(table, Table)
    assert table.rows


@pytest.mark.parametrize("name", QUERIES)
def test_the_default_of_a_parameter_is_of_its_class(closed: Graph, name: str) -> None:
    query = saved_query(closed, name)

    for parameter in query.parameters:
        assert parameter.type in closed.objects(closed.term(parameter.default), TYPE)
        given = {parameter.name: parameter.default}
        assert run(closed, fill(closed, query, given)) == run(closed, query.text)


def test_there_are_enough_saved_queries_and_expected_answers() -> None:
    assert len(QUERIES) >= 80
    assert len(QUESTIONS) >= 70
    assert set(QUESTIONS) <= set(QUERIES)
