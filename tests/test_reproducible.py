"""Whoever builds, wherever and whenever: the same commit gives the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

# What people have in their settings of git, as far as it could change what git tells.
GIT = """\
[core]
    quotePath = false
    abbrev = 40
    autocrlf = input
[diff]
    noprefix = true
    renames = copies
    external = false
[log]
    date = relative
    showSignature = true
    follow = true
[tar]
    umask = 0077
[color]
    ui = always
"""
IGNORED = shutil.ignore_patterns("build", ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")


@dataclass(frozen=True)
class Place:
    """Where and how somebody works."""

    zone: str
    locale: str
    seed: str
    umask: int

    def run(self, folder: Path, engine: Path, *arguments: str) -> None:
        home = folder.parent / "home"
        home.mkdir(exist_ok=True)
        (home / ".gitconfig").write_text(GIT, "utf-8")
        subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, "-m", "jkgraph", *arguments],
            cwd=folder,
            # Without these two Python takes UTF-8 whatever the locale says.
            env={
                **os.environ,
                "PYTHONCOERCECLOCALE": "0",
                "PYTHONUTF8": "0",
                "TZ": self.zone,
                "LC_ALL": self.locale,
                "PYTHONHASHSEED": self.seed,
                "PYTHONPATH": str(engine),
                "HOME": str(home),
            },
            umask=self.umask,
            check=True,
        )


AUCKLAND = Place("Pacific/Auckland", "C", "20", 0o077)
HONOLULU = Place("Pacific/Honolulu", "C.UTF-8", "4000000000", 0o002)


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def differing(one: Path, other: Path) -> list[str]:
    first, second = contents(one), contents(other)
    assert first
    return sorted(n for n in first.keys() | second.keys() if first.get(n) != second.get(n))


def test_a_site_and_a_release_are_the_same_in_every_place(
    ready: Path, repository: Path, tmp_path: Path
) -> None:
    places = {tmp_path / "één map" / "graaf": AUCKLAND, tmp_path / "b" / "c" / "d": HONOLULU}
    for folder, place in places.items():
        shutil.copytree(ready, folder, ignore=shutil.ignore_patterns("build"))
        for command in (("build",), ("release", "--yes"), ("docs",)):
            place.run(folder, repository / "src", *command)

    one, other = places
    for made in ("build/site", "build/release", "releases", "docs"):
        assert differing(one / made, other / made) == []


def test_the_site_of_this_repository_is_the_same_elsewhere(
    repository: Path, real_site: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "élders" / "graaf"
    shutil.copytree(repository, folder, ignore=IGNORED)
    git = repository / ".git"
    told = git.read_text("utf-8") if git.is_file() else f"gitdir: {git}\n"
    (folder / ".git").write_text(told, "utf-8")

    AUCKLAND.run(folder, folder / "src", "build", "--out", str(tmp_path / "site"))

    assert differing(real_site, tmp_path / "site") == []
