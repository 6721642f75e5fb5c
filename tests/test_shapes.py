"""Every shape says yes to what is right and no to what is wrong, by both SHACL engines."""

from __future__ import annotations

from collections.abc import Callable, Set
from pathlib import Path

import pytest

from jkgraph.graph import TYPE, Graph
from jkgraph.kinds import Kind, read_kinds
from jkgraph.turtle import parse

SHAPES = Path(__file__).parent / "shapes"
VALID = sorted(SHAPES.glob("*/valid/*.ttl"))
INVALID = sorted(SHAPES.glob("*/invalid/*.ttl"))

Broken = dict[Path, set[str]]


def name(path: Path) -> str:
    return path.relative_to(SHAPES).as_posix()


@pytest.fixture(scope="module")
def fast(broken_shapes: Callable[..., Broken]) -> Broken:
    return broken_shapes([*VALID, *INVALID])


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_valid_example_breaks_no_shape(fast: Broken, path: Path) -> None:
    assert fast[path] == set()


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_an_invalid_example_breaks_its_own_shape_and_no_other(fast: Broken, path: Path) -> None:
    assert fast[path] == {path.stem}


def test_the_records_around_the_examples_break_no_shape(fast: Broken) -> None:
    assert set(fast) == {*VALID, *INVALID}


def test_both_engines_say_the_same_of_every_example(
    fast: Broken, broken_shapes: Callable[..., Broken]
) -> None:
    assert broken_shapes([*VALID, *INVALID], "reference") == fast


def predicates(path: Path, cls: str) -> set[str]:
    """Return the properties that an example uses for what is of a class, without types."""
    triples = parse(path.read_text("utf-8")).triples
    subjects = {t.subject for t in triples if getattr(t.object, "value", "") == cls}
    return {t.predicate.value for t in triples if t.subject in subjects} - {TYPE.value}


def test_the_full_example_of_a_kind_says_all_that_its_shapes_know(real: Graph) -> None:
    organisation = read_kinds(real).by_name["organisation"]
    minimal = SHAPES / organisation.name / "valid" / "minimal.ttl"
    withdrawn = SHAPES / "_common" / "valid" / "withdrawn.ttl"
    # A record that is in use does not say why it was withdrawn.
    retired, kept = (predicates(path, organisation.iri.value) for path in (withdrawn, minimal))

    def doubtful(kind: Kind, path: Path, other: Set[str] = frozenset()) -> set[str]:
        return set(kind.order) ^ (predicates(path, kind.iri.value) | other)

    kinds = read_kinds(real)
    records = {
        k.name: doubtful(k, SHAPES / k.name / "valid" / "full.ttl", retired - kept)
        for k in kinds.records
    }
    parts = {
        k.name: doubtful(k, SHAPES / "_parts" / "valid" / f"{k.name}.ttl") for k in kinds.parts
    }
    assert {name: paths for name, paths in {**records, **parts}.items() if paths} == {}


def test_every_shape_tells_what_it_wants_in_both_languages(real: Graph) -> None:
    kinds = read_kinds(real)
    fields = {f.shape: f for k in (*kinds.records, *kinds.parts, *kinds.lists) for f in k.fields}
    silent = [
        field.rule
        for field in fields.values()
        if not all({"nl", "en"} <= set(t) for t in (field.name, field.description, field.message))
        or field.group is None
    ]

    assert silent == []
