"""Checks a built site as a browser would follow it: every internal link and anchor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit


class BrokenLink(NamedTuple):
    """A link on a page that leads nowhere."""

    page: str
    href: str


@dataclass
class _Anchors(HTMLParser):
    """The links and the anchors of one page."""

    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value is not None:
                self.links.append(value)
            elif name == "id" and value:
                self.anchors.add(value)


def broken_links(folder: Path, root: str = "/") -> Iterator[BrokenLink]:
    """Yield the internal links of a built site that do not resolve.

    ``root`` is the path of the site on its host, which absolute links begin with.
    """
    pages = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*.html"))}
    read = {name: _read(path) for name, path in pages.items()}
    for name, page in read.items():
        for href in page.links:
            if not _resolves(folder, root, read, name, href):
                yield BrokenLink(name, href)


def _read(path: Path) -> _Anchors:
    parser = _Anchors()
    parser.feed(path.read_text("utf-8"))
    return parser


def _resolves(folder: Path, root: str, read: dict[str, _Anchors], page: str, href: str) -> bool:
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return True
    path = _target(root, page, unquote(parts.path)) if parts.path else page
    if not (folder / path).is_file():
        return False
    # What holds an equals sign is a choice for a script of the page, as in #item=one.
    is_anchor = parts.fragment and "=" not in parts.fragment
    return not is_anchor or unquote(parts.fragment) in read[path].anchors


def _target(root: str, page: str, path: str) -> str:
    """Return the file that a path on a page leads to, from the root of the site."""
    return normpath(
        path.removeprefix(root) if path[0] == "/" else PurePosixPath(page).parent / path
    )
