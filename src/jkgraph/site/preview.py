"""A small server for a built site on this machine, which answers as a real host should.

It listens on the loopback address only, serves files only, and picks the syntax that a
reader asks for: ``/id/kind/slug`` leads to the page or to the data.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from jkgraph.site.negotiation import TYPES, target_for
from jkgraph.site.plan import LOST
from jkgraph.site.policy import HEADERS, policy_for

HOST = "127.0.0.1"


def serve(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server for a folder; port 0 takes any free one. The caller runs it."""
    return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder)))


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012  (as in the standard library)
        **SimpleHTTPRequestHandler.extensions_map,
        **{f".{suffix}": media for suffix, media in TYPES.items()},
        "": TYPES["txt"],
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
        accept = ",".join(self.headers.get_all("Accept", ["*/*"]))
        return target_for(urlsplit(self.path).path, accept)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", policy_for(urlsplit(self.path).path))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code, message=None, explain=None):  # type: ignore[no-untyped-def]
        """Show the page of the site for what is not there."""
        page = Path(self.directory) / LOST
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", TYPES["html"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def list_directory(self, _path):  # type: ignore[no-untyped-def]  # as in the standard library
        """Refuse: only files are shown."""
        self.send_error(HTTPStatus.NOT_FOUND)  # type: ignore[no-untyped-call]

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet."""
