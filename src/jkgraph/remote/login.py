"""Who asks a server: a name and password, or a token, which no message ever shows."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from netrc import NetrcParseError, netrc
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from jkgraph.errors import JkgraphError

ENVIRONMENT = "JKGRAPH_ENDPOINT_"


class Login:
    """Tells a server who asks, in the way that it asked for before."""

    def __init__(self, url: str, user: str = "", password: str = "", token: str = "") -> None:
        self._url, self._token = url, token
        self._basic = b64encode(f"{user}:{password}".encode()).decode() if user else ""
        # What the server asked for: nothing yet, a name and password, or a digest of these.
        self._challenge: Mapping[str, str] | None = None
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, user, password)
        self._digest = AbstractDigestAuthHandler(passwords)

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell a server."""
        return bool(self._basic or self._token)

    @property
    def is_unasked(self) -> bool:
        """Whether there is a name to tell that the server did not ask for yet."""
        return bool(self._basic) and self._challenge is None

    def header(self, request: Request) -> str | None:
        """Return what to say with a request; None when the server did not ask."""
        if not self._token and self._challenge is None:
            return None
        if self._challenge:
            told = f"Digest {self._digest.get_authorization(request, self._challenge)}"
        else:
            told = f"Bearer {self._token}" if self._token else f"Basic {self._basic}"
            # Whoever carries it can read it.
            if urlsplit(self._url).scheme != "https" and not is_this_machine(self._url):
                raise JkgraphError("endpoint-unsafe", url=self._url)
        if not told.isascii() or not told.isprintable():
            raise JkgraphError("endpoint-bad-login", names=f"{ENVIRONMENT}…, .netrc")
        return told

    def take_up(self, challenges: Iterable[str]) -> bool:
        """Take up what a server asks for; tell whether it can be given."""
        asked = dict(_challenge(text) for text in challenges)
        if not self._basic or not asked.keys() & {"basic", "digest"}:
            return False
        self._challenge = asked.get("digest", {})
        return True


def _challenge(text: str) -> tuple[str, dict[str, str]]:
    scheme, _, rest = text.strip().partition(" ")
    with suppress(ValueError):
        return scheme.lower(), parse_keqv_list(parse_http_list(rest))
    return scheme.lower(), {}


def find_login(url: str) -> Login:
    """Return what the environment, or else the file `.netrc`, says to tell a server."""
    user, password, token = (
        os.environ.get(ENVIRONMENT + name, "") for name in ("USER", "PASSWORD", "TOKEN")
    )
    if user or token:
        return Login(url, user, password, token)
    path = Path(os.environ.get("NETRC", "~/.netrc")).expanduser()
    try:
        found = netrc(path).authenticators(urlsplit(url).hostname or "")
    except FileNotFoundError:
        return Login(url)
    except (OSError, UnicodeDecodeError, NetrcParseError) as error:
        raise JkgraphError("endpoint-bad-login", names=path) from error
    return Login(url, found[0], found[2] or "") if found else Login(url)


def is_this_machine(url: str) -> bool:
    """Tell whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
