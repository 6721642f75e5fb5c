"""Asking on the command line: the kept graph, parameters, formats, limits, completion."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import html5lib
import openpyxl
import pytest
from click.shell_completion import BashComplete

from jkgraph import warm
from jkgraph.answers import write_answer
from jkgraph.cli import jkgraph, session
from jkgraph.graph import Graph
from jkgraph.inference import infer
from jkgraph.queries import solutions
from jkgraph.workspace import open_workspace

OWL = "http://www.w3.org/2002/07/owl#"
RECORDS = "https://example.org/bruggen/id/"
BRIDGE = "data/bridge/oude-steenbrug.ttl"
NAMES = "SELECT ?bridge ?name { ?bridge a br:Bridge ; skos:prefLabel ?name } ORDER BY ?bridge ?name"
# Rows without number.
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
COUNTLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
SWOLLEN = f"""SELECT DISTINCT (CONCAT(STR(?a), STR(?d), STR(?g), "{"x" * 5000}") AS ?x)
    {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"""


# The kept graph


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small graph that was just made be kept too."""
    monkeypatch.setattr(warm, "WORTHWHILE", 0)
    monkeypatch.setattr(warm, "SETTLED_NS", -(10**15))
    monkeypatch.setattr(session, "BACKGROUND", False)


def _kept(minimal: Path, part: str = "closed") -> list[Path]:
    return sorted((minimal / "build" / "cache").glob(f"{part}-*"))


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "bridges-over", "-p", "water=Brede Stroom"],
        ["query", "--asserted", "upstream", "--format", "csv"],
        ["show", "oude-steenbrug"],
        ["stats"],
    ],
)
def test_a_kept_graph_says_what_the_files_say(
    run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    first = run(*arguments)
    run("query", "upstream")
    monkeypatch.setattr("jkgraph.loading.load", None)

    second = run(*arguments)

    assert first.code == second.code == 0, second.err
    assert (first.out, first.err) == (second.out, second.err)


def _same_size_and_time(file: Path) -> None:
    kept = file.stat()
    file.write_bytes(file.read_bytes().replace(b"24.50", b"24.51"))
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (kept.st_size, kept.st_mtime_ns)


def _older_one(file: Path) -> None:
    other, kept = file.with_suffix(".old"), file.stat()
    other.write_bytes(file.read_bytes().replace(b"24.50", b"24.52"))
    os.utime(other, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    other.replace(file)


CHANGES: dict[str, Callable[[Path], object]] = {
    "an edit": lambda root: (root / BRIDGE).write_text((root / BRIDGE).read_text() + "\n"),
    "an edit that looks like none": lambda root: _same_size_and_time(root / BRIDGE),
    "another file of the same size and time": lambda root: _older_one(root / BRIDGE),
    "a touch": lambda root: (root / BRIDGE).touch(),
    "another name": lambda root: (root / BRIDGE).rename(root / "data/bridge/andere-brug.ttl"),
    "one less": lambda root: (root / "data/bridge/houten-brug.ttl").unlink(),
    "one more": lambda root: (root / "data/bridge/x.ttl").touch(),
    "a folder with the name of a file": lambda root: (root / "data/bridge/x.ttl").mkdir(),
    "a new folder": lambda root: ((root / "data/y").mkdir(), (root / "data/y/x.ttl").touch()),
    "the ontology": lambda root: (root / "ontology/core.ttl").touch(),
    "a list": lambda root: next((root / "ontology/schemes").iterdir()).touch(),
    "a shape": lambda root: (root / "shapes/bridge.ttl").touch(),
    "the settings": lambda root: (root / "jkgraph.toml").touch(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_noticed(minimal: Path, change: str) -> None:
    before = warm.state(open_workspace(minimal))
    time.sleep(0.02)

    CHANGES[change](minimal)

    after = warm.state(open_workspace(minimal))
    assert before is not None
    assert after is not None
    assert before.files != after.files


@pytest.mark.usefixtures("keeping")
def test_an_answer_after_an_edit_is_the_new_one(run, minimal: Path) -> None:
    length = ["query", "-e", "SELECT ?y { bridge:oude-steenbrug br:length ?y }", "-f", "csv"]
    assert run(*length).out.split() == ["y", "24.5"]
    time.sleep(0.02)

    _same_size_and_time(minimal / BRIDGE)

    assert run(*length).out.split() == ["y", "24.51"]


@pytest.mark.usefixtures("keeping")
def test_only_the_newest_kept_graphs_stay(run, minimal: Path) -> None:
    left = minimal / "build/cache/.new-left"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    for number in range(2):
        (minimal / f"build/cache/closed-{number}").mkdir()
    run("query", "upstream")

    assert len(_kept(minimal)) == 2
    assert not left.exists()


def test_a_small_graph_is_not_kept(run, minimal: Path) -> None:
    run("query", "upstream")

    assert _kept(minimal) == []


def test_a_graph_of_files_that_may_still_change_is_not_kept(
    run, minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "WORTHWHILE", 0)
    (minimal / BRIDGE).touch()

    run("query", "upstream")

    assert _kept(minimal) == []


def _empty(store: Path) -> None:
    for file in store.iterdir():
        file.write_bytes(b"")


def _one_less(store: Path) -> None:
    max(store.glob("*.sst"), key=lambda path: path.stat().st_size).unlink()


def _no_prefixes(store: Path) -> None:
    (store.parent / "prefixes").unlink()


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize("harm", [_empty, _one_less, _no_prefixes])
def test_a_damaged_graph_is_made_again(run, minimal: Path, harm: Callable[[Path], None]) -> None:
    right = run("query", "upstream").out
    (old,) = _kept(minimal)
    harm(old / "store")

    assert run("query", "upstream").out == right

    (new,) = _kept(minimal)
    assert new != old
    assert run("query", "upstream").out == right


@pytest.mark.usefixtures("keeping")
def test_damage_that_shows_later_is_told_and_mended(run, minimal: Path) -> None:
    right = run("query", "upstream").out
    (old,) = _kept(minimal)
    for file in old.glob("store/*.sst"):
        content = bytearray(file.read_bytes())
        content[:400] = bytes(400)
        file.write_bytes(content)

    told = run("query", "upstream")

    if told.code:
        assert (told.code, told.out) == (2, "")
        assert "was damaged" in told.err
        assert run("query", "upstream").out == right
    else:
        assert told.out == right


@pytest.mark.usefixtures("keeping")
def test_where_nothing_can_be_kept_the_answer_is_the_same(run, minimal: Path) -> None:
    right = run("query", "upstream").out
    for kept in _kept(minimal):
        warm.Kept(kept).delete()
    cache = minimal / "build" / "cache"
    cache.rename(minimal / "build" / "elsewhere")
    # Root may write everywhere, but not in a file.
    cache.touch()

    assert run("query", "upstream").out == right


@pytest.mark.usefixtures("keeping")
def test_commands_at_once_do_not_hinder_each_other(graph: Graph) -> None:
    infer(graph)
    now = warm.state(graph.workspace)
    assert now is not None

    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda _: warm.keep(graph, "closed", now), range(4)))

    assert any(kept)
    found = warm.find(graph.workspace, "closed", now)
    assert found is not None
    opened = found.open(graph.workspace)
    assert opened is not None
    assert len(opened.store) == len(graph.store)
    assert opened.addresses == graph.addresses


@pytest.mark.usefixtures("keeping")
def test_a_kept_graph_that_is_being_deleted_is_no_kept_graph(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = warm.state(graph.workspace)
    assert now is not None
    kept = warm.keep(graph, "closed", now)
    assert kept is not None
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)

    kept.delete()

    assert warm.find(graph.workspace, "closed", now) is None


# What is asked


def test_only_what_people_wrote_is_asked_when_wanted(run) -> None:
    assert len(run("query", "upstream", "--asserted", "--format", "csv").out.splitlines()) == 1
    assert len(run("query", "upstream", "--inferred", "--format", "csv").out.splitlines()) == 7


def test_the_list_shows_parameters_and_a_command_that_runs(run) -> None:
    out = run("query", "--list").out

    assert "bridges-over: Which bridges cross this water?" in out
    assert "    water: body of water (br:Water)\n" in out
    (command,) = [line for line in out.splitlines() if "--param" in line]
    assert command.strip() == "$ jkgraph query bridges-over --param water=lange-vaart"
    assert run(*command.split()[2:]).code == 0
    assert run("query", "upstream", "--list").out.count("$") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "SELECT *\n{ ?x a brr:Bridge }",
            '-e:2:8: the prefix "brr:" is not known. Did you mean br?',
        ),
        ("SELECT *\n{ ?x br:lenght ?y }", "-e:2:6: the query uses br:lenght"),
        (
            "SELCT * { ?x ?y ?z }",
            '-e:1:1: SPARQL does not know the word "SELCT". Did you mean SELECT?',
        ),
        ("SELECT * { ?x ?y ?z FLITER(?z > 1) }", "-e:1:21: SPARQL does not know"),
        ("SELECT * { ?x ?y ?z\n FILTER(?z = 1 }", "-e:2:1"),
        ("SELECT ?x (COUNT(?y) AS ?n) { ?x ?y ?z }", "-e:1:4"),
        ("", "-e:1:1"),
    ],
)
def test_a_fault_in_a_query_is_told_with_its_place(run, text: str, told: str) -> None:
    ran = run("query", "-e", text)

    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT * { ?x skos:prefLable ?y }", "-e:1:15: note: nothing in the graph uses skos:p"),
        ("SELECT * { ?x skos:prefLable ?y }", "Did you mean prefLabel?"),
        ("SELECT * { ?x ?y water:lange-vart }", "Did you mean lange-vaart?"),
        ("CONSTRUCT { ?x dct:new ?y } { ?x skos:prefLabel ?y }", ""),
        ('SELECT * { ?x br:length ?y FILTER(?y > xsd:decimal("1")) } # skos:nothing', ""),
    ],
)
def test_a_name_that_finds_nothing_is_told(run, text: str, told: str) -> None:
    ran = run("query", "-e", text)

    assert (told in ran.err) if told else (ran.err == "")
    assert ran.code == 0


