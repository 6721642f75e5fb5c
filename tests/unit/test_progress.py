"""What a terminal shows while work goes on."""

from __future__ import annotations

import io
import sys
import time
from contextlib import ExitStack

import pytest

from jkgraph.cli import progress
from jkgraph.cli.query import answer
from jkgraph.cli.session import Session
from jkgraph.queries import Query, solutions


class Screen(io.StringIO):
    """A terminal that keeps all that was shown."""

    def isatty(self) -> bool:
        """Tell that somebody is looking."""
        return True


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Session:
    """Make a run whose clock goes on by ten seconds each time that it is asked."""
    times = iter(range(0, 10_000, 10))
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    return Session("tests/workspaces/minimal", "en")


def shown(screen: Screen) -> list[str]:
    return [text.strip() for text in screen.getvalue().split("\r")]


def test_the_time_that_is_left_is_shown_as_soon_as_it_can_be_told(
    run: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", screen := Screen())

    with progress.progress(run, "build.progress") as show:
        assert show
        for done in (0, 4, 20, 75):
            show(done, 100)

    # After 30 seconds a fifth was done, after 40 three quarters.
    assert shown(screen) == [
        "Building the site: 0%",
        "Building the site: 4%",
        "Building the site: 20%, 2:00 left",
        "Building the site: 75%, 0:13 left",
        "",
        "",
    ]


def test_of_what_cannot_be_foretold_the_time_that_passed_is_shown(
    run: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", screen := Screen())

    with progress.elapsed(run, "check.progress"):
        while len(shown(screen)) < 4:
            time.sleep(0.01)

    first, second, *_, last, end = shown(screen)
    assert (first, second) == ("Checking: 0:10", "Checking: 0:20")
    assert (last, end) == ("", "")


def test_nothing_is_shown_any_more_where_the_answer_begins(
    run: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    graph = run.graph
    asked = Query("q", "ASK { ?s ?p ?o }", {})
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))

    with ExitStack() as waiting:
        waiting.enter_context(progress.elapsed(run, "query.progress"))
        found = solutions(graph, asked.text)
        while "Searching: 0:10" not in shown(screen):
            time.sleep(0.01)
        answer(run, graph, asked, found, "csv", None, None, begin=waiting.close)
        before = screen.getvalue()
        time.sleep(0.05)
        assert screen.getvalue() == before

    assert shown(screen)[-2:] == ["", ""]
    assert out.getvalue() == b"true"


def test_a_program_that_reads_along_sees_nothing_of_it(
    run: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())

    with progress.elapsed(run, "check.progress"), progress.progress(run, "build.progress") as show:
        assert show is None
        time.sleep(0.05)

    assert screen.getvalue() == ""
