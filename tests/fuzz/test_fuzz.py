"""What the fuzzer once found stays mended, and a short run of it finds nothing new."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz import CORPUS, Fuzzer
from targets import TARGETS, Playground

# Seconds for each target; all together are what `make test-full` can spare.
SECONDS = 5


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Playground:
    return Playground(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_a_fault_that_was_found_is_gone(ground: Playground, path: Path) -> None:
    TARGETS[path.parent.name].attempt(ground, path.read_bytes())


@pytest.mark.full
@pytest.mark.parametrize("name", TARGETS)
def test_a_short_run_finds_nothing_new(ground: Playground, name: str) -> None:
    fuzzer = Fuzzer(ground)
    # The same seed makes the same inputs, as many of them as there is time for.
    assert list(fuzzer.run([name], SECONDS)) == [], [str(f) for *_, f in fuzzer.faults.values()]
    assert fuzzer.tried[name] > 1
