"""Files as other systems and other programs make them, and two commands at once."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import time

import pytest

from jkgraph import warm
from jkgraph.edits import Edit, apply_edits
from jkgraph.errors import JkgraphError
from jkgraph.files import NEW, replace_text
from jkgraph.folders import new_folder
from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds
from jkgraph.lifecycle import End, withdraw
from jkgraph.loading import load
from jkgraph.site import MARK
from jkgraph.workspace import open_workspace

WOOD = "data/bridge/houten-brug.ttl"
# Written from right to left, outside of the first 65,536 characters, joined, and turned around.
TEXTS = ("جسر خشبي", "גשר 12-13", "\U0001d50a\U0001d52f 🌉", "👩‍🔧 e\u0301 \u202eggurb\u202c")


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Let another process hold a lock."""
    text = "import sys; from pathlib import Path; from jkgraph.files import lock\n"
    text += "with lock(Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", text, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:  # noqa: S603  (ours)
        assert other.stdout
        other.stdout.readline()
        yield other.pid
        other.kill()


# two at once


def test_a_second_build_says_who_builds_and_one_that_was_killed_holds_nothing(
    run, minimal: Path
) -> None:
    place = minimal / "build" / ".site.jkgraph-lock"
    left = minimal / "build" / ".site.jkgraph-new"
    left.mkdir(parents=True)
    with held(place) as process:
        ran = run("build")
        assert ran.code == 2
        assert f"(process {process})" in ran.err
        assert f"(proces {process})" in run("build", lang="nl").err
        assert left.is_dir()

    assert place.exists()
    assert run("build").code == 0
    assert sorted(path.name for path in place.parent.iterdir()) == ["cache", "site"]


def test_a_site_that_was_moved_aside_by_a_killed_build_comes_back(tmp_path: Path) -> None:
    old, page = tmp_path / ".site.jkgraph-old", tmp_path / "site" / "index.html"
    old.mkdir()
    for name in (MARK, page.name):
        (old / name).write_text(name, "utf-8")

    with pytest.raises(ZeroDivisionError), new_folder(page.parent, MARK):
        raise ZeroDivisionError

    assert page.read_text("utf-8") == page.name
    assert list(tmp_path.iterdir()) == [page.parent]


