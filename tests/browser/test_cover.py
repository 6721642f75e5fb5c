"""Choosing items of a cover in a real browser, on the real site."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from jkgraph.graph import Graph
from jkgraph.queries import Table, run, saved_query

pytestmark = pytest.mark.full

PATH = "build-an-approach.html"
# Approaches that differ in what they touch; one of them is a support variant.
CHOSEN = ("intervention/jim", "intervention/sociale-kaart", "support-variant/poh-ggz-jeugd")
CHOICE = "#" + "&".join(f"item={name.partition('/')[2]}" for name in CHOSEN)
GROUPS = {
    "Zorgfasen": "scheme/care-phase",
    "Werkingen": "scheme/mechanism",
    "Kernthema's": "scheme/kernthemas",
    "Wie meedoet": "def#Stakeholder",
}


def at(page: Page, host: str, choice: str = "", path: str = PATH) -> Page:
    """Open the page with a choice."""
    page.goto(f"http://{host}/{path}{choice}")
    return page


def group(page: Page, label: str) -> Locator:
    """Return the place of one group of needs."""
    return page.locator(".needs > div").filter(has=page.get_by_role("heading", name=label))


def hrefs(links: Locator) -> set[str]:
    return {link.get_attribute("href").removesuffix(".html") for link in links.all()}


def chosen(page: Page) -> list[str]:
    return page.locator(".chosen li a").all_inner_texts()


def told(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def test_an_item_is_found_and_chosen_by_the_keyboard_alone(page: Page, host: str) -> None:
    at(page, host).get_by_label("Zoek in deze lijst").focus()
    page.keyboard.type("jim")
    expect(page.locator(".items input:visible")).to_have_count(1)
    # Past the choice of a need and the fold of the section.
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")

    assert chosen(page) == ["JIM"]
    assert page.locator(":focus").get_attribute("value") == "jim"
    assert page.url.endswith("#item=jim")


def test_a_change_is_told_briefly(page: Page, host: str) -> None:
    at(page, host, "#item=sociale-kaart")
    page.locator(".items summary").first.click()
    box = page.locator(".items input:visible").first
    name = box.locator("xpath=..").inner_text().strip()
    box.check()

    assert told(page).startswith(f"{name} gekozen. Zorgfasen: ")
    assert re.findall(r"(?:^|[.] )([^.]+): \d+ van \d+", told(page)) == list(GROUPS)
    box.uncheck()
    assert told(page).startswith(f"{name} weggehaald.")
    page.get_by_role("button", name="Begin opnieuw").click()
    assert told(page) == "Nog niets gekozen."
    assert page.locator(":focus").inner_text() == "Gekozen"
    assert urlsplit(page.url).fragment == ""


def test_the_focus_stays_in_the_list_when_an_item_is_taken_away(page: Page, host: str) -> None:
    at(page, host, CHOICE)
    names = chosen(page)
    page.get_by_role("button", name=f"Haal {names[0]} weg").press("Enter")

    assert chosen(page) == names[1:]
    assert page.locator(":focus").get_attribute("aria-label") == f"Haal {names[1]} weg"


def test_a_link_brings_a_choice_back(browser: Browser, page: Page, host: str) -> None:
    link = at(page, host, CHOICE).get_by_label("Link naar deze keuze").input_value()
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(link)
        assert sorted(chosen(other)) == sorted(chosen(page))
        assert len(chosen(other)) == len(CHOSEN)
    expect(page.locator(".items input:checked")).to_have_count(len(CHOSEN))


def test_a_link_to_a_place_on_the_page_loses_no_choice(page: Page, host: str) -> None:
    at(page, host, CHOICE).locator(".skip").press("Enter")

    assert len(chosen(page)) == len(CHOSEN)
    assert len(parse_qs(urlsplit(page.url).fragment)["item"]) == len(CHOSEN)


def test_what_a_link_names_and_nobody_knows_is_told(page: Page, host: str) -> None:
    at(page, host, "#item=jim&item=nergens<b>")

    assert chosen(page) == ["JIM"]
    assert told(page).endswith("Niet gevonden: nergens<b>")


@pytest.mark.parametrize("label", GROUPS)
def test_what_is_covered_is_what_the_graph_says(
    closed: Graph, page: Page, host: str, label: str
) -> None:
    table = run(closed, saved_query(closed, "wat-aanpakken-raken").text, "")
    assert isinstance(table, Table)
    rows = [dict(zip(table.variables, row, strict=True)) for row in table.rows]
    addresses = closed.addresses
    of_group = [r for r in rows if r["group"].value.endswith(GROUPS[label])]
    assert of_group
    named = [
        ("/".join(addresses.kind_and_slug(r["item"].value)), r["need"].value) for r in of_group
    ]
    every = {"/".join(addresses.kind_and_slug(need)) for _, need in named}
    met = {"/".join(addresses.kind_and_slug(need)) for item, need in named if item in CHOSEN}
    at(page, host, CHOICE)

    assert hrefs(group(page, label).locator(".met a")) == met
    assert hrefs(group(page, label).locator(".unmet a")) == every - met
    count = f"Komt aan bod: {len(met)} van {len(every)}"
    assert group(page, label).locator("h4").inner_text() == count


def test_a_need_that_is_not_covered_shows_who_meets_it(page: Page, host: str) -> None:
    at(page, host, "#item=jim")
    need = group(page, "Zorgfasen").locator(".unmet li").first
    number = int(re.search(r"\d+", need.get_by_role("button").inner_text())[0])
    need.get_by_role("button").click()

    expect(page.locator(".items input:visible")).to_have_count(number)
    assert told(page) == f"{number} van 135 in de lijst"
    assert page.locator(":focus").get_attribute("id") == "cover-only"


def test_what_goes_together_is_named_with_its_source(page: Page, host: str) -> None:
    at(page, host, "#item=jim&item=tijdig-nadenken-over-afschalen")
    together = page.locator(".further li", has_text="JIM: ").first

    assert together.inner_text() == (
        "JIM: Tijdig nadenken over afschalen (ook gekozen) (Wachttijden: wat werkt?, p. 30-31)"
    )
    assert hrefs(together.locator("a")) == {
        "intervention/tijdig-nadenken-over-afschalen",
        "intervention/tijdig-nadenken-over-afschalen.html#c1",
    }


def test_the_example_fills_in_its_choice_and_says_that_it_is_invented(
    closed: Graph, page: Page, host: str
) -> None:
    example = "practice-example:zuidoost-duinland-aanpak-wachttijden"
    uses = run(closed, f"SELECT ?it {{ {example} jk:uses ?it }}", "")
    assert isinstance(uses, Table)
    at(page, host).get_by_role("link", name="Vul de keuze van deze regio in").click()

    addresses = ("/".join(closed.addresses.kind_and_slug(row[0].value)) for row in uses.rows)
    assert hrefs(page.locator(".chosen li a")) == set(addresses)
    assert "verzonnen" in page.locator(".chosen .notice").inner_text()
    page.locator(".chosen li button").first.click()
    expect(page.locator(".chosen .notice")).to_be_hidden()


def test_without_scripts_a_table_says_everything(browser: Browser, host: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = at(context.new_page(), host)
        row = page.get_by_role("row").filter(
            has=page.get_by_role("rowheader", name="JIM", exact=True)
        )

        assert page.locator("tr[data-item]").count() == 135
        assert "voor zorg; in zorg zijn; uit zorg gaan" in row.inner_text()
        expect(row).to_be_visible()
        expect(page.get_by_role("link", name="Vul de keuze van deze regio in")).to_be_hidden()


def test_a_question_with_this_view_can_be_used_too(page: Page, host: str) -> None:
    at(page, host, "#item=jim", path="query/fasen-die-een-aanpak-raakt.html")

    assert page.locator(".met a").count() == 3


def test_paper_shows_the_choice_and_not_the_means_to_choose(page: Page, host: str) -> None:
    at(page, host, CHOICE).emulate_media(media="print")

    expect(page.locator(".choose")).to_be_hidden()
    expect(page.locator(".cover table")).to_be_hidden()
    expect(page.locator(".met li").first).to_be_visible()


@pytest.mark.parametrize("address", [PATH, PATH + CHOICE, f"en/{PATH}", f"en/{PATH}{CHOICE}"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_the_page_is_accessible_and_narrow_enough(
    browser: Browser, host: str, address: str, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        page = at(context.new_page(), host, path=address)
        page.locator(".items summary").first.click()
        found = Axe().run(page).response["violations"]

        assert [(f["id"], [node["target"] for node in f["nodes"]][:5]) for f in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_neighbour_in_the_picture_is_a_link_with_its_whole_name(page: Page, host: str) -> None:
    at(page, host, path="intervention/jim.html")
    picture = page.get_by_role("group", name="Omgeving van JIM")
    link = picture.get_by_role(
        "link", name="JIM: 90 procent van de uithuisplaatsingen kon worden voorkomen"
    )

    expect(link).to_be_visible()
    page.set_viewport_size({"width": 600, "height": 900})
    expect(picture).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/finding/jim-uithuisplaatsingen-voorkomen.html")
