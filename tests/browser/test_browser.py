"""The real site in a real browser: accessible, quiet, narrow enough, and found by its addresses."""

from __future__ import annotations

from http.client import HTTPConnection
from itertools import product
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from jkgraph.site.policy import HOST

pytestmark = pytest.mark.full

PAGES = {
    "home": "index.html",
    "home in English": "en/index.html",
    "list": "approach/index.html",
    "facet": "approach/phase/voor-zorg.html",
    "theme": "theme/wachttijd-ruimte-maken.html",
    "intervention": "intervention/at-ease.html",
    "support variant": "support-variant/poh-ggz-jeugd.html",
    "practice example": "practice-example/wijkpunten-almelo.html",
    "finding": "finding/poh-jeugd-regios-66-tot-70-procent-niet-doorverwezen.html",
    "record without a template": "bottleneck/lange-wachttijden.html",
    "claim": "claim/poh-jeugd-minder-jeugdhulp.html",
    "source": "source/wachttijden-wat-werkt.html",
    "sources": "source/index.html",
    "closed list": "care-phase/index.html",
    "list value": "care-phase/voor-zorg.html",
    "questions": "query/index.html",
    "question": "query/voor-en-tegen.html",
    "all": "all.html",
    "search": "search.html",
    "search with results": "search.html?q=triage",
    "terms": "def.html",
    "all data": "dataset.html",
    "quality": "quality.html",
    "quality in English": "en/quality.html",
    "missing page": "404.html",
    "recent changes": "changes.html",
    "recent changes in English": "en/changes.html",
    "themes": "theme/index.html",
    "question with counts": "query/bevindingen-per-aanpak.html",
    "question with tiles": "query/voorbeelden-op-de-kaart.html",
    "evidence map": "evidence-map.html",
    "evidence map in English": "en/evidence-map.html",
    "evidence map of a theme": "evidence-map/toegang.html",
    "evidence by outcome": "evidence-by-outcome/wachttijd.html",
    "not known": "not-known.html",
    "municipalities compared": "compare/municipalities.html",
    "variants compared": "compare/variants.html",
    "map": "map.html",
    "glossary": "glossary.html",
    "role": "for/beleidsmedewerker.html",
    "about": "about.html",
    "accessibility": "accessibility.html",
    "privacy": "privacy.html",
    "contribute": "contribute.html",
}
WIDTHS = (1280, 360, 320)
ACCEPTS = {
    # What browsers, command line tools and libraries send by themselves.
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8": "html",
    "*/*": "html",
    "text/turtle": "ttl",
    "text/turtle,application/n-triples;q=0.9,text/html;q=0.3": "ttl",
    "text/html;q=0.5, text/turtle;q=0.9": "ttl",
    "application/n-triples,text/turtle;q=0.9,*/*;q=0.1": "nt",
    "application/ld+json, application/json;q=0.9": "jsonld",
    "application/ld+json;profile=http://www.w3.org/ns/json-ld#compacted": "jsonld",
    "image/png": "html",
}
TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
}
NAMED = {
    "a record": "/id/intervention/at-ease",
    "a value of a list": "/id/care-phase/voor-zorg",
    "a list": "/id/scheme/care-phase",
    "the terms": "/def",
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page: Page, host: str, name: str) -> None:
    page.goto(f"http://{host}/{PAGES[name]}")
    found = []
    for width, scheme in product(WIDTHS, ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for fault in Axe().run(page).response["violations"]:
            places = [node["target"] for node in fault["nodes"]][:5]
            found.append((width, scheme, fault["id"], places))

    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways(page: Page, host: str, name: str) -> None:
    page.goto(f"http://{host}/{PAGES[name]}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


# The page for what is missing must know where the site stands, and a plain host does not say.
@pytest.mark.parametrize(
    ("by", "name"),
    [
        *product(["header"], PAGES),
        *product(["meta"], (name for name in PAGES if name != "missing page")),
    ],
)
def test_a_page_asks_nothing_of_other_hosts_and_makes_no_noise(
    page: Page, host: str, plain_host: str, by: str, name: str
) -> None:
    asked, failed, noise = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if not response.ok else None)
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    place = host if by == "header" else plain_host
    answer = page.goto(f"http://{place}/{PAGES[name]}", wait_until="networkidle")

    assert answer.headers.get("content-security-policy") == (HOST if by == "header" else None)
    assert {urlsplit(url).netloc for url in asked} == {place.partition("/")[0]}
    assert (failed, noise) == ([], [])


@pytest.mark.parametrize("name", [name for name in PAGES if "search" not in name])
def test_a_page_reads_the_same_without_a_script(
    page: Page, still: Page, host: str, name: str
) -> None:
    page.goto(f"http://{host}/{PAGES[name]}")
    still.goto(f"http://{host}/{PAGES[name]}")

    assert still.locator("main").inner_text() == page.locator("main").inner_text()


def test_a_list_is_narrowed_with_the_keyboard(page: Page, host: str) -> None:
    page.goto(f"http://{host}/{PAGES['list']}")
    choice = page.locator(".facets a").first
    number = int(choice.locator(".number").inner_text())
    choice.focus()
    page.keyboard.press("Enter")
    page.locator(".facets a[aria-current=page]").wait_for()

    assert page.locator(".cards > li").count() == number


@pytest.mark.parametrize("name", ["home", "list", "intervention"])
def test_the_keyboard_reaches_the_content_by_the_skip_link(
    page: Page, host: str, name: str
) -> None:
    page.goto(f"http://{host}/{PAGES[name]}")
    page.keyboard.press("Tab")
    link = page.locator(":focus")

    assert link.get_attribute("href") == "#main"
    box = link.bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_every_focused_link_can_be_seen(page: Page, host: str) -> None:
    page.goto(f"http://{host}/{PAGES['intervention']}")
    for _ in range(25):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        assert page.evaluate(f"{style}.outlineStyle") != "none"
        assert page.evaluate(f"parseFloat({style}.outlineWidth)") > 0


def test_an_address_leads_a_browser_to_its_page(page: Page, host: str) -> None:
    page.goto(f"http://{host}/id/intervention/jim")

    assert page.url == f"http://{host}/intervention/jim.html"
    assert page.locator("h1").inner_text() == "JIM"


def ask(host: str, path: str, accept: str) -> tuple[int, dict[str, str]]:
    """Ask for an address once, without going where the answer points."""
    connection = HTTPConnection(host)
    connection.request("GET", path, headers={"Accept": accept})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


@pytest.mark.parametrize("accept", ACCEPTS)
@pytest.mark.parametrize("path", NAMED.values(), ids=NAMED)
def test_an_address_gives_the_syntax_that_is_asked_for(host: str, path: str, accept: str) -> None:
    status, headers = ask(host, path, accept)

    assert status == 303
    assert headers["vary"] == "Accept"
    there, found = ask(host, headers["location"], accept)
    assert (there, found["content-type"]) == (200, TYPES[ACCEPTS[accept]])


@pytest.mark.parametrize(
    "path",
    [
        "/id//elsewhere.example/x",
        "/id/scheme//elsewhere.example/x",
        "/id/\\elsewhere.example/x",
        "/id/%2F%2Felsewhere.example/x",
        "/id/%0d%0ax:y",
    ],
)
def test_an_address_never_leads_to_another_host(host: str, path: str) -> None:
    _, headers = ask(host, path, "text/html")
    target = headers.get("location", "/")

    assert target[0] == "/"
    assert target[1:2] not in {"/", "\\"}


@pytest.mark.parametrize("path", ["/static/", "/nergens.html", "/../pyproject.toml"])
def test_what_is_not_a_file_of_the_site_is_not_found(host: str, path: str) -> None:
    assert ask(host, path, "*/*")[0] == 404


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_an_address_that_nothing_has_is_not_found(host: str, accept: str) -> None:
    _, headers = ask(host, "/id/intervention/nergens", accept)

    assert ask(host, headers["location"], accept)[0] == 404
