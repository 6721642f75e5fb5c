"""Settings for nginx: to be included in the block of the server that shows the site."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
from jkgraph.site.plan import LOST, WHOLE
from jkgraph.site.policy import HEADERS, HOST, WORKER, WORKER_ENDING

SERVER = """\
# Written by `jkgraph build` for a site at {path}. Include it in a server block
# whose root holds the files of the site at that path.
types {{
{types}
}}
default_type application/octet-stream;
index index.html;
error_page 403 404 {path}{lost};
location = {path}{whole}/SHA256SUMS {{ default_type "text/plain; charset=utf-8"; }}

# WebAssembly runs in workers only, which take the policy of their own file.
set $site_policy "{policy}";
if ($uri ~ "{worker}$") {{ set $site_policy "{worker_policy}"; }}
# An empty header is not sent.
set $site_vary "";
add_header Content-Security-Policy $site_policy always;
add_header Vary $site_vary always;
{headers}

# The addresses of things lead to the form that is liked best: a page when none is named.
# Weights count by their first decimal.
location ~ "^{start}(?:{patterns})$" {{
    absolute_redirect off;
    set $site_vary Accept;
    set $form {page};
{choice}
{leads}
    return 303 $target;
}}
"""


def server(path: str) -> str:
    """Return what a server block needs for a site at a path of its host."""
    start = re.escape(path)
    return SERVER.format(
        path=path,
        start=start,
        lost=LOST,
        whole=WHOLE,
        types="\n".join(f'    "{media}" {suffix};' for suffix, media in TYPES.items()),
        policy=HOST,
        worker=WORKER_ENDING.replace(".", r"\."),
        worker_policy=WORKER,
        headers="\n".join(f'add_header {name} "{text}" always;' for name, text in HEADERS.items()),
        patterns=PATTERNS,
        page=PAGE,
        choice="\n".join(_choice()),
        leads="\n".join(_leads(path, start)),
    )


def _choice() -> Iterator[str]:
    """Yield a line for each weight of each form; a later line goes before an earlier one."""
    lowest = r"0\.0+[1-9]"
    for weight in (lowest, *(rf"0\.{n}" for n in range(1, 10)), ""):
        for suffix, asked in reversed(ASKED):
            wanted = partly(asked, weight) if weight else fully(asked)
            yield f'    if ($http_accept ~* "{wanted}") {{ set $form {suffix}; }}'


def _leads(path: str, start: str) -> Iterator[str]:
    # The last that fits is the one that counts, so the general ones come first.
    for pattern, stem in reversed(LEADS):
        yield f'    if ($uri ~ "^{start}{pattern}$") {{ set $target {path}{stem}.$form; }}'
    pattern, file = VERSIONS
    yield f'    if ($uri ~ "^{start}{pattern}$") {{ set $target {path}{file}; }}'
    missing = f"{path}{WITHOUT_PAGE}"
    yield f"    if ($target = {missing}.{PAGE}) {{ set $target {missing}.ttl; }}"
