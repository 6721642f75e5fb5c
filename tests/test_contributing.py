"""The example in CONTRIBUTING is followed line by line, on a copy of this repository's graph."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DUTCH, _, ENGLISH = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("\n# Contributing\n")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RECORD = "data/source/jeugdwet.ttl"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the graph in which the record of the example is not there yet."""
    for name in ("data", "locale", "ontology", "queries", "shapes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "jkgraph.toml", tmp_path)
    (tmp_path / RECORD).unlink(missing_ok=True)
    return tmp_path


def test_the_example_goes_as_it_is_shown(run, copy: Path) -> None:
    blocks = FENCE.findall(DUTCH)
    for kind, block in blocks:
        if kind == "turtle":
            _write(copy / RECORD, block)
        for command, shown in _commands(block) if kind == "console" else ():
            ran = run(*shlex.split(command)[1:], lang="nl", at=copy)
            _require_shown(shown, f"{ran.out}\n{ran.err}")

    record, line = (block for kind, block in blocks if kind == "turtle")
    faulty = next(old for old in record.splitlines(keepends=True) if old.split()[0] in line)
    # What is shown is in the canonical form, which `format` has made in the end.
    assert record.replace(faulty, line) in (copy / RECORD).read_text("utf-8")


def _commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command with the lines that are shown below it."""
    for part in re.findall(r"^\$ (.+\n(?:(?!\$ |```).+\n)*)", text, re.MULTILINE):
        command, *shown = part.splitlines()
        yield command, shown


def _require_shown(shown: list[str], told: str) -> None:
    """Require that lines were told, in this order; … stands for anything."""
    lines = iter(told.splitlines())
    for line in shown:
        pattern = ".*".join(map(re.escape, line.split("…")))
        assert any(re.fullmatch(pattern, found) for found in lines), f"{line}\nis not in\n{told}"


def _write(path: Path, block: str) -> None:
    """Do what a reader does: put a record below its prefixes, or a line in the place of one."""
    lines = path.read_text("utf-8").splitlines()
    if block.count("\n") == 1:
        name = block.split(maxsplit=1)[0]
        lines = [block.rstrip() if line.split()[:1] == [name] else line for line in lines]
    else:
        lines = [line for line in lines if line.startswith("@prefix")] + ["", block.rstrip()]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def test_both_languages_have_the_same_rungs() -> None:
    dutch, english = (re.findall(r"^## (\d)\. ", text, re.MULTILINE) for text in (DUTCH, ENGLISH))

    assert dutch == english == list("12345678")
