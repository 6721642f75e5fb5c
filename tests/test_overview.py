"""The overview pages say what the graph says: counts, places and roles, never by colour alone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element

import html5lib
import pytest

from jkgraph.graph import Graph
from jkgraph.queries import Table, run, saved_query

PAGES = (
    "evidence-map.html",
    "not-known.html",
    "compare/municipalities.html",
    "compare/variants.html",
    "map.html",
    "glossary.html",
    "about.html",
    "accessibility.html",
    "privacy.html",
)
PARTS = ("evidence-map/toegang.html", "evidence-map/specialistische-jeugd-ggz.html")
ROLES = 8
SHADE = re.compile(r"shade([1-4])")
# Where the next shade begins.
BOUNDS = (1, 2, 5, 10)

Opened = dict[str, Element]


@pytest.fixture(scope="module")
def opened(real_site: Path) -> Opened:
    """Read the pages that these tests look at, once."""
    names = [*PAGES, *PARTS, "index.html", "theme/index.html"]
    names += [path.relative_to(real_site).as_posix() for path in real_site.glob("evidence-by-*/*")]
    names += [path.relative_to(real_site).as_posix() for path in real_site.glob("for/*.html")]
    names += [path.relative_to(real_site).as_posix() for path in real_site.glob("evidence-map/*")]
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return {n: parser.parse((real_site / n).read_text("utf-8")) for n in dict.fromkeys(names)}


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def main_of(page: Element) -> Element:
    return next(e for e in page.iter("main"))


def links(element: Element) -> list[str]:
    return [a.get("href", "") for a in element.iter("a")]


def tables(page: Element) -> list[Element]:
    return [t for t in page.iter("table") if t.get("class") == "counts"]


def cells(table: Element) -> dict[tuple[str, str], Element]:
    """Return the cells of a table by the words of their row and their column."""
    head, *lines = table.iter("tr")
    columns = [words(th) for th in list(head)[1:]]
    found = {}
    for line in lines:
        row, *values = list(line)
        assert (row.tag, row.get("scope")) == ("th", "row")
        assert len(values) == len(columns)
        found |= {(words(row), column): td for column, td in zip(columns, values, strict=True)}
    return found


def answers(graph: Graph, name: str) -> list[dict[str, str]]:
    """Return the rows of a saved query, with the Dutch names of what was found."""
    table = run(graph, saved_query(graph, name).text, name)
    assert isinstance(table, Table)
    return [
        {v: graph.label(term, "nl") for v, term in zip(table.variables, row, strict=True) if term}
        for row in table.rows
    ]


def test_every_overview_page_is_there_in_both_languages(real_site: Path) -> None:
    there = [lang + name for name in PAGES for lang in ("", "en/")]

    assert [name for name in there if not (real_site / name).is_file()] == []


def test_every_page_leads_to_the_pages_that_belong_to_no_kind(opened: Opened) -> None:
    for name, page in opened.items():
        footer = next(e for e in page.iter("footer") if e.get("class") == "bottom")
        targets = {normpath(join(dirname(name), link)) for link in links(footer) if ":" not in link}
        assert set(PAGES) <= targets


def test_a_number_has_one_link_and_a_shade_and_an_empty_cell_has_neither(opened: Opened) -> None:
    counted = 0
    for page in opened.values():
        for table in tables(page):
            for td in cells(table).values():
                text, shade = words(td), SHADE.fullmatch(td.get("class", ""))
                if text == "–":
                    assert (links(td), shade) == ([], None)
                    continue
                counted += 1
                assert len(links(td)) == 1
                assert shade
                assert int(shade[1]) == sum(int(text) >= bound for bound in BOUNDS)
    assert counted > 150


def test_a_wide_table_has_a_caption_headings_and_a_frame_that_the_keyboard_reaches(
    opened: Opened,
) -> None:
    framed = 0
    for page in opened.values():
        for frame in (e for e in page.iter("div") if e.get("class") == "wide"):
            framed += 1
            assert (frame.get("role"), frame.get("tabindex")) == ("region", "0")
            assert frame.get("aria-label")
            assert words(next(frame.iter("caption")))
            assert {th.get("scope") for th in frame.iter("th")} == {"row", "col"}
    assert framed > 15


@pytest.mark.parametrize(
    ("number", "query"),
    [
        (0, "bewijskaart"),
        (1, "bevindingen-per-uitkomst"),
        (2, "aanpakken-per-kernthema-en-fase"),
    ],
)
def test_the_numbers_of_the_evidence_map_are_those_of_the_query(
    opened: Opened, closed: Graph, number: int, query: str
) -> None:
    table = tables(opened["evidence-map.html"])[number]
    shown = {at: int(words(td)) for at, td in cells(table).items() if words(td) != "–"}

    assert shown == Counter((row["row"], row["column"]) for row in answers(closed, query))


def test_a_number_leads_to_a_list_that_is_as_long(opened: Opened) -> None:
    looked = 0
    for name, page in opened.items():
        for table in tables(page):
            for td in cells(table).values():
                for link in links(td):
                    path, _, anchor = link.partition("#")
                    target = opened[normpath(join(dirname(name), path)) if path else name]
                    assert len(listed(target, anchor)) == int(words(td)), (name, link)
                    looked += 1
    assert looked > 150


def listed(page: Element, anchor: str) -> list[Element]:
    """Return the items of the list below a heading, or beside a term."""
    for parent in page.iter():
        for number, child in enumerate(parent):
            if child.get("id") == anchor:
                places = [child] if child.tag == "div" else list(parent)[number + 1 :]
                return list(next(ul for place in places for ul in place.iter("ul")))
    return []


def test_core_themes_without_a_finding_are_said_to_have_none(opened: Opened, closed: Graph) -> None:
    found = {row["row"] for row in answers(closed, "bewijskaart")}
    empty = {row["theme"] for row in answers(closed, "evidence-map-theme")} - found
    section = below(opened["not-known.html"], "themes")

    assert {words(li) for li in section.iter("li")} == empty
    assert empty


@pytest.mark.parametrize(
    ("anchor", "query", "variable"),
    [
        ("gaps", "kennislacunes", "vraag"),
        ("questions", "onbeantwoorde-kennisvragen", "vraag"),
        ("approaches", "aanpakken-zonder-bevinding", "aanpak"),
        ("bottlenecks", "knelpunten-zonder-aanpak", "knelpunt"),
        ("claims", "open-stellingen", "stelling"),
    ],
)
def test_what_is_not_known_names_everything_that_the_query_finds(
    opened: Opened, closed: Graph, anchor: str, query: str, variable: str
) -> None:
    section = below(opened["not-known.html"], anchor)
    shown = {words(a) for a in section.iter("a")}
    found = {row[variable] for row in answers(closed, query)}

    assert found <= shown


def below(page: Element, anchor: str) -> Element:
    """Return the section that a heading stands on top of."""
    return next(
        s for s in page.iter("section") if any(child.get("id") == anchor for child in list(s))
    )


def test_the_map_counts_the_examples_that_are_listed_under_the_province(opened: Opened) -> None:
    page = opened["map.html"]
    tiles = next(ul for ul in page.iter("ul") if ul.get("class") == "tiles")
    sections = {s.get("id"): s for s in page.iter("section") if s.get("id")}
    places = [li.get("class") for li in tiles]

    assert len(places) == len(set(places)) == 12
    for li in tiles:
        name, number = words(li).rsplit(" ", 1)
        if not links(li):
            assert number == "0"
            continue
        examples = sections[links(li)[0].removeprefix("#")]
        found = {a for a in links(examples) if a.startswith("practice-example/")}
        assert len(found) == int(number), name


def test_every_example_is_on_the_map_page_and_no_invented_one(
    opened: Opened, closed: Graph
) -> None:
    invented = "EXISTS { ?it jk:fictional true }"
    query = "SELECT DISTINCT ?it WHERE { ?it a jk:PracticeExample FILTER %s %s }"
    shown = {link for link in links(main_of(opened["map.html"])) if "practice-example/" in link}

    for word, wanted in (("NOT", True), ("", False)):
        table = run(closed, query % (word, invented))
        assert isinstance(table, Table)
        assert table.rows
        for (it,) in table.rows:
            slug = closed.addresses.kind_and_slug(it.value)[1]
            assert (f"practice-example/{slug}.html" in shown) == wanted


def test_home_leads_to_every_role_and_to_no_long_list(opened: Opened, closed: Graph) -> None:
    home = links(main_of(opened["index.html"]))
    roles = {name for name in opened if name.startswith("for/")}

    assert len(roles) == ROLES == len(answers(closed, "for-role"))
    assert roles == {link for link in home if link.startswith("for/")}
    assert {"evidence-map.html", "compare/variants.html", "map.html", "glossary.html"} <= set(home)
    assert len([link for link in home if link.startswith(("intervention/", "support-"))]) < 20


def test_a_role_page_says_where_to_begin_and_what_is_advised_and_raised(opened: Opened) -> None:
    for name in (name for name in opened if name.startswith("for/")):
        page = opened[name]
        assert len(links(below(page, "useful"))) >= 5
        for anchor in ("needs", "advice", "raises", "concerns", "takes-part"):
            assert words(below(page, anchor))


@pytest.mark.parametrize(("name", "least"), [("municipalities", 5), ("variants", 15)])
def test_a_comparison_has_a_column_for_each_and_says_that_it_is_no_ranking(
    opened: Opened, name: str, least: int
) -> None:
    page = opened[f"compare/{name}.html"]
    table = next(t for t in page.iter("table"))
    heads = [th for th in table.iter("th") if th.get("scope") == "col"]

    assert len(heads) >= least
    assert [words(th) for th in heads] == sorted(map(words, heads), key=str.casefold)
    assert "geen ranglijst" in words(main_of(page))


def test_each_variant_can_be_chosen(opened: Opened, real_site: Path) -> None:
    page = opened["compare/variants.html"]
    heads = [words(th) for th in page.iter("th") if th.get("scope") == "col"]
    style = (real_site / "static" / "own.css").read_text("utf-8")

    choices = next(e for e in main_of(page).iter("fieldset"))

    assert [words(label) for label in choices.iter("label")] == heads
    assert f"label:nth-of-type({len(heads)})" in style


def test_sub_themes_stand_below_their_theme(opened: Opened, closed: Graph) -> None:
    page = main_of(opened["theme/index.html"])
    shown = Counter(own_link(li) for li in page.iter("li"))
    table = run(closed, "SELECT DISTINCT ?it ?up WHERE { ?it a jk:Theme ; skos:broader ?up }")
    assert isinstance(table, Table)
    nested = {
        (own_link(li), own_link(item))
        for li in page.iter("li")
        for inner in li.findall("ul")
        for item in inner
    }

    for row in table.rows:
        it, up = (closed.addresses.kind_and_slug(term.value)[1] for term in row)
        assert (up, it) in nested
        assert shown[it] == 1


def own_link(item: Element) -> str:
    """Return the last part of the address that an item of a list leads to."""
    link = item.find("a")
    return "" if link is None else Path(link.get("href", "")).stem


def test_every_term_is_in_the_glossary_below_its_letter(opened: Opened, closed: Graph) -> None:
    page = opened["glossary.html"]
    entries = {e.get("id"): e for e in page.iter("div") if e.get("class") == "entry"}
    table = run(closed, "SELECT DISTINCT ?it WHERE { ?it a jk:Term }")
    assert isinstance(table, Table)

    assert set(entries) == {closed.addresses.kind_and_slug(it.value)[1] for (it,) in table.rows}
    for section in (s for s in page.iter("section") if s.find("div") is not None):
        letter = words(next(section.iter("h2")))
        assert all(words(h3)[0].upper() == letter for h3 in section.iter("h3"))


def test_what_is_said_of_privacy_holds(real_site: Path) -> None:
    keeping = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|sendBeacon")
    own = [p for p in (real_site / "static").rglob("*.js") if "vendor" not in p.parts]

    assert [path.name for path in own if keeping.search(path.read_text("utf-8"))] == []
