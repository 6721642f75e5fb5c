"""Keeps what was measured: as JSON, and as a table in a document, with the machine and versions."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "explanation" / "performance.md"
PACKAGES = ("pyoxigraph", "oxigraph", "rdflib", "pyshacl", "shacl", "owlrl", "jinja2")


def keep(name: str, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the rows of a whole run to a file of that name, and into the document."""
    table = list(rows)
    facts = {
        "date": datetime.now(UTC).date().isoformat(),
        "revision": _revision(),
        "machine": f"{os.cpu_count()} cores, {_memory()} GB, {platform.system()}",
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
    }
    data = {**facts, "rows": [dict(zip(titles, row, strict=True)) for row in table]}
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(f"{text}\n", "utf-8")
    versions = ", ".join(f"{package} {number}" for package, number in facts["versions"].items())  # type: ignore[attr-defined]
    lines = [titles, ["---"] * len(titles), *table]
    told = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    told += f"\n\nMeasured on {facts['date']}, revision {facts['revision']}: {facts['machine']}, "
    told += f"Python {facts['python']}, {versions}."
    _fill(DOCUMENT, name, told)


def _fill(document: Path, name: str, told: str) -> None:
    """Put a text between the marks that have its name."""
    text = document.read_text("utf-8")
    marks = re.compile(rf"(<!-- bench {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    document.write_text(marks.sub(lambda m: f"{m[1]}\n{told}\n\n{m[2]}", text), "utf-8")


def _revision() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short=10", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603  (our own)


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
