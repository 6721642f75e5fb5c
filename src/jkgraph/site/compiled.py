"""Keeps compiled templates for the next build, as Python keeps compiled modules.

What is kept is run, so it stands in a folder where only the one who builds can write.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import NamedTemporaryFile

import jinja2
from jinja2.bccache import Bucket

from jkgraph.personal import cache_folder

# Of a checksum; Jinja has one of the template, not of what it was compiled to.
LENGTH = sha256().digest_size


class Compiled(jinja2.BytecodeCache):
    """Compiled templates in a folder; one that changed or was damaged is compiled anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name to keep a template by; a path may hold what is no text."""
        return sha256(f"{name}|{filename}".encode("utf-8", "surrogatepass")).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template as it was compiled before, if that still holds."""
        with suppress(OSError):
            content = (self._folder / bucket.key).read_bytes()
            if content[:LENGTH] == sha256(content[LENGTH:]).digest():
                bucket.bytecode_from_string(content[LENGTH:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template; where that cannot be done, nothing happens."""
        content = bucket.bytecode_to_string()
        with suppress(OSError), NamedTemporaryFile(dir=self._folder, delete=False) as new:
            try:
                new.write(sha256(content).digest() + content)
                new.close()
                Path(new.name).replace(self._folder / bucket.key)
            except BaseException:
                Path(new.name).unlink()
                raise


def compiled(*makers: Path) -> Compiled | None:
    """Return the templates that were compiled under the rules of some modules, by their files.

    None where no folder is certain to be the user's own.
    """
    read = b"".join(maker.read_bytes() for maker in makers)
    rules = sha256(jinja2.__version__.encode() + read).hexdigest()
    with suppress(OSError, RuntimeError):
        kept = cache_folder() / "templates"
        if not (kept / rules).exists():
            # Other rules make other code of the same templates.
            rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True, exist_ok=True, mode=0o700)
            (kept / rules).mkdir(exist_ok=True)
        if _is_own(kept):
            return Compiled(kept / rules)
    return None


def _is_own(folder: Path) -> bool:
    stat = folder.lstat()
    return os.name == "nt" or (stat.st_uid == os.getuid() and not stat.st_mode & 0o022)
