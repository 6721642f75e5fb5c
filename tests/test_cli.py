"""Each command: what it does, what it finds (1), and what it says when it cannot run (2)."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree as ET  # reads what this program wrote itself

import pytest
import rdflib
from rdflib.compare import isomorphic

from jkgraph.cli.help import MODULES

BRIDGE = "data/bridge/oude-steenbrug.ttl"
LENGTHS = "SELECT ?x ?y { VALUES ?x { bridge:houten-brug } ?x br:length ?y }"
TRIPLES = "CONSTRUCT WHERE { water:zoute-zee dct:modified ?y }"
MODIFIED = (
    "<https://example.org/bruggen/id/water/zoute-zee> <http://purl.org/dc/terms/modified> "
    '"2025-05-01"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
)


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def _snapshot(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# Every command

# These cannot do without an argument or option.
ASK_MORE = {"merge", "publish", "review", "show", "update", "why", "withdraw"}


@pytest.mark.parametrize("command", MODULES)
def test_every_command_explains_itself_in_both_languages(run, command: str) -> None:
    english, dutch = run(command, "--help", lang="en"), run(command, "--help", lang="nl")

    assert english.code == dutch.code == 0
    assert "Show this help." in english.out
    assert "Toon deze hulp." in dutch.out
    # The key of an entry stands where its words are missing.
    assert not re.search(r"\bhelp\.\w", english.out + dutch.out)


def test_the_help_lists_every_command_in_the_language_of_the_reader(program) -> None:
    english, dutch = program("--help", LANG="en_GB.UTF-8"), program("--help", LC_ALL="nl_NL.UTF-8")

    for command in MODULES:
        assert f"  {command} " in english.out
        assert f"  {command} " in dutch.out
    assert "Show this help." in english.out
    assert "Toon deze hulp." in dutch.out


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "Hier is geen werkruimte"), ("en", "There is no workspace here")],
)
@pytest.mark.parametrize("command", [c for c in MODULES if c not in ASK_MORE])
def test_no_command_runs_without_a_workspace(
    run, tmp_path: Path, command: str, language: str, words: str
) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()

    ran = run(command, at=nowhere, lang=language)

    assert ran.out == ""
    assert ran.err.startswith(f"jkgraph: {words}")
    assert ran.err.count("\n") == 1
    assert ran.code == 2


def test_a_workspace_is_found_from_a_folder_inside_it_and_named_from_outside(
    run, minimal: Path, tmp_path: Path
) -> None:
    inside = run("validate", at=minimal / "data" / "bridge")
    outside = run("--root", str(minimal), "validate", at=tmp_path)

    assert inside.code == outside.code == 0


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "name",
    ["ontology/x.ttl", "shapes/x.ttl", "shapes/rules/x.rq", "queries/x.rq"],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(
    run, minimal: Path, name: str, language: str
) -> None:
    # Root may read every file; nobody may read a folder as a file.
    (minimal / name).mkdir(parents=True)

    ran = run("validate", lang=language)

    reason = {"nl": "is niet te lezen: het is een map.", "en": "cannot be read: it is a folder."}
    assert ran.out == ""
    assert ran.err.startswith("jkgraph: ")
    assert ran.err.endswith(f"{name} {reason[language]}\n")
    assert ran.code == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[workspace\n", "Correct the TOML"),
        (b"\xff", "it is not UTF-8"),
        (b'[workspace]\nbase = "bruggen"\n[roles]\nrecord = "x:y"\n', "https://"),
        (b'[workspace]\nbase = "https://example.org/"\n', '"record" is missing'),
        (b'[workspace]\nbase = 3\n[roles]\nrecord = "x:y"\n', '"base"'),
        (
            b'[workspace]\nbase = "https://e.org/"\nrequires = ">=99"\n[roles]\nrecord = "x:y"\n',
            "99",
        ),
        (b'[workspace]\nbase = "https://e.org/"\n[roles]\nrecord = "x:y"\n', "x:y"),
    ],
)
def test_wrong_settings_are_told_in_one_sentence(
    run, minimal: Path, content: bytes, words: str
) -> None:
    (minimal / "jkgraph.toml").write_bytes(content)

    ran = run("validate")

    assert ran.out == ""
    assert words in ran.err
    assert ran.err.count("\n") == 1
    assert ran.code == 2


@pytest.mark.parametrize(
    "arguments",
    [["build"], ["infer"], ["query", "upstream"], ["show", "spoorbrug"], ["stats"], ["serve"]],
)
def test_no_answer_is_given_when_a_file_has_a_fault(
    run, minimal: Path, arguments: list[str]
) -> None:
    _replace(minimal / BRIDGE, "br:crosses", "crosses")

    ran = run(*arguments)

    assert ran.out == ""
    assert f"{BRIDGE}:" in ran.err
    assert "jkgraph validate" in ran.err
    assert ran.code == 2


def test_a_program_of_its_own_gives_exit_codes_and_no_traceback(
    program, minimal: Path, tmp_path: Path
) -> None:
    assert program("validate").code == 0

    _replace(minimal / BRIDGE, "br:crosses", "br:croses")
    found = program("validate", LANG="en_GB.UTF-8")
    assert found.code == 1
    assert "Did you mean crosses?" in found.out

    stopped = program("validate", at=tmp_path, LANG="nl_NL.UTF-8")
    assert stopped.code == 2
    assert stopped.err.startswith("jkgraph: Hier is geen werkruimte")
    assert "Traceback" not in stopped.err


def test_an_unknown_option_or_choice_cannot_run(run) -> None:
    for arguments in (["validate", "--formt"], ["query", "--format", "pdf"], ["show"], []):
        ran = run(*arguments)

        assert ran.out == ""
        assert ran.code == 2


# validate


def test_validate_writes_findings_for_programs_in_both_languages(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, "br:crosses", "br:croses")

    ran = run("validate", "--format", "json")

    (finding,) = json.loads(ran.out)
    assert finding == {
        "path": BRIDGE,
        "line": 17,
        "column": 5,
        "severity": "violation",
        "rule": "unknown-term",
        "record": "https://example.org/bruggen/id/bridge/oude-steenbrug",
        "message": {
            "nl": "Het woord br:croses bestaat niet. Bedoelt u crosses?",
            "en": "There is no term br:croses. Did you mean crosses?",
        },
        "label": "Old Stone Bridge",
        "property": "br:croses",
        "field": "br:croses",
        "value": None,
        "page": None,
        "repair": {
            "text": "br:crosses",
            "safe": True,
            "replacements": [{"line": 17, "column": 5, "old": "br:croses", "new": "br:crosses"}],
        },
    }
    assert ran.code == 1


def test_validate_writes_an_empty_list_for_programs_when_all_is_well(run) -> None:
    assert json.loads(run("validate", "--format", "json").out) == []


@pytest.mark.parametrize("name", ["data/bridge/geen-brug.ttl", "/"])
def test_validate_cannot_run_on_a_file_that_is_not_in_the_workspace(run, name: str) -> None:
    ran = run("validate", name)

    assert ran.err.startswith(f"jkgraph: {name} ")
    assert ran.code == 2


# format


def test_format_says_what_it_wrote_and_changes_nothing_the_second_time(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, " ,\n        ", ", ")

    first, second = run("format"), run("format")

    assert first.out == f"{BRIDGE}\n"
    assert second.out == ""
    assert first.code == second.code == 0


def test_format_check_says_what_would_change_and_changes_nothing(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, " ,\n        ", ", ")
    before = _snapshot(minimal / "data")

    ran = run("format", "--check")

    assert ran.out.startswith(f"{BRIDGE}:1:1: ")
    assert ran.out.endswith("[not-canonical]\n")
    assert ran.code == 1
    assert _snapshot(minimal / "data") == before


def test_format_loses_no_triple_and_no_lexical_form(run, minimal: Path) -> None:
    file = minimal / BRIDGE
    text = file.read_text("utf-8").replace("24.50", "+024.500").replace("Oude", r"\"Oude\"\t\\")
    file.write_text(" ".join(text.split("\n")).replace("> . ", "> .\n"), "utf-8")
    before = rdflib.Graph().parse(file, format="turtle")

    assert run("format").code == 0

    assert isomorphic(rdflib.Graph().parse(file, format="turtle"), before)
    assert "br:length +024.500 ;" in file.read_text("utf-8")


def test_format_refuses_a_file_with_comments_and_leaves_it_as_it_is(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, "    br:length", "    # nagemeten\n    br:length")
    before = (minimal / BRIDGE).read_bytes()

    ran = run("format")

    assert ran.out.startswith(f"{BRIDGE}:19:5: ")
    assert ran.out.endswith("[comments-in-data]\n")
    assert ran.code == 1
    assert (minimal / BRIDGE).read_bytes() == before


def test_format_drops_the_hints_of_a_new_record(run, minimal: Path) -> None:
    run("new", "bridge", "Rode brug")

    assert run("format", "data/bridge/rode-brug.ttl").code == 0

    assert " #> " not in (minimal / "data/bridge/rode-brug.ttl").read_text("utf-8")


@pytest.mark.parametrize("content", [b"\xff", b"bridge:x a br:Bridge", "\ufeff".encode()])
def test_format_leaves_a_file_that_it_cannot_read_and_does_the_others(
    run, minimal: Path, content: bytes
) -> None:
    unread = minimal / "data" / "bridge" / "aaa.ttl"
    unread.write_bytes(content)
    _replace(minimal / BRIDGE, " ,\n        ", ", ")

    ran = run("format")

    assert [line.partition(":")[0] for line in ran.out.splitlines()] == [
        "data/bridge/aaa.ttl",
        BRIDGE,
    ]
    assert ran.code == 1
    assert unread.read_bytes() == content


def test_format_keeps_to_the_files_that_are_named(run, minimal: Path) -> None:
    for name in (BRIDGE, "data/water/lange-vaart.ttl"):
        _replace(minimal / name, " ,\n        ", ", ")

    assert run("format", "data/water").out == "data/water/lange-vaart.ttl\n"


# new


def test_new_writes_a_draft_that_says_where_it_is_and_what_comes_next(run, minimal: Path) -> None:
    ran = run("new", "bridge", 'Één brug, "de\\Rode"\nin \'t dorp', lang="en")

    name = "data/bridge/een-brug-de-rode-in-t-dorp.ttl"
    assert ran.out == f"{name}\n"
    assert f"jkgraph validate {name}" in ran.err
    graph = rdflib.Graph().parse(minimal / name, format="turtle")
    assert 'Één brug, "de\\Rode" in \'t dorp' in {str(value) for value in graph.objects()}
    assert rdflib.URIRef("https://example.org/bruggen/id/status/in-bewerking") in graph.objects()


def test_new_never_overwrites(run, minimal: Path) -> None:
    before = _snapshot(minimal / "data")

    for arguments in (["Spoorbrug"], ["Iets anders", "--slug", "spoorbrug"]):
        ran = run("new", "bridge", *arguments)

        assert "data/bridge/spoorbrug.ttl exists" in ran.err
        assert ran.code == 2
    assert _snapshot(minimal / "data") == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["bridge", "???"],
        ["bridge", "x", "--slug", "../../x"],
        ["bridge", "x", "--slug", "Rode brug"],
        ["bridge", "x", "--slug", "con"],
        ["bridge", "x", "--slug", "x" * 65],
        ["crossing", "Rode brug"],
        ["citation", "c1"],
    ],
)
def test_new_writes_nothing_for_what_cannot_be_a_record(
    run, minimal: Path, arguments: list[str]
) -> None:
    before = _snapshot(minimal)

    ran = run("new", *arguments)

    assert ran.err.count("\n") == 1
    assert ran.code == 2
    assert _snapshot(minimal) == before


# query


def test_query_lists_the_saved_queries(run) -> None:
    assert run("query").out == (
        "bridges-over  Which bridges cross this water?\n"
        "upstream      Of which bodies of water do the bridges lie upstream?\n"
    )


def test_query_counts_what_follows(run) -> None:
    ran = run("query", "upstream", "--format", "csv")

    assert len(ran.out.splitlines()) == 7
    assert run("query", "upstream", "--engine", "owlrl", "--format", "csv").out == ran.out


def test_query_takes_a_parameter_by_slug_and_by_name(run) -> None:
    default = run("query", "bridges-over", "--format", "csv")
    given = run("query", "bridges-over", "--param", "water=brede-stroom", "--format", "csv")
    named = run("query", "bridges-over", "-p", "?water=water:brede-stroom", "--format", "csv")
    labelled = run("query", "bridges-over", "-p", "water=Brede Stroom", "--format", "csv")

    assert "oude-steenbrug" in default.out
    assert "spoorbrug" in given.out
    assert given.out == named.out == labelled.out != default.out


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("water=lange-vart", "Did you mean lange-vaart?"),
        ("water=langevaart x", "langevaart x"),
        ("water=bridge:spoorbrug", "not a body of water"),
        ("water=x } ?s ?p ?o {", "} ?s ?p ?o {"),
        ("water", "NAME=VALUE"),
    ],
)
def test_query_refuses_a_value_that_cannot_be_one(run, value: str, words: str) -> None:
    ran = run("query", "bridges-over", "--param", value)

    assert ran.out == ""
    assert words in ran.err
    assert ran.err.count("\n") == 1
    assert ran.code == 2


def test_query_reads_a_file_and_its_input(run, tmp_path: Path) -> None:
    (tmp_path / "vraag.rq").write_text(LENGTHS, "utf-8")

    from_file = run("query", f"{tmp_path}/vraag.rq")
    from_input = run("query", "-", given=LENGTHS)
    from_line = run("query", "-e", LENGTHS)

    assert from_file.out == from_input.out == from_line.out
    assert from_file.out.splitlines()[-1].split("  ") == [
        "Wooden bridge (bridge:houten-brug)",
        "18",
    ]


def test_query_writes_rows_in_every_format(run) -> None:
    answers = {
        form: run("query", "-e", LENGTHS, "--format", form).out
        for form in ("table", "md", "csv", "tsv", "json", "xml")
    }

    iri = "https://example.org/bruggen/id/bridge/houten-brug"
    header, rule, row = answers["table"].splitlines()
    assert header.split() == ["x", "y"]
    assert row.split("  ") == ["Wooden bridge (bridge:houten-brug)", "18"]
    assert set(rule) == {"─", " "}
    assert answers["md"] == "| x | y |\n| --- | --- |\n| bridge:houten-brug | 18 |\n"
    assert list(csv.reader(io.StringIO(answers["csv"]))) == [["x", "y"], [iri, "18"]]
    assert answers["tsv"].splitlines()[1].startswith(f"<{iri}>\t")
    (binding,) = json.loads(answers["json"])["results"]["bindings"]
    assert (binding["x"]["value"], binding["y"]["value"]) == (iri, "18")
    assert iri in {element.text for element in ET.fromstring(answers["xml"]).iter()}  # noqa: S314  (our own answer)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_query_writes_triples_in_every_format(run) -> None:
    answers = {
        form: run("query", "-e", TRIPLES, "--format", form).out
        for form in ("table", "ttl", "nt", "jsonld")
    }

    wanted = rdflib.Graph().parse(data=MODIFIED, format="nt")
    assert answers["nt"] == MODIFIED
    assert answers["ttl"] == answers["table"]
    for form, syntax in (("ttl", "turtle"), ("jsonld", "json-ld")):
        assert isomorphic(rdflib.Graph().parse(data=answers[form], format=syntax), wanted)


def test_query_answers_yes_or_no(run) -> None:
    assert run("query", "-e", "ASK { ?x a br:Bridge }").out == "true\n"
    assert run("query", "-e", "ASK { br:Bridge a ?x ; br:length 3 }").out == "false\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["-e", LENGTHS, "--format", "nt"],
        ["-e", TRIPLES, "--format", "csv"],
        ["-e", "SELECT * {"],
        ["-e", "INSERT DATA { <x:a> <x:b> <x:c> }"],
        ["-e", "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }"],
        ["-e", "SELECT * FROM <file:///etc/passwd> { SERVICE SILENT <x:y> { ?s ?p ?o } }"],
        ["upstream", "-e", LENGTHS],
        ["geen-vraag.rq"],
    ],
)
def test_query_says_in_one_sentence_why_it_cannot_run(run, arguments: list[str]) -> None:
    ran = run("query", *arguments)

    assert ran.out == ""
    assert ran.err.startswith("jkgraph: ")
    assert ran.err.count("\n") == 1
    assert ran.code == 2


# show, infer, stats


@pytest.mark.parametrize(
    "name",
    [
        "bridge:oude-steenbrug",
        "https://example.org/bruggen/id/bridge/oude-steenbrug",
        "oude-steenbrug",
        "oude steenbrug",
        "Old Stone Bridge",
        BRIDGE,
    ],
)
def test_show_finds_a_record_by_every_name_it_has(run, name: str) -> None:
    ran = run("show", name)

    assert ran.out.startswith("Old Stone Bridge (bridge)\n")
    assert "length in metres: 24.50" in ran.out
    assert "pages: 12-13" in ran.out
    assert "lies upstream of: Salt Sea (water:zoute-zee)" in ran.out
    assert ran.code == 0


def test_show_finds_a_record_whose_name_is_its_slug(run) -> None:
    assert run("show", "spoorbrug").code == 0


def test_show_gives_the_file_itself_and_its_triples(run, minimal: Path) -> None:
    text = (minimal / BRIDGE).read_text("utf-8")

    assert run("show", "oude-steenbrug", "--format", "ttl").out == text
    triples = rdflib.Graph().parse(
        data=run("show", "oude-steenbrug", "--format", "nt").out, format="nt"
    )
    assert isomorphic(triples, rdflib.Graph().parse(data=text, format="turtle"))


def test_show_asks_which_of_several_records_is_meant(run, minimal: Path) -> None:
    _replace(minimal / "data/bridge/spoorbrug.ttl", '"Spoorbrug"@nl', '"Houten brug"@nl')

    ran = run("show", "houten brug")

    assert "bridge:houten-brug, bridge:spoorbrug" in ran.err
    assert ran.code == 2


def test_infer_writes_what_follows_and_nothing_that_was_stated(run, graph) -> None:
    ran = run("infer")

    inferred = rdflib.Graph().parse(data=ran.out, format="nt")
    stated = rdflib.Graph()
    for file in graph.workspace.root.rglob("*.ttl"):
        stated.parse(file, format="turtle")
    assert len(inferred) > 0
    assert not set(inferred) & set(stated)
    assert ran.err == f"Inferred: {len(inferred)} statements.\n"


def test_stats_counts_every_kind_that_has_records(run) -> None:
    counted = dict(line.rsplit(maxsplit=1) for line in run("stats").out.splitlines())

    assert list(counted) == [
        "books",
        "bodies of water",
        "bridges",
        "statements in the files",
        "inferred statements",
    ]
    assert (counted["bridges"], counted["bodies of water"]) == ("4", "3")


# docs


def test_docs_writes_pages_that_a_check_then_finds_current(run, minimal: Path) -> None:
    missing = run("docs", "--check")
    assert missing.code == 1
    assert missing.out.splitlines()[0].startswith("docs/reference/cheat-sheet.md:1:1: ")
    assert not (minimal / "docs").exists()

    written = run("docs")
    assert "docs/reference/fields.md" in written.out.splitlines()

    current = run("docs", "--check")
    assert (current.code, current.out) == (0, "")

    _replace(minimal / "shapes/bridge.ttl", "length in metres", "length in feet")
    stale = run("docs", "--check")
    assert stale.out.startswith("docs/reference/fields.md:1:1: ")
    assert stale.code == 1


# build


def test_build_says_what_it_made_and_leaves_nothing_else(run, minimal: Path) -> None:
    ran = run("build", "--verify")

    assert ran.err.splitlines()[0].startswith("Built: ")
    assert ran.code == 0
    assert sorted(path.name for path in (minimal / "build").iterdir()) == ["cache", "site"]


def test_a_build_without_index_is_the_same_otherwise(run, minimal: Path, built: Path) -> None:
    ran = run("build", "--no-search")

    assert "pagefind" not in ran.err
    known = {p: c for p, c in _snapshot(built).items() if not p.startswith("pagefind/")}
    assert _snapshot(minimal / "build" / "site") == known != _snapshot(built)


def test_two_builds_are_the_same_to_the_byte(program, minimal: Path, built: Path) -> None:
    # Another process and another seed: what is in a set comes in another order.
    program("build", PYTHONHASHSEED="7")

    assert _snapshot(minimal / "build" / "site") == _snapshot(built)


def test_build_shows_drafts_only_when_asked(run, built: Path, tmp_path: Path) -> None:
    run("build", "--drafts", "--out", str(tmp_path / "drafts"))

    assert not (built / "bridge" / "nieuwe-brug.html").exists()
    assert "nieuwe-brug" not in (built / "data" / "graph.ttl").read_text("utf-8")
    assert "noindex" in (tmp_path / "drafts" / "bridge" / "nieuwe-brug.html").read_text("utf-8")


def test_build_refuses_a_folder_that_is_not_a_site(run, minimal: Path) -> None:
    before = _snapshot(minimal)

    ran = run("build", "--out", "data")

    assert "is not overwritten" in ran.err
    assert ran.code == 2
    assert _snapshot(minimal) == before


def test_build_keeps_the_old_site_when_a_page_fails(run, minimal: Path) -> None:
    run("build")
    before = _snapshot(minimal / "build")
    # The last page to be made: everything else stands in the new folder by then.
    template = minimal / "site_templates" / "kinds" / "_value.html"
    template.parent.mkdir(parents=True)

    for fault in ("{{ 1 / 0 }}", "{{ unknown }}", "{% if %}", "{{ record.nothing }}"):
        template.write_text(fault, "utf-8")

        ran = run("build")

        assert "cannot be made" in ran.err
        assert ran.code == 2
        assert _snapshot(minimal / "build") == before


def test_build_replaces_pages_that_are_no_longer_wanted(run, minimal: Path) -> None:
    run("build")
    (minimal / "data/bridge/houten-brug.ttl").unlink()

    assert run("build", "--verify").code == 0

    assert not (minimal / "build/site/bridge/houten-brug.html").exists()


def test_build_fails_on_a_link_that_leads_nowhere(run, minimal: Path) -> None:
    page = minimal / "site_templates" / "pages" / "over.html"
    page.parent.mkdir(parents=True)
    page.write_text('<a href="nergens.html">x</a>\n<a href="index.html#nergens">y</a>', "utf-8")

    ran = run("build", "--verify")

    assert [line.partition(":")[0] for line in ran.out.splitlines()] == [
        "en/over.html",
        "en/over.html",
        "over.html",
        "over.html",
    ]
    assert ran.code == 1


def test_a_build_that_is_killed_leaves_the_old_site_whole(run, minimal: Path) -> None:
    run("build")
    before = _snapshot(minimal / "build" / "site")
    # A page that takes for ever, so that the build is stopped halfway for certain.
    template = minimal / "site_templates" / "kinds" / "_value.html"
    template.parent.mkdir(parents=True)
    template.write_text(
        "{% for x in range(99999) %}{% for y in range(99999) %}{% endfor %}{% endfor %}", "utf-8"
    )

    with subprocess.Popen([sys.executable, "-m", "jkgraph", "build"], cwd=minimal) as build:
        while not list((minimal / "build").glob(".site.jkgraph-new/index.html")):
            assert build.poll() is None
        build.send_signal(signal.SIGKILL)

    assert _snapshot(minimal / "build" / "site") == before


# serve


def test_serve_shows_the_site_on_this_machine_until_it_is_stopped(minimal: Path) -> None:
    command = [sys.executable, "-m", "jkgraph", "--lang", "en", "serve", "--port", "0"]
    with subprocess.Popen(  # noqa: S603  (our own program)
        command, cwd=minimal, stderr=subprocess.PIPE, text=True
    ) as server:
        lines = iter(server.stderr.readline, "")
        line = next(line for line in lines if "http://" in line)
        address = line[line.index("http://") :].split()[0]
        with urlopen(f"{address}id/bridge/spoorbrug") as page:  # noqa: S310  (our own server)
            assert page.url == f"{address}bridge/spoorbrug.html"
            assert "Spoorbrug" in page.read().decode()
        server.send_signal(signal.SIGINT)
        try:
            assert server.wait(timeout=10) == 130
        finally:
            server.kill()

    assert not (minimal / "build" / "site").exists()


def test_serve_says_when_the_port_is_taken(run) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ran = run("serve", "--port", port)

    assert port in ran.err.splitlines()[-1]
    assert ran.code == 2


def test_a_reader_that_stops_reading_gives_no_traceback(minimal: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "jkgraph", "infer"],
            cwd=minimal,
            stdout=gone,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )

    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("query --frmat x", "De optie --frmat bestaat niet. Bedoelt u --format? Zie jkgraph query"),
        ("query -f x", "-f / --format heeft een andere waarde nodig: table, md,"),
        ("query --limit -1", "--limit heeft een andere waarde nodig: een getal van 0 of meer."),
        ("query --timeout 0", "--timeout heeft een andere waarde nodig: een getal boven 0."),
        ("serve --port 99999", "--port heeft een andere waarde nodig: 0–65535."),
        ("query --limit", "Achter de optie --limit hoort een waarde."),
        ("validate --fix=3", "De optie --fix krijgt geen waarde."),
        ("publish", "Dit ontbreekt: --endpoint. Zie jkgraph publish --help."),
        ("stats x", "Er staat meer dan de opdracht aankan. Zo hoort het: jkgraph stats [OPTIONS]"),
    ],
)
def test_a_slip_in_options_is_told_in_the_language_of_the_reader(run, typed, told) -> None:
    ran = run(*typed.split(), lang="nl")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"jkgraph: {told}")


def test_without_a_command_the_help_is_shown(run, program) -> None:
    ran = program()

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: jkgraph")
    assert run().err == "jkgraph: Name a command. See jkgraph --help.\n"
