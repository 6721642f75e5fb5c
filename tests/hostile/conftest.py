"""How a hostile input is tried: on a copy of the minimal workspace, watched from all sides.

Nothing may be written outside the workspace, nobody may be asked anything, and what a person
reads holds no traceback and no sign that a terminal would obey.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

# All that a terminal obeys, and the signs that turn the direction of what is read.
COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Files = Mapping[str, bytes | str]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Give a listening place to send requests to; whoever calls there is found out."""
    with socket.create_server(("", 0)) as heard:
        heard.setblocking(False)
        yield heard
        with pytest.raises(BlockingIOError):
            heard.accept()


@pytest.fixture
def beacon(listener: socket.socket) -> str:
    """Give an address that nobody may ask."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}/x"


@pytest.fixture
def attack(minimal: Path, tmp_path: Path, run: Callable, listener: object) -> Callable:  # noqa: ARG001
    """Plant files, run a command, and see that it ends as it should, whatever it says."""
    secret = tmp_path / "outside" / "secret.ttl"
    secret.parent.mkdir()
    secret.write_text("<urn:s> <urn:p> 'GEHEIM' .", "utf-8")

    def attacked(files: Files, *command: str):
        for name, content in files.items():
            path = minimal / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        before = _outside(tmp_path, minimal)
        ran = run(*command)
        told = (ran.out + ran.err).replace("\r\n", "\n")
        assert ran.code in {0, 1, 2}, told
        assert "Traceback" not in told
        assert "GEHEIM" not in told
        assert not COMMANDS.search(told), repr(COMMANDS.search(told))
        if ran.code == 2:
            assert re.match("jkgraph: |Error: |Usage: ", ran.err), told
        assert _outside(tmp_path, minimal) == before
        return ran

    return attacked


def _outside(folder: Path, workspace: Path) -> dict[Path, bytes]:
    found = (path for path in folder.rglob("*") if workspace not in (path, *path.parents))
    return {path: path.read_bytes() if path.is_file() else b"" for path in found}
