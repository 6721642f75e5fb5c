"""Which file the address of a thing leads to: the forms of a description, chosen by Accept.

The generated settings of web servers and the preview read the same tables.
"""

from __future__ import annotations

import re

# The forms of data beside a page, by their suffix.
MEDIA = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
PAGE = "html"
Asked = tuple[tuple[str, str], ...]
# What asks for each form. Of two that are liked as much the first wins.
ASKED: Asked = (
    *((suffix, re.escape(media)) for suffix, media in MEDIA.items()),
    *((PAGE, re.escape(media)) for media in ("text/html", "application/xhtml+xml", "*/*")),
)
# The forms of an answer to a question, those of rows and those of triples.
ANSWERS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
ROWS: Asked = (
    *((form, re.escape(media)) for form, media in ANSWERS.items()),
    *(("json", re.escape(media)) for media in ("application/json", "application/*", "*/*")),
    *(("xml", f"{kind}/xml") for kind in ("application", "text")),
    ("csv", r"text/\*"),
)
GRAPHS: Asked = (
    *((suffix, re.escape(media)) for suffix, media in MEDIA.items()),
    *(("ttl", re.escape(media)) for media in ("text/*", "*/*")),
    ("nt", r"application/\*"),
)
NAME = "[a-z0-9-]+"
# An address below the root of the site, and the file that it leads to, without its suffix.
LEADS = (
    (f"id/scheme/({NAME})/?", "$1/index"),
    (f"id/({NAME})/({NAME})/?", "$1/$2"),
    ("(def|dataset|shape)/?", "$1"),
)
# Has no page: a reader gets the data.
WITHOUT_PAGE = "shape"
# An address that leads to one file, whatever is asked for: a version of the ontology.
VERSIONS = r"def/([0-9]+(?:\.[0-9]+)+)/?", "def/$1.ttl"
PATTERNS = "|".join(pattern for pattern, _ in (*LEADS, VERSIONS))
TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "gz": "application/gzip",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rq": "application/sparql-query",
    "svg": "image/svg+xml",
    "trig": "application/trig",
    "ttl": "text/turtle; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "xml": "application/xml; charset=utf-8",
}


def fully(asked: str) -> str:
    """Return what finds a form in an Accept header that gives it no weight, or 1."""
    return rf"(?:^|,)\s*{asked}\s*(?:,|$|;(?!(?:[^,]*;)?\s*q=)|;(?:[^,]*;)?\s*q=1)"


def partly(asked: str, weight: str = r"0\.[0-9]*[1-9]") -> str:
    """Return what finds a form in an Accept header with a weight below 1, and that weight."""
    return rf"(?:^|,)\s*{asked}\s*;(?:[^,]*;)?\s*q=({weight})"


def liked(accept: str, offered: Asked) -> str | None:
    """Return the form that an Accept header likes best; None when it likes none."""
    best, form = 0.0, None
    for suffix, asked in offered:
        less = re.search(partly(asked), accept, re.IGNORECASE)
        weight = float(less[1]) if less else 0.0
        if re.search(fully(asked), accept, re.IGNORECASE):
            weight = 1.0
        if weight > best:
            best, form = weight, suffix
    return form


def suffix_for(accept: str) -> str:
    """Return the file suffix of the form that an Accept header likes best."""
    return f".{liked(accept, ASKED) or PAGE}"


def target_for(path: str, accept: str) -> str | None:
    """Return the file that an address leads to, from the root of the site; None for a file."""
    for pattern, stem in (*LEADS, VERSIONS):
        match = re.fullmatch(f"/{pattern}", path)
        if match:
            found = match.expand(stem.replace("$", "\\"))
            if stem == VERSIONS[1]:
                return f"/{found}"
            suffix = suffix_for(accept)
            is_missing = found == WITHOUT_PAGE and suffix == f".{PAGE}"
            return f"/{found}{'.ttl' if is_missing else suffix}"
    return None
