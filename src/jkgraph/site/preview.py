"""A small server for a built site on this machine, which answers as a real host should.

It listens on the loopback address only, serves files only, and picks the syntax that a
reader asks for: ``/id/kind/slug`` leads to the page or to the data.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from jkgraph.site.policy import policy_for

HOST = "127.0.0.1"
# Nothing but names: two slashes, or one and a backslash, would lead to another host.
ADDRESS = re.compile(r"/id(?P<scheme>/scheme)?(?P<stem>(?:/[\w-]+)+)/?", re.ASCII)
TYPES = {
    ".ttl": "text/turtle; charset=utf-8",
    ".nt": "application/n-triples",
    ".jsonld": "application/ld+json",
    ".html": "text/html; charset=utf-8",
}
WANTED = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/turtle": ".ttl",
    "application/ld+json": ".jsonld",
    "application/n-triples": ".nt",
    "*/*": ".html",
}


def serve(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server for a folder; port 0 takes any free one. The caller runs it."""
    return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder)))


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012  (as in the standard library)
        **SimpleHTTPRequestHandler.extensions_map,
        **TYPES,
    }

    def send_head(self):  # type: ignore[no-untyped-def]  # as in the standard library
        target = self._see_other()
        if target is None:
            return super().send_head()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", target)
        self.send_header("Vary", "Accept")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def _see_other(self) -> str | None:
        path = urlsplit(self.path).path
        suffix = suffix_for(self.headers.get("Accept", "*/*"))
        if path in {"/def", "/shape"}:
            return path + suffix
        match = ADDRESS.fullmatch(path)
        if match is None:
            return None
        return match["stem"] + ("/index" if match["scheme"] else "") + suffix

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", policy_for(urlsplit(self.path).path))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        super().end_headers()

    def list_directory(self, _path):  # type: ignore[no-untyped-def]  # as in the standard library
        """Refuse: only files are shown."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet."""


def suffix_for(accept: str) -> str:
    """Return the file suffix of the syntax that an Accept header likes best."""
    best, weight = ".html", 0.0
    for part in accept.split(","):
        media, *parameters = (text.strip() for text in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            value = float(quality)
        except ValueError:
            continue
        if media in WANTED and value > weight:
            best, weight = WANTED[media], value
    return best