@pytest.mark.parametrize("lasting", [True, False])
def test_where_folders_cannot_be_exchanged_the_old_site_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lasting: bool
) -> None:
    place, rename, calls = tmp_path / "site", Path.rename, []
    place.mkdir()
    for name in (MARK, "index.html"):
        (place / name).write_text(name, "utf-8")

    def full(path: Path, to: Path) -> Path:
        calls.append(to)
        if len(calls) == 2 or (lasting and len(calls) > 2):
            raise OSError(errno.ENOSPC, "full", str(path))
        return rename(path, to)

    monkeypatch.setattr("jkgraph.folders._exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(JkgraphError, match="the disk is full"), new_folder(place, MARK):
        pass
    monkeypatch.undo()
    with pytest.raises(ZeroDivisionError), new_folder(place, MARK):
        raise ZeroDivisionError

    assert (place / "index.html").is_file()
    assert list(tmp_path.iterdir()) == [place]


def test_a_change_waits_for_another_one_and_then_says_so(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jkgraph.journal.PATIENCE", 0.1)
    path = graph.workspace.root / WOOD
    edit = Edit(path, path.read_text("utf-8"), "")
    with (
        held(graph.workspace.lock),
        pytest.raises(JkgraphError, check=lambda error: error.message.key == "error.busy"),
    ):
        apply_edits([edit], graph.workspace)
    # Who only reads goes on: the records are whole.
    with held(graph.workspace.lock):
        load(graph.workspace)

    apply_edits([edit], graph.workspace)
    assert not graph.workspace.lock.exists()


def test_what_changed_since_it_was_read_is_not_overwritten(graph: Graph) -> None:
    kinds, record = read_kinds(graph), next(iter(graph.records()))
    path = graph.path(record)
    path.write_text(path.read_text("utf-8").replace('"@nl', '!"@nl'), "utf-8")

    with pytest.raises(
        JkgraphError, check=lambda error: error.message.key == "error.changed-meanwhile"
    ):
        withdraw(graph, kinds, record, End(date(2026, 1, 2), "Weg."))


@pytest.mark.parametrize(
    "text",
    ["{", "[1]", '[["../x.ttl", "", "x"]]', '[["data/../../x.ttl", "", null]]', "\x00"],
)
def test_a_journal_of_somebody_else_leads_nowhere(run, minimal: Path, text: str) -> None:
    (minimal.parent / "x.ttl").write_text("x", "utf-8")
    (minimal / ".jkgraph-unfinished").write_text(text, "utf-8")

    ran = run("validate")

    assert (ran.code, ran.out) == (2, "")
    assert ".jkgraph-unfinished" in ran.err
    assert (minimal.parent / "x.ttl").read_text("utf-8") == "x"


def test_what_a_person_changed_after_a_crash_stays(graph: Graph) -> None:
    folder = graph.workspace.data / "bridge"
    files = [folder / f"{name}.ttl" for name in ("een", "twee")]
    told = '[["data/bridge/een.ttl", "oud", "nieuw"], ["data/bridge/twee.ttl", null, "nieuw"]]'
    graph.workspace.unfinished.write_text(told, "utf-8")
    for file, text in zip(files, ("van mij", "nieuw"), strict=True):
        file.write_text(text, "utf-8")
    left = folder / f".een.ttl.1{NEW}"
    left.write_text("half", "utf-8")

    load(graph.workspace)

    assert files[0].read_text("utf-8") == "van mij"
    assert not any(path.exists() for path in (files[1], left, graph.workspace.unfinished))


# places


def test_a_link_goes_on_leading_to_its_file(tmp_path: Path) -> None:
    file, link = tmp_path / "file.csv", tmp_path / "link.csv"
    file.write_text("old", "utf-8")
    link.symlink_to(file)

    replace_text(link, "new")

    assert link.is_symlink()
    assert file.read_text("utf-8") == "new"


def test_a_record_that_is_a_link_is_not_written(run, minimal: Path) -> None:
    elsewhere = minimal.parent / "elsewhere.ttl"
    elsewhere.write_text((minimal / WOOD).read_text("utf-8") + "\n\n", "utf-8")
    (minimal / WOOD).unlink()
    (minimal / WOOD).symlink_to(elsewhere)
    before = elsewhere.read_bytes()

    assert run("format").out == ""
    ran = run("withdraw", "houten-brug", "--reason", "x")

    assert (ran.code, elsewhere.read_bytes()) == (2, before)
    assert WOOD in ran.err


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_file_that_is_read_only_is_named_and_the_others_stay(
    run, minimal: Path, lang: str
) -> None:
    (minimal / "data/bridge/oude-steenbrug.ttl").chmod(0o444)
    before = {path: path.read_bytes() for path in minimal.rglob("*.ttl")}

    ran = run("merge", "lange-vaart", "brede-stroom", lang=lang)

    assert ran.code == 2
    assert {"nl": "het is alleen-lezen", "en": "it is read-only"}[lang] in ran.err
    assert before == {path: path.read_bytes() for path in minimal.rglob("*.ttl")}
    assert not list(minimal.rglob(f"*{NEW}"))


def test_what_a_killed_command_left_beside_an_answer_goes(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    mine, other = tmp_path / f".x.csv.{gone.pid}{NEW}", tmp_path / f".x.csv.1{NEW}"
    for file in (mine, other):
        file.write_text("half", "utf-8")

    replace_text(tmp_path / "x.csv", "whole")

    # The other one may still be at work.
    assert sorted(tmp_path.iterdir()) == sorted([other, tmp_path / "x.csv"])


@pytest.mark.full
@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="knows no root")
def test_a_full_disk_leaves_everything_as_it_was(run, minimal: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)  # noqa: S603  (as root, as the slow tests are)
    try:
        place = disk / "w"
        shutil.copytree(minimal, place, ignore=shutil.ignore_patterns("build"))
        rest = os.statvfs(disk)
        (disk / "full").write_bytes(bytes(rest.f_bavail * rest.f_frsize))
        before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
        for words in (("merge", "lange-vaart", "brede-stroom"), ("new", "bridge", "X"), ("build",)):
            ran = run(*words, at=place, lang="nl")
            assert ran.code == 2
            assert "de schijf is vol" in ran.err
            found = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
            assert {path for path in found if ".jkgraph-lock" not in path.name} == before.keys()
            assert all(found[path] == content for path, content in before.items())
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607  (ours)


# names and texts


def test_two_names_that_differ_in_case_only_are_found(run, minimal: Path) -> None:
    text = (minimal / WOOD).read_text("utf-8").replace("bridge:houten", "bridge:Houten")
    (minimal / "data/bridge/Houten-brug.ttl").write_text(text, "utf-8")

    ran = run("validate")

    assert ran.code == 1
    assert any("Houten-brug.ttl:1:1" in head and "slug-form" in head for head in ran.heads)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_with_an_accent_is_found_in_either_form(run, minimal: Path, form: str) -> None:
    name = unicodedata.normalize(form, "café-brug")
    (minimal / WOOD).rename(minimal / f"data/bridge/{name}.ttl")

    ran = run("validate")

    assert ran.code == 1
    assert any("slug-form" in head for head in ran.heads)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_new_record_has_the_same_file_for_a_label_in_either_form(run, form: str) -> None:
    label = unicodedata.normalize(form, "Café-brug à côté")

    assert run("new", "bridge", label).out == "data/bridge/cafe-brug-a-cote.ttl\n"


def test_format_gives_windows_lines_the_usual_ends(run, minimal: Path) -> None:
    file = minimal / WOOD
    before = file.read_bytes()
    file.write_bytes(before.replace(b"\n", b"\r\n"))

    assert run("validate").code == 0
    assert run("format", "--check").code == 1
    assert run("format").out == f"{WOOD}\n"
    assert file.read_bytes() == before


def test_a_mark_at_the_start_is_mended_and_never_lost_in_silence(run, minimal: Path) -> None:
    file = minimal / WOOD
    before = file.read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))

    assert run("format").code == 1
    assert file.read_bytes()[:3] == b"\xef\xbb\xbf"
    run("validate", "--fix")
    assert file.read_bytes() == before


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("lines", ["\n", "\r\n"])
def test_texts_of_any_script_go_out_and_come_back(
    run, minimal: Path, start: str, lines: str
) -> None:
    text = run("export", "bridge", "--csv").out.removeprefix("\ufeff")
    rows = text.splitlines()
    for number, name in enumerate(TEXTS, 1):
        cells = rows[number].split(";")
        cells[1] = name
        rows[number] = ";".join(cells)
    (minimal / "bridge.csv").write_bytes((start + lines.join([*rows, ""])).encode())

    ran = run("import", "bridge.csv", "--write")

    assert ran.code == 0, ran.out
    again = run("export", "bridge", "--csv").out
    assert all(name in again for name in TEXTS)
    assert run("format", "--check").code == run("validate").code == 0


# the clock


def test_a_clock_that_was_set_back_keeps_no_graph_of_files_of_the_future(minimal: Path) -> None:
    file, later = minimal / WOOD, time() + 86_400
    os.utime(file, (later, later))

    now = warm.state(open_workspace(minimal))

    assert now
    assert not now.settled
