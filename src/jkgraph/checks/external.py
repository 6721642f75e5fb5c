"""Asks whether the web addresses in records still answer. The only check that uses the network.

Private addresses are refused, whatever name or redirect leads there: a record could otherwise
make this machine ask its neighbours. Of one host only one address is asked at a time.
"""

from __future__ import annotations

import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from time import monotonic
from urllib.parse import quote, urljoin, urlsplit

import pyoxigraph as ox

from jkgraph import __version__
from jkgraph.bounds import USUAL, Bounds
from jkgraph.checks.places import Places
from jkgraph.findings import Finding, Severity, finding
from jkgraph.graph import TYPE, Graph, graph_path
from jkgraph.iri import split
from jkgraph.messages import Message

# Seconds for one answer.
PATIENCE = 10.0
AT_ONCE = 8
MOST_REDIRECTS = 5
AGENT = f"jkgraph/{__version__} (checks whether links still work)"
PORTS = {"http": 80, "https": 443}
# A host that refuses a program may well show the page to a person.
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

Ask = Callable[[str], Message | None]


def check_external(graph: Graph, ask: Ask | None = None) -> Iterator[Finding]:
    """Find web addresses in records that lead nowhere."""
    links: dict[str, list[ox.Triple]] = defaultdict(list)
    for address, said in _links(graph):
        links[address].append(said)
    places = Places(graph)
    for address, reason in _asked(
        sorted(links), ask or Asker(bounds=graph.workspace.limits).ask
    ).items():
        for about in links[address]:
            yield finding(
                "dead-link",
                places.of(*about),
                Severity.WARNING,
                about=(*about,),
                address=address,
                reason=reason,
            )


def _links(graph: Graph) -> Iterator[tuple[str, ox.Triple]]:
    """Yield what records say of web addresses; names of vocabularies are no pages."""
    data = f"{graph.workspace.relative(graph.workspace.data)}/"
    known = set(graph.addresses.prefixes.values())
    for quad in graph.store:
        if not isinstance(quad.object, ox.NamedNode) or quad.predicate == TYPE:
            continue
        address = quad.object.value
        is_own = split(address)[0] in known or address.startswith(graph.addresses.base)
        is_page = address.startswith(("http://", "https://")) and not is_own
        if is_page and (graph_path(quad.graph_name) or "").startswith(data):
            yield address, quad.triple


def _asked(addresses: Sequence[str], ask: Ask) -> dict[str, Message]:
    """Ask the hosts side by side; return what is wrong with which address."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        hosts[urlsplit(address).netloc].append(address)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda told: [(a, ask(a)) for a in told], hosts.values())
        found = {address: reason for told in answers for address, reason in told if reason}
    return dict(sorted(found.items()))


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet."""
    found = ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


@dataclass(frozen=True)
class Asker:
    """Asks for addresses, within a time for all of them together."""

    may_ask: Callable[[str], bool] = is_public
    bounds: Bounds = USUAL
    started: float = 0.0

    def __post_init__(self) -> None:
        """Start the clock."""
        object.__setattr__(self, "started", monotonic())

    def ask(self, address: str) -> Message | None:
        """Return why an address leads nowhere, or nothing when it answers."""
        try:
            status = self._status("HEAD", address)
            if status >= HTTPStatus.BAD_REQUEST:
                status = self._status("GET", address)
        except Refused as refused:
            return refused.message
        except (OSError, HTTPException, ValueError):
            return Message("external.silent")
        is_gone = status in GONE or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return Message("external.status", {"status": status}) if is_gone else None

    def _status(self, method: str, address: str) -> int:
        for _ in range(MOST_REDIRECTS + 1):
            with_body = self._response(method, address)
            target = with_body.getheader("Location")
            if not HTTPStatus.MULTIPLE_CHOICES <= with_body.status < HTTPStatus.BAD_REQUEST:
                return with_body.status
            if not target:
                return with_body.status
            address = urljoin(address, target)
        raise Refused("external.redirects")

    def _response(self, method: str, address: str) -> HTTPResponse:
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            raise Refused("external.private")
        left = self.bounds.links_seconds - (monotonic() - self.started)
        if left <= 0:
            late = self.bounds.over("links_seconds", f"{self.bounds.links_seconds - left:.0f}")
            raise Refused("external.late", bound=late)
        port = parts.port or PORTS[parts.scheme]
        link = _Connection(parts.hostname, port, timeout=min(PATIENCE, left))
        link.ip = self._address(parts.hostname, port)
        link.is_secure = parts.scheme == "https"
        try:
            query = f"?{parts.query}" if parts.query else ""
            path = quote(f"{parts.path or '/'}{query}", safe="/?%:=&~+!$,;'@()*[]")
            link.request(method, path, headers={"User-Agent": AGENT, "Connection": "close"})
            return link.getresponse()
        finally:
            link.close()

    def _address(self, host: str, port: int) -> str:
        """Look a host up once, so that it cannot be another one when it is asked."""
        found = [
            str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        ]
        if not all(map(self.may_ask, found)):
            raise Refused("external.private")
        return found[0]


class Refused(Exception):  # noqa: N818 - what we do, and no fault
    """An address is not asked, for a reason."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.message = Message(key, values)


class _Connection(HTTPConnection):
    """A connection to an address that was looked up before, plain or secure."""

    ip = ""
    is_secure = False

    def connect(self) -> None:
        """Connect to the address, and prove by the name who is there."""
        plain = socket.create_connection((self.ip, self.port), self.timeout)
        secure = ssl.create_default_context().wrap_socket if self.is_secure else None
        self.sock = secure(plain, server_hostname=self.host) if secure else plain
