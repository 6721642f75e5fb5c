"""Every page of the real site, read by the checkers of the W3C validator and of lychee."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / ".venv" / "vnu" / "vnu.jar"  # `make test-full` fetches it
LYCHEE = Path(sysconfig.get_path("scripts")) / "lychee"


def test_the_validator_of_the_w3c_finds_no_error(real_site: Path) -> None:
    done = subprocess.run(
        ["java", "-jar", VALIDATOR, "--errors-only", "--skip-non-html", "--format", "json", real_site],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stderr)["messages"]

    assert [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in found][:10] == []
    assert done.returncode == 0


def test_every_link_and_fragment_leads_somewhere(real_site: Path) -> None:
    done = subprocess.run(
        [LYCHEE, "--offline", "--include-fragments", "--root-dir", real_site]
        + ["--no-progress", "--format", "json", f"{real_site}/**/*.html"],
        capture_output=True,
        text=True,
        check=False,
    )
    summary = json.loads(done.stdout)

    assert summary["error_map"] == {}
    assert summary["successful"] > 100_000
