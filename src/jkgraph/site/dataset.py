"""What the published data is as a whole: a description in DCAT-AP-NL 3.0 and VoID."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

import pyoxigraph as ox

from jkgraph.graph import TYPE, Node, Term
from jkgraph.iri import split
from jkgraph.queries import Query
from jkgraph.site.dates import newest
from jkgraph.site.negotiation import MEDIA
from jkgraph.site.plan import Plan
from jkgraph.syntaxes import json_ld, n_triples
from jkgraph.turtle import write

DESCRIPTION = "dataset"
EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGES = {"nl": "NLD", "en": "ENG", "de": "DEU", "fr": "FRA"}
# The media type and the name in the EU list of file types, by the end of a file's name.
FILES = {
    "ttl": (MEDIA["ttl"], "RDF_TURTLE"),
    "nt.gz": (MEDIA["nt"], "RDF_N_TRIPLES"),
    "jsonld": (MEDIA["jsonld"], "JSON_LD"),
    "trig": ("application/trig", "RDF_TRIG"),
    "csv": ("text/csv", "CSV"),
}


@dataclass(frozen=True)
class Dump:
    """A file with data as a whole: its address, its size in bytes and its checksum.

    ``query`` is what selected the data, when the file does not hold all of it.
    """

    path: str
    size: int
    sha256: str
    query: Query | None = None


def description(
    plan: Plan, dumps: Iterable[Dump], data: Iterable[ox.Triple]
) -> Iterator[tuple[str, bytes]]:
    """Yield the description of the data in every syntax."""
    said = _Said(plan)
    said.catalogue()
    for dump in dumps:
        said.distribution(dump)
    said.contents(list(dict.fromkeys(data)))
    triples = list(dict.fromkeys(said.triples))
    prefixes = {**plan.graph.workspace.addresses.prefixes, **PREFIXES}
    yield f"{DESCRIPTION}.ttl", write(triples, prefixes).encode()
    yield f"{DESCRIPTION}.jsonld", json_ld(triples, prefixes)
    yield f"{DESCRIPTION}.nt", n_triples(triples)


@dataclass(frozen=True)
class _Said:
    """Collects what is said of the catalogue, its one dataset, and the files of that."""

    plan: Plan
    triples: list[ox.Triple] = field(default_factory=list)

    @cached_property
    def _dataset(self) -> ox.NamedNode:
        return self._part("dataset")

    def _part(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(self.plan.graph.addresses.document(f"{DESCRIPTION}#{name}"))

    def _url(self, path: str) -> ox.NamedNode:
        return ox.NamedNode(self.plan.url(path))

    def _say(self, subject: Node, name: str, *values: Term | None) -> None:
        prefix, _, local = name.partition(":")
        predicate = TYPE if name == "a" else ox.NamedNode(PREFIXES[prefix] + local)
        self.triples.extend(ox.Triple(subject, predicate, v) for v in values if v is not None)

    def _typed(self, iri: str, *classes: str) -> ox.NamedNode:
        """Return a resource from elsewhere, of which only its class is told."""
        node = ox.NamedNode(iri)
        self._say(node, "a", *map(_term, classes))
        return node

    def catalogue(self) -> None:
        """Describe the catalogue and the dataset, as far as their files do not matter."""
        site = self.plan.graph.workspace.site
        whole, base = self._part("catalogue"), self.plan.graph.addresses.document("")
        self._say(whole, "a", _term("dcat:Catalog"))
        self._say(whole, "dcat:dataset", self._dataset)
        self._say(whole, "foaf:homepage", self._document("index.html"))
        self._say(self._dataset, "a", _term("dcat:Dataset"), _term("void:Dataset"))
        self._say(self._dataset, "dct:identifier", ox.Literal(self._dataset.value))
        rights = self._typed(f"{EU}access-right/PUBLIC", "dct:RightsStatement")
        self._say(self._dataset, "dct:accessRights", rights)
        for iri, name in site.subjects.items():
            subject = self._typed(iri, "skos:Concept")
            self._say(subject, "skos:prefLabel", *_texts({self.plan.languages[0]: name}))
            self._say(self._dataset, "dcat:theme", subject)
        self._say(self._dataset, "dct:conformsTo", self._ontology)
        self._say(self._dataset, "dcat:landingPage", self._document("index.html"))
        self._say(self._dataset, "foaf:page", self._document(f"{DESCRIPTION}.html"))
        self._say(self._dataset, "dcat:keyword", *self._keywords())
        self._say(self._dataset, "void:uriSpace", ox.Literal(base))
        for subject in (whole, self._dataset):
            self._common(subject)

    def _common(self, subject: Node) -> None:
        site = self.plan.graph.workspace.site
        self._say(subject, "dct:title", *_texts(site.title))
        self._say(subject, "dct:description", *_texts(site.description))
        self._say(subject, "dct:modified", self._day)
        self._say(subject, "dct:language", *self._languages)
        self._say(subject, "dct:license", self._licence)
        if site.area:
            self._say(subject, "dct:spatial", self._typed(site.area, "dct:Location"))
        if site.publisher:
            self._say(subject, "dct:publisher", self._publisher)
            self._say(subject, "dct:creator", self._publisher)
            self._say(subject, "dcat:contactPoint", self._contact)

    def _document(self, path: str) -> ox.NamedNode:
        return self._typed(self.plan.url(path), "foaf:Document")

    @cached_property
    def _ontology(self) -> ox.NamedNode:
        address = self.plan.graph.addresses.terms.removesuffix("#")
        return self._typed(address, "dct:Standard")

    @cached_property
    def _day(self) -> ox.Literal | None:
        day = newest(self.plan)
        return ox.Literal(day, datatype=_term("xsd:date")) if day else None

    @cached_property
    def _licence(self) -> ox.NamedNode | None:
        licence = self.plan.graph.workspace.site.licence
        return self._typed(licence, "dct:LicenseDocument") if licence else None

    @cached_property
    def _languages(self) -> list[ox.NamedNode]:
        names = (LANGUAGES[lang] for lang in self.plan.languages if lang in LANGUAGES)
        return [self._typed(f"{EU}language/{name}", "dct:LinguisticSystem") for name in names]

    @cached_property
    def _publisher(self) -> ox.NamedNode:
        graph = self.plan.graph
        node, label = graph.term(graph.workspace.site.publisher), graph.role("label")
        self._say(node, "a", _term("foaf:Agent"))
        self._say(node, "foaf:name", *_texts(graph.texts(node, label) if label else {}))
        return node

    @cached_property
    def _contact(self) -> ox.NamedNode:
        """Say whom to ask: an office, never a person."""
        contact, node = self.plan.graph.workspace.site.contact, self._part("contact")
        self._say(node, "a", _term("vcard:Kind"), _term("vcard:Organization"))
        name = self.plan.graph.label(self._publisher, self.plan.languages[0])
        self._say(node, "vcard:fn", ox.Literal(name, language=self.plan.languages[0]))
        is_mail = contact.startswith("mailto:")
        where = ox.NamedNode(contact) if contact else self._publisher
        self._say(node, "vcard:hasEmail" if is_mail else "vcard:hasURL", where)
        return node

    def _keywords(self) -> Iterator[ox.Literal]:
        for kind in self.plan.kinds.records:
            if self.plan.lists[kind.name]:
                yield from _texts(kind.plural or kind.label)

    def distribution(self, dump: Dump) -> None:
        """Describe one file of the dataset."""
        name = dump.path.rpartition("/")[2]
        node, url = self._part(name), self._url(dump.path)
        media, kind = FILES[name.partition(".")[2]]
        self._say(self._dataset, "dcat:distribution", node)
        self._say(node, "a", _term("dcat:Distribution"))
        self._say(node, "dct:title", ox.Literal(name))
        if dump.query:
            self._say(node, "dct:description", *_texts(dump.query.texts.get("Description", {})))
            if standard := dump.query.header("Conforms"):
                self._say(node, "dct:conformsTo", self._typed(standard, "dct:Standard"))
        self._say(node, "dcat:accessURL", url)
        self._say(node, "dcat:downloadURL", url)
        self._say(node, "dct:license", self._licence)
        self._say(node, "dct:language", *self._languages)
        self._say(node, "dct:conformsTo", self._ontology)
        self._say(node, "dct:modified", self._day)
        self._say(node, "dcat:mediaType", self._typed(IANA + media, "dct:MediaType"))
        packed = self._typed(f"{IANA}application/gzip", "dct:MediaType")
        self._say(node, "dcat:compressFormat", packed if name.endswith(".gz") else None)
        form = self._typed(f"{EU}file-type/{kind}", "dct:MediaTypeOrExtent")
        self._say(node, "dct:format", form)
        size = ox.Literal(str(dump.size), datatype=_term("xsd:nonNegativeInteger"))
        self._say(node, "dcat:byteSize", size)
        total = self._part(f"{name}.sha256")
        self._say(node, "spdx:checksum", total)
        self._say(total, "a", _term("spdx:Checksum"))
        self._say(total, "spdx:algorithm", self._algorithm)
        value = ox.Literal(dump.sha256, datatype=_term("xsd:hexBinary"))
        self._say(total, "spdx:checksumValue", value)
        if media != "text/csv" and not dump.query:
            self._say(self._dataset, "void:dataDump", url)

    @cached_property
    def _algorithm(self) -> ox.NamedNode:
        return self._typed(_term("spdx:checksumAlgorithm_sha256").value, "spdx:ChecksumAlgorithm")

    def contents(self, data: list[ox.Triple]) -> None:
        """Tell how much of what the dataset holds."""
        predicates = Counter(t.predicate.value for t in data)
        types = [t.object for t in data if t.predicate == TYPE]
        classes = Counter(term.value for term in types if isinstance(term, ox.NamedNode))
        self._count(self._dataset, "void:triples", len(data))
        records = [r for found in self.plan.records.values() for r in found]
        self._count(self._dataset, "void:entities", len(records))
        self._count(self._dataset, "void:classes", len(classes))
        self._count(self._dataset, "void:properties", len(predicates))
        spaces = sorted({split(iri)[0] for iri in (*predicates, *classes)} - {""})
        self._say(self._dataset, "void:vocabulary", *map(ox.NamedNode, spaces))
        for kind in self.plan.kinds.records:
            if found := self.plan.lists[kind.name]:
                self._say(self._dataset, "void:exampleResource", found[0])
                self._partition("class", kind.iri, "void:entities", classes[kind.iri.value])
        for iri, number in sorted(predicates.items()):
            self._partition("property", ox.NamedNode(iri), "void:triples", number)

    def _partition(self, what: str, term: ox.NamedNode, unit: str, number: int) -> None:
        compact = self.plan.graph.addresses.compact(term.value).strip("<>")
        # What has no prefix may hold signs that end the name of a part.
        part = self._part(f"{what}-{quote(compact.replace(':', '-'))}")
        self._say(self._dataset, f"void:{what}Partition", part)
        self._say(part, f"void:{what}", term)
        self._count(part, unit, number)

    def _count(self, subject: Node, name: str, number: int) -> None:
        self._say(subject, name, ox.Literal(number))


def _term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def _texts(texts: Mapping[str, str]) -> list[ox.Literal]:
    found = sorted(texts.items())
    return [ox.Literal(t, language=lang) if lang else ox.Literal(t) for lang, t in found]
