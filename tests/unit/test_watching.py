"""The preview that follows the files: what it sends, and what it tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from jkgraph.site.live import Live
from jkgraph.site.preview import HOST, serve_live
from jkgraph.site.watching import Told, Watching
from jkgraph.workspace import open_workspace

PAGE = "/bridge/oude-steenbrug.html"
OTHER = Told("data/other.ttl", "data/other.ttl:1:1", (("nl", "Mis"),))


@pytest.fixture
def found() -> list[Told]:
    """Give what the checks find, which a test may change."""
    return [OTHER]


@pytest.fixture
def watching(minimal: Path, found: list[Told]) -> Watching:
    return Watching(Live(lambda: open_workspace(minimal)), lambda: list(found))


@pytest.fixture
def record(minimal: Path) -> Path:
    return minimal / "data" / "bridge" / "oude-steenbrug.ttl"


@pytest.fixture
def port(watching: Watching) -> Iterator[int]:
    with serve_live(watching, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@contextmanager
def asked(port: int, path: str, method: str = "GET", **headers: str) -> Iterator[HTTPResponse]:
    connection = HTTPConnection(HOST, port, timeout=20)
    connection.request(method, path, headers=headers)
    yield connection.getresponse()
    connection.close()


def body(port: int, path: str) -> str:
    with asked(port, path) as response:
        return response.read().decode()


def test_a_page_gets_a_panel_and_is_the_same_otherwise(watching: Watching, port: int) -> None:
    shown = body(port, PAGE)

    assert "/_preview/watch.js" in shown
    assert 'id="preview"' in shown
    assert "script-src &#39;self&#39;" in shown
    plain = (watching.live.content(PAGE[1:]) or b"").decode()
    assert "_preview" not in plain
    assert plain.partition("<body>")[2].partition("</body>")[0] in shown


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/en/", "text/html; charset=utf-8"),
        (PAGE.replace(".html", ".ttl"), "text/turtle; charset=utf-8"),
        ("/data/graph.nt.gz", "application/gzip"),
        ("/static/style.css", "text/css; charset=utf-8"),
        ("/_preview/watch.js", "text/javascript; charset=utf-8"),
        ("/_preview/watch.css", "text/css; charset=utf-8"),
    ],
)
def test_every_file_has_its_type(port: int, path: str, media: str) -> None:
    with asked(port, path) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, media)
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_thing_leads_to_its_page_or_data(port: int) -> None:
    with asked(port, "/id/bridge/oude-steenbrug", Accept="text/turtle") as response:
        assert (response.status, response.headers["Location"]) == (303, PAGE[:-4] + "ttl")


@pytest.mark.parametrize(
    "path",
    [
        "/none.html",
        "/data/",
        "/static/%2e%2e/base.html",
        "/%2e%2e/jkgraph.toml",
        "/_preview/panel.html",
    ],
)
def test_what_is_not_there_is_not_given(port: int, path: str) -> None:
    with asked(port, path) as response:
        assert response.status == 404
        # A page that is made later comes into its place.
        assert b"watch.js" in response.read()


def test_who_asks_by_another_name_gets_nothing(port: int) -> None:
    for path in (PAGE, "/_preview/events"):
        with asked(port, path, Host="elsewhere.example") as response:
            assert response.status == 421


def told(response: HTTPResponse) -> Any:
    """Return the next thing that is told, past what only keeps the line open."""
    lines = (response.readline().decode() for _ in range(20))
    return json.loads(
        next(line for line in lines if line.startswith("data: ")).removeprefix("data: ")
    )


def test_a_change_is_told_and_shown(watching: Watching, port: int, record: Path) -> None:
    with asked(port, "/_preview/events") as events:
        first = told(events)
        record.write_text(record.read_text("utf-8").replace("Oude", "Heel oude"), "utf-8")
        watching.refresh()
        second = told(events)

    assert first["version"] != second["version"]
    assert first["findings"] == second["findings"] == []
    shown = body(port, PAGE)
    assert "Heel oude Steenbrug" in shown
    assert second["version"] in shown


def test_nothing_is_told_when_nothing_changed(watching: Watching) -> None:
    before = watching.state
    watching.refresh()

    assert watching.wait(before, 0.01) == before


def test_a_fault_is_told_at_its_place_in_both_languages(watching: Watching, record: Path) -> None:
    record.write_text(record.read_text("utf-8").replace(" ;", "", 1), "utf-8")
    watching.refresh()

    (finding,) = json.loads(watching.state)["findings"]

    assert finding["place"].startswith("data/bridge/oude-steenbrug.ttl:")
    assert finding["text"]["nl"].startswith("fout: ")
    assert finding["text"]["en"].startswith("violation: ")


def test_a_page_that_cannot_be_made_says_why(minimal: Path, watching: Watching, port: int) -> None:
    template = minimal / "site_templates" / "pages" / "new.html"
    template.parent.mkdir(parents=True)
    template.write_text("{{ nothing + '<b>' }}", "utf-8")
    watching.refresh()

    with asked(port, "/new.html") as response:
        shown = response.read().decode()

    assert response.status == 500
    assert "new.html" in shown
    assert "/_preview/watch.js" in shown
    (finding,) = json.loads(watching.state)["findings"]
    assert "new.html" in finding["text"]["nl"]


def test_checks_tell_of_changed_files_and_of_what_is_new(
    watching: Watching, found: list[Told], record: Path
) -> None:
    new = Told("data/third.ttl", "data/third.ttl:2:1", (("nl", "Nieuw"),))
    own = Told("data/bridge/oude-steenbrug.ttl", "…:3:1", (("nl", "Eigen"),))
    found.append(own)
    watching.check()

    assert json.loads(watching.state)["findings"] == []

    found.append(new)
    record.touch()
    watching.refresh()
    watching.check()

    assert [f["text"]["nl"] for f in json.loads(watching.state)["findings"]] == ["Eigen", "Nieuw"]


def test_the_system_tells_of_changes(
    watching: Watching, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jkgraph.site.watching.EVERY", 300)
    before, stop = watching.state, Event()
    follower = Thread(target=watching.follow, args=(stop,))
    follower.start()
    try:
        record.touch()
        assert watching.wait(before, 20) != before
    finally:
        stop.set()
        follower.join()
