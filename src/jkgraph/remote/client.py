"""Asks a web server: bounded in time and size, patient with a busy one, never led elsewhere."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message as Headers
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from jkgraph import __version__
from jkgraph.bounds import USUAL, Bounds
from jkgraph.errors import JkgraphError
from jkgraph.remote.login import find_login, is_this_machine

BUSY = frozenset({429, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})
SEE_OTHER, UNKNOWN_USER, FORBIDDEN, NOT_FOUND = 303, 401, 403, 404
PIECE, IN_MEMORY = 1 << 16, 1 << 24
LONGEST_LINE = 200
PORTS = {"http": 80, "https": 443}


class Limits(NamedTuple):
    """How much may be asked of a server and of the patience of whoever waits for it.

    silence: seconds without a sign of life
    size: bytes of one reply
    times: how often a request is sent before it is given up
    pause: seconds before the second time; each next pause is twice as long
    longest: seconds that a server may ask to wait
    steps: how often one request may be sent on, to log in or to another address
    """

    silence: float = USUAL.reply_seconds
    size: int = USUAL.reply_megabytes * 1_000_000
    times: int = 4
    pause: float = 1
    longest: float = 60
    steps: int = 5


LIMITS = Limits()


def within(bounds: Bounds) -> Limits:
    """Return the limits that a workspace sets."""
    return Limits(silence=bounds.reply_seconds, size=bounds.reply_megabytes * 1_000_000)


class Body(SpooledTemporaryFile[bytes]):
    """Holds what was read in memory, or else in a file, until nobody reads it any more."""

    def __del__(self) -> None:
        """Close it: rows are read from it long after the reply that it was a part of is gone."""
        self.close()


@dataclass(frozen=True)
class Reply:
    """What a server says: the whole of it, in memory or else in a file without a name."""

    status: int
    headers: Headers
    body: IO[bytes] = field(repr=False)

    @property
    def type(self) -> str:
        """The media type of the body, without its parameters."""
        return self.headers.get_content_type()

    def line(self) -> str:
        """Return the first line that says something, fit to be shown to a person."""
        self.body.seek(0)
        text = self.body.read(PIECE).decode("utf-8", "replace")
        lines = ("".join(c if c.isprintable() else " " for c in line) for line in text.splitlines())
        return next((" ".join(line.split()) for line in lines if line.strip()), "")[:LONGEST_LINE]


class Client:
    """Asks one server, as the person whom the environment or `.netrc` names for it."""

    def __init__(
        self, url: str, limits: Limits = LIMITS, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.url, self._limits, self._sleep = _checked(url), limits, sleep
        self._login = find_login(self.url)
        self._opener = OpenerDirector()
        if not is_this_machine(self.url):
            self._opener.add_handler(ProxyHandler())
        self._opener.add_handler(HTTPHandler())
        self._opener.add_handler(HTTPSHandler(context=ssl.create_default_context()))

    def send(  # noqa: PLR0913  (a request has this many sides)
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool = True,
        allowed: Collection[int] = (),
    ) -> Reply:
        """Send a request to the server and return its whole reply.

        A request that is ``repeatable`` is sent again when the server is busy or the connection
        breaks. ``allowed`` are the statuses of failure that the caller can do something with.
        Raises JkgraphError for all others, and when there is no whole reply.
        """
        self._require_own(self.url, url)
        for done in range(self._limits.times):
            is_last = not repeatable or done + 1 == self._limits.times
            wait = self._limits.pause * 2**done
            try:
                reply = self._follow(_request(method, url, body, headers or {}))
            except (OSError, HTTPException) as error:
                if is_last or isinstance(_cause(error), TimeoutError | ssl.SSLError):
                    raise _broken(url, self._limits, error) from error
            else:
                if reply.status < min(MOVED) or reply.status in allowed:
                    return reply
                asked = _seconds(reply.headers.get("Retry-After", ""))
                if reply.status not in BUSY or is_last or asked > self._limits.longest:
                    raise self._failed(url, reply)
                wait = max(wait, asked)
            self._sleep(wait)
        raise AssertionError  # the last time returns or raises

    def _follow(self, request: Request) -> Reply:
        """Send a request; once more when the server asks who asks, and again where it points."""
        was_asked = False
        if self._login.is_unasked and len(request.data or b"") > PIECE:  # type: ignore[arg-type]  # bytes
            # A server that does not know who asks may hang up before it has read all this.
            reply = self._once(_request("GET", request.full_url, None, {}))
            self._login.take_up(reply.headers.get_all("WWW-Authenticate", []))
        for _ in range(self._limits.steps):
            if header := self._login.header(request):
                request.add_unredirected_header("Authorization", header)
            reply = self._once(request)
            target = reply.headers.get("Location", "")
            if reply.status in MOVED and target:
                request = self._moved(request, reply.status, target)
            elif reply.status == UNKNOWN_USER and not was_asked:
                was_asked = self._login.take_up(reply.headers.get_all("WWW-Authenticate", []))
                if not was_asked:
                    return reply
            else:
                return reply
        return reply

    def _once(self, request: Request) -> Reply:
        response = self._opener.open(request, timeout=self._limits.silence)
        with closing(response):
            return Reply(response.status, response.headers, self._whole(request, response))

    def _whole(self, request: Request, response: HTTPResponse) -> IO[bytes]:
        """Read a body to its end, which must be where the server said."""
        body, size = Body(IN_MEMORY), 0
        while piece := response.read(PIECE):
            size += len(piece)
            if size > self._limits.size:
                raise too_big(request.full_url, self._limits)
            body.write(piece)
        if response.length:
            raise HTTPException("incomplete reply")  # noqa: TRY003  (worded by `_broken`)
        body.seek(0)
        return body

    def _moved(self, request: Request, status: int, target: str) -> Request:
        """Return the request for where a server points: itself, and never with less secrecy."""
        url = urljoin(request.full_url, target)
        self._require_own(request.full_url, url)
        if status == SEE_OTHER:
            kept = {n: v for n, v in request.headers.items() if n.lower() != "content-type"}
            return _request("GET", url, None, kept)
        body = request.data if isinstance(request.data, bytes) else None
        return _request(request.get_method(), url, body, request.headers)

    def _require_own(self, url: str, target: str) -> None:
        """Refuse an address on another server, to which no login of this one may go."""
        if _server(target) != _server(url) and not _is_upgrade(url, target):
            raise JkgraphError("endpoint-elsewhere", url=shown(url), target=shown(target))

    def _failed(self, url: str, reply: Reply) -> JkgraphError:
        url = shown(url)
        if reply.status in {UNKNOWN_USER, FORBIDDEN}:
            return JkgraphError(
                "endpoint-denied" if self._login.is_known else "endpoint-stranger", url=url
            )
        if reply.status == NOT_FOUND:
            return JkgraphError("endpoint-not-found", url=url)
        return JkgraphError("endpoint-failed", url=url, status=reply.status, line=reply.line())


def _request(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Request:
    named = {**headers, "User-Agent": f"jkgraph/{__version__}"}
    return Request(url, body, named, method=method)  # noqa: S310  (addresses are checked)


def shown(url: str) -> str:
    """Return an address as messages show it: without what may be secret in it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _checked(url: str) -> str:
    """Return an address that a request can be sent to, or raise JkgraphError."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in PORTS and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        is_web = False
    if not is_web or not url.isascii() or not url.isprintable() or " " in url:
        raise JkgraphError("endpoint-no-address", url=url)
    if "@" in parts.netloc:
        raise JkgraphError("endpoint-password-in-address", url=shown(url))
    return parts._replace(fragment="").geturl()


def _server(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme)


def _is_upgrade(old: str, new: str) -> bool:
    """Tell whether an address is the same server, by way of a secret connection."""
    (old_scheme, host, port), server = _server(old), _server(new)
    return (old_scheme, port) == ("http", 80) and server == ("https", host, 443)


def _cause(error: Exception) -> object:
    return error.reason if isinstance(error, URLError) else error


def _broken(url: str, limits: Limits, error: Exception) -> JkgraphError:
    cause, url = _cause(error), shown(url)
    if isinstance(cause, TimeoutError):
        return JkgraphError("endpoint-silent", url=url, seconds=f"{limits.silence:g}")
    if isinstance(cause, ssl.SSLCertVerificationError):
        return JkgraphError("endpoint-certificate", url=url, reason=cause.verify_message)
    return JkgraphError(
        "endpoint-unreachable", url=url, reason=getattr(cause, "strerror", None) or cause
    )


def too_big(url: str, limits: Limits) -> JkgraphError:
    """Return the error that an answer is larger than it may be."""
    return JkgraphError("endpoint-too-big", url=shown(url), megabytes=f"{limits.size / 1e6:g}")


def _seconds(text: str) -> float:
    """Return how long a server asks to wait, which it says in seconds or as a moment."""
    with suppress(ValueError, TypeError):
        if text.isdecimal():
            return float(text)
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    return 0.0
