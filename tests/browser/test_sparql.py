"""The SPARQL page in a real browser: it answers as the command line does, and asks nobody else."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from jkgraph.answers import write_answer
from jkgraph.graph import Graph
from jkgraph.parameters import fill
from jkgraph.queries import saved_queries, saved_query, solutions
from jkgraph.site.tables import harmless_csv

pytestmark = pytest.mark.full

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ONE = "SELECT ?x { VALUES ?x { 1 } }"
SAVED = "voor-en-tegen"
# What the page loads only to answer.
ENGINE = ("sparql-worker.js", "oxigraph/web.js", ".gz")
# Asks all questions of one worker, as the page does, and returns every answer.
ASK_ALL = """async (names) => {
  const { site } = await import(new URL("static/sparql.js", location.href));
  const worker = new Worker("static/sparql-worker.js", { type: "module" });
  const answers = {};
  for (const name of names) {
    const text = await (await fetch(`query/${name}.rq`)).text();
    answers[name] = await new Promise((resolve) => {
      worker.onmessage = ({ data }) => (!data.word || data.isFault) && resolve(data);
      worker.postMessage({ text, site });
    });
  }
  worker.terminate();
  return answers;
}"""


@pytest.fixture
def sparql(page: Page, host: str) -> Page:
    """Open the page, with everything that it asks for and complains of."""
    page.asked, page.noise = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("response", lambda r: None if r.ok else page.noise.append(f"{r.status} {r.url}"))
    page.on("console", lambda message: page.noise.append(message.text))
    page.on("pageerror", lambda error: page.noise.append(str(error)))
    page.goto(f"http://{host}/sparql.html", wait_until="networkidle")
    return page


def write(page: Page, text: str) -> None:
    """Take what stands in the editor away and write something else, with the keyboard."""
    editor(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="De vraag in SPARQL")


def ask(page: Page, text: str) -> str:
    """Ask a question and return what the page says of it at the end."""
    write(page, text)
    page.keyboard.press("Control+Enter")
    return said(page)


def said(page: Page) -> str:
    expect(page.locator("#ask")).to_have_attribute("aria-busy", "false", timeout=60_000)
    return page.get_by_role("status").inner_text()


def rows(page: Page) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in page.locator("#rows tbody tr").all()]


def violations(page: Page) -> list[object]:
    found = Axe().run(page).response["violations"]
    return [(f["id"], [node["target"] for node in f["nodes"]][:5]) for f in found]


@pytest.fixture(scope="module")
def answers(browser: Browser, host: str, closed: Graph) -> dict[str, Any]:
    """Give the answers of the browser to all saved questions."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://{host}/sparql.html")
        return page.evaluate(ASK_ALL, list(saved_queries(closed)))


def test_every_saved_question_is_answered_as_on_the_command_line(
    answers: dict[str, Any], closed: Graph
) -> None:
    different = {
        name: fault
        for name, answer in answers.items()
        if (fault := difference(answer, saved_query(closed, name).text, closed))
    }

    assert different == {}
    assert len(answers) >= 80


def difference(answer: dict[str, Any], text: str, graph: Graph) -> str:
    """Tell what is different: columns, rows, or their order as far as the query gives one."""
    if "json" not in answer:
        return str(answer)
    here = json.loads(answer["json"])
    there = json.loads(solutions(graph, text).serialize(format=ox.QueryResultsFormat.JSON))
    if here["head"]["vars"] != there["head"]["vars"]:
        return "columns"
    found, expected = here["results"]["bindings"], there["results"]["bindings"]
    if Counter(map(frozen, found)) != Counter(map(frozen, expected)):
        return "rows"
    keys = re.findall(r"\?(\w+)", text.rpartition("ORDER BY")[2])
    in_order = [
        [frozen({k: row[k] for k in keys if k in row}) for row in r] for r in (found, expected)
    ]
    return "" if in_order[0] == in_order[1] else "order"


def frozen(row: dict[str, dict[str, str]]) -> frozenset[tuple[str, frozenset[tuple[str, str]]]]:
    return frozenset((name, frozenset(term.items())) for name, term in row.items())


