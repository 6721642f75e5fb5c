"""The settings of a workspace: the keys of ``jkgraph.toml``, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from jkgraph import __version__
from jkgraph.errors import JkgraphError, unreadable
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

# Both are written into the settings of web servers: nothing but plain names.
SUB_PATH = r"/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*"
ADDRESS = rf"https?://[A-Za-z0-9.-]+(?::[0-9]+)?{SUB_PATH}"

Texts = Mapping[str, str]
Names = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class General:
    """What this workspace is.

    base: the address under which all records live, ending in a slash
    languages: the languages of its readers, the leading one first
    requires: the versions of the engine that it works with, such as `>=0.1,<1`
    """

    base: str
    languages: tuple[str, ...] = ("nl", "en")
    requires: str = ">=0"


@dataclass(frozen=True)
class Roles:
    """Which term does which job, as a compact name: the only domain terms the engine is told.

    record: the class above all kinds of records
    part: the class above all kinds of parts of records
    list: the class above the classes of closed lists
    label: the property with the name of anything
    alternative: the property with its other names
    sought: the property with words that readers search for, which pages do not show
    summary: the properties with what it is, the first one that is there
    plural: the property with the plural of a class; else its label
    scheme: the property from a list value to its list
    citation: the property to where a statement stands
    source: the property from there to the document
    pages: the property with the pages in the document
    section: the property with the section in the document
    item: the property with a number as the document prints it
    status: the property that says how far a record is; without it everything is published
    published: the value of a record that readers see
    draft: the value of a new record
    created: the property with the day on which a record was made
    modified: the property with the day of its last change
    reviewed: the property with the day on which it was last compared with its sources
    deprecated: the property that is true of a withdrawn record
    successor: the property to the record that takes its place
    change: the property with what was changed, and why
    hidden: properties that stay off the facts of a page
    """

    record: str
    part: str = ""
    list: str = ""
    label: str = "skos:prefLabel"
    alternative: str = "skos:altLabel"
    sought: str = "skos:hiddenLabel"
    summary: tuple[str, ...] = ("skos:definition", "dct:description")
    plural: str = ""
    scheme: str = "skos:inScheme"
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
    """What lists can be narrowed down with.

    fields: the properties that get a list page per kind and value
    """

    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """What the pages say about themselves.

    title: the name of the site; else that of the folder
    description: what the site is, in a sentence
    address: the public address of the site, ending in a slash; without it no canonical links and no sitemap
    sub_path: where below its host the site stands, such as `/graph/`; an address goes before it
    edit: the address where a record can be corrected, with `{path}` for its file
    report: the address where a fault can be reported, with `{path}` or `{iri}` for the record
    licence: the address of the licence of the content
    publisher: the compact name of the record of who publishes the data
    contact: the web or mail address for questions about the data; else the page of the publisher
    themes: what the data is about: addresses from the EU list of data themes, with their names
    area: the address of the area that the data is about, such as a country in the EU list
    menu: the kinds and families in the menu, by the names of their folders; else all kinds
    """

    title: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    address: str = ""
    sub_path: str = "/"
    edit: str = ""
    report: str = ""
    licence: str = ""
    publisher: str = ""
    contact: str = ""
    themes: Names = field(default_factory=dict)
    area: str = ""
    menu: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path of the site on its host, with a slash on both sides."""
        return urlsplit(self.address).path if self.address else self.sub_path


@dataclass(frozen=True)
class Check:
    """What makes a check fail.

    fail_on: the least severity that makes `validate` fail
    """

    fail_on: Severity = Severity.VIOLATION


@dataclass(frozen=True)
class Waiver:
    """A finding that is accepted.

    rule: the id of the rule, as it stands at the end of the finding
    record: the compact name of the record
    reason: why it is accepted
    until: the last day on which it is; else for good
    """

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
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    except tomllib.TOMLDecodeError as error:
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
    parts = {
        name: _section(cls, _table(name, table.get(name, {}), file), file)
        for name, cls in SECTIONS.items()
    }
    exceptions = table.get("exception", [])
    if not isinstance(exceptions, list):
        raise file.wrong("exception", "[[exception]]")
    _require_version(parts["workspace"].requires, file)
    if not re.fullmatch(r"https?://[^\s<>\"]+/", parts["workspace"].base):
        raise file.wrong("base", "https://…/")
    if not re.fullmatch(f"(?:{ADDRESS})?", parts["site"].address):
        raise file.wrong("address", "https://…/")
    if not re.fullmatch(SUB_PATH, parts["site"].sub_path):
        raise file.wrong("sub_path", "/…/")
    return Settings(
        general=parts.pop("workspace"),
        exceptions=tuple(_section(Waiver, _table("exception", t, file), file) for t in exceptions),
        prefixes=_texts("prefixes", table.get("prefixes", {}), file),
        **parts,
    )


def _table(name: str, value: Any, file: _File) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise file.wrong(name, f"[{name}]")


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
    if wanted in {"Texts", "Names"}:
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
    have = _numbers(__version__)
    for clause in wanted.split(","):
        match = re.fullmatch(r"\s*(>=|<)\s*([\d.]+)\s*", clause)
        if match is None:
            raise file.wrong("requires", ">=0.1,<1")
        at_least = have >= _numbers(match[2])
        if at_least != (match[1] == ">="):
            raise JkgraphError("wrong-version", wanted=wanted, have=__version__)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", text)[:3])
