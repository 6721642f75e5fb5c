"""What stays the same is not written again, and what stood there before is never changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jkgraph.site.output import Output


@pytest.fixture
def output(tmp_path: Path) -> Output:
    (tmp_path / "old" / "deep").mkdir(parents=True)
    (tmp_path / "new").mkdir()
    (tmp_path / "old" / "deep" / "page.html").write_text("the same", "utf-8")
    return Output(tmp_path / "new", tmp_path / "old")


def test_a_file_that_stays_the_same_keeps_its_time(output: Output) -> None:
    output.write([("deep/page.html", b"the same")])

    old, new = (folder / "deep" / "page.html" for folder in (output.before, output.folder))
    assert new.samefile(old)


def test_a_file_that_changed_is_another_file(output: Output) -> None:
    output.write([("deep/page.html", b"not that"), ("new.html", b"new")])

    assert (output.folder / "deep" / "page.html").read_bytes() == b"not that"
    assert (output.folder / "new.html").read_bytes() == b"new"
    assert (output.before / "deep" / "page.html").read_text("utf-8") == "the same"


def test_what_is_written_twice_does_not_change_the_old_file(output: Output) -> None:
    output.write([("deep/page.html", b"the same"), ("deep/page.html", b"changed!")])

    assert (output.folder / "deep" / "page.html").read_bytes() == b"changed!"
    assert (output.before / "deep" / "page.html").read_text("utf-8") == "the same"


def test_a_link_is_not_followed(output: Output, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"content")
    (output.before / "page.html").symlink_to(tmp_path / "elsewhere")

    output.write([("page.html", b"content")])

    assert not (output.folder / "page.html").is_symlink()
    assert not (output.folder / "page.html").samefile(tmp_path / "elsewhere")


def test_a_disk_without_second_names_gets_files(
    output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    output.write([("deep/page.html", b"the same")])

    new = output.folder / "deep" / "page.html"
    assert new.read_bytes() == b"the same"
    assert not new.samefile(output.before / "deep" / "page.html")
