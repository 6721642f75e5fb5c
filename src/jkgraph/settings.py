"""The settings of a workspace: the keys of ``jkgraph.toml``, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from jkgraph.errors import JkgraphError
from jkgraph.findings import Severity
from jkgraph.messages import did_you_mean

STANDARD_PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Texts = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class General:
    """``[workspace]``: what this workspace is.

    ``base`` is the address under which all records live and ends in a slash;
    ``languages`` are the languages of its readers, the first one leading;
    ``requires`` is the range of engine versions that it works with.
    """

    base: str
    languages: tuple[str, ...] = ("nl", "en")
    requires: str = ">=0"


@dataclass(frozen=True)
class Roles:
    """``[roles]``: which term does which job, so that the engine knows no domain term.

    ``record`` is the class above all kinds, ``part`` the class above parts of a record and
    ``list`` the class above the classes of closed lists. ``label``, ``alternative`` and
    ``summary`` name a record; ``plural`` names a kind. ``status`` with ``published`` says
    what readers see and ``draft`` what new records are; ``deprecated`` with ``successor``
    and ``change`` what was withdrawn.
    ``citation`` links to where a statement stands, ``source`` from there to the document,
    ``pages``, ``section`` and ``item`` to the place in it. ``hidden`` fields stay off the
    facts of a page.
    """

    record: str
    part: str = ""
    list: str = ""
    label: str = "skos:prefLabel"
    alternative: str = "skos:altLabel"
    summary: tuple[str, ...] = ("skos:definition", "dct:description")
    plural: str = ""
    scheme: str = "skos:inScheme"
    broader: str = "skos:broader"
    citation: str = ""
    source: str = "dct:source"
    pages: str = ""
    section: str = ""
    item: str = ""
    status: str = ""
    published: str = ""
    draft: str = ""
    created: str = "dct:created"
    modified: str = "dct:modified"
    reviewed: str = ""
    deprecated: str = "owl:deprecated"
    successor: str = "dct:isReplacedBy"
    change: str = "skos:changeNote"
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facets:
    """``[facets]``: the fields that get one list page per value."""

    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """``[site]``: what the pages say about themselves.

    ``address`` is the public address of the site; ``edit`` and ``report`` are addresses in
    which ``{path}`` and ``{iri}`` are filled in; ``menu`` are the kinds in the menu.
    """

    title: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    address: str = ""
    edit: str = ""
    report: str = ""
    licence: str = ""
    menu: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """``[check]``: the least severity that makes ``validate`` fail."""

    fail_on: Severity = Severity.VIOLATION


@dataclass(frozen=True)
class Waiver:
    """``[[exception]]``: a finding that is accepted, why, and until when."""

    rule: str
    record: str
    reason: str
    until: date | None = None


@dataclass(frozen=True)
class Settings:
    """All settings of a workspace."""

    general: General
    roles: Roles
    facets: Facets = Facets()
    site: Site = Site()
    check: Check = Check()
    exceptions: tuple[Waiver, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)


SECTIONS: Mapping[str, type[Any]] = {
    "workspace": General,
    "roles": Roles,
    "facets": Facets,
    "site": Site,
    "check": Check,
}


def read_settings(path: Path) -> Settings:
    """Read a settings file.

    Raises JkgraphError for bad TOML, and for a key or a value that is not known.
    """
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise JkgraphError("bad-settings", file=path, reason=error) from error
    return _settings(table, _File(path, text))


@dataclass(frozen=True)
class _File:
    """The settings file, to point at the line of a key."""

    path: Path
    text: str

    def place(self, key: str) -> str:
        for number, line in enumerate(self.text.splitlines(), 1):
            if re.match(rf"\s*\[*\s*\"?{re.escape(key)}\"?\s*[=\]]", line):
                return f"{self.path}:{number}"
        return str(self.path)

    def unknown(self, key: str, known: list[str]) -> JkgraphError:
        return JkgraphError(
            "unknown-setting", place=self.place(key), key=key, hint=did_you_mean(key, known)
        )

    def wrong(self, key: str, wanted: str) -> JkgraphError:
        return JkgraphError("wrong-setting", place=self.place(key), key=key, wanted=wanted)


def _settings(table: Mapping[str, Any], file: _File) -> Settings:
    known = [*SECTIONS, "prefixes", "exception"]
    for name in table:
        if name not in known:
            raise file.unknown(name, known)
    parts = {name: _section(cls, table.get(name, {}), file) for name, cls in SECTIONS.items()}
    _require_version(parts["workspace"].requires, file)
    if not re.fullmatch(r"https?://[^\s<>\"]+/", parts["workspace"].base):
        raise file.wrong("base", "https://…/")
    return Settings(
        general=parts.pop("workspace"),
        exceptions=tuple(_section(Waiver, t, file) for t in table.get("exception", ())),
        prefixes=_texts("prefixes", table.get("prefixes", {}), file),
        **parts,
    )


def _section(cls: type[T], table: Mapping[str, Any], file: _File) -> T:
    known = {f.name: str(f.type) for f in fields(cls)}  # type: ignore[arg-type]  # a dataclass
    for key in table:
        if key not in known:
            raise file.unknown(key, list(known))
    values = {key: _value(key, known[key], value, file) for key, value in table.items()}
    try:
        return cls(**values)
    except TypeError as error:
        missing = ", ".join(re.findall(r"'(\w+)'", str(error)))
        raise JkgraphError("missing-setting", file=file.path, key=missing) from error


def _value(key: str, wanted: str, value: Any, file: _File) -> Any:
    if wanted == "str" and isinstance(value, str):
        return value
    if wanted == "tuple[str, ...]":
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(v, str) for v in listed):
            return tuple(listed)
    if wanted == "Texts":
        return _texts(key, value, file)
    if wanted == "date | None" and isinstance(value, date):
        return value
    if wanted == "Severity" and str(value).upper() in Severity.__members__:
        return Severity[str(value).upper()]
    raise file.wrong(key, wanted)


def _texts(key: str, value: Any, file: _File) -> Mapping[str, str]:
    if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return value
    raise file.wrong(key, '{ name = "…" }')


def _require_version(wanted: str, file: _File) -> None:
    from importlib.metadata import version

    have = _numbers(version("jkgraph"))
    for clause in wanted.split(","):
        match = re.fullmatch(r"\s*(>=|<)\s*([\d.]+)\s*", clause)
        if match is None:
            raise file.wrong("requires", ">=0.1,<1")
        at_least = have >= _numbers(match[2])
        if at_least != (match[1] == ">="):
            raise JkgraphError("wrong-version", wanted=wanted, have=version("jkgraph"))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", text)[:3])
