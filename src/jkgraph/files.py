"""Writing files so that nothing is lost: the new text stands whole, or the old one does."""

from __future__ import annotations

import io
import os
from pathlib import Path
from shutil import copyfileobj
from tempfile import mkstemp
from typing import BinaryIO


def replace_text(path: Path, text: str) -> None:
    """Replace the text of a file in one step; folders are made where they miss."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Replace the content of a file in one step; folders are made where they miss."""
    replace_content(path, io.BytesIO(content))


def replace_content(path: Path, content: BinaryIO) -> None:
    """Replace the content of a file in one step by what can be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(prefix=f".{path.name}-", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            copyfileobj(content, out)
        # mkstemp makes a file that only its maker may read.
        new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
