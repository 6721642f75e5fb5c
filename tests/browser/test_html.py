"""Every page of the real site, read by the checkers of the W3C validator and of lychee."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / ".venv" / "vnu" / "vnu.jar"  # `make test-full` fetches it
LYCHEE = Path(sysconfig.get_path("scripts")) / "lychee"


def ask(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a checker to its end, whatever it finds."""
    # The programs are those that `make test-full` fetched.
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (see above)


def test_the_validator_of_the_w3c_finds_no_error(real_site: Path) -> None:
    java = shutil.which("java") or "java"
    options = ("--errors-only", "--skip-non-html", "--format", "json")
    done = ask(java, "-jar", VALIDATOR, *options, real_site)
    found = json.loads(done.stderr)["messages"]

    assert [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in found][:10] == []
    assert done.returncode == 0


def test_every_link_and_fragment_leads_somewhere(real_site: Path) -> None:
    options = ("--offline", "--include-fragments", "--no-progress", "--format", "json")
    # A choice for the script of a page is no place on it.
    options = (*options, "--exclude", "#item=")
    done = ask(LYCHEE, *options, "--root-dir", real_site, f"{real_site}/**/*.html")
    summary = json.loads(done.stdout)

    assert summary["error_map"] == {}
    assert summary["successful"] > 100_000
