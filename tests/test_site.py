"""The built site is whole: its pages are valid and linked, its data says what the files say."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from gzip import decompress
from pathlib import Path
from posixpath import dirname, join, normpath
from statistics import median
from urllib.parse import unquote, urlsplit

import html5lib
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.site import build_site
from jkgraph.site.plan import LOST
from jkgraph.site.verify import broken_links
from jkgraph.workspace import open_workspace

PUBLISHED = "https://w3id.org/jkgraph/id/record-status/gepubliceerd"
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
# Links that only tell where something is; a browser does not fetch them.
TELLING = {"canonical", "license", "alternate"}
# rdflib's own reader of JSON-LD uses what rdflib has deprecated.
OF_RDFLIB = "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
MARKUP = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@dataclass
class Page:
    """What one page says to a browser."""

    lang: str = ""
    title: str = ""
    description: str = ""
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    active: list[str] = field(default_factory=list)
    faults: list[object] = field(default_factory=list)
    facts: list[dict[str, object]] = field(default_factory=list)


def read(path: Path) -> Page:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(path.read_text("utf-8"))
    page = Page(lang=root.get("lang", ""), faults=parser.errors)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "title":
            page.title = page.title or (element.text or "").strip()
        if element.tag == "meta" and element.get("name") == "description":
            page.description = element.get("content", "").strip()
        is_own = element.tag == "script" and element.get("src", "").startswith(("static/", "../"))
        is_data = element.tag == "script" and element.get("type") == "application/json"
        if element.tag == "script" and element.get("type") == "application/ld+json":
            page.facts.append(json.loads(element.text))
        elif is_data:
            json.loads(element.text)
        elif element.tag in {"script", "style", "iframe", "object", "embed", "base"} and not is_own:
            page.active.append(element.tag)
        look(page, element)
    return page


def look(page: Page, element) -> None:
    for name, value in element.attrib.items():
        if name == "id":
            page.ids.append(value)
        elif name == "href":
            page.links.append(value)
            if element.tag != "a" and element.get("rel") not in TELLING:
                page.fetched.append(value)
        elif name in {"src", "srcset", "data", "action", "poster", "background"}:
            page.fetched.append(value)
        elif name.startswith("on") or name == "style":
            page.active.append(f"{element.tag} {name}")


@pytest.fixture(
    scope="module",
    params=[pytest.param(10, id="some"), pytest.param(1, id="all", marks=pytest.mark.full)],
)
def pages(real_site: Path, request: pytest.FixtureRequest) -> dict[str, Page]:
    """Read pages of the real site once: all, or the first of every folder and every tenth."""
    found = sorted(real_site.rglob("*.html"))
    first = {path.parent: path for path in reversed(found)}
    some = {*first.values(), *found[:: request.param]}
    return {path.relative_to(real_site).as_posix(): read(path) for path in found if path in some}


def wrong(pages: dict[str, Page], fault) -> dict[str, object]:
    """Return for each page that has a fault what it is."""
    return {name: fault(page) for name, page in pages.items() if fault(page)}


def test_every_page_is_valid_html(pages: dict[str, Page]) -> None:
    assert wrong(pages, lambda page: page.faults) == {}


def test_no_page_uses_an_anchor_twice(pages: dict[str, Page]) -> None:
    assert wrong(pages, lambda page: len(page.ids) - len(set(page.ids))) == {}


def test_every_page_says_its_language_title_and_description(pages: dict[str, Page]) -> None:
    languages = {name: "en" if name.startswith("en/") else "nl" for name in pages}

    assert {name: page.lang for name, page in pages.items()} == languages
    assert wrong(pages, lambda page: not page.title) == {}
    assert wrong(pages, lambda page: not page.description) == {}


def test_no_page_shows_the_inside_of_the_program(real_site: Path) -> None:
    inside = re.compile(r"(?:Link|Text|Resource|Row|NamedNode|Literal)\(\w+=|object at 0x")
    shown = [p.name for p in real_site.rglob("*.html") if inside.search(p.read_text("utf-8"))]

    assert shown == []


def test_every_internal_link_and_anchor_resolves(real_site: Path, pages: dict[str, Page]) -> None:
    files = {path.relative_to(real_site).as_posix() for path in real_site.rglob("*")}
    anchors = {name: set(page.ids) for name, page in pages.items()}
    broken = []
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            if path.startswith("/") and name.endswith(LOST):
                target = path.removeprefix("/")
            else:
                target = normpath(join(dirname(name), path)) if path else name
            # What holds an equals sign is a choice for a script of the page.
            read_too = parts.fragment and "=" not in parts.fragment and target in pages
            anchored = not read_too or unquote(parts.fragment) in anchors[target]
            if target not in files or not anchored:
                broken.append((name, link))

    assert broken == []
    assert list(broken_links(real_site)) == []


def test_links_lead_to_pages_and_web_addresses_only(pages: dict[str, Page]) -> None:
    schemes = {urlsplit(link).scheme for page in pages.values() for link in page.links}

    assert schemes <= {"", "http", "https"}
    assert {name for name, page in pages.items() if any(x[:1] == "/" for x in page.links)} == {
        LOST,
        f"en/{LOST}",
    }


def test_nothing_is_requested_from_elsewhere(real_site: Path, pages: dict[str, Page]) -> None:
    fetched = {link for page in pages.values() for link in page.fetched}
    styles = "".join(path.read_text("utf-8") for path in real_site.rglob("*.css"))

    assert [link for link in fetched if urlsplit(link).netloc or urlsplit(link).scheme] == []
    assert re.findall(r"@import[^;]*|url\(\s*['\"]?(?:[a-z]+:|//)[^)]*", styles) == []


def test_no_page_holds_what_the_content_policy_refuses(pages: dict[str, Page]) -> None:
    assert wrong(pages, lambda page: page.active) == {}


def test_every_published_record_has_a_page_and_no_other(real: Graph, real_site: Path) -> None:
    status = real.role("status")
    published = {
        real.addresses.kind_and_slug(record.value)
        for record in real.records()
        if ox.NamedNode(PUBLISHED) in real.objects(record, status)
    }
    kinds = read_kinds(real).by_name
    made = {
        (path.parent.name, path.stem)
        for kind in kinds
        for path in (real_site / kind).glob("*.html")
        if path.stem != "index"
    }

    assert made == published


def test_a_page_exists_in_english_where_a_description_does(real: Graph, real_site: Path) -> None:
    summaries = real.roles("summary")
    for record in real.records():
        kind, slug = real.addresses.kind_and_slug(record.value)
        described = any("en" in real.texts(record, summary) for summary in summaries)
        assert (real_site / "en" / kind / f"{slug}.html").is_file() == described


def test_a_record_tells_how_to_cite_its_page(rebuilt) -> None:
    page = (rebuilt({}) / "en" / "bridge" / "spoorbrug.html").read_text("utf-8")
    cited = page.partition("<summary>Cite this page</summary>\n<p>")[2].partition("</p>")[0]

    assert cited == (
        "Railway bridge. Bridges of the region. Changed on 2 May 2025. "
        "https://example.org/bruggen/id/bridge/spoorbrug"
    )


def test_a_site_with_a_public_address_is_cited_by_it(rebuilt) -> None:
    site = rebuilt({"jkgraph.toml": ("[site]", '[site]\naddress = "https://bruggen.example/"')})

    assert "https://bruggen.example/en/bridge/spoorbrug.html</p>" in (
        site / "en" / "bridge" / "spoorbrug.html"
    ).read_text("utf-8")


def test_a_usual_record_page_is_small_with_its_picture_too(real: Graph, real_site: Path) -> None:
    kinds = read_kinds(real).by_name
    paths = [p for kind in kinds for p in (real_site / kind).glob("*.html") if p.stem != "index"]
    pictures = [
        picture[0]
        for path in paths
        if (picture := re.search(r'<section class="near">.*?</section>', path.read_text(), re.S))
    ]

    assert median(path.stat().st_size for path in paths) < 15_000
    assert len(pictures) > 100
    assert median(len(picture.encode()) for picture in pictures) < 2_500


def sources(real: Graph, real_site: Path) -> dict[str, list[Path]]:
    """Return for each set of data files of a site the files that they are made of."""
    workspace = real.workspace
    found = {
        f"{path.parent.name}/{path.stem}": [path]
        for path in workspace.data.glob("*/*.ttl")
        if (real_site / path.parent.name / f"{path.stem}.html").exists()
    }
    for path in workspace.schemes.glob("*.ttl"):
        if (real_site / path.stem / "index.html").exists() and path.stem not in found:
            found[f"{path.stem}/index"] = [path]
    return found


def triples(content: bytes, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> set[str]:
    """Read triples with every literal as it was written."""
    return {str(quad.triple) for quad in ox.parse(content, form)}


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_data_of_a_page_says_what_its_file_says(
    real: Graph, real_site: Path, suffix: str
) -> None:
    different = [
        name
        for name, paths in sources(real, real_site).items()
        if triples((real_site / f"{name}.{suffix}").read_bytes(), FORMATS[suffix])
        != triples(b"\n".join(path.read_bytes() for path in paths))
    ]

    assert different == []


@pytest.mark.filterwarnings(OF_RDFLIB)
@pytest.mark.parametrize(("suffix", "form"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_rdflib_reads_the_same_from_the_data_of_a_page(
    real: Graph, real_site: Path, suffix: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    different = []
    for name, paths in sources(real, real_site).items():
        written = rdflib.Graph().parse(paths[0], format="turtle")
        shown = rdflib.Graph().parse(real_site / f"{name}.{suffix}", format=form)
        if set(written) != set(shown):
            different.append(name)

    assert different == []


@pytest.mark.filterwarnings(OF_RDFLIB)
@pytest.mark.parametrize(("name", "folder"), [("def", "ontology"), ("shape", "shapes")])
def test_the_documents_of_terms_and_shapes_are_whole(
    real: Graph, real_site: Path, name: str, folder: str
) -> None:
    written = rdflib.Graph()
    for path in (real.workspace.root / folder).glob("*.ttl"):
        written.parse(path, format="turtle")

    for suffix, form in (("ttl", "turtle"), ("jsonld", "json-ld"), ("nt", "nt")):
        shown = rdflib.Graph().parse(real_site / f"{name}.{suffix}", format=form)
        assert isomorphic(shown, written)


def test_the_dumps_hold_everything_that_is_published(real: Graph, real_site: Path) -> None:
    folder = real_site / "data"
    dump = triples((folder / "graph.ttl").read_bytes())
    files = [path for paths in sources(real, real_site).values() for path in paths]
    parts = {triple for path in files for triple in triples(path.read_bytes())}

    assert parts <= dump
    named = {line for line in dump if "_:" not in line}
    for name, form in (("graph.jsonld", "jsonld"), ("graph.nt.gz", "nt")):
        content = (folder / name).read_bytes()
        content = decompress(content) if name.endswith(".gz") else content
        assert named == {t for t in triples(content, FORMATS[form]) if "_:" not in t}


def test_the_checksums_of_the_dumps_are_right(real_site: Path) -> None:
    folder = real_site / "data"
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: total for total, name in (line.split("  ") for line in lines)}

    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, total in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == total


def test_the_context_of_json_ld_names_no_address_to_fetch(real_site: Path) -> None:
    for path in real_site.rglob("*.jsonld"):
        assert isinstance(json.loads(path.read_bytes())["@context"], dict)


@pytest.fixture
def rebuilt(minimal: Path, tmp_path: Path):
    """Give a way to build the minimal workspace after some lines of its files were replaced."""

    def build(changes: dict[str, tuple[str, str]], *, drafts: bool = False) -> Path:
        for name, (old, new) in changes.items():
            path = minimal / name
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new), "utf-8")
        graph = load(open_workspace(minimal))
        return build_site(graph, read_kinds(graph), tmp_path / "site", drafts=drafts).folder

    return build


def texts(site: Path) -> dict[str, str]:
    """Read every file, the packed ones of the search index and the dumps too."""
    files = {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    opened = ((name, decompress(b) if b[:2] == b"\x1f\x8b" else b) for name, b in files.items())
    return {name: content.decode("utf-8", "replace") for name, content in opened}


def test_a_draft_has_no_page_and_is_named_nowhere(rebuilt) -> None:
    naming = [name for name, text in texts(rebuilt({})).items() if "ieuwe brug" in text]

    assert naming == []


def test_drafts_have_pages_when_they_are_asked_for(rebuilt) -> None:
    page = (rebuilt({}, drafts=True) / "bridge" / "nieuwe-brug.html").read_text("utf-8")

    assert '<meta name="robots" content="noindex">' in page
    assert "Nieuwe brug" in page


def test_a_withdrawn_record_keeps_a_page_with_a_banner_and_leaves_the_lists(rebuilt) -> None:
    note = "Vergaan in de storm."
    withdrawn = f"""owl:deprecated true ;
        dct:isReplacedBy bridge:spoorbrug ;
        skos:changeNote "{note}"@nl ;
        br:status status:klaar"""
    prefix = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix skos:"
    path = Path("data/bridge/houten-brug.ttl")
    site = rebuilt(
        {path.as_posix(): ("br:status status:klaar", withdrawn)}
        | {"./" + path.as_posix(): ("@prefix skos:", prefix)}
    )
    page = (site / "bridge" / "houten-brug.html").read_text("utf-8")
    notice = page.split('class="notice"')[1].split("</div>")[0]
    lists = [site / "bridge" / "index.html", site / "crossing" / "index.html"]
    lists += (site / "bridge").glob("*/*.html")

    assert note in notice
    assert 'href="../bridge/spoorbrug.html"' in notice
    assert len(lists) > 2
    for path in lists:
        assert "houten-brug.html" not in path.read_text("utf-8")
    assert (site / "bridge" / "houten-brug.ttl").is_file()
    assert list(broken_links(site)) == []


def test_markup_in_a_record_is_shown_and_never_obeyed(rebuilt) -> None:
    escaped = json.dumps(MARKUP)
    site = rebuilt(
        {
            "data/bridge/spoorbrug.ttl": ('"Spoorbrug"@nl', f"{escaped}@nl"),
            "data/water/zoute-zee.ttl": (
                '"De zee waar alle water naartoe stroomt."@nl',
                f"{escaped}@nl",
            ),
            "data/book/bruggen-van-de-streek.ttl": ('"A. Brugman"', escaped),
            "data/bridge/oude-steenbrug.ttl": ('"12-13"', escaped),
            "ontology/schemes/material.ttl": ('"steen"@nl', f"{escaped}@nl"),
        }
    )
    pages = {path: read(path) for path in site.rglob("*.html")}

    assert [page.active for page in pages.values() if page.active] == []
    assert [page.faults for page in pages.values() if page.faults] == []
    assert "x" not in {link for page in pages.values() for link in page.fetched}
    for name in ("bridge/spoorbrug", "water/zoute-zee", "book/bruggen-van-de-streek"):
        assert "&lt;script&gt;" in (site / f"{name}.html").read_text("utf-8")
    assert [fact["name"] for fact in pages[site / "bridge" / "spoorbrug.html"].facts] == [MARKUP]


def test_a_script_or_data_address_never_becomes_a_link(rebuilt) -> None:
    site = rebuilt(
        {
            "data/bridge/houten-brug.ttl": ("water:lange-vaart ;", "<javascript:alert(1)> ;"),
            "data/bridge/spoorbrug.ttl": ("material:staal ,", "<data:text/html,hallo> ,"),
            "data/book/bruggen-van-de-streek.ttl": ('"A. Brugman"', '"javascript:alert(2)"'),
            "data/bridge/oude-steenbrug.ttl": ('"12-13"', '"data:text/html;base64,PGI+"'),
        }
    )
    links = {link for path in site.rglob("*.html") for link in read(path).links}

    assert {urlsplit(link).scheme for link in links} <= {"", "http", "https"}
    assert "alert(1)" in (site / "bridge" / "houten-brug.html").read_text("utf-8")
