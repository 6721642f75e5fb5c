"""A change of many record files is made as a whole, or taken back: by the next command if need be.

Before the first file changes, a journal tells what each one said and is to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jkgraph.errors import JkgraphError, unreadable
from jkgraph.files import NEW, drop, lock, replace_text, sync
from jkgraph.workspace import Workspace

# What becomes of a file: its path, its text now, and then; None where there is no file.
Change = tuple[Path, str | None, str | None]
# How long a command waits for another one that changes records.
PATIENCE = 10.0


@contextmanager
def changing(workspace: Workspace) -> Iterator[None]:
    """Change records while nobody else does, after taking back what was broken off before."""
    with lock(workspace.lock, PATIENCE):
        take_back(workspace)
        yield


def recover(workspace: Workspace) -> None:
    """Wait for a change that is being made, and take back one that was broken off."""
    if workspace.lock.exists() or workspace.unfinished.exists():
        try:
            with changing(workspace):
                pass
        except JkgraphError:
            # Whoever may not write can read, as long as the records are whole.
            if workspace.unfinished.exists():
                raise


def begin(workspace: Workspace, changes: Sequence[Change]) -> None:
    """Write down what is about to change; one file alone changes in one step anyway."""
    if len(changes) > 1:
        told = [(workspace.relative(path), *texts) for path, *texts in changes]
        replace_text(workspace.unfinished, json.dumps(told))


def end(workspace: Workspace) -> None:
    """Forget what was written down: from here on the change stands.

    Raises OSError when that cannot be done.
    """
    workspace.unfinished.unlink(missing_ok=True)
    sync(workspace.root)


def take_back(workspace: Workspace) -> None:
    """Give every file the text it had before a change that has not ended.

    What a person changed since then stays. Raises OSError or JkgraphError when that cannot be
    done, and can be asked again.
    """
    for path, before, after in _read(workspace):
        if before != after and text_of(path) == after:
            put_text(path, before)
    end(workspace)
    own = workspace.root.glob(f".{workspace.unfinished.name}.*{NEW}")
    for left in (*own, *workspace.data.rglob(f".*{NEW}")):
        drop(left)


def _read(workspace: Workspace) -> list[Change]:
    file = workspace.unfinished
    if not file.exists():
        return []
    try:
        told = json.loads(text_of(file) or "")
        changes = [(workspace.root / name, before, after) for name, before, after in told]
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from error
    except (ValueError, TypeError) as error:
        raise JkgraphError("no-journal", file=file) from error
    # A journal comes with the folder, and so perhaps from somebody else.
    if not all(is_record_file(workspace, path) for path, _, _ in changes):
        raise JkgraphError("no-journal", file=file)
    return changes


def is_record_file(workspace: Workspace, path: Path) -> bool:
    """Tell whether a path leads to a file among the records, and by no link elsewhere."""
    return path.suffix == ".ttl" and path == path.resolve() and path.is_relative_to(workspace.data)


def text_of(path: Path) -> str | None:
    """Return the text of a file with the line ends that it has; None when there is no file."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None


def put_text(path: Path, text: str | None) -> None:
    """Let a file have a text, or be gone."""
    if text is None:
        path.unlink(missing_ok=True)
        sync(path.parent)
    else:
        replace_text(path, text)
