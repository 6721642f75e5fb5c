"""Records go to a spreadsheet and come back as they were, but for what people changed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jkgraph.edits import Editor, apply_edits
from jkgraph.errors import JkgraphError
from jkgraph.exchange import leaves, make_plan
from jkgraph.exchange.cells import Cells
from jkgraph.exchange.columns import Sheets
from jkgraph.exchange.intake import read_workbook
from jkgraph.exchange.names import Names
from jkgraph.exchange.plan import Plan
from jkgraph.exchange.values import agree, read_typed, text_of
from jkgraph.exchange.workbook import write_workbook
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.loading import load
from jkgraph.turtle import parse
from jkgraph.workspace import open_workspace

ROOT = Path(__file__).parent.parent
MINIMAL = ROOT / "tests" / "workspaces" / "minimal"
TODAY = date(2026, 1, 2)
XSD = "http://www.w3.org/2001/XMLSchema#"
BRIDGES, WATERS, CITATIONS = "Bruggen", "Wateren", "Vindplaats"


class Book:
    """A workbook of the minimal workspace, to be changed as a person would."""

    def __init__(self, content: bytes) -> None:
        self.book: Any = openpyxl.load_workbook(io.BytesIO(content))

    def cell(self, sheet: str, row: str | int, header: str) -> Any:
        """Find a cell by its row, or what its row begins with, and the name of its column."""
        page = self.book[sheet]
        heads = {str(c.value).rstrip(" *"): c.column for c in page[1]}
        number = row if isinstance(row, int) else self.row(sheet, row)
        return page.cell(number, heads[header])

    def row(self, sheet: str, start: str) -> int:
        return next(c.row for c in self.book[sheet]["A"] if c.value == start)

    def put(self, sheet: str, row: str | int, header: str, value: object) -> None:
        cell = self.cell(sheet, row, header)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def exported(graph: Graph, kinds: Kinds, language: str = "nl") -> bytes:
    sheets = Sheets(graph, kinds, language)
    return write_workbook(leaves(graph, kinds, sheets, kinds.records), sheets, "0123abc")


def planned(graph: Graph, kinds: Kinds, content: bytes) -> Plan:
    return make_plan(graph, kinds, read_workbook(content, graph, kinds), TODAY)


def rules(plan: Plan) -> dict[str, str]:
    return {str(remark.place): remark.rule for remark in plan.remarks}


@pytest.fixture(scope="module")
def still() -> Graph:
    """Give the graph of the minimal workspace, which these tests only read."""
    return load(open_workspace(MINIMAL))


@pytest.fixture(scope="module")
def kinds(still: Graph) -> Kinds:
    return read_kinds(still)


@pytest.fixture(scope="module")
def content(still: Graph, kinds: Kinds) -> bytes:
    return exported(still, kinds)


@pytest.fixture
def book(content: bytes) -> Book:
    return Book(content)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_workbook_that_nobody_changed_changes_nothing(
    still: Graph, kinds: Kinds, language: str
) -> None:
    plan = planned(still, kinds, Book(exported(still, kinds, language)).bytes())

    assert (plan.edits, plan.remarks) == ((), ())


def test_a_sheet_reads_as_the_shape_of_its_kind(book: Book) -> None:
    page = book.book[BRIDGES]

    assert [cell.value for cell in page[1]] == [
        "naam in het adres",
        "naam (nl) *",
        "naam (en)",
        "andere naam (nl)",
        "andere naam (en)",
        "beschrijving (nl) *",
        "beschrijving (en)",
        "gaat over *",
        "gemaakt van",
        "lengte in meters",
        "geopend op",
        "staat beschreven in",
        "status *",
        "gewijzigd op *",
        "nagekeken op",
        "opnieuw nakijken op",
        "wijziging (nl)",
        "wijziging (en)",
        "vervallen",
        "vervangen door",
    ]
    assert page.freeze_panes == "C2"
    assert page["J1"].comment.text.startswith("Hoe lang de brug is.")
    # Excel has no days before 1900.
    assert [c.value for c in page[4]][7:11] == ["Lange Vaart", "steen", 24.5, "1701-06-01"]
    assert page["N4"].value.date() == date(2025, 5, 1)
    assert page["N4"].number_format == "d-m-yyyy"
    chosen = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    cells = chosen["I2:I1048576"].partition("!")[2].replace("$", "")
    listed = book.book["_jkgraph_lists"][cells]
    assert [row[0].value for row in listed] == ["hout", "staal", "steen"]
    assert "L2:L1048576" not in chosen
    assert book.book["_jkgraph"].sheet_state == "veryHidden"


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029\ufffe\uffff")
    | st.sampled_from("=+-@'\"<\\ \u00a0\u200f🌉ـב"),
    min_size=1,
    max_size=40,
).filter(lambda text: text == text.strip())
DAYS = st.dates(date(1901, 1, 1), date(2100, 1, 1))
NUMBERS = st.decimals("-9999", "9999", places=2).map(float)
WATER = {"Lange Vaart": "lange-vaart", "Brede Stroom": "brede-stroom", "Zoute Zee": "zoute-zee"}
MATERIAL = {"hout": "hout", "staal": "staal", "steen": "steen"}


def literal(value: object, kind: str) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + kind))


def nodes(folder: str, names: dict[str, str]) -> st.SearchStrategy[tuple[str, set[ox.NamedNode]]]:
    base = f"https://example.org/bruggen/id/{folder}/"
    chosen = st.sets(st.sampled_from(sorted(names)), max_size=3)
    return chosen.map(
        lambda ns: ("\n".join(sorted(ns)), {ox.NamedNode(base + names[n]) for n in ns})
    )


# What is typed in a column, and what the record says then.
TYPED: dict[str, tuple[str, st.SearchStrategy[tuple[Any, set[Any]]]]] = {
    "naam (nl)": ("skos:prefLabel@nl", TEXT.map(lambda t: (t, {ox.Literal(t, language="nl")}))),
    "naam (en)": ("skos:prefLabel@en", TEXT.map(lambda t: (t, {ox.Literal(t, language="en")}))),
    "beschrijving (en)": (
        "dct:description@en",
        st.tuples(TEXT, TEXT).map(
            lambda ts: ("\n".join(ts), {ox.Literal("\n".join(ts), language="en")})
        ),
    ),
    "lengte in meters": (
        "br:length",
        NUMBERS.map(lambda n: (n, {literal(format(n, "g") if n % 1 else int(n), "decimal")})),
    ),
    "geopend op": (
        "br:opened",
        st.one_of(
            DAYS.map(lambda d: (d, {literal(d.isoformat(), "date")})),
            DAYS.map(lambda d: (f"{d.day}-{d.month}-{d.year}", {literal(d.isoformat(), "date")})),
            st.just((None, set())),
        ),
    ),
    "gaat over": ("br:crosses", nodes("water", WATER)),
    "gemaakt van": ("br:material", nodes("material", MATERIAL)),
}
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["houten-brug", "nieuwe-brug", "oude-steenbrug", "spoorbrug"]),
        st.sampled_from(sorted(TYPED)).flatmap(
            lambda header: TYPED[header][1].map(lambda typed: (header, *typed))
        ),
    ),
    min_size=15,
    max_size=16,
    unique_by=lambda edit: (edit[0], edit[1][0]),
)


def said(text: str | None) -> set[tuple[Any, Any, Any]]:
    return {tuple(triple) for triple in parse(text or "").triples}


def of_column(graph: Graph, slug: str, column: str) -> Callable[[tuple[Any, Any, Any]], bool]:
    name, _, language = column.partition("@")
    subject = ox.NamedNode(graph.addresses.record("bridge", slug))
    path = graph.term(name)

    def is_in(triple: tuple[Any, Any, Any]) -> bool:
        return triple[:2] == (subject, path) and (not language or triple[2].language == language)

    return is_in


def worth(terms: Iterable[Any]) -> set[Any]:
    """Return what terms are worth: who types 18 where 18.0 stands has changed nothing."""
    is_number = ox.NamedNode(XSD + "decimal")
    return {float(t.value) if getattr(t, "datatype", None) == is_number else t for t in terms}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS)
def test_three_hundred_random_edits_come_back_as_they_were_typed(
    still: Graph, kinds: Kinds, content: bytes, edits: list[Any]
) -> None:
    book = Book(content)
    wanted = {
        path.stem: said(path.read_text("utf-8")) for path in (MINIMAL / "data/bridge").glob("*.ttl")
    }
    before = {slug: set(triples) for slug, triples in wanted.items()}
    for slug, (header, value, terms) in edits:
        book.put(BRIDGES, slug, header, value)
        is_in = of_column(still, slug, TYPED[header][0])
        old = {triple for triple in wanted[slug] if is_in(triple)}
        if worth(terms) != worth(triple[2] for triple in old):
            subject = ox.NamedNode(still.addresses.record("bridge", slug))
            path = still.term(TYPED[header][0].partition("@")[0])
            wanted[slug] = (wanted[slug] - old) | {(subject, path, term) for term in terms}

    plan = planned(still, kinds, book.bytes())

    assert rules(plan) == {}
    found = {edit.path.stem: said(edit.after) for edit in plan.edits}
    assert found.keys() == {slug for slug in wanted if wanted[slug] != before[slug]}
    for slug, triples in found.items():
        modified = of_column(still, slug, "dct:modified")
        assert {t for t in triples if not modified(t)} == {
            t for t in wanted[slug] if not modified(t)
        }
        assert [t[2].value for t in triples if modified(t)] == [TODAY.isoformat()]


class Desk:
    """A copy of the minimal workspace, with a workbook that was made of it."""

    def __init__(self, folder: Path, run: Any) -> None:
        self.folder, self.run = folder, run
        self.file = folder.parent / "bruggen.xlsx"
        ran = run("export", "--out", str(self.file), lang="nl")
        assert ran.code == 0, ran.err
        self.book = Book(self.file.read_bytes())

    def bring(self, *options: str, lang: str = "en") -> Any:
        self.file.write_bytes(self.book.bytes())
        return self.run("import", str(self.file), *options, lang=lang)

    def record(self, kind: str, slug: str) -> Path:
        return self.folder / "data" / kind / f"{slug}.ttl"

    def texts(self) -> dict[str, str]:
        return {p.name: p.read_text("utf-8") for p in sorted(self.folder.glob("data/*/*.ttl"))}


@pytest.fixture
def desk(minimal: Path, run: Any) -> Desk:
    return Desk(minimal, run)


def test_an_import_shows_first_and_writes_when_asked(desk: Desk) -> None:
    desk.book.put(BRIDGES, "houten-brug", "lengte in meters", 19.5)
    before = desk.texts()

    shown = desk.bring()
    assert (shown.code, desk.texts()) == (0, before)
    assert shown.out.startswith("Wooden bridge (bridge)\n")
    assert "  Length in metres: was 18.0, now 19.5.\n" in shown.out
    assert "--write" in shown.err

    assert desk.bring("--write").code == 0
    text = desk.record("bridge", "houten-brug").read_text("utf-8")
    assert "br:length 19.5 ;" in text
    assert f'dct:modified "{date.today()}"^^xsd:date' in text
    assert {n for n, t in desk.texts().items() if t != before[n]} == {"houten-brug.ttl"}
    again = desk.bring()
    assert (again.code, again.out) == (0, "")
    assert desk.run("format", "--check").code == 0


def test_what_was_changed_on_both_sides_is_refused_by_name(desk: Desk) -> None:
    path = desk.record("bridge", "houten-brug")
    path.write_text(path.read_text("utf-8").replace("br:length 18.0", "br:length 20.0"), "utf-8")
    desk.book.put(BRIDGES, "houten-brug", "lengte in meters", 19)
    desk.book.put(BRIDGES, "houten-brug", "naam (en)", "Bridge of wood")
    before = desk.texts()

    ran = desk.bring("--write")

    assert (ran.code, desk.texts()) == (1, before)
    (line,) = [line for line in ran.out.splitlines() if "[cell-conflict]" in line]
    assert line.startswith(f"{desk.file}:Bruggen!J2: violation: Houten brug, lengte in meters: ")
    assert "When exported: 18. In this workbook: 19. In the files now: 20." in line


def test_what_was_changed_in_the_files_only_is_left_alone(desk: Desk) -> None:
    path = desk.record("bridge", "houten-brug")
    path.write_text(path.read_text("utf-8").replace("br:length 18.0", "br:length 20.0"), "utf-8")
    desk.book.put(BRIDGES, "houten-brug", "naam (en)", "Bridge of wood")

    ran = desk.bring("--write")

    assert ran.code == 0
    text = path.read_text("utf-8")
    assert "br:length 20.0" in text
    assert '"Bridge of wood"@en' in text
    assert "[row-changed]" in ran.out


def test_the_same_change_on_both_sides_is_no_conflict(desk: Desk) -> None:
    path = desk.record("bridge", "houten-brug")
    path.write_text(path.read_text("utf-8").replace("br:length 18.0", "br:length 20.0"), "utf-8")
    desk.book.put(BRIDGES, "houten-brug", "lengte in meters", 20)

    ran = desk.bring()
    assert (ran.code, ran.out) == (0, "")


def test_a_new_row_makes_a_record_and_a_new_part_belongs_to_it(desk: Desk) -> None:
    desk.book.put(BRIDGES, 6, "naam (nl)", "Brug over de Nieuwe Sloot")
    desk.book.put(BRIDGES, 6, "beschrijving (nl)", "Een plank.")
    desk.book.put(BRIDGES, 6, "gaat over", "Nieuwe Sloot")
    desk.book.put(WATERS, 5, "naam (nl)", "Nieuwe Sloot")
    desk.book.put(WATERS, 5, "beschrijving (nl)", "Een sloot.")
    desk.book.put(CITATIONS, 3, "hoort bij record", "Brug over de Nieuwe Sloot")
    desk.book.put(CITATIONS, 3, "boek", "De bruggen van de streek")
    desk.book.put(CITATIONS, 4, "hoort bij record", "Oude Steenbrug")
    desk.book.put(CITATIONS, 4, "boek", "De bruggen van de streek")
    desk.book.put(CITATIONS, 4, "bladzijden", "-1")

    ran = desk.bring("--write")

    assert ran.code == 0, ran.out
    text = desk.record("bridge", "brug-over-de-nieuwe-sloot").read_text("utf-8")
    assert "br:crosses water:nieuwe-sloot ;" in text
    assert "br:status status:in-bewerking ;" in text
    assert "br:citation :c1 ;" in text
    assert ":c1 a br:Citation ;\n    dct:source book:bruggen-van-de-streek ." in text
    old = desk.record("bridge", "oude-steenbrug").read_text("utf-8")
    assert "br:citation :c1 ,\n        :c2 ;" in old
    assert 'br:pages "-1"' in old
    assert desk.run("validate").code == 0


def test_a_row_that_is_gone_takes_nothing_away(desk: Desk) -> None:
    desk.book.book[BRIDGES].delete_rows(2)
    before = desk.texts()

    ran = desk.bring("--write")

    assert (ran.code, desk.texts()) == (0, before)
    assert "Rows gone from this sheet: 1." in ran.out


def test_what_is_gone_from_the_files_stays_gone_unless_it_was_worked_on(desk: Desk) -> None:
    desk.record("bridge", "nieuwe-brug").unlink()
    assert desk.bring("--write").out == ""
    desk.book.put(BRIDGES, "nieuwe-brug", "lengte in meters", 3)

    ran = desk.bring("--write")

    assert ran.code == 1
    assert "Bruggen!A3: violation: bridge:nieuwe-brug is no longer in the files." in ran.out


def test_a_part_goes_when_its_row_is_gone_and_nothing_names_it(desk: Desk) -> None:
    desk.book.book[CITATIONS].delete_rows(2)
    desk.book.put(BRIDGES, "oude-steenbrug", "staat beschreven in", None)

    assert desk.bring("--write").code == 0
    assert "br:Citation" not in desk.record("bridge", "oude-steenbrug").read_text("utf-8")


# What cannot be read is told first; only what can be read is checked.
UNREADABLE = {
    ("houten-brug", "gemaakt van", "stein"): ("cell-link", "Did you mean steen?"),
    ("houten-brug", "gaat over", "Lange Vaart\nDode Zee"): ("cell-link", '"Dode Zee"'),
    ("houten-brug", "geopend op", "30-2-2025"): ("cell-value", "a day, such as 31-5-2025"),
    ("houten-brug", "lengte in meters", "veel"): ("cell-value", "a number, such as 12.5"),
    ("spoorbrug", "lengte in meters", "1.000"): ("cell-value", "a number, such as 12.5"),
    ("nieuwe-brug", "lengte in meters", "=1+1"): ("cell-formula", "formula"),
    ("oude-steenbrug", "lengte in meters", "#N/A"): ("cell-error", "error value"),
}
NOT_ALLOWED = {
    ("houten-brug", "status", None): ("Record-status", "Choose"),
    ("spoorbrug", "status", "klaar\nin bewerking"): ("Record-status", "Choose"),
    ("oude-steenbrug", "lengte in meters", -3): ("BridgeShape-length", "above 0"),
}


@pytest.mark.parametrize("faults", [UNREADABLE, NOT_ALLOWED], ids=["unreadable", "not allowed"])
def test_what_is_wrong_stands_beside_its_cell(desk: Desk, faults: Any) -> None:
    for slug, header, value in faults:
        desk.book.cell(BRIDGES, slug, header).value = value
    before = desk.texts()

    ran = desk.bring("--write")

    assert (ran.code, desk.texts()) == (1, before)
    marked = openpyxl.load_workbook(desk.file.with_name("bruggen-faults.xlsx"))
    links = [row[0].hyperlink.location for row in marked["Faults"].iter_rows(min_row=2)]
    for (slug, header, _), (rule, words) in faults.items():
        name = desk.book.cell(BRIDGES, slug, header).coordinate
        start = f"{desk.file}:Bruggen!{name}: violation: "
        (line,) = [line for line in ran.out.splitlines() if line.startswith(start)]
        assert line.endswith(f"[{rule}]")
        assert words in line
        assert words in marked[BRIDGES][name].comment.text
        assert marked[BRIDGES][name].fill.start_color.rgb.endswith("F6C6C0")
        assert f"'Bruggen'!{name}" in links
    assert len(links) == len(faults)


def test_the_copy_with_faults_can_be_mended_and_imported(desk: Desk) -> None:
    desk.book.put(BRIDGES, "houten-brug", "gemaakt van", "kaas")
    assert desk.bring("--write").code == 1
    copy = desk.file.with_name("bruggen-faults.xlsx")
    before = copy.read_bytes()
    assert desk.bring("--write").code == 1
    assert desk.file.with_name("bruggen-faults-2.xlsx").exists()
    assert copy.read_bytes() == before
    mended = Book(copy.read_bytes())
    mended.put(BRIDGES, "houten-brug", "gemaakt van", "staal")
    copy.write_bytes(mended.bytes())

    assert desk.run("import", str(copy), "--write").code == 0
    text = desk.record("bridge", "houten-brug").read_text("utf-8")
    assert "br:material material:staal" in text


def test_rows_and_columns_may_be_moved_and_others_may_stand_beside_them(desk: Desk) -> None:
    page = desk.book.book[BRIDGES]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    page.delete_rows(1, page.max_row)
    for row in [rows[0], *reversed(rows[1:])]:
        page.append(["notitie", *reversed(row)])
    desk.book.book.create_sheet("Kladblok").append(["=1+1"])
    desk.book.put(BRIDGES, 3, "lengte in meters", "\u00a012,25 ")

    ran = desk.bring("--write")

    assert ran.code == 0, ran.out
    assert 'The column "notitie"' in ran.out
    assert 'The sheet "Kladblok"' in ran.out
    assert "br:length 12.25 ;" in desk.record("bridge", "oude-steenbrug").read_text("utf-8")


def test_a_part_is_named_with_its_sign_or_without(still: Graph, kinds: Kinds, book: Book) -> None:
    book.put(BRIDGES, "oude-steenbrug", "staat beschreven in", "c1\nOude Steenbrug #c1")

    assert planned(still, kinds, book.bytes()).edits == ()


def test_merged_cells_double_rows_and_unknown_owners_are_refused(
    still: Graph, kinds: Kinds, book: Book
) -> None:
    book.book[BRIDGES].merge_cells("C2:C3")
    book.put(BRIDGES, "spoorbrug", "naam in het adres", "nieuwe-brug")
    book.put(BRIDGES, 6, "naam (nl)", "Houten brug")
    book.put(BRIDGES, 7, "lengte in meters", 3)
    book.put(BRIDGES, 8, "naam in het adres", "Mijn Brug")
    book.put(CITATIONS, 3, "hoort bij record", "Oude Brug")
    book.book[CITATIONS]["B2"] = "=1+1"

    assert rules(planned(still, kinds, book.bytes())) == {
        "Bruggen!C2": "cell-merged",
        "Bruggen!C3": "cell-merged",
        "Bruggen!A5": "row-twice",
        "Bruggen!A6": "row-exists",
        "Bruggen!A7": "row-nameless",
        "Bruggen!A8": "row-slug",
        "Bruggen!A1": "row-missing",
        "Vindplaats!A3": "part-of-none",
        "Vindplaats!B2": "cell-formula",
        "Vindplaats!A1": "row-missing",
    }


AWKWARD = [
    "=1+1",
    "+31 6",
    "-5",
    "@ease",
    '"aangehaald"',
    '"x"@nl',
    "<https://example.org/>",
    " rand ",
    "\u00a0rand",
    "een\n\n twee ",
    "een\r\ntwee",
    "tab\tin",
    "\x01\x1f\x7f",
    "_x000D_ _x0041_",
    "🌉 עברית",
    "",
    "ja\u2028nee",
    "\ufffe",
    "'s-Gravenhage",
    "''=x",
]


def test_every_text_and_every_value_comes_back(minimal: Path) -> None:
    path = minimal / "data/bridge/houten-brug.ttl"
    document = parse(path.read_text("utf-8"))
    graph = load(open_workspace(minimal))
    record = ox.NamedNode(graph.addresses.record("bridge", "houten-brug"))
    odd = [ox.Literal(text, language="nl") for text in AWKWARD]
    odd += [ox.Literal("x"), ox.Literal("x", language="de"), ox.NamedNode("urn:x:y")]
    numbers = [literal(n, "decimal") for n in ("1.50", "1.5", "01", "1e3", "1234567890123456.7")]
    numbers += [literal(n, "integer") for n in ("1", "2")]
    water = [ox.Literal("Lange Vaart"), ox.NamedNode("https://example.org/bruggen/id/water/weg")]
    days = [literal(d, "date") for d in ("1701-06-01", "2020-02-30", "2020-01-01Z", "0000-01-01")]
    values = {"skos:prefLabel": odd, "br:length": numbers, "br:crosses": water, "br:opened": days}
    triples = [
        ox.Triple(record, graph.term(name), value) for name in values for value in values[name]
    ]
    kinds = read_kinds(graph)
    apply_edits([Editor(graph, kinds).edit(path, [*document.triples, *triples])], graph.workspace)
    graph = load(open_workspace(minimal))

    assert planned(graph, kinds, Book(exported(graph, kinds)).bytes()).edits == ()
    # The text of a cell alone says it too: it can be copied to another cell.
    cells = Cells(Names(graph, kinds, "nl"))
    sheet = Sheets(graph, kinds, "nl").records[kinds.by_name["bridge"].iri]
    for name, terms in values.items():
        for chosen in ([term] for term in terms):
            column = sheet.column(graph.term(name), chosen[0])
            text = cells.write(column, record, chosen).text
            assert agree(cells.read(column, record, text, {}), chosen), chosen


def test_a_text_that_fits_no_cell_stays_in_its_file(minimal: Path, run: Any) -> None:
    path = minimal / "data/bridge/houten-brug.ttl"
    long = "brug " * 8000
    text = path.read_text("utf-8").replace("Een smalle brug voor voetgangers", long)
    path.write_text(text, "utf-8")
    desk = Desk(minimal, run)

    assert desk.bring("--write").out == ""
    desk.book.put(BRIDGES, "houten-brug", "beschrijving (nl)", "Kort.")
    ran = desk.bring("--write")
    assert ran.code == 1
    assert "[cell-too-long]" in ran.out
    assert path.read_text("utf-8") == text


def test_what_has_no_column_is_kept_and_said(minimal: Path, run: Any) -> None:
    path = minimal / "data/bridge/houten-brug.ttl"
    path.write_text(path.read_text("utf-8") + "\n<" + "urn:a> <urn:b> 1 .\n", "utf-8")
    text = path.read_text("utf-8").replace("    br:status", '    br:colour "rood" ;\n    br:status')
    path.write_text(text, "utf-8")
    desk = Desk(minimal, run)
    assert desk.book.cell(BRIDGES, "houten-brug", "staat ook in het record").value == "br:colour"
    desk.book.put(BRIDGES, "houten-brug", "lengte in meters", 19)

    desk.bring("--write")
    text = path.read_text("utf-8")
    assert 'br:colour "rood"' in text
    assert "<urn:a> <urn:b> 1 ." in text


def test_a_file_with_comments_is_refused_at_its_row(minimal: Path, run: Any) -> None:
    path = minimal / "data/bridge/houten-brug.ttl"
    path.write_text(path.read_text("utf-8") + "# nog nakijken\n", "utf-8")
    desk = Desk(minimal, run)
    desk.book.put(BRIDGES, "houten-brug", "lengte in meters", 19)

    ran = desk.bring("--write")
    assert ran.code == 1
    assert f"{desk.file}:Bruggen!A2: violation: " in ran.out
    assert "[has-comments]" in ran.out


def repacked(content: bytes, change: Callable[[str, bytes], bytes], *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
        for name in more:
            new.writestr(name, b"x")
    return out.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "no archive": ("workbook-unreadable", lambda _: b"PK\x03\x04 not so"),
    "nothing": ("workbook-unreadable", lambda _: b""),
    "cut off": ("workbook-unreadable", lambda c: c[: len(c) // 2]),
    "other archive": ("workbook-unreadable", lambda _: repacked(_empty_zip(), lambda _, b: b, "x")),
    "macros": ("workbook-macros", lambda c: repacked(c, lambda _, b: b, "xl/vbaProject.bin")),
    "entities": (
        "workbook-unreadable",
        lambda c: repacked(c, lambda _, b: b.replace(b"<worksheet", b"<!DOCTYPE x><worksheet")),
    ),
    "broken sheet": (
        "workbook-unreadable",
        lambda c: repacked(c, lambda n, b: b[:-40] if "sheet2" in n else b),
    ),
    "far cell": ("workbook-large", lambda c: _far(c, "A60000")),
    "wide cell": ("workbook-large", lambda c: _far(c, "ZZ2")),
    "foreign": ("workbook-foreign", lambda _: _foreign()),
    "damaged": ("workbook-damaged", lambda c: _state(c, "A2", "row")),
    "other version": ("workbook-form", lambda c: _state(c, "A1", "jkgraph 99")),
    "column twice": ("workbook-column-twice", lambda c: _state(c, "B1", "naam (en)", BRIDGES)),
    "no key": ("workbook-key-missing", lambda c: _state(c, "A1", "sleutel", BRIDGES)),
}


def _empty_zip() -> bytes:
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    return out.getvalue()


def _far(content: bytes, cell: str) -> bytes:
    book = Book(content)
    book.book[BRIDGES][cell] = "x"
    return book.bytes()


def _foreign() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def _state(content: bytes, cell: str, value: str, sheet: str = "_jkgraph") -> bytes:
    book = Book(content)
    book.book[sheet][cell] = value
    return book.bytes()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_workbook_that_cannot_be_trusted_is_refused_in_a_sentence(
    still: Graph, kinds: Kinds, content: bytes, case: str
) -> None:
    key, change = HOSTILE[case]
    with pytest.raises(JkgraphError, check=lambda error: error.message.key == f"error.{key}"):
        read_workbook(change(content), still, kinds)


@pytest.mark.parametrize(
    ("name", "code"), [("x.xlsm", 2), ("x.ods", 2), ("x.txt", 2), ("none.xlsx", 2), ("x.csv", 2)]
)
def test_a_file_that_is_something_else_gives_a_sentence(
    tmp_path: Path, run: Any, name: str, code: int
) -> None:
    if not name.startswith("none"):
        (tmp_path / name).write_bytes(b"\xff\xfe\xfd")
    ran = run("import", str(tmp_path / name))
    assert ran.code == code
    assert ran.err.startswith("jkgraph: ")
    assert ran.err.count("\n") == 1


def test_an_export_overwrites_nothing(desk: Desk) -> None:
    ran = desk.run("export", "--out", str(desk.file))
    assert (ran.code, "may hold work" in ran.err) == (2, True)
    assert desk.run("export").code == 2
    assert desk.run("export", "brige", "--csv").code == 2


def test_without_openpyxl_it_says_how_to_get_it(
    tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jkgraph.worksheets.find_spec", lambda _: None)

    ran = run("export", "--out", str(tmp_path / "x.xlsx"))

    assert (ran.code, "jkgraph[sheets]" in ran.err) == (2, True)
    assert run("export", "bridge", "--csv").code == 0


def test_many_faults_are_told_up_to_a_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jkgraph.cli.exchange.MOST_REMARKS", 10)
    for number in range(13):
        desk.book.book[BRIDGES].append(
            [f"nieuw-{number}", "Brug", *[None] * 3, "Brug.", None, "Zee"]
        )

    ran = desk.bring()

    assert ran.code == 1
    assert ran.out.count("[cell-link]") == 10
    assert "And more messages: 3." in ran.err


@pytest.mark.parametrize(
    ("typed", "kinds_of", "value"),
    [
        ("ja", ["boolean"], "true"),
        ("ONWAAR", ["boolean"], "false"),
        ("2019", ["gYear", "gYearMonth", "date"], "2019"),
        ("5-2019", ["gYear", "gYearMonth", "date"], "2019-05"),
        ("31.5.2019", ["gYear", "gYearMonth", "date"], "2019-05-31"),
        ("12", ["integer", "decimal"], "12"),
        ("-12,5", ["integer", "decimal"], "-12.5"),
        ("\u00a012.5\u00a0", ["integer", "decimal"], "12.5"),
        ("1.000", ["integer", "decimal"], None),
        ("31-2-2019", ["date"], None),
        ("misschien", ["boolean"], None),
    ],
)
def test_values_are_read_as_people_type_them(
    typed: str, kinds_of: list[str], value: str | None
) -> None:
    found = read_typed(text_of(typed), [XSD + kind for kind in kinds_of])

    assert (found.value if found else None) == value


def test_records_with_one_label_are_told_apart(minimal: Path, run: Any) -> None:
    twin = (minimal / "data/water/lange-vaart.ttl").read_text("utf-8")
    path = minimal / "data/water/vaart-in-het-noorden.ttl"
    path.write_text(twin.replace("water:lange-vaart a", "water:vaart-in-het-noorden a"), "utf-8")
    desk = Desk(minimal, run)
    cell = desk.book.cell(BRIDGES, "houten-brug", "gaat over")
    assert cell.value == "Lange Vaart [lange-vaart]"

    cell.value = "Lange Vaart"
    assert "water:lange-vaart; water:vaart-in-het-noorden." in desk.bring().out
    cell.value = "lange vaart [vaart-in-het-noorden]\nwater:brede-stroom"
    assert desk.bring("--write").code == 0
    text = desk.record("bridge", "houten-brug").read_text("utf-8")
    assert "br:crosses water:brede-stroom ,\n        water:vaart-in-het-noorden ;" in text


def test_a_sheet_has_a_title_that_excel_takes(still: Graph, kinds: Kinds) -> None:
    long = {"nl": "Uitleg: [alles] over 'bruggen' in de hele streek"}
    named = replace(kinds, records=tuple(replace(k, plural=long) for k in kinds.records))

    book = Book(exported(still, named)).book

    assert book.sheetnames[1:4] == [
        "Uitleg alles over 'bruggen' in",
        "Uitleg alles over 'bruggen' 2",
        "Uitleg alles over 'bruggen' 3",
    ]
    assert planned(still, named, exported(still, named)).edits == ()


# ---- CSV


def test_csv_opens_in_excel_and_runs_nothing(minimal: Path, run: Any) -> None:
    path = minimal / "data/bridge/houten-brug.ttl"
    text = path.read_text("utf-8").replace('"Houten brug"@nl', '"=1+1"@nl')
    path.write_text(text.replace('"Wooden bridge"@en', '"\'@x"@en'), "utf-8")

    ran = run("export", "bridge", "--csv", lang="nl")

    assert ran.out.startswith("\ufeffnaam in het adres;naam (nl);")
    rows = list(csv.reader(io.StringIO(ran.out[1:]), delimiter=";"))
    assert rows[1][:3] == ["houten-brug", "'=1+1", "''@x"]
    file = minimal.parent / "download (1).csv"
    file.write_bytes(ran.out.encode())
    assert run("import", str(file)).out == ""


@pytest.mark.parametrize("form", ["comma", "tab", "utf-16"])
def test_csv_is_read_however_it_was_saved(minimal: Path, run: Any, form: str) -> None:
    folder = minimal.parent / "csv"
    assert run("export", "--csv", "--out", str(folder)).code == 0
    file = folder / "bridge.csv"
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""), delimiter=";"))
    rows[1][9] = "19,5"
    out = io.StringIO()
    separator = {"comma": ",", "tab": "\t"}.get(form, ";")
    csv.writer(out, delimiter=separator).writerows([*rows, [], ["", "", ""]])
    file.write_bytes(out.getvalue().encode("utf-16" if form == "utf-16" else "utf-8"))

    ran = run("import", *map(str, sorted(folder.glob("*.csv"))), "--write")

    assert ran.code == 0, ran.out + ran.err
    assert "br:length 19.5" in (minimal / "data/bridge/houten-brug.ttl").read_text("utf-8")


def test_csv_of_an_older_record_is_refused_by_name(minimal: Path, run: Any) -> None:
    file = minimal.parent / "bridge.csv"
    file.write_text(run("export", "bridge", "--csv").out, "utf-8")
    path = minimal / "data/bridge/houten-brug.ttl"
    path.write_text(path.read_text("utf-8").replace("br:length 18.0", "br:length 20.0"), "utf-8")

    ran = run("import", str(file), "--write")

    assert ran.code == 1
    assert "bridge.csv!J2: violation: Wooden bridge, length in metres:" in ran.out
    assert "[cell-stale]" in ran.out


# ---- the records of this repository


@pytest.mark.full
def test_the_real_records_come_back_unchanged(real: Graph) -> None:
    kinds = read_kinds(real)
    for language in real.workspace.languages:
        plan = planned(real, kinds, exported(real, kinds, language))
        assert (plan.edits, plan.remarks) == ((), ())
