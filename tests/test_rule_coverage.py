"""No property shape, rule or example can be deleted without a test that fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jkgraph.turtle import parse

HERE = Path(__file__).parent
SHAPE_FILES = sorted((HERE.parent / "shapes").glob("*.ttl"))
RULE_FILES = sorted((HERE.parent / "shapes" / "rules").glob("*.rq"))
INVALID = sorted((HERE / "shapes").glob("*/invalid/*.ttl"))
PROPERTY_SHAPE = "http://www.w3.org/ns/shacl#PropertyShape"

Broken = dict[Path, set[str]]


def shapes() -> set[str]:
    """Name the property shapes, each with the file that its example is filed under."""
    return {
        f"{path.stem}/invalid/{triple.subject.value.partition('#')[2]}"
        for path in SHAPE_FILES
        for triple in parse(path.read_text("utf-8")).triples
        if getattr(triple.object, "value", "") == PROPERTY_SHAPE
    }


def rules() -> set[str]:
    """Name the two examples that each rule has to have."""
    return {f"{path.stem}/{case}" for path in RULE_FILES for case in ("hit", "miss")}


def examples(folder: Path, pattern: str) -> set[str]:
    """Name the examples that there are; an example of several files is a folder with some."""
    found = (path.relative_to(folder).with_suffix("") for path in folder.glob(pattern))
    return {path.as_posix() for path in found}


def pairs() -> tuple[set[str], set[str]]:
    """Name the examples that shapes and rules call for, and those that there are."""
    of_rules = examples(HERE / "rules", "*/*.ttl") | {
        path.parent.relative_to(HERE / "rules").as_posix()
        for path in (HERE / "rules").glob("*/*/*.ttl")
    }
    return shapes() | rules(), examples(HERE / "shapes", "*/invalid/*.ttl") | of_rules


def test_every_shape_and_rule_has_its_examples_and_every_example_its_rule() -> None:
    wanted, found = pairs()

    assert wanted == found
    assert len(found) > 200


def test_no_shape_rule_or_example_can_be_deleted_unseen() -> None:
    wanted, found = pairs()

    assert [name for name in wanted if wanted - {name} == found] == []
    assert [name for name in found if wanted == found - {name}] == []


@pytest.fixture(scope="module")
def all_broken(broken_shapes: Callable[..., Broken]) -> Broken:
    return broken_shapes(INVALID)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_only_its_own_shape_holds_an_example_back(
    broken_shapes: Callable[..., Broken], all_broken: Broken, path: Path
) -> None:
    assert all_broken[path] == {path.stem}
    assert broken_shapes([path], without=path.stem)[path] == set()
