"""A site that follows its files is the site that a build of the same files makes."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.queries import run, saved_queries, saved_query
from jkgraph.site import MARK, build_site
from jkgraph.site.live import Live
from jkgraph.workspace import open_workspace

ROOT = Path(__file__).parent.parent


@pytest.fixture
def live(minimal: Path) -> Live:
    return follow(minimal)


def follow(root: Path, *, drafts: bool = False) -> Live:
    return Live(lambda: open_workspace(root), drafts=drafts)


def same_as_build(live: Live, root: Path, folder: Path, *, drafts: bool = False) -> list[str]:
    """Return the files that differ from those of a build; there must be some that do not."""
    graph = load(open_workspace(root))
    build_site(graph, read_kinds(graph), folder, drafts=drafts, search=False)
    paths = [p for p in folder.rglob("*") if p.is_file() and p.name != MARK]
    assert len(paths) > 50
    built = {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}
    told = {*built, *live.pages}
    return sorted(name for name in told if live.content(name) != built.get(name))


class Editor:
    """Changes the record files of a workspace at random, as people and their programs do."""

    def __init__(self, root: Path, seed: int, free: str = "*") -> None:
        self._free = f"*/{free}.ttl"
        self._data, self._chance = root / "data", random.Random(seed)  # noqa: S311  (to be repeated)
        roles = open_workspace(root).roles
        self._published, self._draft = roles.published, roles.draft
        self._number = 0

    def edit(self) -> None:
        self._number += 1
        ways = (self._reword, self._reword, self._relink, self._copy, self._delete, self._rename)
        self._chance.choice((*ways, self._withdraw_from_view, self._touch))(self._any())

    def _any(self) -> Path:
        return self._chance.choice(sorted(self._data.glob(self._free)))

    def _reword(self, path: Path) -> None:
        texts = path.read_text("utf-8").split('"')
        at = self._chance.randrange(len(texts) // 2) * 2 + 1 if len(texts) > 2 else 0
        if re.fullmatch(r"[^\W\d].*", texts[at], re.DOTALL):
            texts[at] = f"{texts[at]} {self._number}"
            path.write_text('"'.join(texts), "utf-8")

    def _relink(self, path: Path) -> None:
        """Let one record say of itself what another of its kind says."""
        other = self._chance.choice(sorted(path.parent.glob("*.ttl")))
        text = other.read_text("utf-8").replace(f"{other.stem}", path.stem)
        path.write_text(text, "utf-8")

    def _copy(self, path: Path) -> None:
        new = path.with_stem(f"{path.stem}-{self._number}")
        new.write_text(path.read_text("utf-8").replace(path.stem, new.stem), "utf-8")

    def _rename(self, path: Path) -> None:
        self._copy(path)
        path.unlink()

    def _delete(self, path: Path) -> None:
        if len(list(path.parent.glob("*.ttl"))) > 1:
            path.unlink()

    def _withdraw_from_view(self, path: Path) -> None:
        """Make a draft of what is published, and the other way round."""
        text, published = path.read_text("utf-8"), self._published
        old, new = (published, self._draft) if published in text else (self._draft, published)
        path.write_text(text.replace(old, new), "utf-8")

    def _touch(self, path: Path) -> None:
        path.touch()


@pytest.mark.parametrize("drafts", [False, True])
def test_after_edits_every_file_is_that_of_a_build(
    minimal: Path, tmp_path: Path, drafts: bool
) -> None:
    live, editor = follow(minimal, drafts=drafts), Editor(minimal, seed=int(drafts))

    for _ in range(12):
        editor.edit()
        live.refresh()

    assert live.faults == []
    assert same_as_build(live, minimal, tmp_path / "site", drafts=drafts) == []


def test_no_answer_hangs_on_the_order_in_which_files_were_read(closed: Graph) -> None:
    quads = list(closed.store)
    random.Random(1).shuffle(quads)  # noqa: S311  (to be repeated)
    store = ox.Store()
    store.extend(quads)
    other = replace(closed, store=store)

    differing = [
        name
        for name in saved_queries(closed)
        for text in [saved_query(closed, name).text]
        if run(closed, text, name) != run(other, text, name)
    ]

    assert differing == [], "order the answers fully: two rows may have the same place now"


@pytest.mark.full
def test_after_500_edits_of_2000_records_every_file_is_that_of_a_build(tmp_path: Path) -> None:
    sys.path.append(str(ROOT / "benchmarks"))
    generate: Callable[..., None] = import_module("generate").generate
    root = tmp_path / "root"
    generate(ROOT, root, 2000)
    # Templates name some records, which have their own names; the others may go.
    live, editor = follow(root), Editor(root, seed=0, free="*-[0-9]*")

    for number in range(500):
        editor.edit()
        live.refresh()
        if number % 10 == 0:
            assert live.content("index.html")

    assert live.faults == []
    assert same_as_build(live, root, tmp_path / "site") == []


# What changes besides records: a file, a text in it, and what stands there instead. A file that
# is not there is made.
OTHERS = {
    "ontology/core.ttl": ('"meervoud"', '"meer"'),
    "ontology/schemes/material.ttl": ('"steen"', '"natuursteen"'),
    "shapes/bridge.ttl": ("lengte in meters", "hoe lang"),
    "queries/upstream.rq": ("# Title@nl: ", "# Title@nl: Nu: "),
    "site_templates/pages/new.html": ("", '{% extends "base.html" %}'),
    "site_templates/static/own.css": ("", "p { color: inherit }"),
    "locale/nl.po": ("", 'msgid "page.skip"\nmsgstr "Naar de tekst"\n'),
    "jkgraph.toml": ("Bruggen van de streek", "Bruggen hier"),
}


def test_whatever_else_changes_is_followed_too(minimal: Path, tmp_path: Path, live: Live) -> None:
    for name, (old, new) in OTHERS.items():
        path = minimal / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8").replace(old, new) if old else new
        path.write_text(text, "utf-8")
        assert live.refresh() == {path}
        assert live.faults == []

    assert b"Naar de tekst" in (live.content("new.html") or b"")
    assert same_as_build(live, minimal, tmp_path / "site") == []


def test_a_record_that_cannot_be_read_leaves_what_it_said(minimal: Path, live: Live) -> None:
    path = minimal / "data" / "bridge" / "oude-steenbrug.ttl"
    page, text = live.content("bridge/oude-steenbrug.html"), path.read_text("utf-8")

    path.write_text(text.replace(" ;", " ", 1), "utf-8")
    live.refresh()

    assert [found.location.path for found in live.broken] == ["data/bridge/oude-steenbrug.ttl"]
    assert live.content("bridge/oude-steenbrug.html") == page
    assert live.content("bridge/oude-steenbrug.ttl") == text.encode()

    # Also when everything is read again.
    (minimal / "jkgraph.toml").touch()
    live.refresh()

    assert len(live.broken) == 1
    assert live.content("bridge/oude-steenbrug.html") == page

    path.write_text(text.replace("Oude", "Heel oude"), "utf-8")
    live.refresh()

    assert live.broken == []
    assert b"Heel oude Steenbrug" in (live.content("bridge/oude-steenbrug.html") or b"")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("jkgraph.toml", "[workspace"),
        ("ontology/core.ttl", "br:Bridge a"),
        ("shapes/bridge.ttl", "nonsense"),
        ("queries/upstream.rq", "# Parameter: ?x"),
        ("site_templates/kinds/none.html", ""),
        ("site_templates/pages/index.html", "{% if %}"),
    ],
)
def test_whatever_cannot_be_used_leaves_the_pages_and_is_told(
    minimal: Path, live: Live, name: str, text: str
) -> None:
    page = live.content("index.html")
    path = minimal / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else None

    path.write_text(text, "utf-8")
    live.refresh()

    assert live.content("index.html") == page
    assert len(live.faults) == 1

    path.unlink() if before is None else path.write_text(before, "utf-8")
    live.refresh()

    assert live.content("index.html") == page
    assert live.faults == []


def test_a_site_that_could_never_be_made_says_why(minimal: Path) -> None:
    (minimal / "ontology" / "core.ttl").write_text("nonsense", "utf-8")
    live = follow(minimal)

    with pytest.raises(JkgraphError) as caught:
        live.content("index.html")

    assert caught.value.message == live.faults[0]
    assert live.content("static/style.css")


@pytest.mark.parametrize(
    "address",
    [
        "static/../base.html",
        "base.html",
        "/etc/passwd",
        "../jkgraph.toml",
        "static",
        "",
        "none.ttl",
    ],
)
def test_what_is_no_file_of_the_site_is_not_given(live: Live, address: str) -> None:
    assert live.content(address) is None