BRIDGES = "SELECT ?b WHERE {{ ?b a {0}:{1} ; {0}:length ?l }} ORDER BY ?l LIMIT 1"


@pytest.mark.parametrize("prefix", ["br", "own"])
def test_a_query_may_bring_its_prefixes_along(run, prefix: str) -> None:
    declared = f"PREFIX {prefix}: <https://example.org/bruggen/def#>\n"
    text, misspelt = (BRIDGES.format(prefix, name) for name in ("Bridge", "Brigde"))

    assert run("query", "-e", declared + text) == run("query", "-e", BRIDGES.format("br", "Bridge"))
    assert (
        f"query uses {prefix}:Brigde" in run("--lang", "en", "query", "-e", declared + misspelt).err
    )


def test_a_prefix_of_a_query_goes_for_that_of_the_workspace(run) -> None:
    text = "PREFIX br: <https://example.org/elsewhere/> SELECT * { ?b a br:Lane }"

    ran = run("--lang", "en", "query", "-e", text)

    assert ran.code == 0
    assert "nothing in the graph uses br:Lane" in ran.err


# How it is written


def test_lines_of_json_hold_numbers_and_only_what_has_a_value(run) -> None:
    text = "SELECT ?x ?y ?z { VALUES ?x { bridge:houten-brug } ?x br:length ?y }"

    (row,) = map(json.loads, run("query", "-e", text, "-f", "jsonl").out.splitlines())

    assert row == {"x": "https://example.org/bruggen/id/bridge/houten-brug", "y": 18.0}


