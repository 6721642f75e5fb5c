# ruff: noqa: E501  (a hostile input a line)
"""Settings, words, queries and their parameters, workbooks and CSV: each with hostile content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

SETTINGS = "jkgraph.toml"
DEEP = 5000


def setting(line: str) -> Callable[[str], str]:
    """Put a line in the place of one with the same key, else at the end of its file."""
    key = line.partition("=")[0]

    def changed(text: str) -> str:
        lines = text.splitlines()
        kept = [line if old.startswith(key) else old for old in lines]
        return "\n".join(kept if kept != lines else [*lines, line]) + "\n"

    return changed


# What becomes of the settings; all of it is refused, but for what is marked as harmless.
SET: dict[str, Callable[[str], str | bytes]] = {
    "nothing": lambda _: "",
    "nul": lambda text: f"{text}\0",
    "utf-16": lambda text: text.encode("utf-16"),
    "latin-1": lambda text: f"# é\n{text}".encode("latin-1"),
    "control-signs": setting('"\\u001b[2J" = 1'),
    "nested": lambda text: f"{text}\nx = {'[' * DEEP}{']' * DEEP}",
    "tables-nested": lambda text: f"{text}\n[{'.'.join('a' * DEEP)}]",
    "table-twice": lambda text: text + text,
    "number-of-many-digits": lambda text: f"{text}\n[check]\nmonths = {'9' * 6000}",
    "months-without-end": setting("months = inf"),
    "months-beyond-the-calendar": setting("months = 999999999999"),
    "base-javascript": setting('base = "javascript:alert(1)//"'),
    "base-of-a-file": setting('base = "file:///etc/"'),
    "base-with-markup": setting('base = "https://x.example/<script>/"'),
    "base-with-a-space": setting('base = "https://x.example/a b/"'),
    "base-with-a-newline": setting('base = "https://x.example/\\n/"'),
    "base-with-braces": setting('base = "https://x.example/{x}/"'),
    "base-with-a-backslash": setting('base = "https://x.example/\\\\/"'),
    "address-javascript": setting('address = "javascript:alert(1)/"'),
    "address-with-a-header": setting('address = "https://x.example/\\r\\nSet-Cookie: x/"'),
    "sub-path-with-a-rule": setting('sub_path = "/x/;}\\nlocation / {"'),
    "sub-path-upwards": setting('sub_path = "/../"'),
    "edit-javascript": setting('edit = "javascript:alert(1)"'),
    "report-with-markup": setting('report = "https://x.example/\\"><script>"'),
    "licence-javascript": setting('licence = "javascript:alert(1)"'),
    "licence-with-a-header": setting('licence = "https://x.example/\\r\\nX: y"'),
    "contact-javascript": setting('contact = "javascript:alert(1)"'),
    "area-javascript": setting('area = "javascript:alert(1)"'),
    "publisher-elsewhere": setting('publisher = "javascript:alert(1)"'),
    "prefix-with-markup": setting('"<b>" = "https://x.example/"'),
    "prefix-javascript": setting('x = "javascript:"'),
    "role-with-sparql": setting('status = "br:x } ; DROP ALL #"'),
    "role-upwards": setting('record = "../../x"'),
    "language-upwards": setting('languages = ["../../../outside", "nl"]'),
    "language-with-markup": setting('languages = ["<script>", "nl"]'),
    "languages-none": setting("languages = []"),
    "menu-upwards": setting('menu = ["../../outside"]'),
    "version-of-great-length": setting(f'requires = ">={"9." * 5000}"'),
    "facet-javascript": setting('fields = ["javascript:alert(1)"]'),
}


@pytest.mark.parametrize("command", ["validate", pytest.param("build", marks=pytest.mark.full)])
@pytest.mark.parametrize("name", SET)
def test_hostile_settings_are_refused_or_harmless(
    attack: Callable, minimal: Path, name: str, command: str
) -> None:
    text = (minimal / SETTINGS).read_text("utf-8")

    ran = attack({SETTINGS: SET[name](text)}, command)

    assert ran.code in {0, 1, 2}
    for page in (minimal / "build").rglob("*.html"):
        assert 'href="javascript:' not in page.read_text("utf-8")


WORDS: dict[str, str | bytes] = {
    "no-po": "\0\1\2",
    "cut-off": 'msgid "site.title"\nmsgstr "',
    "latin-1": 'msgid "x"\nmsgstr "é"\n'.encode("latin-1"),
    "utf-16": 'msgid "x"\nmsgstr "y"\n'.encode("utf-16"),
    "charset-unknown": 'msgid ""\nmsgstr "Content-Type: text/plain; charset=x-none\\n"\n',
    "charset-of-programs": 'msgid ""\nmsgstr "Content-Type: text/plain; charset=zip\\n"\n',
    "no-key": 'msgstr "x"\n',
    "a-page": "<script>alert(1)</script>",
    "gaps": 'msgid "validate.sum"\nmsgstr "{0.__class__} {x} {{"\n',
    "great-length": f'msgid "validate.sum"\nmsgstr "{"x" * 1_000_000}"\n',
}


@pytest.mark.parametrize("name", WORDS)
def test_hostile_words_are_an_error_or_harmless(attack: Callable, name: str) -> None:
    attack({"locale/en.po": WORDS[name]}, "validate")


# Queries, and the word that tells that they were refused; none where they may be answered.
ASKED: dict[str, tuple[str, str]] = {
    "service": ("SELECT * { SERVICE <{beacon}> { ?s ?p ?o } }", "server"),
    "service-silent": ("SELECT * { SERVICE SILENT <{beacon}> { ?s ?p ?o } }", "server"),
    "service-small": ("SELECT * { sErViCe <{beacon}> { ?s ?p ?o } }", "server"),
    "service-of-a-variable": ("SELECT * { VALUES ?x { <{beacon}> } SERVICE ?x { ?s ?p ?o } }", "server"),
    "service-after-a-comment": ("SELECT * { #\n SERVICE#\n<{beacon}> { ?s ?p ?o } }", "server"),
    "service-after-a-quote": ("SELECT * { ?s ?p '\\'' . SERVICE <{beacon}> { ?s ?p ?o } }", "server"),
    "service-escaped": ("SELECT * { \\u0053ERVICE <{beacon}> { ?s ?p ?o } }", "jkgraph"),
    "service-after-half-an-address": ("SELECT * { FILTER(1<2) SERVICE <{beacon}> { ?s ?p ?o } }", "server"),
    "service-in-a-sub-query": ("SELECT * { { SELECT * { SERVICE <{beacon}> { ?s ?p ?o } } } }", "server"),
    "from-elsewhere": ("SELECT * FROM <{beacon}> { ?s ?p ?o }", ""),
    "from-a-file": ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", ""),
    "load": ("LOAD <{beacon}>", "jkgraph"),
    "load-into": ("LOAD SILENT <{beacon}> INTO GRAPH <urn:x>", "jkgraph"),
    "load-of-a-file": ("LOAD <file:///etc/passwd>", "jkgraph"),
    "insert": ("INSERT DATA { <urn:s> <urn:p> 1 }", "jkgraph"),
    "delete": ("DELETE WHERE { ?s ?p ?o }", "jkgraph"),
    "drop": ("DROP ALL", "jkgraph"),
    "update-after-a-question": ("SELECT * { ?s ?p ?o } ; DROP ALL", "jkgraph"),
    "two-questions": ("SELECT * { } SELECT * { }", "jkgraph"),
    "brackets": ("SELECT * " + "{" * 2000 + "}" * 2000, ""),
    "brackets-in-a-filter": ("SELECT * { FILTER(" + "(" * 500 + "1" + ")" * 500 + ") }", ""),
    "negations": ("SELECT * { FILTER(" + "!" * 3000 + "true) }", ""),
    "unions": ("SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 300) + " } LIMIT 1", ""),
    "pattern-that-explodes": ('SELECT * { FILTER(REGEX("' + "a" * 60 + '!", "^(a+)+$")) }', ""),
    "pattern-of-great-size": ('SELECT * { BIND(REGEX("a", "a{1000}{1000}{1000}") AS ?x) }', ""),
    "replacement-that-grows": ('SELECT (REPLACE("' + "a" * 1000 + '", "a", "aaaaaaaaaa") AS ?x) { }', ""),
    "text-never-closed": ('SELECT * { ?s ?p "', "jkgraph"),
    "nul": ("SELECT * { ?s ?p \0 }", "jkgraph"),
    "control-signs": ("SELECT * { \x1b[2J }", "jkgraph"),
    "turning": ("SELECT * { \u202e }", "jkgraph"),
    "great-length": ("SELECT * { ?s ?p ?o } #" + "x" * 1_000_000, ""),
    "prefix-of-our-own": ("PREFIX br: <{beacon}> SELECT * { ?s a br:Bridge }", ""),
    "base-elsewhere": ("BASE <{beacon}> SELECT * { ?s a <x> }", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_a_hostile_query_is_refused_or_answered(attack: Callable, beacon: str, name: str) -> None:
    text, refusal = ASKED[name]

    ran = attack(
        {"vraag.rq": text.replace("{beacon}", beacon)}, "query", "vraag.rq", "--limit", "3"
    )

    assert ran.code == (2 if refusal else ran.code), ran.out
    assert refusal in ran.err
    assert ran.out == "" or not refusal


@pytest.mark.full
def test_a_query_without_end_is_stopped(program: Callable) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

    ran = program("query", "-e", text, "--timeout", "1")

    assert (ran.code, "--timeout" in ran.err) == (2, True)


HEADERS = {
    "script": "# Title@nl: <script>alert(1)</script>",
    "no-language": "# Title@<script>: x",
    "view": "# View: ../../../outside/secret",
    "view-with-python": "# View: {{ 7*7 }}",
    "parameter-with-sparql": "# Parameter: ?x } br:Water",
    "parameter-that-is-a-pattern": "# Parameter: ?(.*)+ br:Water",
    "parameter-of-nothing": "# Parameter:",
    "parameter-of-an-unknown-kind": "# Parameter: ?water javascript:alert",
    "control-signs": "# Title@nl: a\x1b[2Jb\u202ec",
    "great-length": f"# Title@nl: {'x' * 500_000}",
    "thousands": "# Title@nl: x\n" * 20_000,
    "carriage-return": "# Title@nl: a\rSELECT * { SERVICE <urn:x> { } }",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_hostile_header_is_an_error_or_harmless(attack: Callable, name: str) -> None:
    text = f"{HEADERS[name]}\nSELECT ?water {{ VALUES ?water {{ water:lange-vaart }} }}\n"

    attack({"queries/vraag.rq": text}, "query", "vraag")
    attack({}, "query", "--list")


GIVEN = {
    "sparql": "x } ; DROP ALL #",
    "closing": "water:lange-vaart } ?s ?p ?o . SERVICE <{beacon}> { ?s ?p ?o } VALUES ?y {",
    "address": "<{beacon}>",
    "address-and-more": "<https://x.example/> } SERVICE <{beacon}> { ?s ?p ?o } {",
    "javascript": "<javascript:alert(1)>",
    "quotes": "\"\"\"'''\\",
    "newlines": "lange-vaart\n} SERVICE <{beacon}> { ?s ?p ?o",
    "group": r"\1\g<0>",
    "path": "../../../outside/secret",
    "nothing": "",
    "great-length": "x" * 200_000,
    "half-a-sign": "a\udcffb",
    "control-signs": "a\x1b[2J\u202eb",
    "gap": "{name}{0}",
    "variable": "?water",
    "option": "--help",
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_hostile_value_never_becomes_sparql(attack: Callable, beacon: str, name: str) -> None:
    value = GIVEN[name].replace("{beacon}", beacon)

    ran = attack({}, "query", "bridges-over", f"--param=water={value}")

    assert (ran.code, ran.out) == (2, "")


CHANGED = {
    "load": "LOAD <{beacon}>",
    "service": "INSERT { ?s br:note 1 } WHERE { SERVICE <{beacon}> { ?s ?p ?o } }",
    "escaped": "\\u004COAD <{beacon}>",
    "drop": "DROP ALL",
    "everything": "DELETE WHERE { ?s ?p ?o }",
    "another-folder": "INSERT DATA { <https://example.org/bruggen/id/../../outside/x> a br:Bridge }",
    "slug-upwards": "INSERT DATA { <https://example.org/bruggen/id/bridge/../../../x> a br:Bridge }",
    "slug-escaped": "INSERT DATA { <https://example.org/bruggen/id/bridge/%2e%2e> a br:Bridge }",
    "ontology": 'INSERT DATA { br:Bridge skos:prefLabel "x"@nl }',
    "graph": "INSERT DATA { GRAPH <file:///etc/passwd> { bridge:spoorbrug br:length 1.0 } }",
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_hostile_update_writes_nothing(
    attack: Callable, minimal: Path, beacon: str, name: str
) -> None:
    before = {path: path.read_bytes() for path in (minimal / "data").rglob("*.ttl")}

    ran = attack({"w.ru": CHANGED[name].replace("{beacon}", beacon)}, "update", "w.ru", "--write")

    assert ran.code == 2
    assert {path: path.read_bytes() for path in (minimal / "data").rglob("*.ttl")} == before


def packed(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def repacked(content: bytes, *more: tuple[str, bytes], old: bytes = b"", new: bytes = b"") -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(part.filename, archive.read(part)) for part in archive.infolist()]
    return packed(*((name, text.replace(old, new)) for name, text in parts), *more)


def celled(content: bytes, value: str, kind: str = "s") -> bytes:
    """Put a value in the first cell below every header of the first sheet of records."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = next(page for page in book if page.sheet_state == "visible" and page.max_column > 2)
    for cell in page[2][2:]:
        cell.value, cell.data_type = value, kind
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ENTITY = b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><worksheet'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
BOOKS: dict[str, Callable[[bytes], bytes]] = {
    "entity": lambda c: repacked(c, old=b"<worksheet", new=ENTITY),
    "entities-that-grow": lambda c: repacked(c, old=b"<worksheet", new=LAUGHS),
    "entity-in-utf-16": lambda c: repacked(c, ("xl/worksheets/x.xml", ENTITY.decode().encode("utf-16"))),
    "upwards": lambda c: repacked(c, ("../../../outside/x.xml", b"x")),
    "absolute": lambda c: repacked(c, ("/tmp/outside.xml", b"x")),  # noqa: S108 - nothing is there
    "upwards-on-windows": lambda c: repacked(c, ("..\\..\\outside\\x.xml", b"x")),
    "macros": lambda c: repacked(c, ("xl/vbaProject.bin", b"x")),
    "macros-in-capitals": lambda c: repacked(c, ("XL/VBAPROJECT.BIN", b"x")),
    "link-elsewhere": lambda c: repacked(c, ("xl/externalLinks/externalLink1.xml", b"<externalLink/>")),
    "bomb": lambda _: packed(*((f"xl/{n}.xml", bytes(40_000_000)) for n in range(4))),
    "parts": lambda _: packed(*((f"{n}", b"") for n in range(5001))),
    "archive-in-an-archive": lambda _: packed(("a.zip", packed(("b.zip", packed(("c", b"x")))))),
    "formula": lambda c: celled(c, "=1+1", "f"),
    "formula-that-calls": lambda c: celled(c, '=WEBSERVICE("http://127.0.0.1:9/")', "f"),
    "formula-of-programs": lambda c: celled(c, "=cmd|' /C calc'!A0", "f"),
    "text-like-a-formula": lambda c: celled(c, "@SUM(1+1)"),
    "script": lambda c: celled(c, "<script>alert(1)</script>"),
    "upwards-in-a-cell": lambda c: celled(c, "../../../outside/secret"),
    "javascript": lambda c: celled(c, "javascript:alert(1)"),
    "turtle": lambda c: celled(c, '"@nl ; a <urn:x> . <urn:s> <urn:p> "'),
    "brackets": lambda c: celled(c, "[" * 30_000),
    "control-signs": lambda c: celled(c, "a_x001B_[2Jb\u202ec"),
    "cut-off": lambda c: c[:-100],
    "no-archive": lambda _: b"PK\x03\x04" * 100,
    "old-form": lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a-page": lambda _: b"<html><table><tr><td>=1+1",
}  # fmt: skip


