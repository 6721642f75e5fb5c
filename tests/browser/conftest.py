"""The real site on a server, and a real Chromium to read it with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from jkgraph.site.preview import serve

CHROMIUM = "/usr/bin/chromium"
# No sandbox, because a container has no user namespaces; the rest keeps Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def host(running, real_site: Path) -> Iterator[str]:
    """Serve the real site and give the name and port that it listens on."""
    with running(serve(real_site, 0)) as place:
        yield place


class Plain(SimpleHTTPRequestHandler):
    """A host that knows no policy, and lets the browser unpack what is packed."""

    def end_headers(self) -> None:
        if self.path.endswith(".gz"):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def plain_host(running, real_site: Path) -> Iterator[str]:
    """Serve the folder above the site, so that the site stands in a folder."""
    handler = partial(Plain, directory=str(real_site.parent))
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as place:
        yield f"{place}/{real_site.name}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; where there is none, the test fails."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page at the width of a laptop."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """Open a page in a browser without JavaScript."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()