@pytest.mark.parametrize("folder", ["", "en/"])
def test_everything_of_this_site_in_an_answer_leads_to_its_page(
    browser: Browser, host: str, real_site: Path, closed: Graph, folder: str
) -> None:
    names = list(saved_queries(closed))[:20]
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://{host}/{folder}sparql.html")
        script = ASK_ALL.replace('"static/', f'"{"../" if folder else ""}static/')
        found = page.evaluate(script.replace("`query/", f"`{'../' if folder else ''}query/"), names)
    links = {iri: link for answer in found.values() for iri, link in answer["links"].items()}
    paths = {link["path"].partition("#")[0] for link in links.values() if link.get("path")}

    assert [path for path in paths if not (real_site / path).is_file()] == []
    assert len(paths) > 100
    assert any(path.startswith("en/") for path in paths) == bool(folder)
    records = [iri for iri in links if "/id/" in iri and "#" not in iri]
    assert [iri for iri in records if not links[iri].get("path")] == []
    assert [iri for iri in records if not links[iri].get("label")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_axe_finds_nothing_before_and_after_a_run(
    browser: Browser, host: str, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900}
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"http://{host}/sparql.html?name={SAVED}", wait_until="networkidle")
        assert violations(page) == []
        page.get_by_role("button", name="Voer uit").click()
        said(page)
        page.locator(".prefixes summary").click()
        assert violations(page) == []
        assert len(rows(page)) > 5
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert ask(page, "SELECT ?x {").startswith("Dit is geen geldige SPARQL")
        assert violations(page) == []


def test_nothing_is_loaded_before_the_first_run(sparql: Page, host: str) -> None:
    assert [url for url in sparql.asked if url.endswith(ENGINE)] == []
    before = list(sparql.asked)
    assert "1 regel" in ask(sparql, ONE)
    loaded = [url for url in sparql.asked if url.endswith(ENGINE)]
    assert len(loaded) == 2 + len(["engine", "graph", "inferred"])
    assert "1 regel" in ask(sparql, ONE)

    assert len([url for url in sparql.asked if url.endswith(ENGINE)]) == len(loaded)
    assert {urlsplit(url).netloc for url in (*before, *sparql.asked)} <= {host, ""}
    assert sparql.noise == []


def test_a_question_is_asked_and_answered_with_the_keyboard_alone(sparql: Page) -> None:
    for _ in range(60):
        sparql.keyboard.press("Tab")
        if editor(sparql).evaluate("it => it === it.getRootNode().activeElement"):
            break
    sparql.keyboard.press("Control+a")
    sparql.keyboard.type("SELECT ?x { VALUES ?x { skos:Concept")
    sparql.keyboard.type(" } }")
    sparql.keyboard.press("Tab")

    assert sparql.locator(":focus").inner_text() == "Voer uit"
    sparql.keyboard.press("Enter")
    assert "1 regel" in said(sparql)
    reached = []
    for _ in range(6):
        sparql.keyboard.press("Tab")
        reached.append(sparql.evaluate("document.activeElement.id || document.activeElement.role"))
    assert reached[:4] == ["link", "csv", "json", "region"]
    assert sparql.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_a_heavy_question_can_be_cancelled_and_another_asked(sparql: Page) -> None:
    write(sparql, HEAVY)
    sparql.keyboard.press("Control+Enter")
    expect(sparql.get_by_role("status")).to_contain_text("uitgezocht")
    sparql.wait_for_timeout(1500)
    sparql.get_by_role("button", name="Breek af").press("Enter")

    assert said(sparql) == "Afgebroken."
    assert sparql.locator(":focus").inner_text() == "Voer uit"
    assert "1 regel" in ask(sparql, ONE)
    assert sparql.noise == []


def test_the_address_holds_the_question(sparql: Page, browser: Browser) -> None:
    text = 'SELECT ?x {\n  VALUES ?x { "50% + é #&?" }\n}'
    ask(sparql, text)
    assert sparql.locator("#link").evaluate("it => it.href") == sparql.url
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(sparql.url)

        assert editor(page).locator(".cm-line").all_inner_texts() == text.split("\n")
        assert not page.locator("#answer").is_visible()


def test_a_page_of_a_question_leads_to_the_editor_with_that_question(
    sparql: Page, host: str
) -> None:
    sparql.goto(f"http://{host}/query/{SAVED}.html")
    sparql.get_by_role("link", name="Pas deze vraag aan in de editor").click()

    expect(editor(sparql)).to_contain_text("jk:contradicts")
    assert sparql.get_by_label("Begin met een vraag").input_value() == SAVED
    sparql.keyboard.press("Tab")
    sparql.get_by_role("button", name="Voer uit").click()
    said(sparql)
    assert rows(sparql)[0][0] == "pleit tegen"
    sparql.locator("#rows tbody a").nth(1).click()
    assert "/finding/" in sparql.url
    sparql.goto(f"http://{host}/sparql.html?name=../data/SHA256SUMS")
    expect(editor(sparql)).to_contain_text("rdfs:subClassOf")


