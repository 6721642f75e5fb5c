"""The ready files for forges and git do what they say, with a real git."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from jkgraph.kinds import read_kinds
from jkgraph.record_form import record_form

ROOT = Path(__file__).parent.parent
FORGE = ROOT / "docs" / "forge"
WORKFLOWS = sorted((FORGE / "github" / "workflows").glob("*.yml"))
DRAFT = "data/bridge/nieuwe-brug.ttl"

Did = subprocess.CompletedProcess[str]


@pytest.fixture
def call(minimal: Path, tmp_path: Path) -> Callable[..., Did]:
    """Run a program in a repository that holds the minimal workspace; `jkgraph` is on the path."""
    programs = tmp_path / "programs"
    programs.mkdir()
    _program(programs / "jkgraph", f'exec "{sys.executable}" -m jkgraph "$@"')
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {
        **inherited,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "LC_ALL": "nl_NL.UTF-8",
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
    }

    def run(*arguments: str, **more: str) -> Did:
        return subprocess.run(  # noqa: S603  (our own programs, and git)
            arguments,
            cwd=minimal,
            env={**environment, **more},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    for line in ("init -q -b main", "config user.name A", "config user.email a@example.org"):
        run("git", *line.split())
    (minimal / ".gitignore").write_text("build/\n")
    run("git", "add", "--all")
    assert run("git", "commit", "-qm", "Begin").returncode == 0
    return run


def _program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def hooked(call: Callable[..., Did], minimal: Path) -> Callable[..., Did]:
    """Switch the hook on, as its first lines say."""
    shutil.copytree(FORGE / "hooks", minimal / "docs" / "forge" / "hooks")
    script = (FORGE / "hooks" / "pre-commit").read_text("utf-8")
    (command,) = re.findall(r"(git config .+)", script)
    assert call(*command.split()).returncode == 0
    return call


def test_a_commit_with_a_fault_is_refused_with_its_message(hooked, minimal: Path) -> None:
    _replace(minimal / DRAFT, "water:brede-stroom", "water:brede-strom")

    refused = hooked("git", "commit", "-qam", "Move the bridge")

    assert refused.returncode == 1
    assert f"{DRAFT}:12:16: fout: " in refused.stdout + refused.stderr
    assert hooked("git", "log", "--oneline").stdout.count("\n") == 1


def test_a_good_commit_passes(hooked, minimal: Path) -> None:
    _replace(minimal / DRAFT, "water:brede-stroom", "water:lange-vaart")

    done = hooked("git", "commit", "-qam", "Move the bridge")

    assert (done.returncode, done.stdout) == (0, "")


def test_the_hook_looks_at_what_is_committed_and_not_at_the_folder(hooked, minimal: Path) -> None:
    _replace(minimal / DRAFT, "water:brede-stroom", "water:lange-vaart")
    hooked("git", "add", "--all")
    _replace(minimal / DRAFT, "water:lange-vaart", "water:lange-vrt")

    assert hooked("git", "commit", "-qm", "Move the bridge").returncode == 0
    assert hooked("git", "commit", "-qam", "Misspell the water").returncode == 1


def test_a_commit_of_a_file_in_another_form_is_refused(hooked, minimal: Path) -> None:
    _replace(minimal / DRAFT, " ;\n    br:status", ";\n  br:status")

    refused = hooked("git", "commit", "-qam", "Write it differently")

    assert refused.returncode == 1
    assert f"jkgraph format {DRAFT}" in refused.stdout + refused.stderr


def _publish(minimal: Path) -> None:
    _replace(minimal / DRAFT, "status:in-bewerking", "status:klaar")


def test_published_lists_what_became_visible(call, minimal: Path) -> None:
    _publish(minimal)
    shutil.copy(minimal / "data/water/zoute-zee.ttl", minimal / "data/water/zoete-zee.ttl")
    _replace(minimal / "data/water/zoete-zee.ttl", "water:zoute-zee a", "water:zoete-zee a")
    _replace(minimal / "data/bridge/houten-brug.ttl", "Houten brug", "Brug van hout")

    listed = call("jkgraph", "published")
    call("git", "add", "--all")
    call("git", "commit", "-qm", "Publish")

    assert listed.stdout == f"{DRAFT}: Nieuwe brug\ndata/water/zoete-zee.ttl: Zoute Zee\n"
    assert call("jkgraph", "published", "main~1").stdout == listed.stdout
    assert call("jkgraph", "published", "main").stdout == ""


def test_published_says_what_it_cannot_know(call) -> None:
    done = call("jkgraph", "published", "nowhere")

    assert done.returncode == 2
    assert "nowhere" in done.stderr


@pytest.mark.parametrize(("approvals", "code"), [(0, 1), (1, 0)])
def test_what_is_published_needs_an_approval(
    four_eyes, minimal: Path, tmp_path: Path, approvals: int, code: int
) -> None:
    _publish(minimal)

    done = four_eyes(approvals)

    assert done.returncode == code, done.stderr
    assert ("::error::" in done.stdout) == bool(code)
    assert (tmp_path / "summary").read_text("utf-8") == f"{DRAFT}: Nieuwe brug\n"


def test_what_is_not_published_needs_no_approval(four_eyes) -> None:
    assert four_eyes(0).returncode == 0


@pytest.fixture
def four_eyes(call, tmp_path: Path) -> Callable[[int], Did]:
    """Run the check of a pull request on which a forge counts so many approvals."""
    script = _script(FORGE / "github" / "workflows" / "four-eyes.yml", "Compare")
    (tmp_path / "check").write_text(f"set -eu\n{script}")

    def check(approvals: int) -> Did:
        _program(tmp_path / "programs" / "gh", f"echo {approvals}")
        given = {"BASE": "main", "PULL_REQUEST": "1", "GITHUB_STEP_SUMMARY": "../summary"}
        return call("sh", str(tmp_path / "check"), **given)

    return check


def _script(workflow: Path, name: str) -> str:
    """Return what a step of a workflow runs."""
    text = workflow.read_text("utf-8")
    (script,) = re.findall(rf"- name: {name}.*?run: \|\n((?:          .*\n)+)", text, re.DOTALL)
    return textwrap.dedent(script)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_pinned_actions_with_few_rights(path: Path) -> None:
    text = path.read_text("utf-8")
    used = re.findall(r"uses: (.+)", text)

    assert used
    assert [u for u in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", u)] == []
    assert text.partition("\njobs:")[0].count("contents: read") == 1
    # A change by a stranger runs without secrets, and reaches no script unquoted.
    assert "pull_request_target" not in text
    scripts = re.findall(r"run: (\|\n(?: {10}.*\n)+|.*)", text)
    assert not any("${{" in script for script in scripts)
    assert text.count("--require-hashes") == text.count("requirements.lock")


@pytest.mark.parametrize(
    "path",
    [ROOT / ".pre-commit-hooks.yaml", *sorted(FORGE.rglob("*.yml"))],
    ids=lambda path: path.name,
)
def test_a_file_in_yaml_is_indented_evenly_and_says_nothing_twice(path: Path) -> None:
    open_keys: dict[int, set[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        found = re.match(r"^( *)((?:- )*)([\w-]+):(?: |$)", line)
        assert "\t" not in line
        assert len(re.match(r" *", line)[0]) % 2 == 0
        if found:
            depth = len(found[1] + found[2])
            open_keys = {d: keys for d, keys in open_keys.items() if d <= depth}
            if found[2]:
                open_keys.pop(depth, None)
            keys = open_keys.setdefault(depth, set())
            assert found[3] not in keys, line
            keys.add(found[3])


def test_the_form_for_a_new_record_offers_every_kind(graph) -> None:
    note, _, form = record_form(graph, read_kinds(graph)).partition("\n")
    (choice,) = (field for field in json.loads(form)["body"] if field["type"] == "dropdown")

    assert note.startswith("# ")
    assert choice["attributes"]["options"] == ["boek", "brug", "water"]


def test_the_code_owners_are_for_folders_that_exist_and_have_no_account_yet() -> None:
    lines = (FORGE / "github" / "CODEOWNERS").read_text("utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]

    assert all(path == "*" or (ROOT / path.strip("/")).is_dir() for path, *_ in rules)
    assert all("<" in owner for _, *owners in rules for owner in owners)


def test_the_hooks_for_pre_commit_run_commands_on_the_files_of_a_workspace() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    patterns = re.findall(r"files: (.+)", text)
    record, query = "data/bridge/spoorbrug.ttl", "queries/upstream.rq"

    assert re.findall(r"- id: (.+)", text) == ["jkgraph-format", "jkgraph-validate"]
    assert [bool(re.search(pattern, record)) for pattern in patterns] == [True, True]
    assert [bool(re.search(pattern, query)) for pattern in patterns] == [False, True]
