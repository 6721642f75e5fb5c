"""What the repository keeps of every release that was made, in a folder with its version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from jkgraph.errors import unreadable
from jkgraph.settings import VERSION
from jkgraph.workspace import Workspace

IDS, SUMS = "ids.txt", "SHA256SUMS"


def frozen_name(version: str) -> str:
    """Return the name of the file with the ontology as it was at one of its versions."""
    return f"ontology-{version}.ttl"


def number(version: str) -> tuple[int, ...]:
    """Return a version as numbers, by which versions have an order."""
    return tuple(map(int, version.split(".")))


def releases(workspace: Workspace) -> Mapping[str, Path]:
    """Return the folder of every release that was made, the oldest version first."""
    found = {p.name: p for p in workspace.releases.glob("*") if _is_own(p, p.name)}
    return {version: found[version] for version in sorted(found, key=number)}


def _is_own(path: Path, version: str) -> bool:
    """Tell whether a path is named after a version, and is no link to what is elsewhere."""
    return bool(re.fullmatch(VERSION, version)) and not path.is_symlink()


def ids_of(folder: Path) -> list[str]:
    """Return the addresses that were in a release."""
    return kept(folder / IDS).decode("utf-8", "replace").split()


def frozen(workspace: Workspace) -> Mapping[str, Path]:
    """Return the file of every released version of the ontology, that of its first release."""
    start, end = frozen_name("|").split("|")
    found: dict[str, Path] = {}
    for folder in releases(workspace).values():
        for path in sorted(folder.glob(f"{start}*{end}")):
            version = path.name[len(start) : -len(end)]
            if _is_own(path, version):
                found.setdefault(version, path)
    return found


def differing(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return the names of files that are not the same in a folder as they ought to be."""
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    is_other = partial(_is_other, there, files)
    return sorted(filter(is_other, there.keys() | files.keys()))


def _is_other(there: Mapping[str, Path], files: Mapping[str, bytes], name: str) -> bool:
    return name not in there or name not in files or kept(there[name]) != files[name]


def kept(path: Path) -> bytes:
    """Read a file of a release."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
