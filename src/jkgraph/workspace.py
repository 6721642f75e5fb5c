"""The folder that the engine works on: found, its settings read, its paths named.

Only this module knows the names of the folders of a workspace.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from jkgraph.errors import JkgraphError
from jkgraph.findings import Severity
from jkgraph.iri import Addresses
from jkgraph.messages import Catalogue, did_you_mean

FILE = "jkgraph.toml"
BUNDLED = Path(__file__).parent
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
class Workspace:
    """A workspace on disk: its settings and the absolute paths of its folders."""

    root: Path
    general: General
    roles: Roles
    facets: Facets = Facets()
    site: Site = Site()
    check: Check = Check()
    exceptions: tuple[Waiver, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the readers, the leading one first."""
        return self.general.languages

    @cached_property
    def addresses(self) -> Addresses:
        """The addresses of the workspace, without the prefixes of its kinds."""
        return Addresses(self.general.base, {**STANDARD_PREFIXES, **self.prefixes})

    @cached_property
    def catalogue(self) -> Catalogue:
        """The words of the interface: the engine's, then the workspace's own."""
        return Catalogue((BUNDLED / "locale", self.root / "locale"), self.languages)

    @property
    def ontology(self) -> Path:
        """The folder with the ontology."""
        return self.root / "ontology"

    @property
    def schemes(self) -> Path:
        """The folder with the closed lists."""
        return self.ontology / "schemes"

    @property
    def shapes(self) -> Path:
        """The folder with the shapes."""
        return self.root / "shapes"

    @property
    def rules(self) -> Path:
        """The folder with the whole-graph rules."""
        return self.shapes / "rules"

    @property
    def data(self) -> Path:
        """The folder with the records, one folder a kind."""
        return self.root / "data"

    @property
    def queries(self) -> Path:
        """The folder with the saved queries."""
        return self.root / "queries"

    @property
    def docs(self) -> Path:
        """The folder with the generated reference."""
        return self.root / "docs" / "reference"

    @property
    def build(self) -> Path:
        """The folder that the site is built in."""
        return self.root / "build" / "site"

    @property
    def preview(self) -> Path:
        """The folder that a preview of the site is built in."""
        return self.root / "build" / "preview"

    @property
    def cache(self) -> Path:
        """The folder with what can be made again, and may be deleted."""
        return self.root / "build" / "cache"

    @property
    def templates(self) -> tuple[Path, ...]:
        """The folders with templates, the most specific first."""
        return self.root / "site_templates", BUNDLED / "templates"

    def relative(self, path: Path) -> str:
        """Write a path from the root of the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def record_path(self, folder: str, slug: str) -> Path:
        """Return the file in which a record lives."""
        return self.data / folder / f"{slug}.ttl"


SECTIONS: Mapping[str, type[Any]] = {
    "workspace": General,
    "roles": Roles,
    "facets": Facets,
    "site": Site,
    "check": Check,
}


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above a place that holds a ``jkgraph.toml``."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise JkgraphError("no-workspace", folder=start, file=FILE)


def open_workspace(root: Path) -> Workspace:
    """Read the settings of the workspace in a folder.

    Raises JkgraphError for a missing file, bad TOML, or a key or value that is not known.
    """
    path = root / FILE
    if not path.is_file():
        raise JkgraphError("no-workspace", folder=root, file=FILE)
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise JkgraphError("bad-settings", file=path, reason=error) from error
    return _workspace(root.resolve(), table, _Settings(path, text))


@dataclass(frozen=True)
class _Settings:
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


def _workspace(root: Path, table: Mapping[str, Any], settings: _Settings) -> Workspace:
    known = [*SECTIONS, "prefixes", "exception"]
    for name in table:
        if name not in known:
            raise settings.unknown(name, known)
    parts = {name: _section(cls, table.get(name, {}), settings) for name, cls in SECTIONS.items()}
    _require_version(parts["workspace"].requires, settings)
    if not re.fullmatch(r"https?://[^\s<>\"]+/", parts["workspace"].base):
        raise settings.wrong("base", "https://…/")
    return Workspace(
        root=root,
        general=parts.pop("workspace"),
        exceptions=tuple(_section(Waiver, t, settings) for t in table.get("exception", ())),
        prefixes=_texts("prefixes", table.get("prefixes", {}), settings),
        **parts,
    )


def _section(cls: type[T], table: Mapping[str, Any], settings: _Settings) -> T:
    known = {f.name: str(f.type) for f in fields(cls)}  # type: ignore[arg-type]  # a dataclass
    for key in table:
        if key not in known:
            raise settings.unknown(key, list(known))
    values = {key: _value(key, known[key], value, settings) for key, value in table.items()}
    try:
        return cls(**values)
    except TypeError as error:
        missing = ", ".join(re.findall(r"'(\w+)'", str(error)))
        raise JkgraphError("missing-setting", file=settings.path, key=missing) from error


def _value(key: str, wanted: str, value: Any, settings: _Settings) -> Any:
    if wanted == "str" and isinstance(value, str):
        return value
    if wanted == "tuple[str, ...]":
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(v, str) for v in listed):
            return tuple(listed)
    if wanted == "Texts":
        return _texts(key, value, settings)
    if wanted == "date | None" and isinstance(value, date):
        return value
    if wanted == "Severity" and str(value).upper() in Severity.__members__:
        return Severity[str(value).upper()]
    raise settings.wrong(key, wanted)


def _texts(key: str, value: Any, settings: _Settings) -> Mapping[str, str]:
    if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return value
    raise settings.wrong(key, '{ name = "…" }')


def _require_version(wanted: str, settings: _Settings) -> None:
    from importlib.metadata import version

    have = _numbers(version("jkgraph"))
    for clause in wanted.split(","):
        match = re.fullmatch(r"\s*(>=|<)\s*([\d.]+)\s*", clause)
        if match is None:
            raise settings.wrong("requires", ">=0.1,<1")
        at_least = have >= _numbers(match[2])
        if at_least != (match[1] == ">="):
            raise JkgraphError("wrong-version", wanted=wanted, have=version("jkgraph"))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", text)[:3])
