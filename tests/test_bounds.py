"""Bounds: each stops what is over it, and says what was found, what is allowed, and what raises it.

Those on time and memory end the program, so they are tried as programs of their own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import openpyxl
import pytest

from jkgraph.bounds import USUAL, Bounds
from jkgraph.checks.external import Asker
from jkgraph.graph import Graph
from jkgraph.messages import words
from jkgraph.remote.client import within
from jkgraph.settings import SECTIONS
from jkgraph.site.answering import Bounds as Served
from jkgraph.site.answering import Question, Refused, answer
from jkgraph.site.endpoint import Endpoint, Request
from jkgraph.workspace import open_workspace

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RECORD = "data/bridge/houten-brug.ttl"


def bound(folder: Path, **settings: int) -> None:
    """Set bounds in the settings of a workspace."""
    lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
    with (folder / "jkgraph.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[limits]\n{lines}")


def said(setting: str, found: object, most: int) -> str:
    return f"{found}, and the limit is {most} (`{setting}` under [limits] in jkgraph.toml)"


# What a record of the minimal workspace has, by the bound that it is then over.
TURTLE = {
    "file_bytes": "syntax-too-large",
    "text_characters": "syntax-too-long",
    "nesting": "syntax-too-deep",
    "file_triples": "syntax-too-many",
}


@pytest.mark.parametrize("setting", TURTLE)
def test_a_record_over_a_bound_is_a_finding_and_raising_the_bound_admits_it(
    run: Callable, minimal: Path, setting: str
) -> None:
    path = minimal / RECORD
    most = {"file_bytes": 4000, "text_characters": 700, "nesting": 3, "file_triples": 90}[setting]
    more = {
        "file_bytes": "#" * 4000,
        "text_characters": f'bridge:houten-brug skos:altLabel "{"x" * 701}"@nl .',
        "nesting": "bridge:houten-brug skos:altLabel ( ( ( ( ) ) ) ) .",
        "file_triples": " ".join(f"bridge:houten-brug br:length {n}.0 ." for n in range(100)),
    }[setting]
    # The file of no other record is over these.
    path.write_text(f"{path.read_text('utf-8')}\n{more}\n", "utf-8")
    settings = (minimal / "jkgraph.toml").read_text("utf-8")
    bound(minimal, **{setting: most})

    told = run("validate", RECORD).out
    (minimal / "jkgraph.toml").write_text(settings, "utf-8")

    assert f"[{TURTLE[setting]}]" in told
    assert re.search(re.escape(said(setting, "0", most)).replace("0,", r"\d+,", 1), told), told
    assert f"[{TURTLE[setting]}]" not in run("validate", RECORD).out


def book(folder: Path, run: Callable) -> Path:
    path = folder / "boek.xlsx"
    assert run("export", "--out", str(path)).code == 0
    return path


BOOKS = {
    "workbook_bytes": 9_999,
    "workbook_parts": 3,
    "workbook_cells": 9,
    "sheet_rows": 2,
    "sheet_columns": 2,
}


@pytest.mark.parametrize("setting", BOOKS)
def test_a_workbook_over_a_bound_is_refused(run: Callable, minimal: Path, setting: str) -> None:
    path = book(minimal, run)
    bound(minimal, **{setting: BOOKS[setting]})

    ran = run("import", str(path))

    assert (ran.code, ran.out) == (2, "")
    assert said(setting, "", BOOKS[setting]) in ran.err


@pytest.mark.parametrize("setting", ["workbook_bytes", "sheet_rows", "sheet_columns"])
def test_csv_over_a_bound_is_refused(run: Callable, minimal: Path, setting: str) -> None:
    path = minimal / "bridge.csv"
    path.write_text(run("export", "bridge", "--csv").out, "utf-8", newline="")
    bound(minimal, **{setting: 2})

    assert said(setting, "", 2) in run("import", str(path)).err


def test_a_bomb_is_not_unpacked(run: Callable, minimal: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(9_000_000))
    (minimal / "x.xlsx").write_bytes(out.getvalue())
    bound(minimal, workbook_bytes=8_000_000)

    assert said("workbook_bytes", 8_000_001, 8_000_000) in run("import", "x.xlsx").err


def test_importing_has_an_end(program: Callable, minimal: Path) -> None:
    made = openpyxl.Workbook()
    for row in range(1, 20_000):
        made.active.cell(row, 1, "x")
    made.save(minimal / "x.xlsx")
    bound(minimal, import_seconds=1)
    # A second is long for a small workspace: the clock goes a thousand times as fast here.
    ran = hurried(program, minimal, "import", "x.xlsx")

    assert (ran.code, ran.out) == (2, "")
    assert "longer than 1 seconds" in ran.err
    assert "`import_seconds` under [limits]" in ran.err


@pytest.mark.parametrize(
    ("setting", "command"),
    [("check_seconds", ["validate"]), ("query_seconds", ["query", "-e", ENDLESS])],
)
def test_other_work_has_an_end_too(
    program: Callable, minimal: Path, setting: str, command: list[str]
) -> None:
    bound(minimal, **{setting: 1})

    ran = hurried(program, minimal, *command)

    assert (ran.code, ran.out) == (2, "")
    assert f"`{setting}` under [limits]" in ran.err


def hurried(program: Callable, folder: Path, *command: str):
    """Run a command for which a second is over at once."""
    (folder / "sitecustomize.py").write_text(
        "import time\nfirst = time.monotonic()\nreal = time.monotonic\n"
        "time.monotonic = lambda: first + 1e6 * (real() - first)\n",
        "utf-8",
    )
    path = Path(__file__).parent.parent / "src"
    return program("--lang", "en", *command, PYTHONPATH=f"{folder}:{path}")


def test_memory_has_an_end(program: Callable, minimal: Path) -> None:
    bound(minimal, memory_percent=1)
    (minimal / "sitecustomize.py").write_text(
        "import os\nreal = os.sysconf\n"
        "os.sysconf = lambda name: 1 if name == 'SC_PHYS_PAGES' else real(name)\n",
        "utf-8",
    )
    path = Path(__file__).parent.parent / "src"
    ran = program("--lang", "en", "validate", PYTHONPATH=f"{minimal}:{path}")

    assert (ran.code, ran.out) == (2, "")
    assert "1% of the memory with `memory_percent` under [limits]" in ran.err


def test_an_answer_has_an_end(run: Callable, minimal: Path) -> None:
    bound(minimal, query_megabytes=1)
    text = 'SELECT (REPLACE(REPLACE("%s", "a", "%s"), "b", "%s") AS ?x) {}'
    text %= ("a" * 100, "b" * 200, "c" * 100)

    ran = run("query", "-e", text, "-o", "x.csv")

    assert ran.code == 2
    assert said("query_megabytes", "> 1", 1) in ran.err
    assert not (minimal / "x.csv").exists()


def test_the_bounds_of_the_endpoint_are_those_of_the_settings(
    graph: Graph,
) -> None:
    workspace = replace(graph.workspace, limits=Bounds(request_bytes=10))
    endpoint = Endpoint(replace(graph, workspace=workspace), None)  # type: ignore[arg-type]  # asked nothing

    refused = endpoint.answer(Request("GET", "query=SELECT%20%2A%20%7B%7D", languages="en"), "x:")
    with pytest.raises(Refused):
        endpoint.refuse_long(31)

    assert refused.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert said("request_bytes", 11, 10) in refused.content.decode()


@pytest.mark.parametrize(
    ("setting", "served"),
    [("serve_rows", Served(rows=1)), ("answer_megabytes", Served(size=0))],
)
def test_an_answer_of_the_endpoint_has_an_end(graph: Graph, setting: str, served: Served) -> None:
    refused = answer(graph, Question("SELECT * { ?s ?p ?o }", "*/*"), served)

    assert isinstance(refused, Refused)
    assert f"`{setting}` under [limits]" in words().say(refused.message, "en")


# What else ends a question is tried in tests/servers; here, that the words name what raises it.
@pytest.mark.parametrize(
    ("key", "setting"),
    [
        ("error.serve-too-long", "serve_seconds"),
        ("error.serve-too-big", "serve_megabytes"),
        ("error.endpoint-silent", "reply_seconds"),
        ("error.endpoint-too-big", "reply_megabytes"),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_words_name_what_raises_a_bound(key: str, setting: str, language: str) -> None:
    assert f"`{setting}`" in words().word(key, language)


def test_the_bounds_of_replies_are_those_of_the_settings() -> None:
    limits = within(Bounds(reply_seconds=3, reply_megabytes=5))

    assert (limits.silence, limits.size) == (3, 5_000_000)


def test_asking_for_web_addresses_has_an_end() -> None:
    asker = Asker(bounds=Bounds(links_seconds=1))
    object.__setattr__(asker, "started", asker.started - 8)

    told = asker.ask("https://example.org/")

    assert said("links_seconds", 8, 1) in words().say(told, "en")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[limits]\nfile_byte = 1", ':{line}: there is no setting "file_byte". Did you mean'),
        ("[limits]\nfile_bytes = 0", ':{line}: the setting "file_bytes" needs another value'),
        ("[limits]\nnesting = -1", ':{line}: the setting "nesting" needs another value'),
        (
            "[limits]\nnesting = 'x'",
            ':{line}: the setting "nesting" needs another value, such as 1',
        ),
        ("[limits]\nnesting = 1.5", ':{line}: the setting "nesting" needs another value'),
        ("[limits]\nnesting = true", ':{line}: the setting "nesting" needs another value'),
        ("limits.x.nesting = 0", 'jkgraph.toml:{line}: there is no setting "limits"'),
        ("[[limits]]\nnesting = 1", 'jkgraph.toml:{first}: the setting "limits" needs another'),
    ],
)
def test_a_bound_that_means_nothing_is_told_at_its_line(
    run: Callable, minimal: Path, text: str, told: str
) -> None:
    path = minimal / "jkgraph.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{text}\n", "utf-8")
    line = len(path.read_text("utf-8").splitlines())

    ran = run("validate")

    assert (ran.code, ran.out) == (2, "")
    if "limits.x" not in text:
        assert told.format(line=line, first=line - 1) in ran.err


def test_every_bound_has_a_test_and_stands_in_the_settings() -> None:
    text = Path(__file__).read_text("utf-8")

    assert SECTIONS["limits"] is Bounds
    assert [
        name for name in Bounds._fields if f'"{name}"' not in text and f"{name}=" not in text
    ] == []


def test_what_is_not_set_is_as_usual(minimal: Path) -> None:
    bound(minimal, nesting=7)

    assert open_workspace(minimal).limits == USUAL._replace(nesting=7)