def test_a_question_is_asked_for_another_choice_than_the_page_made(
    page: Page, host: str, closed: Graph
) -> None:
    page.goto(f"http://{host}/query/{SAVED}.html")
    choice = page.get_by_role("combobox", name="Stelling")
    other = choice.locator("option:not(:checked)").first.get_attribute("value")
    choice.select_option(other)
    page.get_by_role("button", name="Vraag het hiervoor").press("Enter")
    page.locator("#answer").wait_for()
    query = saved_query(closed, SAVED)
    result = solutions(closed, fill(closed, query, {"stelling": other}))

    assert f"{{ {other} }}" in page.get_by_role("textbox", name="De vraag in SPARQL").inner_text()
    assert page.locator("#rows tbody tr").count() == len(list(result))


def test_a_choice_in_the_address_can_only_be_a_name(page: Page, host: str) -> None:
    page.goto(f"http://{host}/sparql.html?name={SAVED}&stelling=claim:x }} DROP ALL {{")
    text = page.get_by_role("textbox", name="De vraag in SPARQL")
    expect(text).to_contain_text("VALUES ?stelling")

    assert "DROP" not in text.inner_text()
    assert page.locator("#status").inner_text() == ""


def test_a_question_to_start_from_is_fetched_when_it_is_chosen(sparql: Page) -> None:
    sparql.get_by_label("Begin met een vraag").select_option(SAVED)

    expect(editor(sparql)).to_contain_text("VALUES ?stelling")
    assert sparql.asked[-1].endswith(f"/query/{SAVED}.rq")
    assert "regels" in ask(sparql, editor(sparql).inner_text())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT ?x {\n  ?x a ?y }}\n", "regel 2, kolom 12"),
        ("SELECT * {\n ?x a b }", "regel 2, kolom 7"),
        ("SELECT ?x {\n  ?x a ?y\n  ?x a ?z }", "regel 3, kolom 3"),
        ("SELECT ?x { ?x a ?y }\nGROUP BY ?y", "contains a variable that is unbound"),
        ("SELECT * { ?x nergens:iets ?y }", "voorvoegsel “nergens:”"),
        ("SELECT * { SERVICE SILENT <http://x.example/> { ?s ?p ?o } }", "SERVICE"),
        ("# LOAD\nPREFIX a: <http://x.example/>\nLOAD <http://x.example/>", "LOAD kan niet"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE kan niet"),
        ("", "regel 1, kolom 1"),
    ],
)
def test_what_cannot_be_answered_is_told_plainly(
    sparql: Page, host: str, text: str, word: str
) -> None:
    assert word in ask(sparql, text)

    assert sparql.locator("#status").evaluate("it => it.classList.contains('notice')")
    assert {urlsplit(url).netloc for url in sparql.asked} == {host}
    assert sparql.noise == []
    assert "1 regel" in ask(sparql, ONE)
    assert not sparql.locator("#status").evaluate("it => it.classList.contains('notice')")


def test_a_word_like_service_inside_a_text_is_no_service(sparql: Page) -> None:
    assert "1 regel" in ask(sparql, 'SELECT ?x { VALUES ?x { "SERVICE <a:b>" } } # SERVICE a:b')


def test_a_misspelt_name_is_told_beside_an_empty_answer(sparql: Page) -> None:
    assert "jk:Aproach. Staat de naam goed?" in ask(sparql, "SELECT ?x { ?x a jk:Aproach }")
    assert sparql.locator("#rows").inner_text() == "Er is niets gevonden."


def test_yes_or_no_and_graphs_are_answered_too(sparql: Page) -> None:
    assert ask(sparql, "ASK { ?s a jk:Record }") == "Ja"
    assert ask(sparql, "ASK { ?s a rdf:Nil }") == "Nee"
    assert not sparql.locator("#csv").is_visible()
    found = ask(sparql, "DESCRIBE intervention:jim")
    assert int(re.search(r"(\d+) regels", found)[1]) == len(rows(sparql)) > 10
    assert sparql.locator("#rows th").all_inner_texts() == ["subject", "predicate", "object"]
    ask(sparql, 'CONSTRUCT { _:x rdfs:label "é"@nl } { }')
    assert [row[1:] for row in rows(sparql)] == [["rdfs:label", "é nl"]]
    assert re.fullmatch(r'_:\w+ <\S+#label> "é"@nl \.\n', downloaded(sparql, "nt"))
    assert sparql.noise == []


def downloaded(page: Page, name: str) -> str:
    with page.expect_download() as download:
        page.locator(f"#{name}").click()
    return Path(download.value.path()).read_bytes().decode()


