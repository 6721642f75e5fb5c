"""A small server for a site on this machine, which answers as a real host should.

It listens on the loopback address only, answers only who asks for it by a name of this machine,
serves files only, and picks the syntax that a reader asks for: ``/id/kind/slug`` leads to the
page or to the data. With an endpoint it answers questions too. It can be opened to others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO
from urllib.parse import unquote

from jkgraph.site.answering import Refused
from jkgraph.site.endpoint import PATH, Endpoint, Request, Response
from jkgraph.site.negotiation import TYPES, target_for
from jkgraph.site.plan import LOST
from jkgraph.site.policy import HEADERS, policy_for
from jkgraph.site.watching import EVENTS, Watching

HOST = "127.0.0.1"
NAMES = {HOST, "localhost", "[::1]"}
NAME_AND_PORT = re.compile(r"([\w.-]+|\[[\da-f:]+\])(?::\d+)?", re.ASCII | re.IGNORECASE)
SHARED = "Access-Control-Allow-Origin"
# So many seconds the preview may have nothing to tell before it tries who still listens.
SILENCE = 10
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def serve(
    folder: Path, port: int, endpoint: Endpoint | None = None, host: str = HOST
) -> ThreadingHTTPServer:
    """Return a server for a folder; port 0 takes any free one. The caller runs it.

    At another ``host`` than that of this machine alone it answers everybody, by any name.
    """
    handler = partial(_EndpointHandler, endpoint) if endpoint else _Handler
    return ThreadingHTTPServer((host, port), partial(handler, directory=str(folder)))


def serve_live(watching: Watching, port: int) -> ThreadingHTTPServer:
    """Return a server for a site that follows its files; the caller runs it."""
    return ThreadingHTTPServer((HOST, port), partial(_LiveHandler, watching))


class _Handler(SimpleHTTPRequestHandler):
    # Until a request is understood, it asks for nothing.
    path = ""
    extensions_map = {  # noqa: RUF012  (as in the standard library)
        **SimpleHTTPRequestHandler.extensions_map,
        **{f".{suffix}": media for suffix, media in TYPES.items()},
        "": TYPES["txt"],
    }

    def send_head(self):  # type: ignore[no-untyped-def]  # as in the standard library
        if not self._is_asked_by_name():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        target = self._see_other()
        if target is None:
            return self._file()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", target)
        self.send_header("Vary", "Accept")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def _is_asked_by_name(self) -> bool:
        """Refuse a page elsewhere whose name was made to lead to this machine (DNS rebinding)."""
        found = NAME_AND_PORT.fullmatch(self.headers.get("Host", ""))
        return found is not None and (self._is_open or found[1].lower() in NAMES)

    @property
    def _asked(self) -> tuple[str, str]:
        """The path that is asked for, and what stands behind the ``?``."""
        path, _, fields = self.path.partition("#")[0].partition("?")
        return path, fields

    @property
    def _is_open(self) -> bool:
        """Whether others than this machine may ask."""
        return self.server.server_address[0] != HOST  # type: ignore[index]  # host and port

    def _file(self) -> BinaryIO | None:
        try:
            return super().send_head()
        except ValueError:
            # No file has such a name.
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def _see_other(self) -> str | None:
        accept = ",".join(self.headers.get_all("Accept", ["*/*"]))
        return target_for(self._asked[0], accept)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", policy_for(self._asked[0]))
        for name, value in HEADERS.items():
            # On a host the data is for everybody; here it may not be published yet.
            if name != SHARED or self._is_open:
                self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the page of the site for what is not there."""
        content = self._lost() if code == HTTPStatus.NOT_FOUND else None
        if content is None:
            super().send_error(code, message, explain)
            return
        self._send(code, content, TYPES["html"])
        if self.command != "HEAD":
            self.wfile.write(content)

    def _lost(self) -> bytes | None:
        page = Path(self.directory) / LOST
        return page.read_bytes() if page.is_file() else None

    def _send(
        self, code: int, content: bytes, media: str, headers: Mapping[str, str] = NO_HEADERS
    ) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()

    def list_directory(self, _path):  # type: ignore[no-untyped-def]  # as in the standard library
        """Refuse: only files are shown."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet."""


class _EndpointHandler(_Handler):
    # So many seconds a reader may be silent.
    timeout = 30

    def __init__(self, endpoint: Endpoint, *args: Any, **options: Any) -> None:
        self._endpoint = endpoint
        super().__init__(*args, **options)

    def _file(self) -> BinaryIO | None:
        if self._asked[0] != PATH:
            return super()._file()
        response = self._response()
        self._send(response.status, response.content, response.media, response.headers)
        return BytesIO(response.content)

    def do_POST(self) -> None:
        """Answer a question that is sent."""
        if self._asked[0] != PATH:
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
            return
        # What was sent and is not read would be taken for a next request.
        self.close_connection = True
        self.do_GET()

    do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815  (as in the standard library)

    def _response(self) -> Response:
        languages = self.headers.get("Accept-Language", "")
        try:
            content = self._content() if self.command == "POST" else b""
        except Refused as refused:
            return self._endpoint.refusal(refused, languages)
        request = Request(
            self.command,
            self._asked[1],
            self.headers.get("Content-Type", ""),
            content,
            ",".join(self.headers.get_all("Accept", ["*/*"])),
            languages,
        )
        return self._endpoint.answer(request, f"http://{self.headers['Host']}{PATH}")

    def _content(self) -> bytes:
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "serve-length")
        self._endpoint.refuse_long(int(size))
        return self.rfile.read(int(size))


class _LiveHandler(_Handler):
    def __init__(self, watching: Watching, *args: Any) -> None:
        self._watching = watching
        super().__init__(*args)

    def _file(self) -> BinaryIO | None:
        address = unquote(self._asked[0]).removeprefix("/")
        if address == EVENTS:
            self._tell()
            return None
        if not address or address.endswith("/"):
            address += "index.html"
        content, is_made = self._watching.content(address)
        if content is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        code = HTTPStatus.OK if is_made else HTTPStatus.INTERNAL_SERVER_ERROR
        self._send(code, content, self.guess_type(address) if is_made else TYPES["html"])
        return BytesIO(content)

    def _lost(self) -> bytes | None:
        return self._watching.content(LOST)[0]

    def _tell(self) -> None:
        """Tell of every change, until the browser goes (server-sent events)."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told = ""
        with suppress(ConnectionError):
            while self.command != "HEAD":
                state = self._watching.wait(told, SILENCE)
                # A line of comment finds out whether anybody still listens.
                self.wfile.write(f"data: {state}\n\n".encode() if state != told else b":\n\n")
                told = state