def test_a_page_shows_text_as_text(run) -> None:
    text = """SELECT ?x { VALUES ?x {
        "<script>a()</script>" <javascript:a()> <https://e.org/?a=1&b=2> } }"""

    page = html5lib.parse(run("query", "-e", text, "-f", "html").out, namespaceHTMLElements=False)

    assert page.findall(".//script") == []
    assert [a.get("href") for a in page.iter("a")] == ["https://e.org/?a=1&b=2"]
    assert next(page.iter("td")).text.strip() == "<script>a()</script>"


def test_a_sheet_holds_numbers_dates_and_no_formula(run, tmp_path: Path) -> None:
    file = tmp_path / "answer.xlsx"
    text = """SELECT * { VALUES (?a ?b ?c ?d) {
        ("=1+1" 3 "2025-01-02"^^xsd:date 12345678901234567890)
        ("\\u0001x" 1.5 "0045-01-02"^^xsd:date UNDEF) } }"""

    ran = run("query", "-e", text, "--out", str(file))

    assert (ran.code, ran.out) == (0, "")
    head, one, other = openpyxl.load_workbook(file).active.iter_rows()
    assert [cell.value for cell in head] == ["a", "b", "c", "d"]
    assert (one[0].value, one[0].data_type) == ("=1+1", "s")
    assert (one[1].value, str(one[2].value)[:10]) == (3, "2025-01-02")
    assert one[3].value == "12345678901234567890"
    assert [cell.value for cell in other] == ["\ufffdx", 1.5, "0045-01-02", None]


