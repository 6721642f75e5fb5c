"""The real site on a server, and a real Chromium to read it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

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
def host(real_site: Path) -> Iterator[str]:
    """Serve the real site and give the name and port that it listens on."""
    server = serve(real_site, 0)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield "{}:{}".format(*server.server_address)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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
