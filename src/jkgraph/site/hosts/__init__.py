"""The settings with which a host gives the site as meant: its types, headers and redirects.

Every host answers as the preview does, as far as its own syntax goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from jkgraph.settings import Site
from jkgraph.site.hosts import apache, netlify, nginx

# Where the redirects of w3id.org lead while nobody has said where the site is.
ANYWHERE = "https://example.org/"
FOLDER = "host"


def host_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of every file with settings for a host."""
    path = site.path
    yield ".htaccess", apache.site(path).encode()
    yield f"{FOLDER}/w3id/.htaccess", apache.redirects(site.address or ANYWHERE).encode()
    yield f"{FOLDER}/nginx.conf", nginx.server(path).encode()
    yield "_headers", netlify.headers(path).encode()
    yield "_redirects", netlify.redirects(path).encode()
    # Pages of GitHub would leave out what begins with a line.
    yield ".nojekyll", b""
