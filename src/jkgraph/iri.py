"""Addresses: the only place where IRIs, compact names, slugs and file paths are made.

>>> a = Addresses("https://example.org/", {"ex": "https://example.org/def#"})
>>> a.record("bridge", "old-bridge")
'https://example.org/id/bridge/old-bridge'
>>> a.kind_and_slug("https://example.org/id/bridge/old-bridge#part")
('bridge', 'old-bridge')
>>> a.compact("https://example.org/def#Bridge")
'ex:Bridge'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from string import digits

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 64
LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
# Windows refuses files with these names, whatever their extension.
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "index"]
    + [f"{device}{n}" for device in ("com", "lpt") for n in range(1, 10)]
)


def is_slug(text: str) -> bool:
    """Tell whether a text may be the last part of a record's address."""
    return bool(SLUG.fullmatch(text)) and len(text) <= SLUG_LENGTH and text not in RESERVED


def slugify(label: str) -> str:
    """Make a slug from a label, cut at a word.

    >>> slugify("Één brug (aan 't eind van 'n dijk)")
    'een-brug-aan-t-eind-van-n-dijk'
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
    if len(slug) > SLUG_LENGTH:
        slug = slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]
    return f"{slug}-1" if slug in RESERVED else slug


def kebab(name: str) -> str:
    """Turn a class name into the name of its folder and prefix.

    >>> kebab("DrawBridge")
    'draw-bridge'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def split(iri: str) -> tuple[str, str]:
    """Split an IRI after its last ``#`` or ``/`` into namespace and local name."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:cut], iri[cut:]


def whole(iri: str) -> str:
    """Return the IRI of a record, given that of the record or of a part of it."""
    return iri.partition("#")[0]


def natural_order(iri: str) -> tuple[str, int, str]:
    """Return a sort key that puts ``c9`` before ``c10``, and a record before its parts."""
    head = iri.rstrip(digits)
    return head, int(iri[len(head) :] or 0), iri


@dataclass(frozen=True)
class Addresses:
    """The addresses of one workspace: its base IRI and its prefixes."""

    base: str
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_namespace(self) -> Mapping[str, str]:
        return {namespace: prefix for prefix, namespace in reversed(list(self.prefixes.items()))}

    @property
    def terms(self) -> str:
        """The namespace of the workspace's own classes and properties."""
        return f"{self.base}def#"

    @property
    def shapes(self) -> str:
        """The namespace of the workspace's shapes."""
        return f"{self.base}shape#"

    def document(self, path: str) -> str:
        """Return the lasting address of a page or file of the site."""
        return f"{self.base}{path}"

    @property
    def asserted(self) -> str:
        """The named graph on a server that holds what people wrote: ontology and records."""
        return f"{self.base}graph/asserted"

    @property
    def inferred(self) -> str:
        """The named graph on a server that holds what follows from that."""
        return f"{self.base}graph/inferred"

    @property
    def publication(self) -> str:
        """The named graph on a server that tells what the two others are, and if they are whole."""
        return f"{self.base}graph/publication"

    @property
    def nameless(self) -> str:
        """The namespace of the addresses that blank nodes get on a server."""
        return f"{self.base}.well-known/genid/"

    @property
    def records(self) -> str:
        """The namespace that holds all records and list values."""
        return f"{self.base}id/"

    def with_folders(self, names: list[str]) -> Addresses:
        """Return these addresses with a prefix for every kind and list of values."""
        own = {name: self.namespace(name) for name in names}
        return replace(self, prefixes={**self.prefixes, **own})

    def namespace(self, folder: str) -> str:
        """Return the namespace of the records of a kind, or the values of a list."""
        return f"{self.records}{folder}/"

    def record(self, folder: str, slug: str) -> str:
        """Return the IRI of a record or list value."""
        return self.namespace(folder) + slug

    def kind_and_slug(self, iri: str) -> tuple[str, str] | None:
        """Return folder and slug of a record's IRI (or of a part of it), else None."""
        if not iri.startswith(self.records):
            return None
        folder, _, slug = iri[len(self.records) :].partition("#")[0].partition("/")
        return (folder, slug) if folder and slug else None

    def compact(self, iri: str) -> str:
        """Write an IRI with a prefix where one fits, else between angle brackets."""
        namespace, local = split(iri)
        prefix = self._by_namespace.get(namespace)
        if prefix is None or not LOCAL.fullmatch(local):
            return f"<{iri}>"
        return f"{prefix}:{local}"

    def expand(self, name: str) -> str | None:
        """Read ``prefix:local``, ``<iri>`` or a bare IRI; None when the prefix is unknown."""
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        return name if "://" in name else None