# The same for every copy of the workspace, and slow to make.
EXPORTED: list[bytes] = []


@pytest.mark.parametrize("name", BOOKS)
def test_a_hostile_workbook_changes_nothing(
    attack: Callable, minimal: Path, run: Callable, name: str
) -> None:
    if not EXPORTED:
        run("export", "--out", "export.xlsx")
        EXPORTED.append((minimal / "export.xlsx").read_bytes())
    before = {path: path.read_bytes() for path in (minimal / "data").rglob("*") if path.is_file()}
    content = BOOKS[name](EXPORTED[0])

    ran = attack({"boek.xlsx": content}, "import", "boek.xlsx")

    assert {path: path.read_bytes() for path in before} == before
    assert ran.code in {0, 1, 2}


CSV: dict[str, bytes] = {
    "formula": b"=1+1;x;y\r\n",
    "nul": b"sleutel;naam\r\n\0;\0\r\n",
    "not-utf-8": b"sleutel;naam\r\n\xff\xfe\xfd\r\n",
    "utf-16-cut-off": b"\xff\xfes\0l",
    "quote-open": b'sleutel;"naam' + b"x" * 200_000,
    "columns": b";" * 10_000,
    "rows": b"x\n" * 60_000,
    "upwards": b"sleutel;soort;naam (nl)\r\n../../../outside/x;Brug;Brug\r\n",
    "upwards-by-an-address": b"sleutel;naam\r\n<https://example.org/bruggen/id/bridge/../x>;x\r\n",
    "one-cell": b'"' + b"x" * 200_000 + b'"',
    "nothing": b"",
    "marks": "\ufeff\ufeff\ufeff".encode(),
}


