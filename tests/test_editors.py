"""What editors are given works: problems at their line, and snippets that make good records."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.findings import Severity
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.snippets import snippets
from jkgraph.workspace import open_workspace

ROOT = Path(__file__).parent.parent
# How VS Code calls the levels.
LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
STOP = re.compile(r"(?<!\\)\$(?:\{(\d+)(?:\|((?:\\.|[^|\\])*)\||:([^}]*))?\}|0)")
VARIABLES = {
    "${TM_FILENAME_BASE}": "nieuw",
    "${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE}": "2025-05-31",
}


def _tasks() -> dict[str, dict]:
    text = (ROOT / ".vscode" / "tasks.json").read_text("utf-8")
    tasks = json.loads(re.sub(r"(?m)^\s*//.*", "", text))["tasks"]
    return {task["label"]: task for task in tasks}


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_task_finds_each_problem_with_its_level(minimal, severity: Severity, lang: str) -> None:
    word = open_workspace(minimal).catalogue.word(f"severity.{severity.word}", lang)
    line = f"data/bridge/oude-brug.ttl:12:5: {word}: Kies een dag: 2025. [Some-rule]"
    matched = [
        (m["severity"], re.fullmatch(m["pattern"]["regexp"], line, re.ASCII))
        for m in _tasks()["nakijken"]["problemMatcher"]
    ]

    ((level, found),) = [(level, found) for level, found in matched if found]
    assert level == LEVELS[severity]
    assert found.groups() == (
        *("data/bridge/oude-brug.ttl", "12", "5", "Kies een dag: 2025.", "Some-rule"),
    )


def test_the_task_finds_what_validate_says(run, minimal: Path) -> None:
    path = minimal / "data/bridge/spoorbrug.ttl"
    path.write_text(path.read_text("utf-8").replace("material:staal", "material:stal"), "utf-8")
    patterns = [m["pattern"]["regexp"] for m in _tasks()["nakijken"]["problemMatcher"]]

    told = run("validate", lang="nl").out.splitlines()

    assert any(re.fullmatch(pattern, line) for pattern in patterns for line in told)


def test_every_task_runs_on_windows_too() -> None:
    assert all("windows" in task for task in _tasks().values())


def _filled(body: list[str], given: str) -> str:
    """Fill in a snippet as an editor does: the first choice, what stands there, else a text."""
    text = "\n".join(body)
    for variable, value in VARIABLES.items():
        text = text.replace(variable, value)

    def fill(stop: re.Match[str]) -> str:
        number, choices, default = stop.groups()
        if choices:
            return re.split(r"(?<!\\),", choices)[0]
        return default or (given if number else "")

    return re.sub(r"\\([\\$},|])", r"\1", STOP.sub(fill, text))


def test_a_snippet_makes_a_record_that_validates(run, minimal: Path) -> None:
    graph = load(open_workspace(minimal))
    body = json.loads(snippets(graph, read_kinds(graph)))["bridge"]["body"]
    path = minimal / "data/bridge/nieuw.ttl"

    path.write_text(_filled(body, "lange-vaart"), "utf-8")
    formatted, checked = run("format", str(path)), run("validate")

    assert (formatted.code, checked.code) == (0, 0), checked.out
    assert "\n    #>" not in path.read_text("utf-8")
    assert "status:in-bewerking" in path.read_text("utf-8")


def test_every_snippet_of_this_workspace_is_turtle_once_it_is_filled_in() -> None:
    made = json.loads((ROOT / ".vscode" / "records.code-snippets").read_text("utf-8"))
    workspace = open_workspace(ROOT)
    kinds = read_kinds(load(workspace))
    prefixes = "\n".join(made["@prefix"]["body"][:-1]) + "\n@prefix : <urn:x#> .\n"

    for name, snippet in made.items():
        text = _filled(snippet["body"], "x")
        if name in kinds.by_name:
            assert f"{name}:nieuw a " in text
        elif name.count(":"):
            text = f"{prefixes}:x {text.removesuffix(' ;')} ."
        elif name != "@prefix":
            text = prefixes + text
        assert "$" not in text, name
        assert list(ox.parse(text, ox.RdfFormat.TURTLE)) or name == "@prefix"


def test_a_closed_list_is_a_choice(graph) -> None:
    made = json.loads(snippets(graph, read_kinds(graph)))

    assert made["br:material"]["body"] == [
        "br:material ${1|material:hout,material:staal,material:steen|} ;$0"
    ]
    assert made["br:material"]["prefix"] == ["br:material", "gemaakt-van"]
    assert made["bridge"]["prefix"] == ["nieuw-brug", "nieuw-bridge"]


def test_a_field_that_is_needed_twice_and_has_no_language_is_one_place_to_fill_in(minimal) -> None:
    path = minimal / "shapes" / "crossing.ttl"
    path.write_text(path.read_text("utf-8").replace("sh:minCount 1", "sh:minCount 2"), "utf-8")
    graph = load(open_workspace(minimal))

    made = json.loads(snippets(graph, read_kinds(graph)))

    assert made["br:crosses"]["body"] == ["br:crosses water:${1} ;$0"]
