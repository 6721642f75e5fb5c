"""The review clock: when a record is to be looked at again, and for whom."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import icalendar
import pytest

from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.reviews import calendar, due, next_review
from jkgraph.workspace import open_workspace

RAIL = "data/bridge/spoorbrug.ttl"
FAR = date(2100, 1, 1)


def opened(folder: Path) -> Graph:
    return load(open_workspace(folder))


def test_a_record_says_when_it_was_looked_at(run, minimal: Path) -> None:
    ran = run("review", "spoorbrug", "houten-brug", "--on", "2025-06-01", "--next", "2026-06-01")

    text = (minimal / RAIL).read_text("utf-8")
    assert ran.out.splitlines() == [RAIL, "data/bridge/houten-brug.ttl"]
    assert 'br:checked "2025-06-01"^^xsd:date ;\n    br:checkAgain "2026-06-01"^^xsd:date' in text
    # Looking changes nothing in what it says.
    assert 'dct:modified "2025-05-02"^^xsd:date' in text
    assert run("validate").code == 0


def test_a_day_to_look_again_goes_when_it_was_done(run, minimal: Path) -> None:
    run("review", "spoorbrug", "--on", "2025-06-01", "--next", "2026-06-01")
    run("review", "spoorbrug", "--on", "2026-01-01")
    assert '"2026-06-01"' in (minimal / RAIL).read_text("utf-8")

    run("review", "spoorbrug", "--on", "2026-06-01")

    text = (minimal / RAIL).read_text("utf-8")
    assert "br:checkAgain" not in text
    assert text.count("br:checked") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["spoorbrug", "--on", "2025-02-30"], '"2025-02-30" is not a day'),
        (["spoorbrug", "--on", "2999-01-01"], "has not been yet"),
        (["spoorbrug", "--on", "2025-01-01", "--next", "2025-01-01"], "must be after"),
        (["spoorbrugg"], "spoorbrug?"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    run, minimal: Path, arguments: list[str], words: str
) -> None:
    before = (minimal / RAIL).read_bytes()

    ran = run("review", *arguments)

    assert words in ran.err
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert (minimal / RAIL).read_bytes() == before


def test_the_next_time_is_named_or_follows_from_the_term(run, minimal: Path) -> None:
    run("review", "spoorbrug", "--on", "2024-02-29")
    run("review", "houten-brug", "--on", "2025-06-01", "--next", "2025-09-01")
    graph = opened(minimal)

    days = {r.value.rpartition("/")[2]: next_review(graph, r) for r in graph.records()}

    assert days["houten-brug"] == date(2025, 9, 1)
    assert days["spoorbrug"] == date(2026, 2, 28)
    assert days["zoute-zee"] == date(2027, 5, 1)


def test_without_a_term_only_records_that_name_a_day_are_due(run, minimal: Path) -> None:
    settings = minimal / "jkgraph.toml"
    settings.write_text(settings.read_text("utf-8").replace("months = 24", "months = 0"), "utf-8")
    run("review", "houten-brug", "--on", "2025-06-01", "--next", "2025-09-01")
    graph = opened(minimal)

    assert [one.day for one in due(graph, read_kinds(graph), FAR)] == [date(2025, 9, 1)]


def test_drafts_and_withdrawn_records_are_not_due_and_the_soonest_comes_first(
    run, minimal: Path
) -> None:
    run("withdraw", "lange-vaart", "--reason", "Gedempt.")
    run("review", "zoute-zee", "--on", "2025-06-01", "--next", "2025-07-01")
    graph = opened(minimal)

    found = due(graph, read_kinds(graph), FAR)

    slugs = [one.record.value.rpartition("/")[2] for one in found]
    assert slugs[0] == "zoute-zee"
    assert not {"lange-vaart", "nieuwe-brug"} & {*slugs}
    assert [one.day for one in found] == sorted(one.day for one in found)


def test_due_lists_for_people_and_programs(run) -> None:
    run("review", "zoute-zee", "--on", "2025-06-01", "--next", "2025-07-01")

    text, table = run("due"), run("due", "--format", "csv")
    listed = json.loads(run("due", "--format", "json").out)

    assert "2025-07-01  water:zoute-zee  Salt Sea  body of water" in text.out
    assert text.err.startswith("1 record to look at, up to ")
    assert table.out.startswith("day,record,name,kind,owner,reviewed\r\n2025-07-01,")
    assert [row["record"] for row in listed] == ["water:zoute-zee"]
    assert run("due", "--within", "-1").code == 2


def test_the_calendar_can_be_read_by_others(run, minimal: Path) -> None:
    path = minimal / "data/water/zoute-zee.ttl"
    name = 'Zee; groot, "blauw" \\\\ ' + "é" * 80
    text = path.read_text("utf-8").replace("Salt Sea", name.replace('"', '\\"'))
    path.write_text(text, "utf-8")
    run("review", "zoute-zee", "--on", "2025-06-01", "--next", "2025-07-01")

    ran = run("due", "--format", "ical")

    (event,) = icalendar.Calendar.from_ical(ran.out).walk("VEVENT")
    assert event["SUMMARY"] == "Look at: " + name.replace("\\\\", "\\")
    assert event.decoded("DTSTART") == date(2025, 7, 1)
    assert event["UID"] == "https://example.org/bruggen/id/water/zoute-zee"
    lines = ran.out.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert all("\n" not in line for line in lines)


def test_an_empty_calendar_is_one_too() -> None:
    assert icalendar.Calendar.from_ical(calendar([], [], FAR)).walk("VEVENT") == []
