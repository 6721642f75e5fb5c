"""Keeps what was measured: as JSON, and as a table in a document, with the machine and versions."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "results"
PEERS = FOLDER / "peers"
DOCUMENT = ROOT / "docs" / "explanation" / "performance.md"
PACKAGES = ("pyoxigraph", "oxigraph", "rdflib", "pyshacl", "shacl", "owlrl", "jinja2")


def keep(name: str, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the rows of a whole run to a file of that name, and into the document."""
    table = list(rows)
    facts = {**_here(), "versions": {package: version(package) for package in PACKAGES}}
    told_rows = [dict(zip(titles, row, strict=True)) for row in table]
    _write(FOLDER / f"{name}.json", {**facts, "rows": told_rows})
    versions = ", ".join(f"{package} {number}" for package, number in facts["versions"].items())  # type: ignore[attr-defined]  # set above
    lines = [titles, ["---"] * len(titles), *table]
    told = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    told += f"\n\nMeasured on {facts['date']}, revision {facts['revision']}: {facts['machine']}, "
    told += f"Python {facts['python']}, {versions}."
    _fill(DOCUMENT, name, told)


def keep_peer(name: str, facts: Mapping[str, Any]) -> None:
    """Keep what was measured beside a program that few have installed."""
    _write(PEERS / f"{name}.json", {**_here(), **facts})


def kept_peer(name: str) -> Any:
    """Return what was kept of a program, with its date; nothing when nothing was."""
    path = PEERS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def _here() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "revision": _revision(),
        "machine": f"{os.cpu_count()} cores, {_memory()} GB, {platform.system()}",
        "python": platform.python_version(),
    }


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


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
