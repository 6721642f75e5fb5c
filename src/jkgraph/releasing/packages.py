"""What the software is made of: the packages of the lock, and the files made elsewhere."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from urllib.parse import unquote

from jkgraph.errors import unreadable
from jkgraph.workspace import VENDORED, Workspace

ENGINE = "jkgraph"
# A package with the lines about it, and who asks for it in those lines.
_LOCKED = re.compile(r"(?m)^([\w.-]+)==([^\s;\\]+).*\n((?: {4}.*\n?)*)")
_ASKED_BY = re.compile(r"(?m)^ {4}#(?: via|  ) +([\w.-]+)")
_CLASSIFIER = "License :: "
# Some packages put the whole text of their licence where its name belongs.
_LONGEST = 100


@dataclass(frozen=True)
class Package:
    """A piece of software by others: its package address (purl), and who asks for it.

    ``expression`` is its licence as SPDX writes it, ``licence`` what it is called otherwise.
    ``files`` are its files with their SHA-256; ``parts`` what was put together into them.
    """

    name: str
    version: str
    purl: str
    expression: str = ""
    licence: str = ""
    asked_by: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)
    parts: Sequence[Package] = ()


def locked(workspace: Workspace) -> list[Package]:
    """Return the packages of the lock, with the licences that those told which are installed."""
    try:
        text = workspace.requirements.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(workspace.requirements, error) from error
    return [_locked(*found.groups()) for found in _LOCKED.finditer(text)]


def _locked(name: str, version: str, about: str) -> Package:
    expression, licence = told_licence(name, version)
    asked_by = frozenset(_ASKED_BY.findall(about))
    return Package(name, version, f"pkg:pypi/{name}@{version}", expression, licence, asked_by)


def told_licence(name: str, version: str) -> tuple[str, str]:
    """Return what an installed package tells of its licence: as SPDX writes it, or a name."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "", ""
    if told["Version"] != version:
        return "", ""
    classified = (c for c in told.get_all("Classifier", []) if c.startswith(_CLASSIFIER))
    names = sorted(c.rpartition(" :: ")[2] for c in classified)
    called = _field(told, "License").strip()
    if "\n" in called or len(called) > _LONGEST:
        called = ""
    return _field(told, "License-Expression"), " or ".join(names) or called


def _field(told: metadata.PackageMetadata, name: str) -> str:
    """Return what a package tells; some versions of Python have an error for what is missing."""
    return str(told.json.get(name.lower().replace("-", "_"), ""))


def needed() -> frozenset[str]:
    """Return the packages that the engine cannot do without, as it tells itself."""
    try:
        asked = metadata.requires(ENGINE) or []
    except metadata.PackageNotFoundError:
        asked = []
    core = (re.match(r"[\w.-]+", line) for line in asked if "extra ==" not in line)
    return frozenset(name[0] for name in core if name)


def vendored() -> Iterator[Package]:
    """Yield the packages of which the engine brings files along."""
    for asset in tomllib.loads(VENDORED.read_text("utf-8"))["asset"]:
        parts = tuple(_part(part) for part in asset.get("parts", ()))
        yield replace(_part(asset), files=asset["files"], parts=parts)


def _part(told: Mapping[str, str]) -> Package:
    name, _, version = unquote(told["purl"].partition("/")[2]).rpartition("@")
    return Package(name, version, told["purl"], told["licence"])
