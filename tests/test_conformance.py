"""`conform` and the measurements of quality: nothing that is not as it should be stays unseen."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.checks.published import deviations, read_shapes
from jkgraph.checks.shacl import SH, validate
from jkgraph.iri import split
from jkgraph.site.quality import Measure
from jkgraph.site.saying import PREFIXES, term
from jkgraph.syntaxes import n_triples

HERE = Path(__file__).parent
OVERLAYS = sorted((HERE.parent / "shapes" / "exports").glob("*.ttl"))
# What breaks a shape that looks at more than the values of one property.
BREAKS = {
    "Concept-otherLabel": 'ex:boat skos:altLabel "boot"@nl .',
    "SameTerm": 'ex:canoe skos:prefLabel "boat"@en .',
    "SameNotation": 'ex:canoe skos:notation "B" .',
    "MatchWithin": "ex:boat skos:closeMatch ex:canoe .",
    "TopOrBroader": "ex:canoe skos:topConceptOf ex:boats .",
    "Circle": "ex:boat skos:broader ex:canoe .",
    "Contact-person": "ex:desk a vcard:Individual .",
    "Measurement-value": "ex:measured dqv:value -1 .",
}
START = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {**PREFIXES, "ex": "https://example.org/"}.items()
)
# A shape of somebody else, which asks what the data of bridges does not have.
FOREIGN = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/Strict> a sh:NodeShape ; sh:targetClass dcat:Distribution ;
    sh:property <https://example.org/Strict-service> .
<https://example.org/Strict-service> a sh:PropertyShape ;
    sh:path dcat:accessService ; sh:minCount 1 ; sh:severity sh:Warning .
"""


BAD_QUERY = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/Odd> a sh:NodeShape ; sh:targetClass dcat:Distribution ;
    sh:sparql [ sh:select "SELECT $this WHERE { this is no query" ] .
