"""What is told of memory is what the system tells."""

from __future__ import annotations

import sys

import psutil
import pytest

from jkgraph import memory


@pytest.mark.skipif(sys.platform != "linux", reason="memory is looked up on Linux only")
def test_memory_is_that_of_the_system() -> None:
    assert memory.of_the_machine() == psutil.virtual_memory().total
    assert abs(memory.in_use() / psutil.Process().memory_info().rss - 1) < 0.1
    assert 0 < memory.available() < memory.of_the_machine()
