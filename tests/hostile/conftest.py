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
HERE = Path(__file__).parent
# Inputs that threaten alike are tried by the full run; of each threat the fast run tries one.
FIRST = {
    "test_hostile_settings_are_refused_or_harmless": """
        nul utf-16 nested number-of-many-digits base-javascript base-with-a-newline
        sub-path-with-a-rule edit-javascript role-with-sparql language-upwards prefix-with-markup
    """,
    "test_hostile_words_are_an_error_or_harmless": "no-po latin-1 charset-unknown gaps",
    "test_a_hostile_query_is_refused_or_answered": """
        service-of-a-variable service-escaped from-a-file load drop two-questions brackets
        pattern-that-explodes replacement-that-grows control-signs
    """,
    "test_a_hostile_header_is_an_error_or_harmless": """
        script view parameter-with-sparql parameter-that-is-a-pattern control-signs
    """,
    "test_a_hostile_value_never_becomes_sparql": "closing group path half-a-sign",
    "test_a_hostile_update_writes_nothing": "load service drop slug-upwards graph",
    "test_a_hostile_workbook_changes_nothing": """
        entities-that-grow macros bomb formula-that-calls upwards-in-a-cell
    """,
    "test_hostile_csv_changes_nothing": """
        formula-bridge.csv not-utf-8-bridge.csv quote-open-bridge.csv upwards-bridge.csv
        marks-vreemd.csv
    """,
    "test_a_new_record_stays_in_its_folder": "../x <b> con",
    "test_a_kind_is_no_path": "bridge/../water",
    "test_a_hostile_file_is_a_finding": """
        nothing lists-nested triple-terms-nested larger-than-a-megabyte
        thousands-of-angles byte-order-mark nul utf-16 utf-8-surrogate a-program
        xml-with-entities base-elsewhere directional-text list-in-a-circle
    """,
    "test_a_hostile_statement_is_a_finding_or_harmless": """
        iri-with-markup iri-with-half-a-sign javascript graph-of-another-file another-record
        a-word-of-the-ontology imports a-shape-with-a-script pattern-that-explodes
        turning-text-in-a-finding control-signs-in-a-finding tag-with-markup html-literal
        number-of-many-digits year-far-off record-with-a-path link-with-a-path
        a-list-as-a-value gaps-in-a-finding sparql-in-a-text
    """,
    "test_a_hostile_name_of_a_file_is_a_finding": """
        validate-script validate-control-signs validate-dots-escaped validate-option
        validate-device validate-not-utf-8 validate-folder-elsewhere validate-folder-in-a-folder
        validate-settings-of-a-host
    """,
    "test_a_link_is_not_followed": """
        validate-to-a-file-outside validate-to-a-folder-of-records-outside validate-to-itself
        validate-to-a-device
    """,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name, _, case = item.name.removesuffix("]").partition("[")
        is_here = item.path.parent == HERE and name in FIRST
        first = FIRST[name].split() if is_here else [case]
        if not {case, case.removesuffix("-validate")} & {*first, ""}:
            item.add_marker("full")
            item.add_marker("alike")


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
def attack(minimal: Path, tmp_path: Path, run: Callable, listener: object) -> Callable:  # noqa: ARG001  (listens)
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
            assert re.match("jkgraph: ", ran.err), told
        assert _outside(tmp_path, minimal) == before
        return ran

    return attacked


def _outside(folder: Path, workspace: Path) -> dict[Path, bytes]:
    found = (path for path in folder.rglob("*") if workspace not in (path, *path.parents))
    return {path: path.read_bytes() if path.is_file() else b"" for path in found}
