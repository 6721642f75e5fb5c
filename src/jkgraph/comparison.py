"""Two states of a workspace side by side: what changed in its files, told in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

from jkgraph.differences import Difference, difference
from jkgraph.edits import Edit
from jkgraph.history import at, changed_since, contents, resolve
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.telling import Teller, Telling
from jkgraph.turtle import TurtleSyntaxError
from jkgraph.workspace import Workspace

_SUFFIXES = {".ttl", ".rq"}


def compare(
    workspace: Workspace, old: str, new: str, is_wanted: Callable[[str], bool], language: str
) -> list[Telling]:
    """Tell what changed between a revision and another one, or else the files as they are.

    Records come first, then the files of the ontology, the shapes, the queries and the rules.
    Of the earlier state only files are read that differ. Raises JkgraphError when git does not
    know a revision.
    """
    commit = resolve(workspace, old)
    differing = sorted(path for path in changed_since(workspace, old, new) if is_wanted(path))
    with at(workspace, new) if new else nullcontext(workspace) as now:
        paths = [now.root / path for path in differing if _is_told(now, now.root / path)]
        names = {path: f"{commit}:./{now.relative(path)}" for path in paths}
        before = contents(workspace, names.values())
        most = workspace.limits.file_bytes
        edits = {path: _edit(path, before.get(name), most) for path, name in names.items()}
        return list(_tellings(now, edits, language))


def _is_told(workspace: Workspace, path: Path) -> bool:
    folders = (workspace.data, workspace.ontology, workspace.shapes, workspace.queries)
    return path.suffix in _SUFFIXES and any(map(path.is_relative_to, folders))


def _edit(path: Path, before: bytes | None, most: int) -> Edit | None:
    """Return a file in two states; None when one of them is no text, or too large."""
    try:
        after = path.read_bytes().decode() if path.is_file() else None
        if max(len(before or b""), len(after or "")) > most:
            return None
        return Edit(path, None if before is None else before.decode(), after)
    except UnicodeDecodeError:
        return None


def _tellings(
    workspace: Workspace, edits: dict[Path, Edit | None], language: str
) -> Iterator[Telling]:
    graph = load(workspace)
    kinds = read_kinds(graph)
    readable = [edit for edit in edits.values() if edit]
    teller = Teller(graph, kinds, language, [edit.before for edit in readable if edit.before])
    differences: list[Difference] = []
    others, unread = [], [path for path, edit in edits.items() if not edit]
    for edit in readable:
        folder = edit.path.parent
        try:
            if folder.parent == workspace.data and folder.name in kinds.by_name:
                differences += filter(None, [difference(edit)])
            else:
                others.append(teller.tell_file(edit))
        except TurtleSyntaxError:
            unread.append(edit.path)
    yield from teller.tell(differences)
    yield from others
    yield from map(teller.unread, unread)
