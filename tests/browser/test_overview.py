"""The overview pages in a browser: choosing without a script, headings that stay in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.full


def test_variants_are_chosen_with_the_keyboard_and_without_a_script(still: Page, host: str) -> None:
    still.goto(f"http://{host}/compare/variants.html")
    heads = still.locator("thead th")
    names = heads.all_inner_texts()

    for name in names[1], names[4]:
        still.get_by_role("checkbox", name=name, exact=True).focus()
        still.keyboard.press("Space")
    assert [n for n, h in zip(names, heads.all(), strict=True) if h.is_visible()] == [
        names[1],
        names[4],
    ]
    assert still.locator("tbody tr").first.locator("td:visible").count() == 2


@pytest.mark.parametrize("path", ["compare/municipalities.html", "evidence-map/toegang.html"])
def test_the_headings_of_rows_stay_in_sight_when_a_wide_table_moves(
    page: Page, host: str, path: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    page.goto(f"http://{host}/{path}")
    frame, head = page.locator(".wide").first, page.locator("tbody th").first
    frame.focus()
    before = head.bounding_box()
    frame.evaluate("it => it.scrollTo({left: 400, behavior: 'instant'})")

    assert frame.evaluate("it => it.scrollLeft") > 300
    assert abs(head.bounding_box()["x"] - before["x"]) < 1


def test_a_number_of_the_evidence_map_leads_to_its_list(page: Page, host: str) -> None:
    page.goto(f"http://{host}/evidence-map.html")
    number = page.locator("table.counts td a").first
    wanted = number.inner_text()
    number.click()

    assert page.locator(":target .number").inner_text() == wanted