def test_downloads_hold_the_whole_answer(sparql: Page, closed: Graph) -> None:
    text = "SELECT ?s ?o { ?s skos:prefLabel ?o } ORDER BY ?s ?o"
    assert "regels" in ask(sparql, text)
    assert "de eerste 1.000 van" in sparql.locator("#rows").inner_text()
    assert len(rows(sparql)) == 1000
    expected = written(closed, text, "json")
    assert json.loads(downloaded(sparql, "json"))["results"] == json.loads(expected)["results"]
    assert downloaded(sparql, "csv") == harmless_csv(written(closed, text, "csv")).decode()


def written(graph: Graph, text: str, form: str) -> bytes:
    out = BytesIO()
    write_answer(solutions(graph, text), form, out, graph.addresses)
    return out.getvalue()


def test_a_cell_of_a_table_is_no_formula(sparql: Page) -> None:
    ask(sparql, 'SELECT ?x { VALUES ?x { "=1+1" "-1.5" "a,\\"b\\"" UNDEF } }')

    assert downloaded(sparql, "csv") == '\ufeffx\r\n\'=1+1\r\n-1.5\r\n"a,""b"""\r\n""\r\n'


def test_texts_keep_their_language_and_links_lead_out_only_to_the_web(sparql: Page) -> None:
    ask(sparql, 'SELECT * { VALUES (?a ?b) { ("<b>x</b>"@fr <javascript:alert(1)>) } }')
    assert sparql.locator("#rows [lang=fr]").inner_text() == "<b>x</b>"
    assert sparql.locator("#rows td a").count() == 0
    ask(sparql, "SELECT * { VALUES ?a { <https://elsewhere.example/> } }")
    assert sparql.locator("#rows td a").get_attribute("rel") == "external"


def test_a_large_download_is_asked_for_first(sparql: Page) -> None:
    asked = []
    sparql.on("dialog", lambda it: (asked.append(it.message), it.dismiss()))
    sparql.evaluate("document.getElementById('ask').dataset.limit = 10")
    write(sparql, ONE)
    sparql.keyboard.press("Control+Enter")
    sparql.wait_for_timeout(300)

    assert re.search(r"\d,\d MB", asked[0])
    assert [url for url in sparql.asked if url.endswith(ENGINE)] == []


def test_data_that_cannot_be_loaded_is_told_and_tried_again(sparql: Page) -> None:
    sparql.route("**/inferred.nt.gz", lambda route: route.fulfill(status=500))
    assert "niet worden opgehaald" in ask(sparql, ONE)
    sparql.unroute("**/inferred.nt.gz")
    assert "1 regel" in ask(sparql, ONE)


def test_it_works_on_a_host_without_headers_in_a_folder(page: Page, plain_host: str) -> None:
    noise = []
    page.on("console", lambda message: noise.append(message.text))
    page.goto(f"http://{plain_host}/en/sparql.html", wait_until="networkidle")
    page.get_by_role("button", name="Run").click()

    assert "rows" in said(page)
    assert len(rows(page)) > 10
    assert noise == []


@pytest.mark.parametrize("way", ["file", "no script"])
def test_without_a_host_or_scripts_the_page_says_what_it_needs(
    browser: Browser, host: str, real_site: Path, way: str
) -> None:
    with browser.new_context(java_script_enabled=way == "file") as context:
        page = context.new_page()
        page.goto(
            f"{real_site.as_uri()}/sparql.html" if way == "file" else f"http://{host}/sparql.html"
        )

        assert "alleen als JavaScript aan staat" in page.locator("#needs").inner_text()
        assert page.get_by_label("De vraag in SPARQL").input_value().startswith("SELECT ?soort")
        assert not page.locator("#controls, #examples").first.is_visible()
        assert not page.locator("#keys").is_visible()


def test_data_without_names_keeps_its_joints(sparql: Page, closed: Graph, real_site: Path) -> None:
    # A list has nameless members, on lines that are far apart.
    count = "SELECT (COUNT(*) AS ?n) { ?s owl:propertyChainAxiom/rdf:rest/rdf:first ?o }"
    ask(sparql, count)
    dump = ox.Store()
    dump.load(
        gzip.decompress((real_site / "data/graph.nt.gz").read_bytes()), ox.RdfFormat.N_TRIPLES
    )
    (expected,) = dump.query(count, prefixes=dict(closed.addresses.prefixes))

    assert rows(sparql) == [[expected["n"].value]]
    assert int(expected["n"].value) > 1