@pytest.mark.parametrize("named", ["bridge.csv", "vreemd.csv"])
@pytest.mark.parametrize("name", CSV)
def test_hostile_csv_changes_nothing(
    attack: Callable, minimal: Path, name: str, named: str
) -> None:
    before = {path: path.read_bytes() for path in (minimal / "data").rglob("*.ttl")}

    attack({named: CSV[name]}, "import", named, "--write")

    assert {path: path.read_bytes() for path in (minimal / "data").rglob("*.ttl")} == before


SLUGS = ["../x", "a/b", "a\\b", "%2e%2e", "<b>", "con", "x" * 300, "a\nb", "--help", "é", "a\x1bb"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_new_record_stays_in_its_folder(attack: Callable, minimal: Path, slug: str) -> None:
    before = set(minimal.rglob("*"))

    attack({}, "new", "bridge", "Een brug", f"--slug={slug}")

    new = {path for path in minimal.rglob("*") if path.is_file()} - before
    assert {path.parent for path in new} <= {minimal / "data" / "bridge"}


@pytest.mark.parametrize("kind", ["../x", "/etc", "bridge/../water", "<b>", "bridge\0", ""])
def test_a_kind_is_no_path(attack: Callable, kind: str) -> None:
    assert attack({}, "new", kind, "Een brug").code == 2
