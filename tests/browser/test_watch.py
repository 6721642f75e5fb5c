"""The preview that follows the files, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from jkgraph.site.live import Live
from jkgraph.site.preview import serve_live
from jkgraph.site.watching import Told, Watching
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

RECORD = "data/bridge/oude-steenbrug.ttl"
LATER = Told(RECORD, f"{RECORD}:9:1", (("nl", "<b>Mis</b>"), ("en", "Wrong")))


@pytest.fixture
def found() -> list[Told]:
    """Give what the checks find, which a test may change."""
    return []


@pytest.fixture
def address(minimal: Path, found: list[Told]) -> Iterator[str]:
    """Follow the minimal workspace, and give the address of the page of a record."""
    watching = Watching(Live(lambda: open_workspace(minimal)), lambda: list(found))
    stop = Event()
    with serve_live(watching, 0) as server:
        threads = [
            Thread(target=server.serve_forever),
            Thread(target=watching.follow, args=(stop,)),
        ]
        for thread in threads:
            thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/bridge/oude-steenbrug.html"
        stop.set()
        server.shutdown()
        for thread in threads:
            thread.join()


def test_a_change_is_shown_and_a_fault_told_until_it_is_mended(
    page: Page, address: str, minimal: Path, found: list[Told]
) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(address)
    panel, record = page.locator("#preview div"), minimal / RECORD
    expect(panel).to_be_hidden()
    text = record.read_text("utf-8")

    record.write_text(text.replace("Oude", "Heel oude"), "utf-8")

    expect(page.locator("h1")).to_have_text("Heel oude Steenbrug")
    expect(panel).to_be_hidden()

    found.append(LATER)
    record.write_text(text.replace(" ;", "", 1), "utf-8")

    expect(panel.locator("li")).to_have_count(2)
    expect(panel.locator("code").first).to_contain_text(f"{RECORD}:")
    expect(panel).to_contain_text("<b>Mis</b>")
    expect(page.locator("#preview [role=status]")).to_have_text(
        "2 meldingen over gewijzigde bestanden"
    )
    expect(page.locator("h1")).to_have_text("Heel oude Steenbrug")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    # It can be closed with the keyboard, and stays closed when the page is loaded again.
    panel.locator("button").focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_hidden()
    page.reload()
    page.wait_for_timeout(500)
    expect(panel).to_be_hidden()

    found.clear()
    record.write_text(text, "utf-8")

    expect(page.locator("h1")).to_have_text("Oude Steenbrug")
    expect(panel).to_be_hidden()
    assert refused == []


def test_a_page_that_somebody_types_in_is_left_alone(
    page: Page, address: str, minimal: Path
) -> None:
    page.goto(address)
    page.locator("input[name=q]").fill("brug")

    record = minimal / RECORD
    record.write_text(record.read_text("utf-8").replace("Oude", "Heel oude"), "utf-8")
    page.wait_for_timeout(1500)

    expect(page.locator("input[name=q]")).to_have_value("brug")
    expect(page.locator("h1")).to_have_text("Oude Steenbrug")
