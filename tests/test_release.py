"""A release is made of what is whole and committed, never changes, and can be restored from."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from gzip import decompress
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from jkgraph.loading import load
from jkgraph.releasing.earlier import releases
from jkgraph.releasing.notes import notes_of
from jkgraph.releasing.source import archive
from jkgraph.site.contents import published_only
from jkgraph.turtle.tree import canonical
from jkgraph.workspace import open_workspace

MADE, KEPT = "build/release/1.0.0", "releases/1.0.0"
TOML, NOTES = "jkgraph.toml", "CHANGELOG.md"
CORE, WOOD = "ontology/core.ttl", "data/bridge/houten-brug.ttl"
Change = Callable[[Path], object]
# Makes a release, and is killed before a step of its writing; tells how many steps there are.
KILLED = """
import os, sys
from pathlib import Path
from jkgraph.cli import main
at, steps = int(sys.argv.pop(1)), 0
def killing(step):
    def taken(*values, **named):
        global steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), 9)
        return step(*values, **named)
    return taken
for name in ("mkdir", "rename", "replace", "fsync", "sync"):
    setattr(os, name, killing(getattr(os, name)))
Path.write_bytes = killing(Path.write_bytes)
try:
    main()
finally:
    print(steps)
"""


def replace(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return change


def remove(name: str) -> Change:
    return lambda folder: (folder / name).unlink()


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def said(folder: Path) -> set[ox.Triple]:
    """Return what everything says that is published."""
    return canonical(quad.triple for quad in published_only(load(open_workspace(folder))).store)


@pytest.fixture
def released(ready: Path, run, commit) -> Path:
    """Give a workspace with a release, which is committed."""
    ran = run("release", "--yes")
    assert ran.code == 0, ran.err + ran.out
    commit(ready)
    return ready


def test_without_yes_nothing_is_written(ready: Path, run) -> None:
    before = contents(ready)

    ran = run("release")

    assert (ran.code, ran.out, contents(ready)) == (0, "", before)
    assert "Release 1.0.0: ontology 1.0.0, addresses that have to stay: 38." in ran.err
    assert "Nothing was written" in ran.err


def test_a_release_is_whole_keeps_its_bytes_and_leaves_drafts_out(released: Path, run) -> None:
    made, kept = contents(released / MADE), contents(released / KEPT)
    sums = dict(line.split("  ")[::-1] for line in made["SHA256SUMS"].decode().splitlines())

    assert sums == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in made.items()
        if name != "SHA256SUMS"
    }
    assert kept == {name: made[name] for name in ("SHA256SUMS", "ids.txt", "ontology-1.0.0.ttl")}
    assert made["ontology-1.0.0.ttl"] == (released / CORE).read_bytes()
    assert made["notes.md"].decode() == (released / NOTES).read_text("utf-8").partition("01\n\n")[2]
    assert {"data/graph.ttl", "data/graph.trig", "data/graph.jsonld", "dataset.ttl"} <= made.keys()
    opened = {n: decompress(c) if c[:2] == b"\x1f\x8b" else c for n, c in made.items()}
    assert not [name for name, content in opened.items() if b"ieuwe-brug" in content]
    # Made again where it is, and of the commit that holds what the repository keeps of it.
    assert f"The same as in {MADE}" in run("release", "--yes").err
    shutil.rmtree(released / "build")
    ran = run("release", "--yes")
    assert f"The same as in {KEPT}" in ran.err
    assert ran.code == 0
    assert contents(released / MADE) == made


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (remove(NOTES), f"{NOTES}: There is no section about this release"),
        (replace(NOTES, "[1.0.0]", "[1.0.1]"), rf"{NOTES}: .*## \[1.0.0\] - yyyy-mm-dd"),
        (replace(NOTES, "2026-12-01", "2026-13-01"), f"{NOTES}:5: .*is no day"),
        (replace(NOTES, "Software 0.1.0", "Software 0.0.9"), f"{NOTES}:5: .*“### Software 0.1.0”"),
        (replace(NOTES, "First version.\n", ""), f"{NOTES}:5: .*“### Ontology 1.0.0”"),
        (replace(NOTES, "Data 1.0.0", "Data"), f"{NOTES}:5: .*“### Data 1.0.0”"),
        (replace(WOOD, "br:length", "br:lenght"), rf"{WOOD}:\d+:\d+: .*jkgraph validate"),
        (
            replace(CORE, "owl:versionI", "owl:versionIRI <x:1> ; owl:versionI"),
            f"{CORE}: .*Make it <https://example.org/bruggen/def/1.0.0>",
        ),
    ],
)
def test_what_stands_against_a_release_is_told(
    ready: Path, run, commit, change: Change, told: str
) -> None:
    change(ready)
    commit(ready)

    ran = run("release", "--yes")

    (line,) = ran.out.splitlines()
    assert re.match(told, line)
    assert ran.code == 1
    assert not (ready / MADE).exists()


@pytest.mark.parametrize("name", [NOTES, "data/water/nieuw.ttl"])
def test_everything_is_committed(ready: Path, run, name: str) -> None:
    with (ready / name).open("a", encoding="utf-8") as file:
        file.write("\n")

    ran = run("release", "--yes")

    assert ran.out.splitlines()[0].startswith(f"{name}: Not everything is committed in git (1;")
    assert ran.code == 1


def next_version(folder: Path) -> None:
    replace(TOML, '"1.0.0"', '"1.1.0"')(folder)
    replace(NOTES, "[1.0.0]", "[1.1.0]")(folder)
    replace(NOTES, "Data 1.0.0", "Data 1.1.0")(folder)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            replace("data/water/zoute-zee.ttl", "status:klaar", "status:in-bewerking"),
            r"releases/1.0.0/ids.txt:\d+: .*id/water/zoute-zee> was in release 1.0.0",
        ),
        (
            replace(CORE, '"1.0.0"', '"1.0.0" ; rdfs:comment "Other."'),
            f"{CORE}: .*not what its version 1.0.0 was in release 1.0.0",
        ),
        (replace(TOML, '"1.1.0"', '"0.9"'), f"{TOML}: Version 0.9 comes before 1.0.0"),
    ],
)
def test_the_next_release_keeps_what_the_last_one_promised(
    released: Path, run, commit, change: Change, told: str
) -> None:
    next_version(released)
    change(released)
    commit(released)

    ran = run("release", "--yes")

    assert [line for line in ran.out.splitlines() if re.match(told, line)]
    assert ran.code == 1


def test_a_tombstone_is_still_there(released: Path, run, commit) -> None:
    next_version(released)
    assert run("withdraw", "zoute-zee", "--reason", "Drooggelegd.").code == 0
    commit(released)

    ran = run("release", "--yes")

    assert (ran.code, ran.out) == (0, "build/release/1.1.0\nreleases/1.1.0\n")
    # What it has just written itself does not stand against it.
    assert run("release").code == 0


def test_a_release_is_never_made_anew_with_other_content(released: Path, run, commit) -> None:
    replace(WOOD, "Houten brug", "Houten bruggetje")(released)
    commit(released)
    for _ in ("where it was made", "in another clone"):
        before = contents(released / MADE), contents(released / KEPT)

        ran = run("release", "--yes")

        assert re.search("(build/release|releases)/1.0.0 holds this release already", ran.err)
        assert ran.code == 2
        assert (contents(released / MADE), contents(released / KEPT)) == before
        shutil.rmtree(released / "build", ignore_errors=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replace(TOML, 'version = "1.0.0"\n', ""), "jkgraph.toml names no version"),
        (replace(TOML, '"1.0.0"', '"../1.0"'), "version"),
        (replace(CORE, "owl:versionInfo", "rdfs:comment"), "owl:versionInfo"),
        (replace(CORE, '"1.0.0"', '"../1.0"'), "or one that is none"),
        (lambda folder: shutil.rmtree(folder / ".git"), "git"),
    ],
)
def test_what_makes_a_release_impossible_is_told(
    ready: Path, run, change: Change, words: str
) -> None:
    change(ready)

    ran = run("release", "--yes")

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_a_workspace_is_restored_from_a_release(
    released: Path, run, commit, tmp_path: Path
) -> None:
    packed = str(released / MADE / "workspace.tar.gz")
    subprocess.run(["tar", "-xzf", packed, "-C", str(tmp_path)], check=True)  # noqa: S603, S607  (our own; found on the path)
    restored = tmp_path / "workspace-1.0.0"

    assert said(restored) == said(released)
    # Whatever folder and commit it is in, it is the same release.
    commit(restored)
    assert run("release", "--yes", at=restored).code == 0
    assert contents(restored / MADE) == contents(released / MADE)


def test_the_archive_keeps_what_may_run_and_where_links_lead(ready: Path, commit) -> None:
    (ready / "run").write_text("#!/bin/sh\n", "utf-8")
    (ready / "run").chmod(0o700)
    (ready / "link").symlink_to("run")
    commit(ready)

    packed = archive(open_workspace(ready), "1.0", lambda name: name == TOML)

    with tarfile.open(fileobj=BytesIO(packed)) as files:
        found = {f.name.removeprefix("workspace-1.0/"): (f.mode, f.linkname) for f in files}
    assert (found["run"], found["link"]) == ((0o755, ""), (0o644, "run"))
    assert found[NOTES] == (0o644, "")
    assert TOML not in found


def test_versions_are_put_in_order_as_numbers(minimal: Path) -> None:
    for version in ("0.10.0", "0.9.0", "0.9", "next"):
        (minimal / "releases" / version).mkdir(parents=True)

    assert [*releases(open_workspace(minimal))] == ["0.9", "0.9.0", "0.10.0"]


def test_the_site_has_every_released_version_of_the_ontology(
    released: Path, run, tmp_path: Path
) -> None:
    replace(CORE, '"1.0.0"', '"1.1.0"')(released)
    (released / KEPT / "ontology-1.2.0.ttl").symlink_to(tmp_path / "elsewhere")

    run("build", "--out", str(tmp_path / "site"))

    frozen = (released / KEPT / "ontology-1.0.0.ttl").read_bytes()
    assert (tmp_path / "site/def/1.0.0.ttl").read_bytes() == frozen
    assert [path.name for path in (tmp_path / "site/def").iterdir()] == ["1.0.0.ttl"]


def test_the_day_that_is_written_is_that_of_source_date_epoch(
    run, minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    run("withdraw", "zoute-zee", "--reason", "Drooggelegd.")
    assert "2001-09-09: Drooggelegd." in (minimal / "data/water/zoute-zee.ttl").read_text("utf-8")

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "gisteren")
    ran = run("withdraw", "lange-vaart", "--reason", "Gedempt.")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "gisteren" in ran.err


def test_a_section_ends_where_the_next_begins() -> None:
    text = "## [2.0]\n\n### Data 2.0\n\n## [1.0] - 2026-01-02\n\n### Data 1.0\n\nx\n\n## 0.9\n"

    later, earlier = notes_of(text, "2.0"), notes_of(text, "1.0")

    assert (later.day, later.parts, later.line) == ("", frozenset(), 1)
    assert (earlier.day, earlier.parts, earlier.line) == ("2026-01-02", {"Data 1.0"}, 5)
    assert earlier.text == "### Data 1.0\n\nx\n"
    assert notes_of(text, "3.0") is None


# the bill of materials


@pytest.fixture
def bill(released: Path) -> dict[str, object]:
    """Give the bill of materials of a release with the lock of this repository."""
    return json.loads((released / MADE / "sbom.cdx.json").read_bytes())


def refs(components: list[dict[str, object]]) -> Iterator[str]:
    for component in components:
        yield from filter(None, [component.get("bom-ref")])
        yield from refs(component.get("components", []))


def test_the_bill_of_materials_names_all_that_the_lock_names(
    bill: dict[str, object], repository: Path
) -> None:
    text = (repository / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"(?m)^(\S+)==(\S+)( ; )?", text)
    known = {c["purl"]: c for c in bill["components"] if "purl" in c}
    told = [*refs(bill["components"]), bill["metadata"]["component"]["bom-ref"]]

    assert {f"pkg:pypi/{name}@{version}" for name, version, _ in pins} <= known.keys()
    # What every system installs tells its licence, if its makers do.
    assert {
        name
        for name, version, marker in pins
        if not marker and not known[f"pkg:pypi/{name}@{version}"].get("licenses")
    } <= {"axe-playwright-python"}
    scopes = {c["name"]: c.get("scope") for c in known.values()}
    assert {scopes["jinja2"], scopes["markupsafe"]} == {"required"}
    assert {scopes["pytest"], scopes["iniconfig"]} == {"optional"}
    # Nothing is told of what is not there, and each piece has one name.
    assert sorted(told) == sorted({*told})
    depending = {d["ref"]: d["dependsOn"] for d in bill["dependencies"]}
    assert depending.keys() | {ref for others in depending.values() for ref in others} <= {*told}
    assert all(ref in {o for others in depending.values() for o in others} for ref in known)


@pytest.mark.full
def test_a_release_that_is_killed_is_there_whole_or_not_at_all(ready: Path) -> None:
    trial = ready.with_name("trial")

    def making(at: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", KILLED, str(at), "release", "--yes"]
        return subprocess.run(command, cwd=trial, capture_output=True, text=True, check=False)  # noqa: S603  (ours)

    shutil.copytree(ready, trial)
    steps = int(making(0).stdout.splitlines()[-1])
    whole = {name: contents(trial / name) for name in (MADE, KEPT)}
    for at in random.Random(8).sample(range(1, steps + 1), 30):  # noqa: S311  (to be repeated)
        shutil.rmtree(trial)
        shutil.copytree(ready, trial)
        assert making(at).returncode == -signal.SIGKILL
        there = [name for name in whole if (trial / name).exists()]
        assert all(contents(trial / name) == whole[name] for name in there)

        assert making(0).returncode == 0
        assert {name: contents(trial / name) for name in whole} == whole
        assert not list(trial.rglob(".*.jkgraph-new"))


@pytest.mark.full
def test_the_bill_of_materials_is_valid_cyclonedx(bill: dict[str, object]) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None
    assert validator.validate_str(json.dumps({**bill, "version": "first"})) is not None


def test_without_a_lock_the_bill_says_that_it_is_not_complete(ready: Path, run, commit) -> None:
    remove("requirements.lock")(ready)
    commit(ready)

    run("release", "--yes")

    told = json.loads((ready / MADE / "sbom.cdx.json").read_bytes())
    assert told["compositions"][0]["aggregate"] == "incomplete"
    assert not [c for c in told["components"] if c.get("purl", "").startswith("pkg:pypi")]
