"""The workspace as its text files, in one archive from which it can be unpacked."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from io import BytesIO

from jkgraph.history import git
from jkgraph.workspace import Workspace

MAY_RUN = 0o111


def archive(workspace: Workspace, version: str, is_left_out: Callable[[str], bool]) -> bytes:
    """Return what git has of a workspace now, in a folder with a version, packed.

    The same files give the same bytes, whatever commit they are of, and whoever packs them.
    """
    packed, start = BytesIO(), f"workspace-{version}/"
    told = git(workspace, "archive", "--format=tar", "HEAD")
    with (
        tarfile.open(fileobj=BytesIO(told)) as files,
        tarfile.open(fileobj=packed, mode="w") as out,
    ):
        for file in files:
            if not file.isdir() and not is_left_out(file.name):
                plain = tarfile.TarInfo(start + file.name)
                plain.type, plain.linkname, plain.size = file.type, file.linkname, file.size
                plain.mode = 0o755 if file.mode & MAY_RUN and file.isreg() else 0o644
                out.addfile(plain, files.extractfile(file) if file.isreg() else None)
    return gzip.compress(packed.getvalue(), mtime=0)
