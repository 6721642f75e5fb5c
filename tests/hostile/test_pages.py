"""What a contributor wrote reaches the pages as text, whatever it says and wherever it stands."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest

BASE = "https://example.org/bruggen/"
# Each says its own name, by which it is found again.
PAYLOADS = {
    "script": "<script>alert('{}')</script>",
    "picture": "<img src=x onerror=alert('{}')>",
    "svg": "<svg/onload=alert('{}')>",
    "attribute": '" autofocus onfocus="alert(\'{}\')" x="',
    "attribute-with-apostrophes": "' onmouseover='alert(\"{}\")' x='",
    "attribute-without-quotes": "x onclick=alert('{}') ",
    "end-of-title": "</title><script>alert('{}')</script>",
    "end-of-text-field": "</textarea><script>alert('{}')</script>",
    "end-of-script": "</script><script>alert('{}')</script>",
    "end-of-style": "</style><script>alert('{}')</script>",
    "end-of-template": "</template><script>alert('{}')</script>",
    "end-of-comment": "--><script>alert('{}')</script>",
    "end-of-data": "]]><script>alert('{}')</script>",
    "begin-of-comment": "<!--<script>alert('{}')",
    "frame": "<iframe srcdoc=\"<script>alert('{}')</script>\">",
    "refresh": "<meta http-equiv=refresh content='0;url=javascript:alert(`{}`)'>",
    "base": "<base href='https://evil.example/{}/'>",
    "form": "<form action='https://evil.example/{}'><button>x</button></form>",
    "style": "<p style='position:fixed' title='{}'>x</p>",
    "math": "<math><mtext></mtext><mglyph><style><img src=x onerror=alert('{}')>",
    "template": "{{{{ 7 * 7 }}}} {{% raw %}}<script>alert('{}')</script>",
    "escaped": "&lt;script&gt;alert('{}')&lt;/script&gt;&#x3c;script>",
    "script-in-signs": "\ufeff<scr\u200bipt>alert('{}')</script>",
    "turning": "\u202e<script>alert('{}')</script>\u202c",
    "markdown": "[x](javascript:alert('{}')) ![x](x)",
    "formula": '=HYPERLINK("https://evil.example/{}")',
}
BAD_LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(2)",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://x.example/1",
    "ftp://x.example/",
    "urn:x:%3Cscript%3E",
    "https://x.example/?a='onclick='alert(1)",
    "https://x.example/%0d%0aSet-Cookie:x",
]
RECORD = """@prefix : <{base}id/bridge/{slug}#> .
@prefix book: <{base}id/book/> .
@prefix br: <{base}def#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix material: <{base}id/material/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix status: <{base}id/status/> .
@prefix water: <{base}id/water/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<{base}id/bridge/{slug}> a br:Bridge ;
    skos:prefLabel {text}@nl , {text}@en ;
    skos:altLabel {text}@nl , {text}@en-x-script ;
    skos:notation {text} ;
    dct:description {text}@nl , {text}@en ;
    skos:changeNote {text}@nl ;
    br:crosses water:lange-vaart{links} ;
    br:material material:hout ;
    br:length {text}^^xsd:decimal ;
    br:opened {text}^^xsd:date ;
    br:citation :c1 ;
    br:status status:klaar ;
    dct:modified "2025-05-01"^^xsd:date .

:c1 a br:Citation ; dct:source book:bruggen-van-de-streek ; br:pages {text} .
"""


def turtle(slug: str, text: str, links: str = "") -> str:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return RECORD.format(base=BASE, slug=slug, text=quoted, links=links)


@dataclass(frozen=True)
class Page:
    """A page as a browser takes it: what in it could run or lead astray, and its text."""

    alive: tuple[str, ...]
    text: str


@pytest.fixture(scope="module")
def site(_minimal: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of a workspace in which every text is an attempt."""
    from jkgraph.kinds import read_kinds
    from jkgraph.loading import load
    from jkgraph.site import build_site
    from jkgraph.workspace import open_workspace

    folder = tmp_path_factory.mktemp("hostile") / "workspace"
    shutil.copytree(_minimal, folder)
    for name, payload in PAYLOADS.items():
        file = folder / "data" / "bridge" / f"{name}.ttl"
        file.write_text(turtle(name, payload.format(name)), "utf-8")
    links = "".join(f" , <{link}>" for link in BAD_LINKS)
    (folder / "data/bridge/bad-links.ttl").write_text(turtle("bad-links", BAD_LINKS[-1], links))
    said = "".join(f"# Title@nl: {p.format(n)}\n" for n, p in PAYLOADS.items())
    query = (
        f"{said}# Description@nl: {PAYLOADS['script'].format('query')}\nSELECT * {{ ?s ?p ?o }}\n"
    )
    (folder / "queries" / "hostile.rq").write_text(query, "utf-8")
    graph = load(open_workspace(folder))
    assert not graph.broken
    return build_site(graph, read_kinds(graph), folder / "build" / "site").folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Give all pages of that site."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        tree = html5lib.parse(path.read_text("utf-8"), namespaceHTMLElements=False)
        found[path.relative_to(site).as_posix()] = Page(
            tuple(alive(tree)), "".join(tree.itertext())
        )
    return found


