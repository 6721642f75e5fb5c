"""All hostile inputs once more, where there is no network at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.full
# All that `make test` tries, and what is like it.
CASES = "not full or alike"


def test_nothing_changes_in_a_network_namespace_without_interfaces() -> None:
    here = Path(__file__).parent
    alone = ["unshare", "--net", sys.executable, "-m", "pytest", "-m", CASES, "-n0", str(here)]

    done = subprocess.run(alone, capture_output=True, text=True, check=False, cwd=here)  # noqa: S603  (ours)

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-500:]
