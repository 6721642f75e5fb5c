"""What git knows of a workspace: an earlier state of it, and what changed since.

git reads only, and asks nothing.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from jkgraph.errors import JkgraphError
from jkgraph.workspace import Workspace, open_workspace

_MAIN = ("origin/main", "main", "origin/master", "master")
# The one program that the settings of a repository could have git run while it reads.
_QUIET = ("--no-pager", "-c", "core.fsmonitor=false")

# A file in the raw form of git log: its contents before and after, and its path.
_RAW = re.compile(r":\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) [A-Z]\0([^\0]+)\0")


@contextmanager
def at(workspace: Workspace, revision: str) -> Iterator[Workspace]:
    """Open the workspace as it was at a revision, in a folder that goes afterwards.

    Raises JkgraphError when there is no git, no repository, no such revision, or no workspace then.
    """
    commit = resolve(workspace, revision)
    with TemporaryDirectory() as folder:
        # Unlike that of a tar, no name in a zip leads out of the folder, and no link is made.
        archive = io.BytesIO(git(workspace, "archive", "--format=zip", "-0", commit))
        with zipfile.ZipFile(archive) as files:
            files.extractall(folder)
        yield open_workspace(Path(folder))


def resolve(workspace: Workspace, revision: str) -> str:
    """Return the full name of the commit that a revision means."""
    name = f"{revision}^{{commit}}"
    try:
        found = git(workspace, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    except GitError as refused:
        key = "no-such-revision" if _is_repository(workspace) else "no-repository"
        raise JkgraphError(key, revision=revision, folder=workspace.root) from refused
    return found.decode().strip()


def changed_since(workspace: Workspace, revision: str, until: str = "") -> frozenset[str]:
    """Return the paths that differ between a revision and another, or else the files as they are.

    New files that git does not know yet are among the latter.
    """
    commits = [resolve(workspace, name) for name in (revision, until) if name]
    how = ("--name-only", "--no-ext-diff", "--no-renames", "--relative", "-z")
    changed = git(workspace, "diff", *how, *commits)
    if not until:
        changed += git(workspace, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(filter(None, changed.decode("utf-8", "replace").split("\0")))


def contents(workspace: Workspace, names: Iterable[str]) -> dict[str, bytes]:
    """Return the contents that git has by some names, such as ``HEAD:./file``, in one run."""
    asked = [name for name in dict.fromkeys(names) if "\n" not in name]
    given = "".join(f"{name}\n" for name in asked).encode()
    answer = io.BytesIO(git(workspace, "cat-file", "--batch", given=given))
    found = {}
    for name in asked:
        size = answer.readline().split()[-1]
        if size.isdigit():
            found[name] = answer.read(int(size))
            answer.readline()
    return found


def forked_from(workspace: Workspace) -> str:
    """Return where the work at hand began: where it left the main branch, else the last commit."""
    for branch in _MAIN:
        try:
            return git(workspace, "merge-base", "HEAD", branch).decode().strip()
        except GitError:
            continue
    return "HEAD"


class Landing(NamedTuple):
    """A commit on the main line: its moment, and what it did to files.

    ``files`` has for each path the names of its contents before and after; none is empty.
    ``is_root`` tells that git knows of nothing before it.
    """

    moment: str
    is_root: bool
    files: tuple[tuple[str, str, str], ...]


def landings(workspace: Workspace, folder: Path, most: int) -> list[Landing]:
    """Return the last commits of the main line that changed files in a folder, newest first.

    What a merge brings counts as one.
    """
    how = ("--raw", "-z", "--no-abbrev", "--no-renames", "--relative", "--no-ext-diff", "--root")
    line = ("--first-parent", "--diff-merges=first-parent", f"--max-count={most}")
    form = ("--no-show-signature", "--no-color", "--format=%x01%cI %P")
    log = git(workspace, "log", *line, *how, *form, "--", workspace.relative(folder))
    return [_landing(text) for text in log.decode("utf-8", "replace").split("\1")[1:]]


def _landing(text: str) -> Landing:
    moment, _, parents = text[: text.index("\0")].partition(" ")
    files = sorted((path, _name(old), _name(new)) for old, new, path in _RAW.findall(text))
    return Landing(moment, not parents, tuple(files))


def _name(content: str) -> str:
    return content if content.strip("0") else ""


class Mention(NamedTuple):
    """A commit that changed something, with its day, its subject, and the files in question."""

    commit: str
    day: str
    subject: str
    files: tuple[str, ...]


def mentions(workspace: Workspace, path: str, name: str) -> list[Mention]:
    """Return the commits on any branch that changed a file, or the number of times of a name."""
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for search in (("--", path), (f"-S{name}",)):
        form = "--format=%x00%h%x00%as%x00%s%x00"
        log = git(
            workspace, "log", "--all", "--relative", "--name-only", "--reverse", form, *search
        )
        _, *fields = log.decode("utf-8", "replace").split("\0")
        for commit, day, subject, files in zip(*[iter(fields)] * 4, strict=True):
            names = dict.fromkeys(filter(None, files.split("\n")))
            found.setdefault((commit, day, subject), {}).update(names)
    listed = (Mention(*commit, tuple(files)) for commit, files in found.items())
    return sorted(listed, key=lambda mention: mention.day)


def is_shallow(workspace: Workspace) -> bool:
    """Tell whether git has only the last part of the history here."""
    return git(workspace, "rev-parse", "--is-shallow-repository").strip() == b"true"


class GitError(JkgraphError):
    """git ended with a fault."""


def git(workspace: Workspace, *arguments: str, given: bytes = b"") -> bytes:
    """Run git in the folder of a workspace and return what it prints."""
    # A hook that calls us has named its own repository and index there.
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - what people type comes after --end-of-options
            ["git", *_QUIET, *arguments],  # noqa: S607 - found on the path, as people's own git is
            cwd=workspace.root,
            env={**clean, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"},
            input=given,
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise JkgraphError("no-git") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode("utf-8", "replace").strip()
        raise GitError("git-refused", reason=reason) from error
    return done.stdout


def _is_repository(workspace: Workspace) -> bool:
    try:
        return bool(git(workspace, "rev-parse", "--git-dir"))
    except GitError:
        return False
