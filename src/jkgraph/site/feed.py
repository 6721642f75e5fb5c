"""The last changes as an Atom feed (RFC 4287), in every language of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from jkgraph.site.maker import Views
from jkgraph.site.news import FEED, Item
from jkgraph.site.plan import Plan, in_language
from jkgraph.site.values import Link

MEDIA = "application/atom+xml"
_PAGE = "changes.html"
# Characters that XML cannot hold.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_files(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the content of the feed in every language."""
    for language in plan.languages:
        path = in_language(plan, FEED, language)
        yield path, _feed(Views(plan, language), path).encode()


def _feed(views: Views, path: str) -> str:
    plan, site = views.plan, views.graph.workspace.site
    name = views.word(site.title, views.graph.workspace.root.name)
    author = views.label(views.graph.term(site.publisher)).text if site.publisher else name
    page = plan.url(in_language(plan, _PAGE, views.language))
    moments = [item.moment for item in views.news.items]
    entries = "".join(_entry(views, item) for item in views.news.items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{views.language}">\n'
        f"<id>{_text(views.graph.addresses.document(path))}</id>\n"
        f"<title>{_text(name)}: {_text(views.say('changes.title'))}</title>\n"
        f"<updated>{max(moments, default='1970-01-01T00:00:00Z')}</updated>\n"
        f"<author><name>{_text(author)}</name></author>\n"
        f'<link rel="self" type="{MEDIA}" href="{_text(plan.url(path))}"/>\n'
        f'<link rel="alternate" type="text/html" href="{_text(page)}"/>\n'
        f"{entries}</feed>\n"
    )


def _entry(views: Views, item: Item) -> str:
    link = item.record.link
    page = views.plan.url(link.href) if isinstance(link, Link) else item.record.iri
    about = " ".join(item.lines) or str(item.record.summary or "")
    return (
        "<entry>\n"
        f"<id>{_text(_tag(views.language, item))}</id>\n"
        f"<title>{_text(item.title)}</title>\n"
        f"<updated>{item.moment}</updated>\n"
        f'<link rel="alternate" type="text/html" href="{_text(page)}"/>\n'
        f"<summary>{_text(about)}</summary>\n"
        "</entry>\n"
    )


def _tag(language: str, item: Item) -> str:
    """Return an address that no other change has (RFC 4151): a record, and the day it changed."""
    parts = urlsplit(item.record.iri)
    return f"tag:{parts.hostname},{item.moment[:10]}:{language}{parts.path}"


def _text(text: str) -> str:
    return escape(_UNFIT.sub(" ", text))
