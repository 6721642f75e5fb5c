"""Settings for Netlify and for Pages of Cloudflare, which cannot choose by what a reader asks."""

from __future__ import annotations

from collections.abc import Iterator

from jkgraph.site.negotiation import PAGE, TYPES, WITHOUT_PAGE
from jkgraph.site.policy import HEADERS, WORKER, WORKER_ENDING

# The types that these hosts may not know by themselves.
OWN_TYPES = ("atom", "csv", "jsonld", "nt", "trig", "ttl")


def headers(path: str) -> str:
    """Return the headers that go with files, by their addresses."""
    return "\n".join(_headers(path)) + "\n"


def _headers(path: str) -> Iterator[str]:
    # Where two rules fit a file, it gets both policies. So this one holds only what the page
    # itself, which names its policy too, may not say.
    yield f"{path}*"
    yield "  Content-Security-Policy: frame-ancestors 'none'"
    yield from (f"  {name}: {text}" for name, text in HEADERS.items())
    yield f"{path}*{WORKER_ENDING}"
    yield f"  Content-Security-Policy: {WORKER}"
    for suffix in OWN_TYPES:
        yield from (f"{path}*.{suffix}", f"  Content-Type: {TYPES[suffix]}")


def redirects(path: str) -> str:
    """Return where the addresses of things lead: to pages, whatever is asked for."""
    rules = (
        ("id/scheme/:list", f":list/index.{PAGE}"),
        ("id/:kind/:slug", f":kind/:slug.{PAGE}"),
        ("def", f"def.{PAGE}"),
        ("dataset", f"dataset.{PAGE}"),
        (WITHOUT_PAGE, f"{WITHOUT_PAGE}.ttl"),
    )
    return "".join(f"{path}{old} {path}{new} 303\n" for old, new in rules)
