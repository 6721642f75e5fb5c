"""A site of very many records: what a page and the memory hold is bounded, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph import proofs, remembered
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.remembered import Remembered
from jkgraph.site import (
    build_site,
    graphs,
    maker,
    output,
    plan,
    questions,
    render,
    search,
)
from jkgraph.site.maker import usual
from jkgraph.site.values import Link, Text
from jkgraph.site.verify import broken_links
from jkgraph.workspace import open_workspace

# The other bridge is a draft.
BRIDGES = {"houten-brug", "oude-steenbrug", "spoorbrug"}

Build = Callable[[], Path]


@pytest.fixture
def build(minimal: Path, tmp_path: Path) -> Build:
    """Build the site of the workspace as it is at that moment."""

    def into_folder() -> Path:
        graph = load(open_workspace(minimal))
        return build_site(graph, read_kinds(graph), tmp_path / "site", search=False).folder

    return into_folder


def cards(page: Path) -> list[str]:
    """Return the records that a page lists, in order."""
    listed = re.search(r'<ul class="cards">.*?</ul>', page.read_text("utf-8"), re.DOTALL)
    return re.findall(r'href="[^"]*bridge/([^"]*)\.html"', listed[0]) if listed else []


def test_a_long_list_is_shown_in_parts(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "LISTED", 2)
    site = build()
    first, second = site / "bridge" / "index.html", site / "bridge" / "index.2.html"

    assert [len(set(cards(page))) for page in (first, second)] == [2, 1]
    assert {*cards(first), *cards(second)} == BRIDGES
    assert not (site / "bridge" / "index.3.html").exists()
    assert not (site / "book" / "index.2.html").exists()
    for page, here in ((first, "1"), (second, "2")):
        text = page.read_text("utf-8")
        assert f"({here}/2) – " in text
        assert f"Deel {here} van 2" in text
        assert re.findall(r'<a aria-current="page"[^>]*>(\d)</a>', text) == [here]
        assert "3 bruggen" in text
    assert (site / "en" / "bridge" / "index.2.html").exists()
    assert list(broken_links(site)) == []


def test_beside_a_list_the_choice_that_was_made_is_marked(build: Build) -> None:
    site = build()
    made = {p: p.parent.name for p in site.rglob("bridge/*/*.html")}

    assert {"crosses", "material"} <= {*made.values()}
    for page in made:
        beside = re.search(r'<nav class="facets".*?</nav>', page.read_text("utf-8"), re.DOTALL)
        marked = re.findall(r'<a aria-current="page" href="([^"]*)"', beside[0] if beside else "")
        assert [(page.parent / href).resolve() for href in marked] == [page.resolve()]
    text = (site / "bridge" / "index.html").read_text("utf-8")
    assert 'aria-current="page"' not in text.partition('<nav class="facets"')[2]


def test_of_very_many_each_kind_is_searched_by_itself(
    minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = load(open_workspace(minimal))
    monkeypatch.setattr(search, "MOST", 3)
    site = build_site(graph, read_kinds(graph), tmp_path / "site").folder
    page = (site / "search.html").read_text("utf-8")
    parts = [path.name for path in (site / "pagefind").iterdir()]
    words = (site / "pagefind" / "bridge" / "words.nl.json").read_text("utf-8")

    assert set(parts) == {"book", "bridge", "value", "water"}
    assert all((site / "pagefind" / part / "pagefind.js").is_file() for part in parts)
    assert re.findall(r'<option value="([^"]*)">([^<]*)', page) == [
        ("book", "Boeken"),
        ("bridge", "Bruggen"),
        ("value", "Keuzes uit de lijsten"),
        ("water", "Wateren"),
    ]
    assert '"spoorbrug"' in words
    assert '"zoute"' not in words


def test_a_few_are_searched_all_at_once(build: Build) -> None:
    assert "<option" not in (build() / "search.html").read_text("utf-8")


def test_a_list_with_a_template_of_its_own_stays_in_one_page(
    minimal: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = minimal / "site_templates" / "kinds" / "bridge.list.html"
    own.parent.mkdir(parents=True)
    own.write_text('{% extends "kinds/_list.html" %}', "utf-8")
    monkeypatch.setattr(plan, "LISTED", 2)
    site = build()

    assert set(cards(site / "bridge" / "index.html")) == BRIDGES
    assert not (site / "bridge" / "index.2.html").exists()


def test_of_a_long_answer_the_page_shows_the_first_rows(
    minimal: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "# Title: Which bridges are there?\nSELECT ?bridge WHERE { ?bridge a br:Bridge }\n"
    (minimal / "queries" / "all.rq").write_text(text, "utf-8")
    monkeypatch.setattr(questions, "LISTED", 2)
    site = build()
    page = (site / "query" / "all.html").read_text("utf-8")

    assert len(re.findall(r"<tr><td>", page)) == 2
    assert "Hier staan de eerste 2 van 3." in page
    assert len((site / "query" / "all.csv").read_text("utf-8").splitlines()) == 4


def test_of_a_long_row_of_links_the_page_shows_the_first(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "LISTED", 1)
    page = (build() / "status" / "klaar.html").read_text("utf-8")
    rows = re.findall(r'<ul class="names">(.*?)</ul>', page, re.DOTALL)

    assert rows
    assert {row.count("<li>") for row in rows} == {1}
    assert "Hier staan de eerste 1 van 3." in page


def test_of_very_many_choices_those_with_the_most_records_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(maker, "USUAL", 2)
    options = [(Link(name, Text(name)), number) for name, number in (("a", 2), ("b", 1), ("c", 5))]

    assert [link.href for link, _ in usual(options)] == ["a", "c"]
    assert usual(options[:2]) == options[:2]


@pytest.mark.parametrize("most", [20_000, 2])
def test_how_far_a_build_is_counts_the_search_index_too(
    minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(search, "MOST", most)
    told: list[tuple[int, int]] = []
    graph = load(open_workspace(minimal))
    site = tmp_path / "site"
    build_site(graph, read_kinds(graph), site, progress=lambda *both: told.append(both))
    told = told[1:]
    numbers = [number for number, _ in told]
    (total,) = {total for _, total in told}

    assert numbers == sorted(numbers)
    assert 0.9 * total < numbers[-1] <= total
    assert len({number for number in numbers if number > 0.8 * total}) > 2


def test_what_is_forgotten_on_the_way_changes_no_file(
    build: Build, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST", 1)
    monkeypatch.setattr(proofs, "MOST", 1)
    site = build()
    paths = [p.relative_to(site) for p in site.rglob("*") if p.is_file()]

    assert [p for p in paths if (site / p).read_bytes() != (built / p).read_bytes()] == []


def test_only_so_much_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 2)
    made = Remembered[str, int]()
    for number, name in enumerate("abc"):
        made[name] = number

    assert made == {"c": 2}


def test_the_whole_graph_is_the_same_in_pieces_of_any_size(
    build: Build, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphs, "SOME", 1)
    monkeypatch.setattr(graphs, "PIECE", 7)
    data = build() / "data"

    for name in ("graph.ttl", "graph.jsonld", "graph.nt.gz", "inferred.nt.gz"):
        assert (data / name).read_bytes() == (built / "data" / name).read_bytes()
    assert named_graphs(data) == named_graphs(built / "data")


def named_graphs(data: Path) -> set[ox.Quad]:
    """Return what TriG says, with names by what is said for what has none."""
    said = ox.Dataset(ox.parse((data / "graph.trig").read_bytes(), ox.RdfFormat.TRIG))
    said.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(said)


def test_a_file_in_pieces_that_stays_the_same_keeps_its_time(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    (old / "same").write_bytes(b"abc")
    (old / "changed").write_bytes(b"abc")
    written = output.Output(new, old)
    written.write([("same", iter([b"a", b"bc"])), ("changed", iter([b"a", b"bd"]))])

    assert (new / "same").samefile(old / "same")
    assert (new / "changed").read_bytes() == b"abd"
    assert (old / "changed").read_bytes() == b"abc"
    assert sorted(path.name for path in new.iterdir()) == ["changed", "same"]


@pytest.mark.parametrize("kind", ["bridge", "crossing"])
def test_a_template_keeps_the_listed_records_of_a_kind(
    build: Build, minimal: Path, kind: str
) -> None:
    file = minimal / "data" / "bridge" / "spoorbrug.ttl"
    withdrawn = "\nbridge:spoorbrug <http://www.w3.org/2002/07/owl#deprecated> true .\n"
    file.write_text(file.read_text("utf-8") + withdrawn, "utf-8")
    template = minimal / "site_templates" / "pages" / "kept.html"
    template.parent.mkdir(parents=True)
    some = "bridge:spoorbrug", "water:brede-stroom", "bridge:houten-brug"
    asked = ", ".join(f'site.resource("{name}")' for name in some)
    template.write_text(
        f"{{{{ site.listed('{kind}', [{asked}]) | map(attribute='name') | list }}}}"
    )

    said = (build() / "kept.html").read_text("utf-8")

    assert "bridge:houten-brug" in said
    assert "water" not in said
    assert "spoorbrug" not in said