def test_a_file_gets_the_format_of_its_name_and_is_whole_or_untouched(run, tmp_path: Path) -> None:
    file = tmp_path / "answer.csv"
    assert run("query", "-e", NAMES, "--out", str(file)).code == 0
    right = file.read_bytes()
    assert right.startswith(b"bridge,name\r\n")

    assert run("query", "-e", "SELECT * {", "--out", str(file)).code == 2
    assert run("query", "-e", NAMES, "--out", f"{tmp_path}/answer.doc").code == 2
    assert "cannot be written" in run("query", "-e", NAMES, "-f", "csv", "-o", str(tmp_path)).err

    assert file.read_bytes() == right
    assert list(tmp_path.glob("*answer*")) == [file]


ROW = {"json": '"bridge":{', "xml": "<result>", "html": "<tr><td>", "md": "bridge:"}


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "jsonl", "html", "md", "table"])
def test_a_limit_holds_in_every_format(run, form: str) -> None:
    asked = ["query", "-e", NAMES, "--format", form]

    every, two = run(*asked).out, run(*asked, "--limit", "2").out

    row = ROW.get(form, "bridge:" if form == "table" else "/id/bridge/")
    assert (every.count(row), two.count(row)) == (7, 2)


def test_a_limit_keeps_every_kind_of_value(graph: Graph) -> None:
    text = """SELECT * { VALUES (?a ?b ?c) {
        (<x:y> "x"@nl 1.50) (UNDEF "y" <<( <x:y> <x:y> 1 )>>) } }"""

    def found(limit: int | None) -> object:
        out = io.BytesIO()
        write_answer(solutions(graph, text), "json", out, graph.addresses, limit=limit)
        return json.loads(out.getvalue())

    assert found(None) == found(100)


def test_a_limit_keeps_nodes_without_a_name(run) -> None:
    text = "SELECT ?x { BIND(BNODE() AS ?x) }"

    assert run("query", "-e", text, "-f", "tsv", "--limit", "1").out.splitlines()[1][:2] == "_:"


def test_triples_are_limited_too(run) -> None:
    text = "CONSTRUCT WHERE { ?x skos:prefLabel ?y }"

    assert len(run("query", "-e", text, "-f", "nt", "--limit", "3").out.splitlines()) == 3


