"""The settings of a workspace: the keys of ``jkgraph.toml``, and what they are by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from jkgraph.bounds import Bounds
from jkgraph.findings import Severity

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
# What an address may hold, and the address of a page.
SIGNS = r"[^\x00-\x20\x7f<>\"{}|\\^`]"
WEB = rf"https?://{SIGNS}+"
VERSION = r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,2}"
# Where people are sent to; gaps are filled with the path or the address of a record.
PATTERN = r"(?:(?:https?://|mailto:)[^\s<>\"]+)?"
PLACE = rf"(?:{WEB}|mailto:{SIGNS}+)?"
# The form of some settings of the site, and how to write it.
FORMS = {
    "address": (f"(?:{ADDRESS})?", "https://…/"),
    "sub_path": (SUB_PATH, "/…/"),
    "edit": (PATTERN, "https://…/{path}, mailto:…"),
    "report": (PATTERN, "https://…, mailto:…?subject={iri}"),
    "licence": (PLACE, "https://…"),
    "contact": (PLACE, "https://…, mailto:…"),
    "area": (PLACE, "https://…"),
}

Texts = Mapping[str, str]
Names = Mapping[str, str]
# A plain dictionary: a read-only view of one cannot be sent to another process.
NO_NAMES: Names = {}


class General(NamedTuple):
    """What this workspace is.

    base: the address under which all records live, ending in a slash
    languages: the languages of its readers, the leading one first
    version: the version of the data, which the next release gets, such as `1.2.0`
    requires: the versions of the engine that it works with, such as `>=0.1,<1`
    """

    base: str
    languages: tuple[str, ...] = ("nl", "en")
    version: str = ""
    requires: str = ">=0"


class Roles(NamedTuple):
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
    withdrawn: the value of a withdrawn record
    created: the property with the day on which a record was made
    modified: the property with the day of its last change
    reviewed: the property with the day on which it was last compared with its sources
    due: the property with the day on which that is to be done again
    owner: the property to who answers for a record
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
    withdrawn: str = ""
    created: str = "dct:created"
    modified: str = "dct:modified"
    reviewed: str = ""
    due: str = ""
    owner: str = ""
    deprecated: str = "owl:deprecated"
    successor: str = "dct:isReplacedBy"
    change: str = "skos:changeNote"
    hidden: tuple[str, ...] = ()


class Facets(NamedTuple):
    """What lists can be narrowed down with.

    fields: the properties that get a list page per kind and value
    """

    fields: tuple[str, ...] = ()


class Site(NamedTuple):
    """What the pages say about themselves.

    title: the name of the site; else that of the folder
    description: what the site is, in a sentence
    address: the public address of the site, ending in a slash; else no canonical links, no sitemap
    sub_path: where below its host the site stands, such as `/graph/`; an address goes before it
    edit: the web or mail address for corrections; `{path}` is the file of a record, `{iri}` itself
    report: the web or mail address for reports of faults, such as `mailto:…?subject={iri}`
    licence: the address of the licence of the content
    publisher: the compact name of the record of who publishes the data
    contact: the web or mail address for questions about the data; else the page of the publisher
    subjects: what the data is about, addresses from the EU list for data with their names
    area: the address of the area that the data is about, such as a country in the EU list
    menu: the kinds and families in the menu, by the names of their folders; else all kinds
    """

    title: Texts = NO_NAMES
    description: Texts = NO_NAMES
    address: str = ""
    sub_path: str = "/"
    edit: str = ""
    report: str = ""
    licence: str = ""
    publisher: str = ""
    contact: str = ""
    subjects: Names = NO_NAMES
    area: str = ""
    menu: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path of the site on its host, with a slash on both sides."""
        from urllib.parse import urlsplit

        return urlsplit(self.address).path if self.address else self.sub_path


class Check(NamedTuple):
    """What makes a check fail.

    fail_on: the least severity that makes `validate` fail
    """

    fail_on: Severity = Severity.VIOLATION


class Review(NamedTuple):
    """When records are to be compared with their sources again.

    months: how long after the last time, or after it was made; 0 for records that name a day only
    """

    months: int = 0


class Waiver(NamedTuple):
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
    facets: Facets
    site: Site
    check: Check
    review: Review
    limits: Bounds
    exceptions: tuple[Waiver, ...]
    prefixes: Names


SECTIONS: Mapping[str, type[Any]] = {
    "workspace": General,
    "roles": Roles,
    "facets": Facets,
    "site": Site,
    "check": Check,
    "review": Review,
    "limits": Bounds,
}
