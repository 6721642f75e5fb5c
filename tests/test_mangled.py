"""Whatever a file holds, checking, reporting and repairing it ends in findings."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from jkgraph.checks import run_checks
from jkgraph.fixing import safe_edits
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.reports import FORMATS, Report, write
from jkgraph.workspace import open_workspace

pytestmark = pytest.mark.full

FILES = ("data/bridge/oude-steenbrug.ttl", "data/water/lange-vaart.ttl", "ontology/core.ttl")
SIGNS = (
    *"\"'#;,.@<>[]()\\: \n\0~é𝄞\ufeff",
    *("^^", '"""', "_:b", "@nl", "@nl-NL", "xsd:date", "br:", "material:", "@prefix", "<<", "\r\n"),
)


@pytest.mark.parametrize("seed", range(150))
def test_a_mangled_file_ends_in_findings(minimal: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - nothing is kept secret
    file = minimal / rng.choice(FILES)
    file.write_bytes(_mangled(file.read_text("utf-8"), rng))

    graph = load(open_workspace(minimal))
    kinds = read_kinds(graph)
    report = Report(graph, kinds, run_checks(graph, kinds), "nl")

    assert all(isinstance(write(report, form), bytes) for form in FORMATS)
    files = sorted(graph.workspace.data.rglob("*.ttl"))
    for edit in safe_edits(graph, kinds, report.findings, files):
        assert edit.after


def _mangled(text: str, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 3)):
        at, what = rng.randrange(len(text)), rng.random()
        if what < 1 / 3:
            text = text[:at] + text[at + rng.randint(1, 4) :]
        elif what < 2 / 3:
            text = text[:at] + rng.choice(SIGNS) + text[at:]
        else:
            start = rng.randrange(len(text))
            text = text[:at] + text[start : start + 40] + text[at:]
    content = text.encode()
    if rng.random() < 0.1:
        at = rng.randrange(len(content))
        content = content[:at] + bytes([rng.randrange(128, 256)]) + content[at:]
    return content
