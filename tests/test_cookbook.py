"""The questions of the cookbook can be asked as they stand, and their answers hold.

That what is shown is what is answered, `test_docs.py` tests, as for every document; that rdflib
answers the same, `test_queries_reference.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.excerpts import SHOWN
from jkgraph.graph import Graph
from jkgraph.queries import Table, run, saved_query, unknown_terms, unused_names

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "how-to" / "cookbook.md").read_text("utf-8")
NUMBERS = range(1, 26)
RECIPES = {
    int(part.split(".")[0]): part for part in re.split(r"^### (?=\d)", PAGE, flags=re.MULTILINE)[1:]
}


def asked(number: int) -> str:
    """Return the query of a recipe."""
    (shown,) = SHOWN.finditer(RECIPES[number])
    return shown[2]


def rows(graph: Graph, text: str, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns of an answer as text, nothing as a dash."""
    table = run(graph, text)
    assert isinstance(table, Table)
    places = [table.variables.index(column) for column in columns]
    return [tuple(getattr(row[n], "value", "-") for n in places) for row in table.rows]


def test_there_are_25_and_each_explains_itself() -> None:
    assert [*RECIPES] == [*NUMBERS]
    for recipe in RECIPES.values():
        assert re.search(r"^- .*`", recipe.partition("<!-- end -->")[2], re.MULTILINE)
        assert "**Goes wrong:**" in recipe


@pytest.mark.parametrize("number", NUMBERS)
def test_a_question_has_an_answer_and_every_name_in_it_is_in_use(
    closed: Graph, number: int
) -> None:
    text = asked(number)
    answer = run(closed, text)

    assert answer.rows if isinstance(answer, Table) else answer
    assert [*unknown_terms(closed, text), *unused_names(closed, text)] == []


def test_an_answer_comes_in_one_order_only(closed: Graph) -> None:
    for number in NUMBERS:
        text = asked(number)
        if "ORDER BY" in text:
            order = re.findall(r"\?(\w+)", text.rpartition("ORDER BY")[2])
            found = rows(closed, text, *order)
            assert len(set(found)) == len(found), number


def test_the_counts_are_those_of_the_files(closed: Graph) -> None:
    published = "record-status:gepubliceerd"
    folders = {
        folder.name: sum(published in file.read_text("utf-8") for file in folder.iterdir())
        for folder in closed.workspace.data.iterdir()
    }
    found = {kind: int(number) for kind, number in rows(closed, asked(2), "kind", "number")}

    assert sorted(found.values()) == sorted(folders.values())


@pytest.mark.parametrize(
    ("number", "columns", "saved", "same"),
    [
        (5, "bottleneck", "knelpunten-zonder-aanpak", "knelpunt"),
        (16, "finding work read", "niet-zelf-gelezen-bronnen", "bevinding werk gelezen"),
        (18, "claim side finding", "tegenstrijdige-bevindingen", "stelling kant bevinding"),
    ],
)
def test_an_answer_is_that_of_the_saved_question(
    closed: Graph, number: int, columns: str, saved: str, same: str
) -> None:
    expected = rows(closed, saved_query(closed, saved).text, *same.split())

    assert {*rows(closed, asked(number), *columns.split())} == {*expected}


def test_a_path_up_the_places_finds_what_follows_too(closed: Graph) -> None:
    inferred = """SELECT ?example {
        ?example a jk:PracticeExample ; jk:locatedIn place:provincie-noord-brabant }"""

    assert {*rows(closed, asked(7), "example")} == {*rows(closed, inferred, "example")}


def test_what_is_called_written_is_what_people_wrote(closed: Graph) -> None:
    subject = closed.term("practice-example:toegang-huizen")
    file = closed.workspace.record_path("practice-example", "toegang-huizen")
    written = {
        (quad.predicate.value, getattr(quad.object, "value", ""))
        for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)
        if quad.subject == subject
    }
    for link, other, how in rows(closed, asked(22), "link", "other", "how"):
        assert (how == "written") == ((link, other) in written)
