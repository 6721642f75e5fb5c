"""The command `diff`: what changed between two states of a workspace reads like sentences."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., object]
NAME = ("-c", "user.name=n", "-c", "user.email=n@example.org")


def git(folder: Path, *words: str) -> None:
    program = ["git", *NAME, *words]
    subprocess.run(program, cwd=folder, check=True, capture_output=True)  # noqa: S603  (fixed words)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def kept(minimal: Path) -> Path:
    """Give the minimal workspace in git, with changes of every sort that are not committed."""
    git(minimal, "init", "-q", "-b", "main")
    git(minimal, "add", ".")
    git(minimal, "commit", "-qm", "begin")
    git(minimal, "tag", "v1.0")
    data = minimal / "data"
    replace(data / "bridge" / "oude-steenbrug.ttl", "drie bogen", "vier bogen")
    replace(data / "bridge" / "houten-brug.ttl", "water:lange-vaart", "water:nieuw-kanaal")
    (data / "water" / "lange-vaart.ttl").rename(data / "water" / "nieuw-kanaal.ttl")
    replace(data / "water" / "nieuw-kanaal.ttl", "water:lange-vaart", "water:nieuw-kanaal")
    (data / "bridge" / "spoorbrug.ttl").unlink()
    replace(minimal / "ontology" / "schemes" / "material.ttl", '"hout"@nl', '"hout, ook riet"@nl')
    replace(minimal / "queries" / "upstream.rq", "SELECT", "SELECT DISTINCT")
    (data / "book" / "kladje.ttl").write_text("book:kladje a br:Book ; .", "utf-8")
    (minimal / "leesmij.txt").write_text("dit telt niet", "utf-8")
    return minimal


@pytest.mark.usefixtures("kept")
def test_the_files_as_they_are_differ_from_the_last_commit(run: Run) -> None:
    ran = run("diff", lang="nl")
    assert (ran.code, ran.err) == (0, "Veranderd: 4 records, 3 andere bestanden.\n")
    assert ran.out == (
        "Houten brug (brug)\n"
        "data/bridge/houten-brug.ttl\n"
        "  Gaat over: was Lange Vaart (water:lange-vaart), nu Lange Vaart (water:nieuw-kanaal).\n"
        "\n"
        "Oude Steenbrug (brug)\n"
        "data/bridge/oude-steenbrug.ttl\n"
        "  Beschrijving veranderd: “Een brug van steen met [drie → vier] bogen over de Lange "
        "Vaart.”\n"
        "\n"
        "Spoorbrug (brug) – verwijderd\n"
        "data/bridge/spoorbrug.ttl\n"
        "\n"
        "Lange Vaart (water) – verplaatst\n"
        "data/water/nieuw-kanaal.ttl\n"
        "  Stond eerst in data/water/lange-vaart.ttl.\n"
        "\n"
        "ontology/schemes/material.ttl\n"
        "  Veranderd: hout, ook riet.\n"
        "\n"
        "Van welke wateren liggen de bruggen stroomopwaarts?\n"
        "queries/upstream.rq\n"
        "\n"
        "data/book/kladje.ttl – niet te lezen\n"
        "  Dit bestand is niet te lezen, voor of na de wijziging. "
        "«jkgraph validate» zegt wat eraan schort.\n"
    )


@pytest.mark.usefixtures("kept")
def test_files_and_folders_narrow_what_is_told(run: Run) -> None:
    ran = run("diff", "v1.0", "data/water", "data/bridge/spoorbrug.ttl")
    assert [line for line in ran.out.splitlines() if line.startswith("data/")] == [
        "data/bridge/spoorbrug.ttl",
        "data/water/nieuw-kanaal.ttl",
    ]
    assert (
        run("diff", "shapes").err
        == "Nothing has changed in the records, the model or the questions.\n"
    )


@pytest.mark.parametrize("named", [("v1.0", "main"), ("v1.0..main",), ("v1.0...main",)])
def test_two_revisions_are_told_by_the_names_of_the_later_one(
    kept: Path, run: Run, named: tuple[str, ...]
) -> None:
    git(kept, "add", ".")
    git(kept, "commit", "-qm", "next")
    (kept / "data" / "bridge" / "houten-brug.ttl").unlink()
    found = json.loads(run("diff", *named, "--format", "json").out)
    fates = {one["path"]: one["fate"] for one in found}
    assert fates["data/bridge/houten-brug.ttl"] == "changed"
    assert fates["data/water/nieuw-kanaal.ttl"] == "moved"
    assert fates["data/book/kladje.ttl"] == "unread"
    assert len(fates) == 7


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nergens",), 'No revision is called "nergens".'),
        (("--upload-pack=x",), "There is no option --upload-pack"),
        (("v1.0", "../elders.ttl"), "lies outside the workspace"),
    ],
)
def test_what_is_not_there_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run("diff", *words)
    assert ran.code == 2
    assert said in ran.err


def test_without_git_there_is_nothing_to_compare_with(run: Run) -> None:
    ran = run("diff")
    assert ran.code == 2
    assert "Traceback" not in ran.err
