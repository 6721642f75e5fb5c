"""Settings for Apache: of the site itself, and of w3id.org, which leads to the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jkgraph.site.negotiation import (
    ASKED,
    LEADS,
    PAGE,
    PATTERNS,
    TYPES,
    VERSIONS,
    WITHOUT_PAGE,
    fully,
    partly,
)
from jkgraph.site.plan import LOST
from jkgraph.site.policy import HEADERS, HOST, WORKER, WORKER_ENDING

SITE = """\
# Written by `jkgraph build` for a site at {path}.
# Needs mod_dir, mod_headers, mod_mime and mod_rewrite, and in the settings of the host
# AllowOverride All, or FileInfo Indexes Options=Indexes,MultiViews.
Options -Indexes -MultiViews
DirectoryIndex index.html
ErrorDocument 403 {path}{lost}
ErrorDocument 404 {path}{lost}

{types}
RemoveEncoding .gz
<Files SHA256SUMS>
ForceType "text/plain; charset=utf-8"
</Files>

{headers}
Header always merge Vary Accept "expr=%{{REQUEST_STATUS}} -eq 303"
# WebAssembly runs in workers only, which take the policy of their own file.
<FilesMatch "{worker}$">
Header always set Content-Security-Policy "{worker_policy}"
</FilesMatch>

RewriteEngine on
# Files are given as they are; what follows is about the addresses of things.
RewriteRule "!^(?:{patterns})$" - [END]
RewriteRule ^ - [E=SITE:{site}]
{choice}
"""

REDIRECTS = """\
# Written by `jkgraph build`: send every address to the place where the site stands.
Options -MultiViews
RewriteEngine on
Header always set Vary Accept
Header always set Access-Control-Allow-Origin *

# The only line to change when the site moves.
RewriteRule ^ - [E=SITE:{site}]
{choice}

# The home page, and all other pages and files.
RewriteRule ^$ %{{ENV:SITE}}/ [R=302,L]
RewriteRule ^(.+)$ %{{ENV:SITE}}/$1 [R=302,L]
"""

# The weight that a reader gives to one form, kept when it is the highest so far.
WEIGHED = """\
RewriteRule ^ - [E=WEIGHT:0]
RewriteCond %{{HTTP:Accept}} "{partly}" [NC]
RewriteRule ^ - [E=WEIGHT:%1]
RewriteCond %{{HTTP:Accept}} "{fully}" [NC]
RewriteRule ^ - [E=WEIGHT:1]
RewriteCond expr "reqenv('WEIGHT') > reqenv('BEST')"
RewriteRule ^ - [E=FORM:{suffix},E=BEST:%{{ENV:WEIGHT}}]"""


def site(path: str) -> str:
    """Return the settings of the site itself, for a file beside its pages."""
    headers = {"Content-Security-Policy": HOST, **HEADERS}
    return SITE.format(
        path=path,
        lost=LOST,
        types=_lines(f'AddType "{media}" .{suffix}' for suffix, media in TYPES.items()),
        headers=_lines(f'Header always set {name} "{text}"' for name, text in headers.items()),
        worker=WORKER_ENDING.replace(".", r"\."),
        worker_policy=WORKER,
        patterns=PATTERNS,
        site=path.rstrip("/"),
        choice=_lines(_choice()),
    )


def redirects(address: str) -> str:
    """Return the settings of a host that only leads to where the site stands."""
    return REDIRECTS.format(site=address.rstrip("/"), choice=_lines(_choice()))


def _choice() -> Iterator[str]:
    """Yield the rules that choose a form by its weights, and lead to it."""
    yield "\n# Which form is liked best; a page when none is named."
    yield f"RewriteRule ^ - [E=FORM:{PAGE},E=BEST:0]"
    for suffix, asked in ASKED:
        yield WEIGHED.format(partly=partly(asked), fully=fully(asked), suffix=suffix)
    yield "\n# There is no page of these."
    yield f"RewriteCond %{{ENV:FORM}} ={PAGE}"
    yield f"RewriteRule ^{WITHOUT_PAGE}/?$ %{{ENV:SITE}}/{WITHOUT_PAGE}.ttl [R=303,L]"
    pattern, file = VERSIONS
    yield f"RewriteRule ^{pattern}$ %{{ENV:SITE}}/{file} [R=303,L]"
    for pattern, stem in LEADS:
        yield f"RewriteRule ^{pattern}$ %{{ENV:SITE}}/{stem}.%{{ENV:FORM}} [R=303,L]"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)
