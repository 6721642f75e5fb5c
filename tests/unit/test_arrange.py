"""Rows are set out for a view: beside, above or below one another."""

from __future__ import annotations

import pytest

from jkgraph.errors import JkgraphError
from jkgraph.site.arrange import VIEWS, Branch, Cover, Matrix, Tile, arrange, require_view


def test_a_list_says_each_first_value_once_with_what_stands_beside_it() -> None:
    rows = [{"a": 1, "b": "x"}, {"a": 2, "b": None}, {"a": 1, "b": "y"}, {"a": 1, "b": "x"}]

    assert arrange("list", rows) == [(1, ("x", "y")), (2, ())]


def test_a_table_keeps_the_rows() -> None:
    rows = [{"a": 1}, {"a": 2}]

    assert arrange("table", rows) is rows


def test_a_matrix_has_a_cell_for_every_row_and_column_also_an_empty_one() -> None:
    rows = [
        {"row": "r1", "column": "c2", "cell": 1},
        {"row": "r2", "column": "c1", "cell": 2},
        {"row": "r1", "column": "c2", "cell": 3},
    ]

    wanted = Matrix(("c2", "c1"), (("r1", ((1, 3), ())), ("r2", ((), (2,)))))
    assert arrange("matrix", rows) == wanted


def test_a_cover_tells_for_every_item_which_needs_it_meets() -> None:
    rows = [{"item": "j", "need": "n2"}, {"item": "i", "need": "n1"}, {"item": "k", "need": None}]

    items = (("i", ((0,),)), ("j", ((1,),)), ("k", ((),)))
    assert arrange("cover", rows) == Cover(((None, ("n1", "n2")),), ((None, items),))


def test_a_cover_sets_needs_out_in_groups_and_items_in_their_first_section() -> None:
    rows = [
        {"item": "i", "need": "n", "group": "z", "section": "b"},
        {"item": "j", "need": "n", "group": "z", "section": "a"},
        {"item": "i", "need": "n", "group": "y", "section": "c"},
        {"item": "i", "need": "m", "group": "y", "section": "b"},
    ]

    groups = (("z", ("n",)), ("y", ("m", "n")))
    sections = (("a", (("j", ((0,), ())),)), ("b", (("i", ((0,), (0, 1))),)))
    assert arrange("cover", rows) == Cover(groups, sections)


def test_a_matrix_keeps_the_order_that_is_given_and_what_was_not_foreseen() -> None:
    rows = [
        {"row": "r2", "column": "c3", "cell": 1},
        {"row": "r1", "column": "c1", "cell": 2},
        {"row": "r1", "column": "c1", "cell": 3},
    ]

    wanted = Matrix(
        ("c1", "c2", "c3"),
        (("r1", ((2, 3), (), ())), ("empty", ((), (), ())), ("r2", ((), (), (1,)))),
    )
    assert arrange("counts", rows, ("r1", "empty"), ("c1", "c2")) == wanted


def test_tiles_hold_together_what_belongs_at_one_place() -> None:
    rows = [{"x": 2, "y": 1, "item": i} for i in "ab"] + [{"x": 1, "y": 1, "item": "c"}]

    assert arrange("tiles", rows) == (Tile(2, 1, tuple(rows[:2])), Tile(1, 1, tuple(rows[2:])))


def test_a_tree_puts_items_below_their_parents_and_orphans_on_top() -> None:
    rows = [
        {"item": "child", "parent": "top"},
        {"item": "top", "parent": None},
        {"item": "stray", "parent": "gone"},
    ]

    wanted = (Branch("top", (Branch("child", ()),)), Branch("stray", ()))
    assert arrange("tree", rows) == wanted


def test_a_circle_in_a_tree_ends() -> None:
    rows = [
        {"item": "top", "parent": None},
        {"item": "a", "parent": "top"},
        {"item": "a", "parent": "b"},
        {"item": "b", "parent": "a"},
    ]

    assert arrange("tree", rows) == (Branch("top", (Branch("a", (Branch("b", ()),)),)),)


@pytest.mark.parametrize("view", [name for name, needed in VIEWS.items() if needed])
def test_a_view_without_its_variables_is_an_error(view: str) -> None:
    assert require_view(view, VIEWS[view], "q") == view
    with pytest.raises(JkgraphError) as fault:
        require_view(view, VIEWS[view][1:], "q")
    assert fault.value.message.values["missing"] == f"?{VIEWS[view][0]}"


def test_a_misspelt_view_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(JkgraphError) as fault:
        require_view("matrx", (), "q")
    assert fault.value.message.values["hint"].values["near"] == "matrix"
