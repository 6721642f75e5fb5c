"""What search engines read on a page: a few facts in schema.org, generated, never a source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from jkgraph.site.dates import changed, newest
from jkgraph.site.negotiation import MEDIA
from jkgraph.site.plan import WHOLE, Plan
from jkgraph.site.views import Resource

MOST = 500
# What could end the element, or begin a comment in it.
ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


class Markup(NamedTuple):
    """Facts for the inside of a script element of data."""

    facts: Mapping[str, object]

    def __html__(self) -> str:
        """Write the facts as JSON in which nothing looks like HTML."""
        return _json(self.facts).translate(ESCAPES)

    @property
    def size(self) -> int:
        """How many bytes they take on a page."""
        return len(self.__html__().encode())


def of_record(plan: Plan, record: Resource, language: str, description: str) -> Markup:
    """Return what a page tells of its record; sources as long as there is room for them."""
    is_value = record.folder in plan.schemes and record.folder not in plan.records
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@id": record.iri,
        "@type": "DefinedTerm" if is_value else "CreativeWork",
        "name": str(record.label),
        "description": description,
    }
    if is_value:
        facts["inDefinedTermSet"] = plan.graph.addresses.record("scheme", record.folder)
        return Markup(facts)
    facts |= {
        "inLanguage": language,
        "dateModified": changed(plan.graph, [record.node]),
        "license": plan.graph.workspace.site.licence,
        "isPartOf": _dataset(plan),
    }
    made = Markup(_filled(facts))
    for source, _ in record.sources:
        iri = getattr(getattr(source, "resource", None), "iri", "")
        cited = [*made.facts.get("citation", ()), iri]  # type: ignore[misc]  # a list
        more = Markup({**made.facts, "citation": cited})
        if iri and more.size <= MOST:
            made = more
    return made


def of_site(plan: Plan, name: str, description: str) -> Markup:
    """Return what the home page tells of the data as a whole."""
    graph = plan.graph
    site = graph.workspace.site
    publisher = graph.term(site.publisher) if site.publisher else None
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@id": _dataset(plan),
        "@type": "Dataset",
        "name": name,
        "description": description,
        "dateModified": newest(plan),
        "license": site.licence,
        "creator": publisher
        and {"@type": "Organization", "name": graph.label(publisher, plan.languages[0])},
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": MEDIA["ttl"],
            "contentUrl": plan.url(f"{WHOLE}/graph.ttl"),
        },
    }
    return Markup(_filled(facts))


def _dataset(plan: Plan) -> str:
    return plan.graph.addresses.document("dataset#dataset")


def _filled(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
