"""What search engines read first: the list of all pages, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import pyoxigraph as ox

from jkgraph.graph import is_draft, is_withdrawn
from jkgraph.site.dates import newest, page_changed
from jkgraph.site.plan import LOST, Page, Plan

# The protocol allows 50,000; smaller files are friendlier to read.
MOST = 10_000
DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LINKS = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def sitemap_files(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield the sitemap and its parts, where the address of the site is known, and robots.txt."""
    robots = "User-agent: *\nAllow: /\n"
    address = plan.graph.workspace.site.address
    if address:
        robots += f"Sitemap: {address}sitemap.xml\n"
        yield from _maps(plan, address)
    yield "robots.txt", robots.encode()


def _maps(plan: Plan, address: str) -> Iterator[tuple[str, bytes]]:
    pages = [page for page in plan.pages if _is_shown(plan, page)]
    entries = []
    day = newest(plan)
    for number, start in enumerate(range(0, len(pages), MOST), 1):
        path = f"sitemap/{number}.xml"
        urls = "".join(_url(plan, address, page) for page in pages[start : start + MOST])
        yield path, f"{HEAD}<urlset {SPACE} {LINKS}>\n{urls}</urlset>\n".encode()
        entries.append(f"<sitemap><loc>{escape(address + path)}</loc>{_day(day)}</sitemap>\n")
    yield (
        "sitemap.xml",
        f"{HEAD}<sitemapindex {SPACE}>\n{''.join(entries)}</sitemapindex>\n".encode(),
    )


def _is_shown(plan: Plan, page: Page) -> bool:
    """Tell whether a page is one to find: not a draft, nor withdrawn, nor for what is not there."""
    if page.path.endswith(LOST):
        return False
    about = page.about
    if not isinstance(about, ox.NamedNode):
        return True
    return not is_withdrawn(plan.graph, about) and not is_draft(plan.graph, about)


def _url(plan: Plan, address: str, page: Page) -> str:
    versions = plan.versions(page)
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(address + path)}"/>'
        for lang, path in versions
        if len(versions) > 1
    )
    day = _day(page_changed(plan, page))
    return f"<url><loc>{escape(address + page.path)}</loc>{day}{links}</url>\n"


def _day(day: str) -> str:
    return f"<lastmod>{day}</lastmod>" if DAY.fullmatch(day) else ""
