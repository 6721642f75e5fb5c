"""Makes a workspace with as many records as wanted, after the ontology and shapes of another.

Kinds and links come in the proportions of the real records. Every record has a name, a text,
what its shape demands, a citation, and links to records made before it. The same number and
seed make the same bytes.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from jkgraph.graph import TYPE, Graph
from jkgraph.kinds import Field, Kind, Kinds, read_kinds
from jkgraph.loading import load
from jkgraph.turtle import write
from jkgraph.workspace import FILE, open_workspace

COPIED = (FILE, "ontology", "shapes", "queries", "site_templates", "locale")
# Links that are right only between certain records, which chance does not find.
LEFT_OUT = {
    "dct:isReplacedBy",
    "jk:contradicts",
    "jk:inconclusiveFor",
    "jk:kernMatch",
    "jk:supports",
    "skos:broader",
}
OPTIONAL = 3
STEEPNESS = 20
DAY = "2026-01-01"
XSD = "http://www.w3.org/2001/XMLSchema#"
WORDS = [
    "de",
    "het",
    "een",
    "voor",
    "met",
    "van",
    "door",
    "samen",
    "jeugd",
    "gezin",
    "school",
    "wijk",
    "hulp",
    "steun",
    "gesprek",
    "team",
    "gemeente",
    "aanpak",
    "traject",
    "groep",
    "keuze",
    "vraag",
    "plek",
    "tijd",
    "ruimte",
    "kennis",
    "ervaring",
    "ouder",
    "netwerk",
    "afspraak",
    "begeleiding",
    "toegang",
    "samenwerking",
    "verkenning",
    "aandacht",
    "vertrouwen",
    "overleg",
]

Statement = tuple[ox.NamedNode, ox.NamedNode | ox.Literal]


def copy(real: Path, target: Path, *more: str) -> None:
    """Copy a workspace, without its records unless their folder is named."""
    for name in (*COPIED, *more):
        if (real / name).is_dir():
            shutil.copytree(real / name, target / name)
        elif (real / name).is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(real / name, target / name)


def generate(real: Path, target: Path, number: int, *, seed: int = 7) -> None:
    """Make a workspace of a number of records."""
    copy(real, target)
    graph = load(open_workspace(real))
    maker = _Maker(graph, read_kinds(graph), number, seed)
    for n, (kind, slug) in enumerate(maker.records):
        path = target / "data" / kind.name / f"{slug}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(maker.text(n), "utf-8", newline="\n")


def plant(root: Path, number: int) -> None:
    """Plant mistakes, evenly spread: take the required date of creation out of records."""
    paths = sorted((root / "data").rglob("*.ttl"))
    for path in paths[:: len(paths) // number][:number]:
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("    dct:created ")]
        path.write_text("".join(kept), "utf-8", newline="\n")


class _Maker:
    """Decides which records there are, and what each says."""

    def __init__(self, graph: Graph, kinds: Kinds, number: int, seed: int) -> None:
        self._graph, self._kinds = graph, kinds
        self._chance = random.Random(seed)  # noqa: S311  (no secret hangs on it)
        self._role = {n: graph.role(n) for n in ("label", "published", "citation", "pages")}
        self._parts = {part.iri: part for part in kinds.parts}
        self._citations = {
            cls
            for kind in kinds.records
            for field in kind.fields
            for cls in field.classes
            if field.path == self._role["citation"]
        }
        self.records = self._plan(number)
        self._numbers: dict[str, list[int]] = {}
        for n, (kind, _) in enumerate(self.records):
            for cls in (kind.iri, *kind.parents):
                self._numbers.setdefault(cls.value, []).append(n)
        self._optional = {k.name: [*self._weighed(k)] for k in (*kinds.records, *kinds.parts)}

    def _plan(self, number: int) -> list[tuple[Kind, str]]:
        """Choose kinds and slugs: first one of each kind, those first that need the least.

        Slugs of real records come first, those before all that saved queries ask about.
        """
        asked = "".join(p.read_text("utf-8") for p in self._graph.workspace.queries.glob("*.rq"))
        named = set(re.findall(r"[\w-]+:[\w-]+", asked))
        compact = self._graph.addresses.compact
        kinds = sorted(self._kinds.records, key=lambda k: sum(f.minimum for f in k.fields))
        real = {
            k.name: sorted(
                self._graph.subjects(TYPE, k.iri), key=lambda n: compact(n.value) not in named
            )
            for k in kinds
        }
        weights = [len(real[k.name]) or 1 for k in kinds]
        chosen = [*kinds, *self._chance.choices(kinds, weights, k=max(0, number - len(kinds)))]
        made = Counter[str]()
        records = []
        for kind in chosen[:number]:
            n, known = made[kind.name], real[kind.name]
            made[kind.name] += 1
            slug = known[n].value.rpartition("/")[2] if n < len(known) else f"{kind.name}-{n}"
            records.append((kind, slug))
        return records

    def text(self, n: int) -> str:
        """Write the record with a number as Turtle."""
        kind, _ = self.records[n]
        record = self._iri(n)
        triples = [ox.Triple(record, TYPE, kind.iri)]
        triples += [ox.Triple(record, *said) for said in self._statements(n, kind)]
        values = (t.object for t in triples if isinstance(t.object, ox.NamedNode))
        for part in sorted({v for v in values if v.value.startswith(f"{record.value}#")}, key=str):
            triples += self._part(n, part)
        return write(triples, {**self._graph.addresses.prefixes, "": f"{record.value}#"})

    def _iri(self, n: int) -> ox.NamedNode:
        kind, slug = self.records[n]
        return ox.NamedNode(self._graph.addresses.record(kind.name, slug))

    def _part(self, n: int, part: ox.NamedNode) -> Iterator[ox.Triple]:
        name = part.value.partition("#")[2].rstrip("0123456789")
        kind = next(k for k in self._kinds.parts if k.name == name)
        yield ox.Triple(part, TYPE, kind.iri)
        for said in self._statements(n, kind):
            yield ox.Triple(part, *said)
        if kind.iri in self._citations and (pages := self._role["pages"]):
            yield ox.Triple(part, pages, ox.Literal(str(self._chance.randint(1, 99))))

    def _statements(self, n: int, kind: Kind) -> Iterator[Statement]:
        """Say what the shape demands, cite, and choose some of the links that it allows."""
        told: set[object] = set()
        for field in kind.fields:
            if field.minimum or field.path == self._role["citation"]:
                for value in self._values(n, field):
                    told.add(value)
                    yield field.path, value
        for field in self._chosen(kind):
            for value in self._values(n, field):
                # Two fields with one value can be a contradiction.
                if value not in told and value != self._iri(n):
                    told.add(value)
                    yield field.path, value

    def _chosen(self, kind: Kind) -> list[Field]:
        """Choose fields of links to records and to lists, the ones in use more often."""
        chosen = []
        for fields, weights in self._optional[kind.name]:
            chosen += self._chance.choices(fields, weights, k=OPTIONAL) if fields else []
        once = {f.shape: f for f in chosen if f.maximum == 1 or self._is_link(f)}
        return [*once.values(), *(f for f in chosen if f.shape not in once)]

    def _weighed(self, kind: Kind) -> Iterator[tuple[list[Field], list[float]]]:
        """Yield the fields of links, then those of lists, with how much they are used."""
        free = [f for f in kind.fields if not f.minimum and self._is_free(f)]
        members = set(self._graph.subjects(TYPE, kind.iri))
        for is_link in (True, False):
            fields = [f for f in free if self._is_link(f) == is_link]
            quads = (self._graph.store.quads_for_pattern(None, f.path, None) for f in fields)
            yield fields, [0.1 + sum(q.subject in members for q in found) for found in quads]

    def _is_free(self, field: Field) -> bool:
        if self._graph.addresses.compact(field.path.value) in LEFT_OUT:
            return False
        return bool(field.classes) and (self._is_link(field) or bool(self._listed(field)))

    def _is_link(self, field: Field) -> bool:
        return any(cls.value in self._numbers for cls in field.classes)

    def _listed(self, field: Field) -> list[ox.NamedNode]:
        return [v for cls in field.classes for v in self._listed_in(cls)]

    @cache  # noqa: B019  (one for the whole run)
    def _listed_in(self, cls: ox.NamedNode) -> tuple[ox.NamedNode, ...]:
        if not any(cls in {k.iri, *k.parents} for k in self._kinds.lists):
            return ()
        return tuple(v for c in self._graph.below(cls) for v in self._graph.subjects(TYPE, c))

    def _values(self, n: int, field: Field) -> Iterator[ox.NamedNode | ox.Literal]:
        if field.languages:
            for language in dict.fromkeys(field.languages) if field.minimum > 1 else ("nl",):
                yield ox.Literal(self._words(n, field), language=language)
        elif field.values:
            yield self._chance.choice(field.values)  # type: ignore[misc]  # lists hold no triples
        elif parts := [c for c in field.classes if c in self._parts]:
            yield ox.NamedNode(f"{self._iri(n).value}#{self._parts[parts[0]].name}1")
        elif self._is_link(field):
            yield self._earlier(n, field)
        elif listed := self._listed(field):
            published = self._role["published"]
            yield published if published in listed else self._chance.choice(listed)
        elif field.classes:
            yield self._most_used(field.path)
        else:
            yield self._literal(field)

    def _earlier(self, n: int, field: Field) -> ox.NamedNode:
        """Choose a record made before this one, so that links never go round in a circle.

        Within one kind it is one of the first, so that a whole and its parts stay shallow.
        """
        known = [self._numbers[c.value] for c in field.classes if c.value in self._numbers]
        numbers = self._chance.choice(known)
        before = bisect_left(numbers, n)
        if before < len(numbers) and numbers[before] == n:
            before = -(-before // STEEPNESS)
        return self._iri(numbers[self._chance.randrange(before)] if before else numbers[0])

    @cache  # noqa: B019  (one for the whole run)
    def _most_used(self, path: ox.NamedNode) -> ox.NamedNode:
        """Return what real records link to most, where chance would break a rule."""
        quads = self._graph.store.quads_for_pattern(None, path, None)
        used = Counter(q.object for q in quads if isinstance(q.object, ox.NamedNode))
        return max(sorted(used, key=str), key=used.__getitem__)

    def _literal(self, field: Field) -> ox.Literal:
        kind = field.datatypes[0] if field.datatypes else ox.NamedNode(f"{XSD}string")
        known = {"date": DAY, "gYear": DAY[:4], "gYearMonth": DAY[:7], "boolean": "true"}
        text = known.get(kind.value.removeprefix(XSD), str(self._chance.randint(1, 99)))
        return ox.Literal(text, datatype=kind)

    def _words(self, n: int, field: Field) -> str:
        if field.path == self._role["label"]:
            return f"{self._some_words(4)} {n}"
        return " ".join(f"{self._some_words(12)}." for _ in range(2))

    def _some_words(self, number: int) -> str:
        return " ".join(self._chance.choices(WORDS, k=number)).capitalize()


if __name__ == "__main__":
    generate(Path(__file__).parent.parent, Path(sys.argv[1]), int(sys.argv[2]))
