"""Each fault, planted alone in a valid workspace, gives one finding with a repair that works.

The table of them in the documentation is written by this file:

    PYTHONPATH=src python tests/test_faults.py
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from jkgraph.checks import run_checks
from jkgraph.fixing import safe_edits
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.messages import Catalogue
from jkgraph.reports import Entry, Report
from jkgraph.turtle import Spots
from jkgraph.workspace import open_workspace

ROOT = Path(__file__).parent.parent
VALID = ROOT / "tests" / "workspaces" / "minimal"
PAGE = ROOT / "docs" / "reference" / "faults.md"
STONE, WOOD, RAIL = (f"data/bridge/{n}.ttl" for n in ("oude-steenbrug", "houten-brug", "spoorbrug"))
SEA, BOOK = "data/water/zoute-zee.ttl", "data/book/bruggen-van-de-streek.ttl"
TEXT = '"Een smalle brug voor voetgangers over de Lange Vaart."@nl'
DAY = '"2025-05-01"^^xsd:date'
BOOK_IRI = "https://example.org/bruggen/id/book/bruggen-van-de-streek"
# Where the finding must be, in the text that is planted.
HERE = "¦"


@dataclass(frozen=True)
class Fault:
    """A text that takes the place of another in a file, and the rule that finds it.

    ``repair`` is what is proposed; ``new`` is bytes where it is no UTF-8.
    """

    group: str
    name: str
    file: str
    old: str
    new: str | bytes
    rule: str
    repair: str | None = None
    at: str = ""
    to: str = ""

    def plant(self, folder: Path) -> str:
        """Change the file, move it where asked; return the place where a finding must be."""
        file = folder / self.file
        if not file.exists():
            file.write_text("", "utf-8")
        text = file.read_text("utf-8")
        assert self.old in text, f"{self.file} holds no {self.old}"
        before, after = text.split(self.old, 1) if self.old else ("", text)
        new = self.new if isinstance(self.new, bytes) else self.new.encode()
        content = before.encode() + new + after.encode()
        *lines, last = content.partition(HERE.encode())[0].decode("utf-8", "replace").split("\n")
        file.write_bytes(content.replace(HERE.encode(), b"", 1))
        if self.to:
            (folder / self.to).parent.mkdir(exist_ok=True)
            file.rename(folder / self.to)
        place = self.at or f"{len(lines) + 1}:{len(last) + 1}"
        return place if place.startswith("data/") else f"{self.to or self.file}:{place}"


def _syntax() -> Iterator[Fault]:
    def fault(name: str, old: str, new: str, rule: str, *repair: str, file: str = WOOD) -> Fault:
        return Fault("Signs", name, file, old, new, f"syntax-{rule}", *repair)

    yield fault("no semicolon", "18.0 ;", "18.0¦", "missing-semicolon", "Add: ;")
    yield fault("no comma", '"Houten brug"@nl ,', '"Houten brug"@nl¦', "missing-comma", "Add: ,")
    yield fault("no full stop", f"{DAY} .", f"{DAY}¦", "missing-dot", "Add: .")
    yield fault("a comma for a semicolon", "18.0 ;", "18.0 ¦,", "missing-semicolon", "Write: ;")
    yield fault(
        "a bracket left open",
        "( br:crosses br:flowsInto ) .",
        "( br:crosses br:flowsInto¦ .",
        "missing-bracket",
        "Add: )",
        file="ontology/core.ttl",
    )
    yield fault("no value", "br:length 18.0", "br:length¦", "missing-value")
    yield fault(
        "quotes in a text",
        TEXT,
        '"Een ¦"smalle" brug."@nl',
        "unescaped-quote",
        r'Write: "Een \"smalle\" brug."',
    )
    yield fault(
        "a text not closed",
        TEXT,
        '¦"Een smalle brug.',
        "unclosed-string",
        'Write: "Een smalle brug."@nl ;',
    )
    yield fault("a backslash", TEXT, r'"Een ¦\smalle brug."@nl', "bad-escape", r"Write: \\")
    yield fault(
        "a language with an underscore",
        TEXT,
        '"Een smalle brug."@nl¦_NL',
        "bad-language",
        "Write: @nl",
    )
    yield fault(
        "a web address without < >",
        "water:lange-vaart",
        "¦https://example.org/bruggen/id/water/lange-vaart",
        "bare-iri",
        "Write: <https://example.org/bruggen/id/water/lange-vaart>",
    )
    yield fault("half an address", "water:lange-vaart", "¦<lange-vaart>", "relative-iri")
    yield fault("a word without quotes", TEXT, "¦Smal", "bare-word", 'Write: "Smal"@nl')
    yield fault("curly quotes", TEXT, "¦“Een brug.”@nl", "bad-character", 'Write: "Een brug."')
    yield fault(
        "a part by the name of its record",
        "br:citation :c1 ;",
        "br:citation bridge:oude-steenbrug¦#c1 ;",
        "hash-after-name",
        "Write: :c1",
        file=STONE,
    )
    yield fault("too new", "water:lange-vaart", "¦<<( water:a br:crosses water:b )>>", "rdf-12")
    yield fault("a full stop too many", f"{DAY} .", f"{DAY} .¦.", "other")


def _encoding() -> Iterator[Fault]:
    yield Fault(
        "Encoding",
        "an invisible mark at the start (BOM)",
        WOOD,
        "@prefix br:",
        "¦\ufeff@prefix br:",
        "syntax-bom",
        "Remove: BOM",
    )
    yield Fault(
        "Encoding",
        "saved as Windows does",
        WOOD,
        "Een smalle brug",
        b"\xc2\xa6\xc9\xe9n brug",
        "syntax-encoding",
        "Write: É",
    )


def _vocabulary() -> Iterator[Fault]:
    def fault(name: str, old: str, new: str, rule: str, *repair: str, file: str = STONE) -> Fault:
        return Fault("Words", name, file, old, new, rule, *repair)

    term, link = "unknown-term", "link-unknown"
    yield fault("a class misspelt", "a br:Bridge", "a ¦br:Brigde", term, "Write: br:Bridge")
    yield fault(
        "the class of a part misspelt",
        "a br:Citation",
        "a ¦br:Citaton",
        term,
        "Write: br:Citation",
    )
    yield fault("a property misspelt", "br:material", "¦br:materail", term, "Write: br:material")
    yield fault(
        "a borrowed property misspelt",
        "dct:modified",
        "¦dct:modifed",
        "property-without-shape",
        "Write: dct:modified",
    )
    yield fault(
        "a property of another kind",
        "br:crosses water:lange-vaart",
        "br:crosses water:lange-vaart ;\n    ¦br:flowsInto water:lange-vaart",
        "property-without-shape",
    )
    yield fault(
        "a record misspelt",
        "water:lange-vaart",
        "¦water:lange-vart",
        link,
        "Write: water:lange-vaart",
    )
    yield fault("a record that is not there", "water:lange-vaart", "¦water:diepe-sloot", link)
    yield fault(
        "a value of a list misspelt",
        "material:steen",
        "¦material:stene",
        link,
        "Write: material:steen",
    )
    yield fault(
        "a record under the prefix of a list",
        "water:lange-vaart",
        "¦material:lange-vaart",
        link,
        "Write: water:lange-vaart",
    )
    yield fault("a part that is not there", "br:citation :c1", "br:citation :c1 , ¦:c2", link)
    yield fault(
        "a prefix misspelt",
        "material:steen",
        "¦materail:steen",
        "syntax-undeclared-prefix",
        "Write: material:steen",
    )
    line = "@prefix material: <https://example.org/bruggen/id/material/> ."
    yield Fault(
        "Words",
        "a prefix without its line",
        STONE,
        f"{line}\n",
        "",
        "syntax-undeclared-prefix",
        f"Add: {line}",
        at="17:17",
    )
    yield fault(
        "a property misspelt in a shape",
        "sh:path br:opened",
        "sh:path ¦br:openend",
        term,
        "Write: br:opened",
        file="shapes/bridge.ttl",
    )
    yield fault(
        "a class misspelt in a query",
        "br:Crossing",
        "¦br:Crosing",
        term,
        "Write: br:Crossing",
        file="queries/upstream.rq",
    )
    yield fault(
        "a property misspelt in the settings",
        '"br:citation"',
        '¦"br:citaton"',
        term,
        'Write: "br:citation"',
        file="jkgraph.toml",
    )


def _values() -> Iterator[Fault]:
    def fault(name: str, old: str, new: str, rule: str, *repair: str, file: str = STONE) -> Fault:
        return Fault("Values", name, file, old, new, rule, *repair)

    typed, right = "ill-typed-literal", f"Write: {DAY}"
    yield fault("a day that does not exist", DAY, '¦"2025-02-30"^^xsd:date', typed)
    yield fault("a day in Dutch order", DAY, '¦"01-05-2025"^^xsd:date', typed, right)
    yield fault("a day without zeros", DAY, '¦"2025-5-1"^^xsd:date', typed, right)
    yield fault("a day in words", DAY, '¦"1 mei 2025"^^xsd:date', typed, right)
    yield fault("a day as a text", DAY, '¦"2025-05-01"', "Record-modified", right)
    yield fault("a number in words", "24.50", '¦"twaalf"^^xsd:decimal', typed, "Write: 12.0")
    yield fault("a number with a comma", "24.50", '¦"24,50"^^xsd:decimal', typed, "Write: 24.50")
    yield fault("a whole number", "24.50", "¦24", "BridgeShape-length", "Write: 24.0")
    yield fault("a number out of bounds", "24.50", "¦0.0", "BridgeShape-length")
    yield fault(
        "a text without a language",
        '"Oude Steenbrug"@nl',
        '¦"Oude Steenbrug"',
        "Record-prefLabel",
        'Write: "Oude Steenbrug"@nl',
    )
    yield fault(
        "a text with a language too many",
        '"12-13"',
        '¦"12-13"@nl',
        "CitationShape-pages",
        'Write: "12-13"',
    )
    yield fault(
        "a value of a list by its name",
        "material:steen",
        '¦"Steen"@nl',
        "BridgeShape-material",
        "Write: material:steen",
    )
    yield fault(
        "a record by its name",
        "water:lange-vaart",
        '¦"Lange Vaart"',
        "CrossingShape-crosses",
        "Write: water:lange-vaart",
    )
    yield fault(
        "a record of another kind",
        "water:lange-vaart",
        "¦book:bruggen-van-de-streek",
        "CrossingShape-crosses",
    )


def _shapes() -> Iterator[Fault]:
    def fault(name: str, old: str, new: str, rule: str, *repair: str, **more: str) -> Fault:
        file = more.pop("file", WOOD)
        return Fault("Fields and rules", name, file, old, new, rule, *repair, **more)

    subject, status = "bridge:houten-brug a br:Bridge ;", "    br:status status:klaar ;\n"
    yield fault(
        "no status",
        status,
        "",
        "Record-status",
        "Add: br:status status:in-bewerking ;",
        at="10:1",
    )
    yield fault(
        "no description",
        f"    dct:description {TEXT} ;\n",
        "",
        "Record-description",
        at="10:1",
    )
    yield fault(
        "two of what may be there once",
        status,
        "    ¦br:status status:klaar , status:in-bewerking ;\n",
        "Record-status",
    )
    yield fault(
        "a citation without its book",
        "dct:source book:bruggen-van-de-streek ;\n    ",
        "",
        "CitationShape-source",
        file=STONE,
        at="25:1",
    )
    yield fault(
        "a water that flows into itself",
        "br:status",
        "br:flowsInto ¦water:zoute-zee ;\n    br:status",
        "flows-in-circle",
        file=SEA,
    )
    yield fault(
        "nearly the name of another",
        '"Spoorbrug"@nl',
        '¦"Oude steenbrugg"@nl',
        "similar-name",
        file=RAIL,
    )
    yield fault(
        "no kind",
        subject,
        "¦bridge:houten-brug",
        "type-missing",
        "Write: bridge:houten-brug a br:Bridge ;",
    )
    yield fault("the kind of another folder", "a br:Bridge", "a ¦br:Water", "type-elsewhere")
    yield fault(
        "a part without a name",
        "br:material material:hout ;",
        f"br:citation ¦[ a br:Citation ; dct:source <{BOOK_IRI}> ] ;",
        "blank-node",
    )
    yield fault(
        "another record in the same file",
        f"{DAY} .",
        f'{DAY} .\n\n¦<{BOOK_IRI}> dct:creator "B. Bouwer" .',
        "subject-elsewhere",
    )


def _places() -> Iterator[Fault]:
    def fault(name: str, file: str, to: str, rule: str, *repair: str, **more: str) -> Fault:
        at = more.pop("at", "1:1")
        return Fault(
            "Files",
            name,
            file,
            more.get("old", ""),
            more.get("new", ""),
            rule,
            *repair,
            at=at,
            to=to,
        )

    yield fault(
        "a folder that is no kind", BOOK, "data/boek/a.ttl", "folder-unknown", at="data/boek:1:1"
    )
    yield fault("a file that is no record", WOOD.replace(".ttl", ".txt"), "", "file-stray")
    yield fault(
        "a folder in a folder",
        WOOD,
        "data/bridge/oud/a.ttl",
        "folder-nested",
        at="data/bridge/oud:1:1",
    )
    yield fault(
        "a file under another name than its record",
        WOOD,
        "data/bridge/houten-bruggetje.ttl",
        "record-missing",
        "Write: bridge:houten-bruggetje",
        at="10:1",
    )
    yield fault(
        "a capital in the name of a file",
        WOOD,
        "data/bridge/Houten-brug.ttl",
        "slug-form",
        old="bridge:houten-brug",
        new="bridge:Houten-brug",
    )
    yield fault(
        "an acceptance of what is not there",
        "jkgraph.toml",
        "",
        "exception-unused",
        old="[site]",
        new='[[exception]]\nrule = "x"\nrecord = "y"\nreason = "z"\n\n[site]',
        at="32:1",
    )


FAULTS = [*_syntax(), *_encoding(), *_vocabulary(), *_values(), *_shapes(), *_places()]
# What `--fix` repairs; the first ones say something else than the file did before.
OTHERWISE = {"a whole number", "a number in words"}
CERTAIN = OTHERWISE | {
    "an invisible mark at the start (BOM)",
    "a class misspelt",
    "the class of a part misspelt",
    "a property misspelt",
    "a borrowed property misspelt",
    "a record misspelt",
    "a value of a list misspelt",
    "a record under the prefix of a list",
    "a prefix misspelt",
    "a prefix without its line",
    "a day in Dutch order",
    "a day without zeros",
    "a day in words",
    "a day as a text",
    "a number with a comma",
    "a text without a language",
    "a text with a language too many",
    "a value of a list by its name",
    "a record by its name",
    "no kind",
}
IDS = [fault.name.replace(" ", "-") for fault in FAULTS]


@dataclass(frozen=True)
class Tried:
    """What came of a planted fault.

    ``place`` is where it stands; ``fixed`` holds the files that `--fix` changes, by path; ``left``
    is what is found when the proposed repairs are made.
    """

    place: str
    found: list[Entry]
    fixed: dict[str, str | None]
    left: list[Entry]


@cache
def _tried(fault: Fault) -> Tried:
    with TemporaryDirectory() as temporary:
        folder = shutil.copytree(VALID, Path(temporary) / "workspace")
        place = fault.plant(folder)
        report = _check(folder)
        found = report.entries
        files = sorted((folder / "data").rglob("*.ttl"))
        edits = list(safe_edits(report.graph, report.kinds, report.findings, files))
        fixed = {edit.path.relative_to(folder).as_posix(): edit.after for edit in edits}
        for repair in filter(None, (one.repair for one in report.findings)):
            file = folder / found[0].finding.location.path
            spots = Spots(file.read_text("utf-8", "surrogateescape"))
            new = spots.replace([tuple(replacement) for replacement in repair.replacements])
            file.write_text(new or "", "utf-8")
        return Tried(place, found, fixed, _check(folder).entries)


def _check(folder: Path) -> Report:
    graph = load(open_workspace(folder))
    kinds = read_kinds(graph)
    return Report(graph, kinds, run_checks(graph, kinds), "en")


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return open_workspace(VALID).catalogue


def test_there_are_forty_faults_and_more() -> None:
    assert len(set(IDS)) == len(FAULTS) >= 40


@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_a_planted_fault_gives_one_finding_at_its_place_with_a_repair_that_works(
    fault: Fault, words: Catalogue
) -> None:
    tried = _tried(fault)

    (entry,) = tried.found
    assert (str(entry.finding.location), entry.finding.rule) == (tried.place, fault.rule)
    assert entry.repair == (fault.repair or "")
    texts = {lang: words.say(entry.finding.message, lang) for lang in ("nl", "en")}
    assert texts["nl"] != texts["en"]
    assert all(text and "{" not in text for text in texts.values())
    assert bool(tried.left) == (entry.finding.repair is None)


@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_only_a_certain_repair_is_made_without_asking(fault: Fault) -> None:
    tried = _tried(fault)

    repair = tried.found[0].finding.repair
    is_safe = repair is not None and repair.is_safe
    assert is_safe == (fault.name in CERTAIN)
    # Where it could be only one thing, the file says again what it said.
    if is_safe and fault.name not in OTHERWISE:
        assert tried.fixed[fault.file] == (VALID / fault.file).read_text("utf-8")


def test_the_table_in_the_documentation_is_current() -> None:
    assert PAGE.read_text("utf-8") == _page()


def _page() -> str:
    lines = [
        "# Faults and their repairs",
        "",
        "<!-- Written by `python tests/test_faults.py`. Change that file, not this page. -->",
        "",
        "Every fault below was planted alone in a small workspace about bridges.",
        "`jkgraph validate` gave one finding at the right place, in Dutch and in English;",
        "where a repair is named, typing it made the finding go away.",
        "`--fix` makes the repairs marked with ✓ by itself: they can mean nothing else.",
    ]
    for group in dict.fromkeys(fault.group for fault in FAULTS):
        lines += ["", f"## {group}", "", "| fault | finding | repair | rule |", "|---|---|---|---|"]
        lines += [_row(fault) for fault in FAULTS if fault.group == group]
    return "\n".join(lines) + "\n"


def _row(fault: Fault) -> str:
    (entry,) = _tried(fault).found
    repair = entry.finding.repair
    typed = _code(entry.repair) if repair else "–"
    safe = " ✓" if repair and repair.is_safe else ""
    link = f"[`{fault.rule}`](rules.md#{fault.rule})"
    # The rules of this workspace about bridges stand on no page.
    is_of_engine = fault.rule[:1].islower() and fault.rule != "flows-in-circle"
    rule = link if is_of_engine else f"`{fault.rule}`"
    sentence = entry.sentence.replace("|", "\\|").replace("<", "&lt;")
    return f"| {fault.name} | {sentence} | {typed}{safe} | {rule} |"


def _code(text: str) -> str:
    action, _, typed = text.partition(": ")
    fence = "``" if "`" in typed else "`"
    return f"{action} {fence}{typed.replace('|', chr(92) + '|')}{fence}"


if __name__ == "__main__":
    PAGE.write_text(_page(), "utf-8")
    sys.exit()
