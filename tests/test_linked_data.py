"""The data beside the pages, its description, and the files for search engines and hosts."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from jkgraph.graph import Graph
from jkgraph.site.hosts import apache, nginx
from jkgraph.site.tables import harmless, harmless_csv
from jkgraph.turtle import Graphs
from jkgraph.workspace import open_workspace

OF_RDFLIB = "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
FOAF = rdflib.Namespace("http://xmlns.com/foaf/0.1/")
SKOS = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
# What DCAT-AP-NL 3.0 makes mandatory, and of which class the values must be.
MANDATORY = {
    DCAT.Catalog: {
        DCT.title: None,
        DCT.description: None,
        DCT.publisher: FOAF.Agent,
        DCAT.contactPoint: VCARD.Kind,
        DCAT.dataset: DCAT.Dataset,
    },
    DCAT.Dataset: {
        DCT.title: None,
        DCT.description: None,
        DCT.identifier: None,
        DCT.publisher: FOAF.Agent,
        DCT.creator: FOAF.Agent,
        DCT.accessRights: DCT.RightsStatement,
        DCAT.contactPoint: VCARD.Kind,
        DCAT.theme: SKOS.Concept,
        DCAT.distribution: DCAT.Distribution,
    },
    DCAT.Distribution: {
        DCAT.accessURL: None,
        DCT.license: DCT.LicenseDocument,
        SPDX.checksum: SPDX.Checksum,
    },
    FOAF.Agent: {FOAF.name: None},
}
ADDRESS = "https://graaf.example.org/kennis/"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FACTS = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def described(real_site: Path) -> rdflib.Graph:
    """Read the description of the real data."""
    return rdflib.Graph().parse(real_site / "dataset.ttl")


@pytest.mark.parametrize("cls", MANDATORY, ids=lambda cls: cls.split("#")[-1].split("/")[-1])
def test_the_description_has_what_the_dutch_profile_asks(described, cls) -> None:
    nodes = list(described.subjects(rdflib.RDF.type, cls))
    missing = [
        (node, prop)
        for node in nodes
        for prop, wanted in MANDATORY[cls].items()
        if not (values := list(described.objects(node, prop)))
        or (wanted and not all((v, rdflib.RDF.type, wanted) in described for v in values))
    ]

    assert nodes
    assert missing == []


def test_the_description_tells_of_every_dump_its_size_and_its_checksum(
    described, real_site: Path
) -> None:
    told = {}
    for node in described.subjects(rdflib.RDF.type, DCAT.Distribution):
        total = described.value(described.value(node, SPDX.checksum), SPDX.checksumValue)
        name = described.value(node, DCAT.downloadURL).rpartition("/")[2]
        told[name] = int(described.value(node, DCAT.byteSize)), total.toPython().hex()
    files = {p.name: p.read_bytes() for p in (real_site / "data").iterdir()}
    del files["SHA256SUMS"]

    assert told == {n: (len(c), hashlib.sha256(c).hexdigest()) for n, c in files.items()}


def test_the_numbers_of_the_description_are_those_of_the_data(described, real_site: Path) -> None:
    data = {str(q.triple) for q in ox.parse(path=real_site / "data" / "graph.ttl")}
    (whole,) = described.subjects(rdflib.RDF.type, VOID.Dataset)
    parts = described.objects(whole, VOID.propertyPartition)
    entities = list(described.objects(whole, VOID.classPartition))

    assert int(described.value(whole, VOID.triples)) == len(data)
    assert sum(int(described.value(part, VOID.triples)) for part in parts) == len(data)
    assert entities
    assert set(described.objects(whole, VOID.exampleResource))


@pytest.mark.filterwarnings(OF_RDFLIB)
def test_the_description_says_the_same_in_every_syntax(described, real_site: Path) -> None:
    for suffix, form in (("jsonld", "json-ld"), ("nt", "nt")):
        other = rdflib.Graph().parse(real_site / f"dataset.{suffix}", format=form)
        assert isomorphic(described, other)


def test_days_come_from_the_data_and_not_from_the_clock(described, real: Graph) -> None:
    days = {str(value) for value in described.objects(None, DCT.modified)}
    said = {
        value.value
        for record in real.records()
        for value in real.objects(record, real.role("modified"))
    }

    assert days == {max(said)}


@pytest.mark.filterwarnings(OF_RDFLIB)
def test_the_context_names_everything_and_changes_nothing(real_site: Path) -> None:
    made = json.loads((real_site / "context" / "v1.jsonld").read_text("utf-8"))["@context"]
    written = rdflib.Graph().parse(real_site / "theme" / "wachttijd-ruimte-maken.ttl")
    short = json.loads(written.serialize(format="json-ld", context=made, auto_compact=False))
    nodes = short.get("@graph", [short])
    names = {name for node in nodes for name in node}

    assert made["@protected"] is True
    assert "@vocab" not in made
    assert made["prefLabel"] == {"@id": "skos:prefLabel", "@container": "@language"}
    assert made["theme"] == {"@id": "jk:theme", "@type": "@id"}
    assert made["modified"] == {"@id": "dct:modified", "@type": "xsd:date"}
    assert {"id", "type", "prefLabel", "citation"} <= names
    assert isomorphic(rdflib.Graph().parse(data=json.dumps(short), format="json-ld"), written)


def test_trig_has_a_graph_for_every_file_and_one_for_what_follows(
    real: Graph, real_site: Path
) -> None:
    content = (real_site / "data" / "graph.trig").read_bytes()
    quads = list(ox.parse(content, ox.RdfFormat.TRIG))
    names = {quad.graph_name.value for quad in quads}
    inferred = f"{real.addresses.document('inferred')}"
    stated = {str(q.triple) for q in quads if q.graph_name.value != inferred}
    dump = {str(q.triple) for q in ox.parse(path=real_site / "data" / "graph.ttl")}
    pages = {p for p in real_site.glob("*/*.ttl") if p.parent.name in names_of_kinds(real)}

    assert ox.DefaultGraph() not in {quad.graph_name for quad in quads}
    assert inferred in names
    assert {real.addresses.document(p.relative_to(real_site).as_posix()) for p in pages} <= names
    assert {t for t in stated if "_:" not in t} == {t for t in dump if "_:" not in t}


def names_of_kinds(real: Graph) -> set[str]:
    return {path.name for path in real.workspace.data.iterdir() if path.is_dir()}


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_a_list_leads_to_a_table_with_a_row_for_every_record(real_site: Path) -> None:
    for path in sorted((real_site / "data").glob("*.csv")):
        head, *records = rows(path)
        page = (real_site / path.stem / "index.html").read_text("utf-8")
        linked = re.findall(r'"\.\./data/[\w-]+\.csv"', page)

        assert head[0] == "id"
        assert linked == [f'"../data/{path.name}"']
        assert len({row[0] for row in records}) == len(records)
        assert {len(row) for row in records} == {len(head)}


def test_a_cell_holds_what_the_file_says(built: Path) -> None:
    head, *records = rows(built / "data" / "bridge.csv")
    found = {row[0].rpartition("/")[2]: dict(zip(head, row, strict=True)) for row in records}
    bridge = found["oude-steenbrug"]

    assert bridge["id"] == "https://example.org/bruggen/id/bridge/oude-steenbrug"
    assert "Oude Steenbrug" in bridge.values()
    over = next(name for name in head if name.endswith("(br:crosses)"))
    assert bridge[over].startswith("https://example.org/bruggen/id/water/")
    assert bridge[over.partition(" (")[0]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_taken_for_a_formula(start: str) -> None:
    cell = f"{start}cmd|' /C calc'!A0"

    assert harmless(cell) == f"'{cell}"
    content = harmless_csv(f'a,"{cell}"\r\n'.encode()).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline=""))) == [["a", f"'{cell}"]]


@pytest.mark.parametrize("cell", ["", "-5", "+3.2", "2,5", "a=b", "https://example.org/"])
def test_a_number_and_a_text_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_no_table_of_the_site_begins_a_cell_with_a_formula(real_site: Path) -> None:
    found = [
        (path.name, cell)
        for path in real_site.rglob("*.csv")
        for row in rows(path)
        for cell in row
        if harmless(cell) != cell
    ]

    assert found == []


@pytest.fixture
def at_address(run, tmp_path: Path) -> Path:
    """Build the minimal workspace for an address."""
    out = str(tmp_path / "site")
    done = run("build", "--out", out, "--base-url", ADDRESS.rstrip("/"), "--drafts")
    assert done.code == 0, done.err
    assert "sitemap is" not in done.err
    return tmp_path / "site"


def test_the_sitemap_lists_every_page_with_its_languages_and_no_draft(at_address: Path) -> None:
    index = ET.parse(at_address / "sitemap.xml").getroot()  # noqa: S314  (our own file)
    parts = [loc.text.removeprefix(ADDRESS) for loc in index.iter(f"{SITEMAP}loc")]
    urls = [u for p in parts for u in ET.parse(at_address / p).getroot()]  # noqa: S314  (ours)
    listed = {url.find(f"{SITEMAP}loc").text.removeprefix(ADDRESS): url for url in urls}
    pages = {path.relative_to(at_address).as_posix() for path in at_address.rglob("*.html")}

    assert parts == ["sitemap/1.xml"]
    assert pages - set(listed) == {"404.html", "en/404.html", "bridge/nieuwe-brug.html"}
    assert set(listed) <= pages
    links = {x.get("hreflang"): x.get("href") for x in listed["index.html"].iter(f"{XHTML}link")}
    assert links == {"nl": f"{ADDRESS}index.html", "en": f"{ADDRESS}en/index.html"}
    days = {url.findtext(f"{SITEMAP}lastmod") for url in urls} - {None}
    assert all(date.fromisoformat(day) for day in days)


def test_a_sitemap_is_cut_before_it_grows_too_long(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jkgraph.site.sitemaps.MOST", 10)
    run("build", "--out", str(tmp_path / "site"), "--base-url", ADDRESS)
    parts = sorted((tmp_path / "site" / "sitemap").iterdir())

    assert len(parts) > 2
    assert max(path.read_text("utf-8").count("<url>") for path in parts) == 10


def test_robots_are_told_where_the_sitemap_is(at_address: Path, built: Path) -> None:
    text = (at_address / "robots.txt").read_text("utf-8")

    assert f"Sitemap: {ADDRESS}sitemap.xml\n" in text
    assert "Sitemap" not in (built / "robots.txt").read_text("utf-8")
    assert not (built / "sitemap.xml").exists()


def test_a_build_for_an_address_uses_it_everywhere(at_address: Path) -> None:
    page = (at_address / "bridge" / "spoorbrug.html").read_text("utf-8")
    lost = (at_address / "404.html").read_text("utf-8")

    assert f'<link rel="canonical" href="{ADDRESS}bridge/spoorbrug.html">' in page
    assert f'<meta property="og:url" content="{ADDRESS}bridge/spoorbrug.html">' in page
    assert 'href="/kennis/static/style.css"' in lost
    assert "canonical" not in lost
    assert '<meta name="robots" content="noindex">' in lost
    assert "ErrorDocument 404 /kennis/404.html" in (at_address / ".htaccess").read_text("utf-8")
    moved = (at_address / "host" / "w3id" / ".htaccess").read_text("utf-8")
    assert "[E=SITE:https://graaf.example.org/kennis]" in moved
    assert f"<{ADDRESS}data/graph.ttl>" in (at_address / "dataset.nt").read_text("utf-8")


@pytest.mark.parametrize(
    "option",
    [
        ("--base-url", "ftp://example.org/"),
        ("--base-url", 'https://example.org/"\nHeader unset X'),
        ("--base-url", "https://example.org/../x"),
        ("--sub-path", "a b"),
        ("--sub-path", "$x"),
    ],
)
def test_an_address_that_cannot_be_written_for_a_host_is_refused(run, option) -> None:
    done = run("build", *option)

    assert done.code != 0
    assert option[0] in done.err


def test_without_an_address_the_build_says_in_one_line_what_is_not_there(run) -> None:
    lines = run("build").err.splitlines()

    assert len([line for line in lines if "sitemap" in line]) == 1


def test_every_record_page_tells_search_engines_a_little(real_site: Path) -> None:
    for path in sorted(real_site.glob("theme/*-*.html")):
        (text,) = FACTS.findall(path.read_text("utf-8"))
        facts = json.loads(text)

        assert len(text.encode()) <= 600
        assert not set("<>&") & set(text)
        assert facts["@type"] == "CreativeWork"
        assert facts["@id"].endswith(f"/id/theme/{path.stem}")
        assert facts["license"] == open_workspace(Path(__file__).parents[1]).site.licence


def test_host_settings_hold_no_time_and_no_gap() -> None:
    for text in (apache.site("/a/"), apache.redirects(ADDRESS), nginx.server("/a/")):
        assert not re.search(r"20\d\d-\d\d", text)
        assert "{{" not in text
        assert not re.search(r"(?<![%$])\{(path|lost|types|site)\}", text)


def test_blank_nodes_of_two_files_stay_apart_in_trig() -> None:
    node, link = ox.BlankNode("x"), ox.NamedNode("https://example.org/p")
    graph = [ox.Triple(node, link, node), ox.Triple(link, link, node)]
    trig = Graphs({})
    text = "\n".join(trig.graph(f"https://example.org/{n}", graph) for n in (1, 2))
    quads = list(ox.parse(text, ox.RdfFormat.TRIG))

    assert len({q.object for q in quads}) == 2


def test_the_concepts_are_as_the_dutch_standard_asks(real_site: Path, described) -> None:
    said = rdflib.Graph().parse(real_site / "data" / "concepts.ttl")
    a, concepts = rdflib.RDF.type, set(said.subjects(rdflib.RDF.type, SKOS.Concept))
    links = (SKOS.broader, SKOS.narrower, SKOS.related, SKOS.closeMatch, SKOS.exactMatch)
    names = Counter(
        (scheme, name)
        for concept in concepts
        for scheme in said.objects(concept, SKOS.inScheme)
        for name in said.objects(concept, SKOS.prefLabel)
    )

    assert len(concepts) > 400
    for concept in concepts:
        for told in (SKOS.prefLabel, SKOS.definition):
            assert "nl" in {text.language for text in said.objects(concept, told)}, concept
        (scheme,) = said.objects(concept, SKOS.inScheme)
        assert "nl" in {text.language for text in said.objects(scheme, DCT.title)}
        is_top, above = (concept, SKOS.topConceptOf, scheme) in said, (concept, SKOS.broader, None)
        assert is_top != (above in said), concept
    assert [name for name, number in names.items() if number > 1] == []
    assert {end for link in links for end in said.objects(None, link)} <= concepts
    assert all((s, DCT.title, None) in said for s in said.objects(None, DCT.source))
    assert all(
        (s, a, rdflib.URIRef(f"{FOAF}Document")) in said for s in said.objects(None, DCT.source)
    )
    files = [node for node, _ in described.subject_objects(DCT.conformsTo) if "concepts" in node]
    assert len(set(files)) == 2


def test_an_export_must_construct(minimal: Path, run) -> None:
    export = minimal / "queries" / "exports" / "names.rq"
    export.parent.mkdir()
    export.write_text("SELECT ?s WHERE { ?s skos:prefLabel ?name }", "utf-8")

    stopped = run("build", lang="nl")
    assert (stopped.code, "exports/names.rq moet een CONSTRUCT zijn" in stopped.err) == (2, True)

    query = "CONSTRUCT { ?s skos:prefLabel ?name } WHERE { ?s skos:prefLabel ?name }"
    export.write_text(f"# Title@nl: Namen\n{query}", "utf-8")
    assert run("build").code == 0
    site = minimal / "build" / "site"
    assert "spoorbrug" in (site / "data" / "names.ttl").read_text("utf-8")
    assert "Namen" in (site / "dataset.html").read_text("utf-8")
