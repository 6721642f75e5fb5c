"""Which files a command is about: those that were named, and all when none was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from jkgraph.cli.session import Session
from jkgraph.errors import JkgraphError, unreadable


def chosen(
    run: Session, names: Iterable[str], *, may_be_gone: bool = False
) -> Callable[[str], bool]:
    """Return what tells whether a path of the workspace is among the named files and folders."""
    wanted = {_relative(run, name, may_be_gone) for name in names}
    return lambda path: (
        not wanted or any(name in {path, "."} or path.startswith(f"{name}/") for name in wanted)
    )


def _relative(run: Session, name: str, may_be_gone: bool) -> str:
    path = Path(name).resolve()
    if not may_be_gone and not path.exists():
        raise unreadable(name, FileNotFoundError())
    if not path.is_relative_to(run.workspace.root):
        raise JkgraphError("outside-workspace", file=name, root=run.workspace.root)
    return run.workspace.relative(path)
