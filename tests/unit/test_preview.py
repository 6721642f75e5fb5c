"""The server for a built site on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread

import pytest

from jkgraph.site.negotiation import suffix_for
from jkgraph.site.preview import HOST, serve

Ask = Callable[..., HTTPResponse]


@pytest.fixture
def ask(built: Path) -> Iterator[Ask]:
    """Ask for a path, as it is, following nothing."""
    with serve(built, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        connection = HTTPConnection(HOST, server.server_address[1], timeout=10)

        def asking(
            path: str, accept: str = "*/*", method: str = "GET", **more: str
        ) -> HTTPResponse:
            connection.request(method, path, headers={"Accept": accept, **more})
            response = connection.getresponse()
            response.body = response.read()
            return response

        yield asking
        connection.close()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("*/*", ".html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ".html"),
        ("text/turtle", ".ttl"),
        ("text/turtle;q=0.5, application/ld+json;q=0.9", ".jsonld"),
        ("application/n-triples, */*;q=0.1", ".nt"),
        ("text/html;q=0.2, text/turtle;q=0.3", ".ttl"),
        ("text/turtle;q=0", ".html"),
        ("text/turtle;q=x, application/n-triples;q=0.1", ".nt"),
        ("image/png", ".html"),
        ("", ".html"),
    ],
)
def test_the_syntax_that_is_liked_best_is_given(accept: str, suffix: str) -> None:
    assert suffix_for(accept) == suffix


@pytest.mark.parametrize(
    ("address", "accept", "to"),
    [
        ("/id/bridge/oude-steenbrug", "*/*", "/bridge/oude-steenbrug.html"),
        ("/id/bridge/oude-steenbrug", "text/turtle", "/bridge/oude-steenbrug.ttl"),
        ("/id/scheme/material", "application/ld+json", "/material/index.jsonld"),
        ("/id/material/steen", "text/html", "/material/steen.html"),
        ("/def", "text/turtle", "/def.ttl"),
        ("/shape", "application/n-triples", "/shape.nt"),
        ("/def/1.0.0", "text/html", "/def/1.0.0.ttl"),
    ],
)
def test_the_address_of_a_thing_leads_to_what_says_something_of_it(
    ask: Ask, address: str, accept: str, to: str
) -> None:
    response = ask(address, accept)

    assert response.status == 303
    assert response.headers["Location"] == to
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/bridge/oude-steenbrug.html", "text/html; charset=utf-8"),
        ("/bridge/oude-steenbrug.ttl", "text/turtle; charset=utf-8"),
        ("/bridge/oude-steenbrug.nt", "application/n-triples"),
        ("/bridge/oude-steenbrug.jsonld", "application/ld+json"),
        ("/static/icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_is_given_with_its_type_and_with_safe_headers(
    ask: Ask, built: Path, path: str, media: str
) -> None:
    response = ask(path)

    assert response.status == 200
    assert response.headers["Content-Type"] == media
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    name = "index.html" if path == "/" else path.removeprefix("/")
    assert response.body == (built / name).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/data/",
        "/static/",
        "/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/id//elsewhere.example/x",
    ],
)
def test_what_is_not_a_file_of_the_site_is_not_given(ask: Ask, path: str) -> None:
    assert ask(path).status == 404


def test_only_reading_is_answered(ask: Ask) -> None:
    assert ask("/", method="HEAD").status == 200
    assert ask("/", method="POST").status == 501
    assert ask("/", method="PUT").status == 501


def test_the_server_listens_on_this_machine_only(built: Path) -> None:
    with serve(built, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("name", ["elsewhere.example", "127.0.0.1.elsewhere.example", "[", ""])
def test_who_asks_by_another_name_gets_nothing(ask: Ask, name: str) -> None:
    assert ask("/", Host=name).status == 421
    assert ask("/", Host=name, method="HEAD").status == 421


@pytest.mark.parametrize("name", ["localhost", "localhost:8000", "127.0.0.1:80", "[::1]:8000"])
def test_who_asks_by_a_name_of_this_machine_gets_it(ask: Ask, name: str) -> None:
    assert ask("/", Host=name).status == 200


def test_pages_of_other_sites_cannot_read_a_preview(ask: Ask) -> None:
    assert "Access-Control-Allow-Origin" not in ask("/").headers
