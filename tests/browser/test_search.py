"""The search page in a real browser, on the real site."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

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
