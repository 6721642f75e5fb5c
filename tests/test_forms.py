"""The forms for records: a page for every kind, which asks what its shape allows."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import html5lib
import pytest

from jkgraph.graph import Graph
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.turtle import parse

LEFT_ALONE = {"http://www.w3.org/2002/07/owl#deprecated", "http://purl.org/dc/terms/isReplacedBy"}


@cache
def _page(path: Path):
    return html5lib.parse(path.read_text("utf-8"), namespaceHTMLElements=False)


def _fields(path: Path, inside: str) -> dict[str, dict[str, str]]:
    """Return the attributes of the fields in an element, by property."""
    found = _page(path).iterfind(f".//*[@id='{inside}']//*[@data-path]")
    return {field.get("data-path"): dict(field.attrib) for field in found}


@pytest.fixture
def kinds(graph: Graph) -> Kinds:
    return read_kinds(graph)


@pytest.mark.parametrize("folder", ["contribute", "en/contribute"])
def test_every_kind_has_a_form_that_asks_what_its_shape_names(
    built: Path, kinds: Kinds, folder: str
) -> None:
    for kind in kinds.records:
        asked = _fields(built / folder / f"{kind.name}.html", "sheet")

        assert asked.keys() == kind.by_path().keys() - LEFT_ALONE
        for path, found in asked.items():
            needed = any(field.minimum for field in kind.by_path()[path])
            assert ("data-needed" in found) == needed


def test_a_part_is_asked_with_the_fields_of_its_own_shape(built: Path, kinds: Kinds) -> None:
    asked = _fields(built / "contribute" / "bridge.html", "piece-citation")

    assert asked.keys() == kinds.parts[0].by_path().keys()
    assert asked["http://purl.org/dc/terms/source"]["data-folders"] == "book"


def test_what_is_needed_comes_first_and_what_is_known_does_not(built: Path) -> None:
    page = _page(built / "contribute" / "bridge.html")

    first = page.findall(".//form/fieldset/section")[1]
    labels = [field.get("data-label") for field in first.iterfind(".//*[@data-path]")]
    assert labels == ["naam", "beschrijving", "gaat over"]
    status = _fields(built / "contribute" / "bridge.html", "sheet")[
        "https://example.org/bruggen/def#status"
    ]
    assert status["data-preset"] == "<https://example.org/bruggen/id/status/in-bewerking>"


def test_limits_come_from_the_shape(built: Path) -> None:
    asked = _fields(built / "contribute" / "bridge.html", "sheet")

    length = asked["https://example.org/bruggen/def#length"]
    assert (length["data-how"], length["data-above"]) == ("number", "0")
    assert asked["https://example.org/bruggen/def#opened"]["data-how"] == "date"


def test_help_is_for_those_who_do_not_see_turtle(built: Path) -> None:
    text = "".join(_page(built / "contribute" / "bridge.html").find(".//*[@id='sheet']").itertext())

    assert "“Lange Vaart”" in text
    assert "@nl" not in text
    assert "water:" not in text
    assert ":c1" not in text


def test_names_to_pick_from_stand_beside_the_forms(built: Path) -> None:
    names = json.loads((built / "contribute" / "bridge.json").read_text("utf-8"))

    assert ["houten-brug", "Houten brug", "Wooden bridge"] in names["rows"]
    # A draft has no page, and nothing can point to it.
    assert "nieuwe-brug" not in str(names)


@pytest.mark.parametrize("folder", ["contribute", "en/contribute"])
def test_without_a_script_there_is_a_file_to_start_from(built: Path, folder: str) -> None:
    page = _page(built / folder / "bridge.html")
    text = (built / folder / "bridge.ttl").read_text("utf-8")

    assert "bridge.ttl" in {link.get("href", "").rpartition("/")[2] for link in page.iter("a")}
    assert parse(text).triples
    assert "br:crosses" in text