"""

REMOTE_QUERY = BAD_QUERY.replace("this is", "SERVICE <https://example.org/> { ?a ?b ?c } }")


def read(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=path)]


def shapes() -> Iterator[tuple[Path, str, ox.NamedNode | None]]:
    """Yield every shape of the overlays that holds a condition, with its path if it is a term."""
    for overlay in OVERLAYS:
        store = ox.Store()
        store.load(path=overlay)
        for quad in store.quads_for_pattern(None, ox.NamedNode(f"{SH}path"), None):
            simple = quad.object if isinstance(quad.object, ox.NamedNode) else None
            yield overlay, split(quad.subject.value)[1], simple
        for quad in store.quads_for_pattern(None, ox.NamedNode(f"{SH}sparql"), None):
            yield overlay, split(quad.subject.value)[1], None


EVERY = sorted(shapes(), key=lambda shape: (shape[0].stem, shape[1]))
# The paths of several properties, by the one that is tried.
FIRST = {
    "Concept-altLabel": term("skos:altLabel"),
    "Concept-relation": term("skos:broader"),
    "Contact-address": term("vcard:hasURL"),
}


def spoilt(triples: list[ox.Triple], path: ox.NamedNode) -> Iterator[list[ox.Triple]]:
    """Yield data without the values of a property, and with values that nobody wants there."""
    others = [t for t in triples if t.predicate != path]
    subjects = {t.subject for t in triples if t.predicate == path}
    yield others
    for value in (ox.Literal("x"), ox.NamedNode("https://example.org/unknown")):
        yield [*others, *(ox.Triple(subject, path, value) for subject in subjects)]


def broken(triples: list[ox.Triple], overlay: Path, folder: Path) -> set[str]:
    data = folder / "data.nt"
    data.write_bytes(n_triples(triples))
    return {split(r.shape)[1] for r in validate(data.rename(folder / "data.ttl"), overlay, "fast")}


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: path.stem)
def test_an_example_is_as_the_overlay_asks(overlay: Path, tmp_path: Path) -> None:
    assert broken(read(HERE / "conformance" / overlay.name), overlay, tmp_path) == set()


@pytest.mark.parametrize(("overlay", "name", "path"), EVERY, ids=[name for _, name, _ in EVERY])
def test_every_shape_of_an_overlay_can_be_broken(
    overlay: Path, name: str, path: ox.NamedNode | None, tmp_path: Path
) -> None:
    triples = read(HERE / "conformance" / overlay.name)
    if name in BREAKS:
        added = ox.parse(START + BREAKS[name], ox.RdfFormat.TURTLE)
        tries = [[*triples, *(quad.triple for quad in added)]]
    else:
        tries = list(spoilt(triples, path or FIRST[name]))

    assert any(name in broken(tried, overlay, tmp_path) for tried in tries)
    told = {split(shape)[1]: set(texts) for shape, texts in read_shapes(overlay).messages.items()}
    assert told[name] == {"nl", "en"}


def test_what_is_published_is_as_the_overlays_ask(real_site: Path) -> None:
    files = {"concepts": "data/concepts.ttl", "dataset": "dataset.ttl"}

    assert {path.stem for path in OVERLAYS} == files.keys()
    for overlay in OVERLAYS:
        assert deviations((real_site / files[overlay.stem]).read_bytes(), overlay) == 0


def test_a_workspace_without_fault_conforms(run, minimal: Path) -> None:
    done = run("conform")
    dutch = run("conform", "--fail-on", "warning", "--site", str(minimal / "site"), lang="nl")

    assert (done.code, done.err.splitlines()[-1]) == (0, "4 of 4 checks without a single finding.")
    assert done.out.count("fully met") == 4
    assert [line.split("  ")[0] for line in done.out.splitlines()[2:]] == [
        "records and ontology",
        "same data in every syntax",
        "files with all data",
        "links on the pages",
    ]
    assert not re.search(r"\bconform\.", done.out + done.err)
    assert (dutch.code, "geen gebouwde site" in dutch.err) == (2, True)


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    """Give a copy of the built site of the minimal workspace."""
    return Path(shutil.copytree(built, tmp_path / "site"))


def results(text: str) -> dict[str, str]:
    return {row["subject"]: row["result"] for row in json.loads(text)}


def test_what_was_changed_after_the_build_is_found(run, site: Path) -> None:
    record = site / "bridge" / "spoorbrug.nt"
    record.write_text(record.read_text("utf-8").replace("Spoorbrug", "Spoor brug"), "utf-8")
    (site / "data" / "graph.jsonld").write_text('{"@graph": []}', "utf-8")
    page = site / "index.html"
    page.write_text(page.read_text("utf-8").replace('href="', 'href="gone-', 1), "utf-8")
    done = run("conform", "--site", str(site), "--format", "json")
    found = [(f["rule"], f["path"]) for row in json.loads(done.out) for f in row["findings"]]

    assert done.code == 1
    assert found == [
        ("syntaxes-differ", "bridge/spoorbrug.ttl"),
        ("syntaxes-differ", "data/graph.ttl"),
        ("file-differs", "data/graph.jsonld"),
        ("page-link-broken", "index.html"),
    ]
    assert set(results(done.out).values()) == {"best", "fails"}


def test_a_triple_that_is_only_in_the_named_graphs_is_found(run, site: Path) -> None:
    named = site / "data" / "graph.trig"
    named.write_text(f"{named.read_text('utf-8')}\n<urn:a> {{ <urn:a> <urn:b> <urn:c> }}", "utf-8")
    done = run("conform", "--site", str(site))

    assert "data/graph.ttl:1:1: violation: graph.trig says something else" in done.out


def test_a_fault_in_a_record_is_a_row_of_its_standard(run, minimal: Path, site: Path) -> None:
    rule = minimal / "shapes" / "rules" / "long-bridge.rq"
    header = [f"{key}@{lang}: Te lang." for key in ("Problem", "Solution") for lang in ("nl", "en")]
    header += ["Severity: info", "Conforms: Bridge Code 2.1: length"]
    query = "SELECT ?record WHERE { ?record br:length ?long FILTER(?long > 20) }"
    rule.write_text("".join(f"# {line}\n" for line in header) + query, "utf-8")
    done = run("conform", "--site", str(site), "--format", "csv")
    rows = {row["standard"]: row for row in csv.DictReader(io.StringIO(done.out))}

    assert done.code == 1
    assert rows["Bridge Code"]["version"] == "2.1"
    assert rows["Bridge Code"]["result"] == "met, with remarks"
    assert int(rows["Bridge Code"]["info"]) > 0
    assert rows["own shapes and rules"]["result"] == "fully met"
    assert run("conform", "--site", str(site), "--fail-on", "warning").code == 0


def test_shapes_of_others_find_the_file_that_they_are_about(
    run, site: Path, tmp_path: Path
) -> None:
    shapes = tmp_path / "strict.ttl"
    shapes.write_text(FOREIGN, "utf-8")
    command = ("conform", "--site", str(site), "--shapes", str(shapes))
    done = run(*command)
    files = (site / "dataset.ttl").read_text("utf-8").count("a dcat:Distribution")

    assert done.code == 1
    assert re.search(
        rf"^dataset\.ttl +{files} +strict\.ttl +0 +{files} +0 ", done.out, re.MULTILINE
    )
    assert done.out.count("[Strict-service]") == files
    assert len({line for line in done.heads if "[Strict-service]" in line}) == files
    assert run(*command, "--fail-on", "violation").code == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("this is no Turtle", "cannot be read as a file of SHACL shapes"),
        (BAD_QUERY, "cannot be read as a file of SHACL shapes"),
        (REMOTE_QUERY, "to ask other servers (SERVICE)"),
        (FOREIGN.replace("dcat:Distribution", "dcat:Unheard"), "about nothing that is published"),
        (None, "cannot be read as a file of SHACL shapes"),
    ],
)
def test_shapes_that_cannot_find_anything_stop_the_work(
    run, site: Path, tmp_path: Path, content: str | None, told: str
) -> None:
    shapes = tmp_path / "shapes.ttl"
    if content:
        shapes.write_text(content, "utf-8")
    done = run("conform", "--site", str(site), "--shapes", str(shapes))

    assert (done.code, done.out) == (2, "")
    assert told in " ".join(done.err.split())


def test_shapes_for_a_file_that_is_not_made_stop_the_work(run, minimal: Path, site: Path) -> None:
    overlay = minimal / "shapes" / "exports" / "names.ttl"
    overlay.parent.mkdir()
    overlay.write_text(FOREIGN, "utf-8")
    done = run("conform", "--site", str(site))

    assert (done.code, "shapes/exports/names.ttl is about data/names.ttl" in done.err) == (2, True)
    overlay.rename(overlay.with_name("dataset.ttl")).write_text(BAD_QUERY, "utf-8")
    stopped = run("build")
    assert (stopped.code, "cannot be read as a file of SHACL shapes" in stopped.err) == (2, True)


@pytest.mark.parametrize("name", ["bridge/spoorbrug.nt", "dataset.ttl", "data/inferred.nt.gz"])
def test_a_damaged_file_is_told_in_a_sentence(run, site: Path, name: str) -> None:
    (site / name).write_bytes(b"\xff<")
    done = run("conform", "--site", str(site))

    assert (done.code, done.out) == (2, "")
    assert "Build the site again" in " ".join(done.err.split())


@pytest.mark.parametrize("form", ["html", "xlsx"])
def test_the_table_is_written_to_a_file(run, site: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"table.{form}"
    done = run("conform", "--site", str(site), "--format", form, "--out", str(out))

    assert (done.code, done.out) == (0, f"{out}\n")
    assert out.stat().st_size > 500


def measured(site: Path) -> dict[str, str]:
    store = ox.Store()
    store.load(path=site / "dataset.nt")
    quads = store.quads_for_pattern(None, term("dqv:value"), None)
    return {split(q.subject.value)[1]: q.object.value for q in quads}


def test_the_description_holds_measurements_that_the_page_shows(built: Path) -> None:
    assert measured(built) == {
        "dataset-sources": "0.142",
        "dataset-passages": "1",
        "dataset-names": "0.714",
        "dataset-texts": "0.571",
        "dataset-reviewed": "1",
        "dataset-links": "6",
        "dataset-outward": "0",
    }
    dutch, english = (
        (built / path).read_text("utf-8") for path in ("quality.html", "en/quality.html")
    )
    assert "<strong>71,4 %</strong> (5 van 7)" in dutch
    assert "<strong>71.4%</strong> (5 of 7)" in english
    assert 'href="quality.html"' in (built / "dataset.html").read_text("utf-8")


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert Measure("names", 9_999, 10_000).value.value == "0.999"


def test_what_is_less_good_is_measured_as_such(run, minimal: Path) -> None:
    old = minimal / "data" / "bridge" / "spoorbrug.ttl"
    text = re.sub(r'dct:modified "[^"]+"', 'dct:modified "2020-01-01"', old.read_text("utf-8"))
    old.write_text(text, "utf-8")
    query = minimal / "queries" / "exports" / "names.rq"
    shapes = minimal / "shapes" / "exports" / "names.ttl"
    query.parent.mkdir()
    shapes.parent.mkdir()
    query.write_text("CONSTRUCT { ?s a br:Bridge } WHERE { ?s a br:Bridge }", "utf-8")
    bridge = "<https://example.org/bruggen/def#Bridge>"
    shapes.write_text(FOREIGN.replace("dcat:Distribution", bridge), "utf-8")
    done = run("build")
    site = minimal / "build" / "site"
    bridges = len(read(site / "data" / "names.ttl"))

    assert done.code == 0, done.err
    assert bridges > 1
    assert measured(site)["dataset-reviewed"] == "0.857"
    assert measured(site)["names.ttl-deviations"] == str(bridges)
    assert "(names.ttl)" in (site / "quality.html").read_text("utf-8")


@pytest.mark.full
def test_everything_of_this_repository_is_at_best(run, repository: Path, real_site: Path) -> None:
    done = run("conform", "--site", str(real_site), "--format", "json", at=repository)

    assert done.code == 0, done.out
    assert set(results(done.out).values()) == {"best"}
    assert len(json.loads(done.out)) == 7