class _Full(io.RawIOBase):
    """Takes some and then no more."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "jsonl"])
def test_rows_go_out_one_by_one(graph: Graph, form: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011  (which one depends on the store)
        write_answer(solutions(graph, ENDLESS), form, _Full(), graph.addresses)


# Limits


def test_a_query_that_does_not_end_is_stopped(program, tmp_path: Path) -> None:
    start = time.monotonic()

    ran = program(
        "--lang", "en", "query", "-e", COUNTLESS, "--timeout", "0.3", "-o", f"{tmp_path}/a.csv"
    )

    assert ran.err == (
        "jkgraph: This took longer than 0.3 seconds and was stopped. "
        "Ask for less, or give it more time with --timeout.\n"
    )
    assert (ran.code, ran.out) == (2, "")
    assert time.monotonic() - start < 20
    assert list(tmp_path.glob("*a.csv*")) == []


@pytest.mark.full
def test_a_query_that_takes_too_much_memory_is_stopped(minimal: Path) -> None:
    code = f"""
import jkgraph.memory as memory
memory.of_the_machine = lambda: 1.2e8
import sys; sys.argv = ["jkgraph", "--lang", "en", "query", "-f", "table", "-e", {SWOLLEN!r}]
from jkgraph.cli import main; main()
"""
    done = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-c", code], cwd=minimal, capture_output=True, text=True, check=False
    )

    assert "took more than 90 MB of memory" in done.stderr
    assert (done.returncode, done.stdout) == (2, "")


def test_a_reader_that_stops_reading_ends_a_query_quietly(minimal: Path) -> None:
    for form in ("csv", "jsonl", "nt"):
        text = "CONSTRUCT WHERE { ?x ?y ?z }" if form == "nt" else ENDLESS
        with subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, "-m", "jkgraph", "query", "-e", text, "-f", form],
            cwd=minimal,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as asked:
            assert asked.stdout
            assert asked.stderr
            asked.stdout.readline()
            asked.stdout.close()
            assert asked.stderr.read() == b""
            assert asked.wait(timeout=20) == (0 if form == "nt" else 141)


@pytest.mark.parametrize("form", ["csv", "jsonl", "table"])
def test_a_full_disk_is_told(minimal: Path, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, "-m", "jkgraph", "query", "-e", NAMES, "-f", form],
            cwd=minimal,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.stderr.startswith("jkgraph: stdout ")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_where_the_time_goes_is_told_beside_the_answer(run) -> None:
    ran = run("query", "upstream", "--explain", "--format", "csv")

    assert len(ran.out.splitlines()) == 7
    assert " s  to open the graph\n" in ran.err
    assert " s  to answer\n" in ran.err


@pytest.mark.usefixtures("keeping")
def test_how_the_answer_is_found_is_told_by_the_store_s_own_program(run) -> None:
    ran = run("query", "bridges-over", "--param", "water=brede-stroom", "--explain")

    assert "QuadPattern(?bridge br:crosses" in ran.err
    assert "water:brede-stroom" in ran.err


# Completion


@pytest.mark.parametrize(
    ("words", "start", "found"),
    [
        (["query"], "br", ["bridges-over"]),
        (["query", "bridges-over", "-p"], "wa", ["water="]),
        (["query", "bridges-over", "--param"], "water=la", ["water=lange-vaart"]),
        # As bash breaks it.
        (["query", "bridges-over", "-p", "water", "="], "la", ["lange-vaart"]),
        (["query", "bridges-over", "-p"], "wind=", []),
        (["query", "no-such-query", "-p"], "", []),
    ],
)
def test_the_shell_completes_queries_and_values(
    minimal: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], start: str, found: list[str]
) -> None:
    monkeypatch.chdir(minimal)
    complete = BashComplete(jkgraph, {}, "jkgraph", "_JKGRAPH_COMPLETE")

    items = complete.get_completions(words, start)

    assert [item.value for item in items if item.type == "plain"] == found


def test_two_records_that_were_checked_and_differ_hinder_no_answer(run, minimal: Path) -> None:
    file = minimal / BRIDGE
    said = "br:crosses", f"<{OWL}differentFrom> <{RECORDS}bridge/houten-brug> ;\n    br:crosses"
    file.write_text(file.read_text("utf-8").replace(*said), "utf-8")

    assert run("query", "upstream").code == 0
