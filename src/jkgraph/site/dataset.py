"""What the published data is as a whole: a description in DCAT-AP-NL 3.0 and VoID."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from jkgraph.graph import Node
from jkgraph.iri import split
from jkgraph.queries import Query
from jkgraph.site.dates import newest
from jkgraph.site.graphs import Counts
from jkgraph.site.negotiation import MEDIA
from jkgraph.site.plan import Plan
from jkgraph.site.quality import Measure, conformance, measures, tell
from jkgraph.site.saying import DESCRIPTION, PREFIXES, Saying, term, texts
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import write

EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
LANGUAGES = {"nl": "NLD", "en": "ENG", "de": "DEU", "fr": "FRA"}
# The media type and the name in the EU list of file types, by the end of a file's name.
FILES = {
    "ttl": (MEDIA["ttl"], "RDF_TURTLE"),
    "nt.gz": (MEDIA["nt"], "RDF_N_TRIPLES"),
    "jsonld": (MEDIA["jsonld"], "JSON_LD"),
    "trig": ("application/trig", "RDF_TRIG"),
    "csv": ("text/csv", "CSV"),
}


class Dump(NamedTuple):
    """A file with data as a whole: its address, its size in bytes and its checksum.

    ``query`` is what selected the data, when the file does not hold all of it; ``conformance``
    how well it is as its shapes ask, when it has any.
    """

    path: str
    size: int
    sha256: str
    query: Query | None = None
    conformance: Measure | None = None


def description(plan: Plan, dumps: Iterable[Dump], counts: Counts) -> Iterator[tuple[str, bytes]]:
    """Yield the description of the data in every syntax."""
    said = _Said(plan)
    said.catalogue()
    for dump in dumps:
        said.distribution(dump)
    said.contents(counts)
    for found in measures(plan, newest(plan)):
        tell(said, found, said.dataset)
    prefixes = {**plan.graph.workspace.addresses.prefixes, **PREFIXES}
    content = write(list(dict.fromkeys(said.triples)), prefixes).encode()
    if measured := conformance(plan, f"{DESCRIPTION}.ttl", content):
        tell(said, measured, said.part("catalogue"))
    triples = list(dict.fromkeys(said.triples))
    yield f"{DESCRIPTION}.ttl", write(triples, prefixes).encode()
    yield f"{DESCRIPTION}.jsonld", json_ld(triples, prefixes)
    yield f"{DESCRIPTION}.nt", n_triples(triples)


class _Said(Saying):
    """Collects what is said of the catalogue, its one dataset, and the files of that."""

    @cached_property
    def dataset(self) -> ox.NamedNode:
        """The address of the dataset."""
        return self.part("dataset")

    def catalogue(self) -> None:
        """Describe the catalogue and the dataset, as far as their files do not matter."""
        site = self.plan.graph.workspace.site
        whole, base = self.part("catalogue"), self.plan.graph.addresses.document("")
        self.say(whole, "a", term("dcat:Catalog"))
        self.say(whole, "dcat:dataset", self.dataset)
        self.say(whole, "foaf:homepage", self._document("index.html"))
        self.say(self.dataset, "a", term("dcat:Dataset"), term("void:Dataset"))
        self.say(self.dataset, "dct:identifier", ox.Literal(self.dataset.value))
        rights = self.typed(f"{EU}access-right/PUBLIC", "dct:RightsStatement")
        self.say(self.dataset, "dct:accessRights", rights)
        for iri, name in site.subjects.items():
            subject = self.typed(iri, "skos:Concept")
            self.say(subject, "skos:prefLabel", *texts({self.plan.languages[0]: name}))
            self.say(self.dataset, "dcat:theme", subject)
        self.say(self.dataset, "dct:conformsTo", self._ontology)
        self.say(self.dataset, "dcat:landingPage", self._document("index.html"))
        self.say(self.dataset, "foaf:page", self._document(f"{DESCRIPTION}.html"))
        self.say(self.dataset, "dcat:keyword", *self._keywords())
        self.say(self.dataset, "void:uriSpace", ox.Literal(base))
        for subject in (whole, self.dataset):
            self._common(subject)

    def _common(self, subject: Node) -> None:
        site = self.plan.graph.workspace.site
        self.say(subject, "dct:title", *texts(site.title))
        self.say(subject, "dct:description", *texts(site.description))
        self.say(subject, "dct:modified", self.day)
        self.say(subject, "dct:language", *self._languages)
        self.say(subject, "dct:license", self._licence)
        if site.area:
            self.say(subject, "dct:spatial", self.typed(site.area, "dct:Location"))
        if site.publisher:
            self.say(subject, "dct:publisher", self._publisher)
            self.say(subject, "dct:creator", self._publisher)
            self.say(subject, "dcat:contactPoint", self._contact)

    def _document(self, path: str) -> ox.NamedNode:
        return self.typed(self.plan.url(path), "foaf:Document")

    @cached_property
    def _ontology(self) -> ox.NamedNode:
        address = self.plan.graph.addresses.terms.removesuffix("#")
        return self.typed(address, "dct:Standard")

    @cached_property
    def _licence(self) -> ox.NamedNode | None:
        licence = self.plan.graph.workspace.site.licence
        return self.typed(licence, "dct:LicenseDocument") if licence else None

    @cached_property
    def _languages(self) -> list[ox.NamedNode]:
        names = (LANGUAGES[lang] for lang in self.plan.languages if lang in LANGUAGES)
        return [self.typed(f"{EU}language/{name}", "dct:LinguisticSystem") for name in names]

    @cached_property
    def _publisher(self) -> ox.NamedNode:
        graph = self.plan.graph
        node, label = graph.term(graph.workspace.site.publisher), graph.role("label")
        self.say(node, "a", term("foaf:Agent"))
        self.say(node, "foaf:name", *texts(graph.texts(node, label) if label else {}))
        return node

    @cached_property
    def _contact(self) -> ox.NamedNode:
        """Say whom to ask: an office, never a person."""
        contact, node = self.plan.graph.workspace.site.contact, self.part("contact")
        self.say(node, "a", term("vcard:Kind"), term("vcard:Organization"))
        name = self.plan.graph.label(self._publisher, self.plan.languages[0])
        self.say(node, "vcard:fn", ox.Literal(name, language=self.plan.languages[0]))
        is_mail = contact.startswith("mailto:")
        where = ox.NamedNode(contact) if contact else self._publisher
        self.say(node, "vcard:hasEmail" if is_mail else "vcard:hasURL", where)
        return node

    def _keywords(self) -> Iterator[ox.Literal]:
        for kind in self.plan.kinds.records:
            if self.plan.lists[kind.name]:
                yield from texts(kind.plural or kind.label)

    def distribution(self, dump: Dump) -> None:
        """Describe one file of the dataset."""
        name = dump.path.rpartition("/")[2]
        node, url = self.part(name), self.url(dump.path)
        media, kind = FILES[name.partition(".")[2]]
        self.say(self.dataset, "dcat:distribution", node)
        self.say(node, "a", term("dcat:Distribution"))
        self.say(node, "dct:title", ox.Literal(name))
        if dump.query:
            self.say(node, "dct:description", *texts(dump.query.texts.get("Description", {})))
            if standard := dump.query.header("Conforms"):
                self.say(node, "dct:conformsTo", self.typed(standard, "dct:Standard"))
        self.say(node, "dcat:accessURL", url)
        self.say(node, "dcat:downloadURL", url)
        self.say(node, "dct:license", self._licence)
        self.say(node, "dct:language", *self._languages)
        self.say(node, "dct:conformsTo", self._ontology)
        self.say(node, "dct:modified", self.day)
        self.say(node, "dcat:mediaType", self.typed(IANA + media, "dct:MediaType"))
        packed = self.typed(f"{IANA}application/gzip", "dct:MediaType")
        self.say(node, "dcat:compressFormat", packed if name.endswith(".gz") else None)
        form = self.typed(f"{EU}file-type/{kind}", "dct:MediaTypeOrExtent")
        self.say(node, "dct:format", form)
        size = ox.Literal(str(dump.size), datatype=term("xsd:nonNegativeInteger"))
        self.say(node, "dcat:byteSize", size)
        total = self.part(f"{name}.sha256")
        self.say(node, "spdx:checksum", total)
        self.say(total, "a", term("spdx:Checksum"))
        self.say(total, "spdx:algorithm", self._algorithm)
        value = ox.Literal(dump.sha256, datatype=term("xsd:hexBinary"))
        self.say(total, "spdx:checksumValue", value)
        if media != "text/csv" and not dump.query:
            self.say(self.dataset, "void:dataDump", url)
        if dump.conformance:
            tell(self, dump.conformance, node)

    @cached_property
    def _algorithm(self) -> ox.NamedNode:
        return self.typed(term("spdx:checksumAlgorithm_sha256").value, "spdx:ChecksumAlgorithm")

    def contents(self, counts: Counts) -> None:
        """Tell how much of what the dataset holds."""
        properties, classes = counts.properties, counts.classes
        self._count(self.dataset, "void:triples", counts.triples)
        records = [r for found in self.plan.records.values() for r in found]
        self._count(self.dataset, "void:entities", len(records))
        self._count(self.dataset, "void:classes", len(classes))
        self._count(self.dataset, "void:properties", len(properties))
        spaces = sorted({split(iri)[0] for iri in (*properties, *classes)} - {""})
        self.say(self.dataset, "void:vocabulary", *map(ox.NamedNode, spaces))
        for kind in self.plan.kinds.records:
            if found := self.plan.lists[kind.name]:
                self.say(self.dataset, "void:exampleResource", found[0])
                self._partition("class", kind.iri, "void:entities", classes[kind.iri.value])
        for iri, number in sorted(properties.items()):
            self._partition("property", ox.NamedNode(iri), "void:triples", number)

    def _partition(self, what: str, term: ox.NamedNode, unit: str, number: int) -> None:
        compact = self.plan.graph.addresses.compact(term.value).strip("<>")
        # What has no prefix may hold signs that end the name of a part.
        part = self.part(f"{what}-{quote(compact.replace(':', '-'))}")
        self.say(self.dataset, f"void:{what}Partition", part)
        self.say(part, f"void:{what}", term)
        self._count(part, unit, number)

    def _count(self, subject: Node, name: str, number: int) -> None:
        self.say(subject, name, ox.Literal(number))
