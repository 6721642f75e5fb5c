"""Record files change all together or not at all, and never behind the back of their author."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import BinaryIO

import pytest

from jkgraph import edits as edits_module
from jkgraph.differences import Fate, difference
from jkgraph.edits import Edit, Editor, apply_edits
from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.history import at, changed_since, is_shallow, resolve
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.turtle import parse
from jkgraph.workspace import open_workspace

MINIMAL = Path(__file__).parent.parent / "workspaces" / "minimal"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(MINIMAL, tmp_path / "w", ignore=shutil.ignore_patterns("build"))
    return tmp_path / "w"


def opened(folder: Path) -> tuple[Graph, Editor]:
    graph = load(open_workspace(folder))
    return graph, Editor(graph, read_kinds(graph))


def test_an_edit_writes_the_canonical_text(folder: Path) -> None:
    graph, editor = opened(folder)
    for record in graph.records():
        document = graph.document(record)
        path = folder / graph.file_of(record)
        edit = editor.edit(path, reversed(document.triples))
        assert edit.before == edit.after == document.text
        assert difference(edit) is None


def test_a_comment_is_not_lost(folder: Path) -> None:
    _, editor = opened(folder)
    path = next((folder / "data").rglob("*.ttl"))
    text = path.read_text("utf-8")
    path.write_text(f"{text}# nog nakijken\n", "utf-8")
    with pytest.raises(JkgraphError, check=lambda error: error.message.key == "error.has-comments"):
        editor.edit(path, parse(text).triples)


def test_a_file_that_changed_meanwhile_stops_all(folder: Path) -> None:
    one, two = (folder / "data" / f"{name}.ttl" for name in ("een", "twee"))
    two.write_text("nieuw", "utf-8")
    with pytest.raises(
        JkgraphError, check=lambda error: error.message.key == "error.changed-meanwhile"
    ):
        apply_edits([Edit(one, None, "een"), Edit(two, "oud", "twee")], open_workspace(folder))
    assert not one.exists()
    assert two.read_text("utf-8") == "nieuw"


def test_a_fault_on_the_way_takes_everything_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [folder / "data" / f"{name}.ttl" for name in ("een", "twee", "drie")]
    paths[1].write_text("oud", "utf-8")
    write = edits_module.prepare

    def full(path: Path, content: BinaryIO) -> Path:
        if path == paths[2]:
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(edits_module, "prepare", full)
    wanted = [Edit(paths[0], None, "een"), Edit(paths[1], "oud", None), Edit(paths[2], None, "vol")]
    with pytest.raises(JkgraphError, check=lambda error: error.message.key == "error.not-written"):
        apply_edits(wanted, open_workspace(folder))
    assert [path.exists() for path in paths] == [False, True, False]
    assert paths[1].read_text("utf-8") == "oud"


def test_a_difference_names_what_comes_and_goes(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    old = '<http://a/x> <http://a/p> "1" , "2" ; <http://a/q> "blijft" .'
    new = '<http://a/x> <http://a/p> "2" , "3" ; <http://a/q> "blijft" .'
    found = difference(Edit(path, old, new))
    assert found.fate is Fate.CHANGED
    [change] = found.changes
    assert [v.value for v in change.removed] == ["1"]
    assert [v.value for v in change.added] == ["3"]
    assert difference(Edit(path, None, new)).fate is Fate.ADDED
    assert difference(Edit(path, old, None)).fate is Fate.REMOVED


def git(folder: Path, *words: str) -> None:
    name = ("-c", "user.name=n", "-c", "user.email=n@example.org")
    program = ["git", *name, *words]
    subprocess.run(program, cwd=folder, check=True, capture_output=True)  # noqa: S603  (fixed words)


def test_history_shows_an_earlier_state_and_what_changed(folder: Path) -> None:
    workspace = open_workspace(folder)
    with pytest.raises(
        JkgraphError, check=lambda error: error.message.key == "error.no-repository"
    ):
        resolve(workspace, "HEAD")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "begin")
    first, second, *_ = sorted((folder / "data").rglob("*.ttl"))
    text = first.read_text("utf-8")
    first.unlink()
    second.write_text(second.read_text("utf-8") + "\n", "utf-8")
    (folder / "data" / "brug é.ttl").write_text("", "utf-8")
    names = {workspace.relative(first), workspace.relative(second), "data/brug é.ttl"}
    assert changed_since(workspace, "HEAD") == names
    with at(workspace, "HEAD") as earlier:
        assert (earlier.root / workspace.relative(first)).read_text("utf-8") == text
    assert not is_shallow(workspace)
    for name in ("nergens", "--help", "HEAD:data"):
        with pytest.raises(
            JkgraphError, check=lambda error: error.message.key == "error.no-such-revision"
        ):
            resolve(workspace, name)
