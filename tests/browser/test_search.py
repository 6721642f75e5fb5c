"""The search page in a real browser, on the real site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.site import build_site, search
from jkgraph.site.preview import serve
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

# What readers type, and the page that must be among the first three.
FINDS = {
    "wachtlijst": "bottleneck/lange-wachttijden.html",
    "praktijkondersteuner": "support-variant/poh-ggz-jeugd.html",
    "jongerenparticipatie": "theme/ervaringskennis.html",
    "ervaringsdeskundige": "stakeholder/ervaringsdeskundige.html",
    "POH": "support-variant/poh-ggz-jeugd.html",
    # Misspelt, so there is no such word.
    "wachtlijts": "bottleneck/lange-wachttijden.html",
    # Half a word, a word in a compound, capitals and accents.
    "ervaringsdesk": "stakeholder/ervaringsdeskundige.html",
    "LOKAAL TEAM": "term/lokaal-team.html",
    "clientvertegenwoordiging": "theme/analyse-clientvertegenwoordiging.html",
}


def look_for(page: Page, host: str, text: str) -> list[str]:
    """Type a text in the search box of the home page, and return what is found."""
    page.goto(f"http://{host}/index.html")
    page.get_by_role("searchbox").fill(text)
    page.keyboard.press("Enter")
    page.locator(".hits > li").first.wait_for()
    return [link.get_attribute("href") for link in page.locator(".hits a").all()]


@pytest.mark.parametrize("text", FINDS)
def test_a_search_finds_the_right_page_in_the_first_three(page: Page, host: str, text: str) -> None:
    assert f"/{FINDS[text]}" in look_for(page, host, text)[:3]


def test_a_misspelt_word_says_what_was_looked_for_instead(page: Page, host: str) -> None:
    look_for(page, host, "wachtlijts")

    assert "“wachtlijst”" in page.get_by_role("status").inner_text()


def test_the_words_stay_in_the_address_and_come_back(page: Page, host: str) -> None:
    found = look_for(page, host, "triage")
    page.locator(".hits a").first.click()
    assert page.url == f"http://{host}{found[0]}"
    page.go_back()
    page.locator(".hits > li").first.wait_for()

    assert page.url == f"http://{host}/search.html?q=triage"
    assert page.get_by_role("searchbox").input_value() == "triage"


def test_more_results_come_by_the_keyboard(page: Page, host: str) -> None:
    first = look_for(page, host, "huisarts")
    page.get_by_role("button", name="Meer resultaten").press("Enter")
    page.locator(".hits > li").nth(10).wait_for()

    assert len(first) == 10
    assert page.locator(".hits > li").count() == 20
    focused = page.evaluate("document.activeElement.closest('li').previousElementSibling !== null")
    assert focused


def test_nothing_found_leads_to_the_lists(page: Page, host: str) -> None:
    page.goto(f"http://{host}/search.html?q=xyzzyplugh")
    page.get_by_role("status").filter(has_text="xyzzyplugh").wait_for()

    assert page.locator(".hits > li").count() == 0
    assert page.locator("#search-lists a").count() > 10


def test_signs_of_html_stay_text(page: Page, host: str) -> None:
    page.goto(f"http://{host}/search.html?q=<img src=x onerror=alert(1)>")
    page.get_by_role("status").filter(has_text="<img").wait_for()

    assert page.locator("main img").count() == 0


def test_english_pages_are_found_in_english(page: Page, host: str) -> None:
    page.goto(f"http://{host}/en/search.html?q=waiting")
    page.locator(".hits > li").first.wait_for()

    assert all(a.get_attribute("href").startswith("/en/") for a in page.locator(".hits a").all())


def test_without_an_index_the_page_says_so_and_shows_the_lists(page: Page, host: str) -> None:
    page.route("**/pagefind/pagefind.js", lambda route: route.abort())
    page.goto(f"http://{host}/search.html?q=triage")
    page.locator("#search-off").filter(has_text="Zoeken lukt nu niet").wait_for()

    assert page.locator("#search-lists a").count() > 10


@pytest.fixture
def in_parts(
    running, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Serve a site that is taken for one of very many records."""
    monkeypatch.setattr(search, "MOST", 3)
    graph = load(open_workspace(minimal))
    built = build_site(graph, read_kinds(graph), tmp_path / "site")
    with running(serve(built.folder, 0)) as place:
        yield place


def test_of_very_many_a_reader_chooses_what_to_search_in(page: Page, in_parts: str) -> None:
    page.goto(f"http://{in_parts}/search.html?q=brug&in=bridge")
    page.locator(".hits > li").first.wait_for()
    bridges = [link.get_attribute("href") for link in page.locator(".hits a").all()]
    page.get_by_label("Zoek in").select_option("Wateren")
    page.get_by_role("searchbox").fill("vaart")
    page.locator(".hits a[href='/water/lange-vaart.html']").wait_for()

    assert bridges
    assert all(address.startswith("/bridge/") for address in bridges)
    assert page.url == f"http://{in_parts}/search.html?q=vaart&in=water"


def test_a_misspelt_word_is_mended_from_the_words_of_that_kind(page: Page, in_parts: str) -> None:
    page.goto(f"http://{in_parts}/search.html?q=spoorburg&in=bridge")
    page.locator(".hits a[href='/bridge/spoorbrug.html']").wait_for()

    assert "“spoorbrug”" in page.get_by_role("status").inner_text()


def test_a_kind_that_is_not_there_is_left_aside(page: Page, in_parts: str) -> None:
    page.goto(f"http://{in_parts}/search.html?q=bruggen&in=elsewhere")
    page.locator(".hits > li").first.wait_for()

    assert page.get_by_label("Zoek in").input_value() == "book"
