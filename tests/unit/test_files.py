"""Replacing a file in one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from jkgraph.errors import JkgraphError
from jkgraph.files import replace_text


def test_a_file_gets_its_new_text_with_the_line_ends_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "x.ttl"

    replace_text(file, "één\ntwee\n")

    assert file.read_bytes() == "één\ntwee\n".encode()
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text("old", "utf-8")
    file.chmod(0o600)

    replace_text(file, "new")

    assert file.read_text("utf-8") == "new"
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_old_text_stands_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text("old", "utf-8")

    # Half of a character: the text breaks off after much was written.
    with pytest.raises(UnicodeEncodeError):
        replace_text(file, "x" * 100_000 + "\ud800")

    assert file.read_text("utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.ttl"]


def test_nothing_is_left_when_the_place_is_taken_by_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x.ttl" / "inside").mkdir(parents=True)

    with pytest.raises(JkgraphError, match=r"x\.ttl cannot be written: it is a folder"):
        replace_text(tmp_path / "x.ttl", "new")

    assert [path.name for path in tmp_path.iterdir()] == ["x.ttl"]
