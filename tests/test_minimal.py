"""The minimal workspace is in order, and is about something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from jkgraph.site.verify import broken_links


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_validate_finds_nothing(run, engine: str) -> None:
    ran = run("validate", "--shacl", engine)

    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "8 records: 0 violations, 0 warnings, 0 remarks.\n"


def test_its_files_stand_in_the_canonical_form(run) -> None:
    ran = run("format", "--check")

    assert (ran.code, ran.out) == (0, "")


def test_its_site_has_working_links(built: Path) -> None:
    assert list(broken_links(built)) == []


def test_its_site_has_no_template_of_its_own(minimal: Path) -> None:
    assert not (minimal / "site_templates").exists()


def test_what_follows_is_the_same_by_compiled_rules_and_by_owlrl(run) -> None:
    compiled = run("infer")
    reference = run("infer", "--engine", "owlrl")

    assert compiled.out == reference.out
    assert "oude-steenbrug> <https://example.org/bruggen/def#upstreamOf>" in compiled.out