def alive(tree: ElementTree.Element) -> Iterator[str]:
    for element in tree.iter():
        tag = str(element.tag)
        if tag in {"iframe", "object", "embed", "base", "svg", "math", "mglyph", "style"}:
            yield tag
        is_data = element.get("type", "").endswith("json")
        if tag == "script" and (element.text or "").strip() and not is_data:
            yield f"script {element.text}"
        if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
            yield "refresh"
        for name, value in element.attrib.items():
            yield from _in_attribute(tag, str(name), value)


def _in_attribute(tag: str, name: str, value: str) -> Iterator[str]:
    if name.startswith("on") or name in {"srcdoc", "style", "autofocus"}:
        yield f"{tag} {name}={value}"
    if name in {"href", "src", "action", "formaction", "data", "srcset", "ping"}:
        parts = urlsplit(value)
        if parts.scheme not in {"", "http", "https", "mailto"} or (
            parts.netloc and not parts.scheme
        ):
            yield f"{tag} {name}={value}"
        if parts.netloc == "evil.example":
            yield f"{tag} {name}={value}"
        if name == "src" and parts.netloc:
            yield f"{tag} {name}={value}"


def test_the_pages_are_many(pages: dict[str, Page]) -> None:
    assert len(pages) > 2 * len(PAYLOADS)


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("language", ["", "en/"])
def test_an_attempt_is_text_on_its_page(pages: dict[str, Page], name: str, language: str) -> None:
    page = pages[f"{language}bridge/{name}.html"]

    assert page.alive == ()
    # Once as the name, the description and the other name, and not run, cut or lost.
    shown = " ".join(page.text.split())
    assert shown.count(" ".join(PAYLOADS[name].format(name).split())) >= 3


def test_no_page_is_alive(pages: dict[str, Page]) -> None:
    assert {path: page.alive for path, page in pages.items() if page.alive} == {}


@pytest.mark.parametrize("link", BAD_LINKS)
def test_only_addresses_of_the_web_are_links(site: Path, link: str) -> None:
    tree = html5lib.parse(
        (site / "bridge/bad-links.html").read_text("utf-8"), namespaceHTMLElements=False
    )
    links = {a.get("href") for a in tree.iter("a")}

    assert (link in links) == link.startswith("https:")


def test_other_files_of_the_site_stay_whole(site: Path) -> None:
    for path in (*site.rglob("*.atom"), *site.rglob("*.xml")):
        root = ElementTree.parse(path).getroot()  # noqa: S314  (our own files)
        assert not [e for e in root.iter() if str(e.tag).endswith("script")]


def test_no_cell_of_a_table_is_a_formula(site: Path) -> None:
    for path in site.rglob("*.csv"):
        for line in path.read_text("utf-8-sig").splitlines():
            assert not re.search(r'(?:^|[;,])"?[=@]', line), (path, line)


def test_an_attempt_in_a_page_of_an_answer_is_text(run: Callable, minimal: Path) -> None:
    file = minimal / "data" / "bridge" / "script.ttl"
    file.write_text(turtle("script", PAYLOADS["script"].format("x")), "utf-8")

    for command in (
        ["validate", "--format", "html"],
        ["query", "-e", "SELECT * { ?s ?p ?o }", "-f", "html"],
    ):
        tree = html5lib.parse(run(*command).out, namespaceHTMLElements=False)
        assert [one for one in alive(tree) if not one.startswith("style")] == []
