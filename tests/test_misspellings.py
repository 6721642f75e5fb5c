"""Whatever is misspelt gives one finding or one error, which names the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

BRIDGE = "data/bridge/oude-steenbrug.ttl"
WATER = "data/water/lange-vaart.ttl"

# What is misspelt; the file, the right text and the misspelt text; the word to be named.
IN_FILES = {
    "class": (BRIDGE, "a br:Bridge", "a br:Brigde", "Bridge"),
    "class that others link to": (WATER, "a br:Water", "a br:Watre", "Water"),
    "class of a part": (BRIDGE, "a br:Citation", "a br:Citaton", "Citation"),
    "property": (BRIDGE, "br:material ", "br:materail ", "material"),
    "property that must be there": (BRIDGE, "br:crosses", "br:croses", "crosses"),
    "borrowed property": (BRIDGE, "dct:modified", "dct:modifed", "modified"),
    "borrowed property of a part": (BRIDGE, "dct:source", "dct:soruce", "source"),
    "property of another kind": (WATER, "br:flowsInto", "br:crosses", ""),
    "prefix": (BRIDGE, "material:steen", "materail:steen", "material"),
    "record": (BRIDGE, "water:lange-vaart ;", "water:lange-vart ;", "lange-vaart"),
    "list value": (BRIDGE, "material:steen", "material:stene", "steen"),
    "class in a shape": ("shapes/bridge.ttl", "sh:class br:Material", "sh:class br:Matreial", ""),
    "property in a shape": ("shapes/bridge.ttl", "sh:path br:opened", "sh:path br:openend", ""),
    "class in a rule": ("shapes/rules/flows-in-circle.rq", "br:flowsInto*", "br:flowInto*", ""),
    "class in a query": ("queries/upstream.rq", "br:Crossing", "br:Crosing", "Crossing"),
    "role": ("jkgraph.toml", '"br:citation"', '"br:citaton"', "citation"),
    "value of a role": ("jkgraph.toml", '"status:klaar"', '"status:klar"', "klaar"),
    "facet": ("jkgraph.toml", '"br:crosses"', '"br:croses"', "crosses"),
    "parameter type": ("queries/bridges-over.rq", "br:Water", "br:Watter", "Water"),
}

# What is misspelt, the command, and the word to be named.
IN_COMMANDS = {
    "command": (["validat"], "validate"),
    "kind": (["new", "brigde", "Rode brug"], "bridge"),
    "kind in Dutch": (["new", "brg", "Rode brug"], "brug"),
    "saved query": (["query", "upstraem"], "upstream"),
    "parameter": (["query", "bridges-over", "--param", "watre=lange-vaart"], "water"),
    "prefix in a query": (["query", "-e", "SELECT * { ?x a brr:Bridge }"], "br"),
    "class in a query": (["query", "-e", "SELECT * { ?x a br:Brigde }"], "Bridge"),
    "property in a query": (["query", "-e", "SELECT * { ?x br:lenght ?y }"], "length"),
    "record": (["show", "bridge:oude-stenbrug"], "bridge:oude-steenbrug"),
}

# The right text and the misspelt text in the settings, and the word to be named.
IN_SETTINGS = {
    "section": ("[facets]", "[facest]", "facets"),
    "key": ("languages =", "langauges =", "languages"),
    "role": ('published = "', 'publshed = "', "published"),
}


@pytest.mark.parametrize("what", IN_FILES)
def test_a_misspelling_in_a_file_gives_one_finding(run, minimal: Path, what: str) -> None:
    name, right, wrong, near = IN_FILES[what]
    file = minimal / name
    before, found, after = file.read_text("utf-8").partition(right)
    assert found, f"{name} holds no {right}"
    file.write_text(before + wrong + after, "utf-8")

    for language in ("nl", "en"):
        ran = run("validate", lang=language)

        (line,) = ran.heads
        assert line.startswith(f"{name}:{before.count(chr(10)) + 1}:")
        assert near in line.replace(wrong, "")
        assert ran.code == 1


@pytest.mark.parametrize("what", IN_COMMANDS)
def test_a_misspelling_in_a_command_gives_one_error(run, what: str) -> None:
    arguments, near = IN_COMMANDS[what]
    for language, question in (("nl", f"Bedoelt u {near}?"), ("en", f"Did you mean {near}?")):
        ran = run(*arguments, lang=language)

        assert ran.out == ""
        (line,) = ran.err.splitlines()
        assert line.startswith("jkgraph: ")
        assert question in line
        assert ran.code == 2


@pytest.mark.parametrize("what", IN_SETTINGS)
def test_a_misspelling_in_the_settings_gives_one_error_at_its_line(
    run, minimal: Path, what: str
) -> None:
    right, wrong, near = IN_SETTINGS[what]
    file = minimal / "jkgraph.toml"
    before, _, after = file.read_text("utf-8").partition(right)
    file.write_text(before + wrong + after, "utf-8")

    for language, question in (("nl", f"Bedoelt u {near}?"), ("en", f"Did you mean {near}?")):
        ran = run("validate", lang=language)

        assert ran.out == ""
        (line,) = ran.err.splitlines()
        assert f"jkgraph.toml:{before.count(chr(10)) + 1}" in line
        assert question in line
        assert ran.code == 2


def test_a_misspelt_folder_gives_one_finding(run, minimal: Path) -> None:
    (minimal / "data" / "book").rename(minimal / "data" / "boek")

    ran = run("validate")

    (line,) = ran.heads
    assert line.startswith("data/boek:1:1: ")
    assert "Did you mean book?" in line
    assert ran.code == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("kinds/brigde.html", "bridge.html"),
        ("kinds/crossng.list.html", "crossing.list.html"),
        ("kinds/_recrod.html", "_record.html"),
        ("cards/wtaer.html", "water.html"),
        ("parts/citaton.html", "citation.html"),
    ],
)
def test_a_misspelt_template_gives_one_error(run, minimal: Path, name: str, near: str) -> None:
    template = minimal / "site_templates" / name
    template.parent.mkdir(parents=True)
    template.write_text("", "utf-8")

    ran = run("build")

    (line,) = ran.err.splitlines()
    assert name in line
    assert f"Did you mean {near}?" in line
    assert ran.code == 2
    assert not (minimal / "build" / "site").exists()


def test_a_misspelt_prefix_in_the_settings_gives_one_error(run, minimal: Path) -> None:
    file = minimal / "jkgraph.toml"
    file.write_text(file.read_text("utf-8").replace('"status:klaar"', '"statsu:klaar"'), "utf-8")

    ran = run("validate")

    (line,) = ran.err.splitlines()
    assert "statsu:klaar" in line
    assert "Did you mean status?" in line
    assert ran.code == 2


def test_a_misspelt_kind_in_the_menu_gives_one_error(run, minimal: Path) -> None:
    file = minimal / "jkgraph.toml"
    file.write_text(file.read_text("utf-8").replace('["crossing"', '["crosing"'), "utf-8")

    ran = run("build")

    (line,) = ran.err.splitlines()
    assert "Did you mean crossing?" in line
    assert ran.code == 2


def test_a_template_that_asks_for_a_misspelt_page_or_query_gives_one_error(
    run, minimal: Path
) -> None:
    template = minimal / "site_templates" / "pages" / "over.html"
    template.parent.mkdir(parents=True)

    for text, near in (
        ("{{ site.page('idnex.html') }}", "index.html"),
        ("{{ rows('upstraem') | length }}", "upstream"),
        ("{{ site.records('brdige') | length }}", "bridge"),
    ):
        template.write_text(text, "utf-8")

        ran = run("build")

        (line,) = ran.err.splitlines()
        assert f"Did you mean {near}?" in line
        assert ran.code == 2
