"""Makes a workspace with as many records as wanted, after the ontology and shapes of another.

Kinds come in the proportions of the real records. Every record has a name, a text, what its
shape demands, a citation, and links to records made before it. The same number and seed
make the same bytes.
"""

from __future__ import annotations

import random
import shutil
import sys
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from jkgraph.graph import TYPE, Graph, load
from jkgraph.kinds import Field, Kind, Kinds, read_kinds
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
OPTIONAL = 2
DAY = "2026-01-01"
XSD = "http://www.w3.org/2001/XMLSchema#"
WORDS = """de het een voor met van door samen jeugd gezin school wijk hulp steun gesprek team
gemeente aanpak traject groep keuze vraag plek tijd ruimte kennis ervaring ouder netwerk afspraak
begeleiding toegang samenwerking verkenning aandacht vertrouwen overleg""".split()

Statement = tuple[ox.NamedNode, ox.NamedNode | ox.Literal]


def generate(real: Path, target: Path, number: int, *, seed: int = 7, mistakes: int = 0) -> None:
    """Make a workspace of a number of records; a mistake is a required date left out."""
    for name in COPIED:
        if (real / name).is_dir():
            shutil.copytree(real / name, target / name)
        elif (real / name).is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(real / name, target / name)
    graph = load(open_workspace(real))
    maker = _Maker(graph, read_kinds(graph), number, seed)
    wrong = {number * n // mistakes for n in range(mistakes)} if mistakes else set()
    for n, (kind, slug) in enumerate(maker.records):
        path = target / "data" / kind.name / f"{slug}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(maker.text(n, is_wrong=n in wrong), "utf-8", newline="\n")


class _Maker:
    """Decides which records there are, and what each says."""

    def __init__(self, graph: Graph, kinds: Kinds, number: int, seed: int) -> None:
        self._graph, self._kinds = graph, kinds
        self._chance = random.Random(seed)  # noqa: S311  (no secret hangs on it)
        self._role = {n: graph.role(n) for n in ("label", "created", "published", "citation")}
        self._parts = {part.iri: part for part in kinds.parts}
        self.records = self._plan(number)
        self._numbers: dict[str, list[int]] = {}
        for n, (kind, _) in enumerate(self.records):
            for cls in (kind.iri, *kind.parents):
                self._numbers.setdefault(cls.value, []).append(n)

    def _plan(self, number: int) -> list[tuple[Kind, str]]:
        """Choose kinds and slugs: first one of each kind, those first that need the least.

        Slugs of real records come first, for saved queries that ask about one of them.
        """
        kinds = sorted(self._kinds.records, key=lambda k: sum(f.minimum for f in k.fields))
        real = {k.name: [r for r in self._graph.subjects(TYPE, k.iri)] for k in kinds}
        weights = [len(real[k.name]) or 1 for k in kinds]
        chosen = [*kinds, *self._chance.choices(kinds, weights, k=max(0, number - len(kinds)))]
        made = dict.fromkeys(real, 0)
        records = []
        for kind in chosen[:number]:
            n = made[kind.name]
            made[kind.name] += 1
            known = real[kind.name]
            slug = known[n].value.rpartition("/")[2] if n < len(known) else f"{kind.name}-{n}"
            records.append((kind, slug))
        return records

    def text(self, n: int, *, is_wrong: bool) -> str:
        """Write the record with a number as Turtle."""
        kind, _ = self.records[n]
        record = self._iri(n)
        triples = [ox.Triple(record, TYPE, kind.iri)]
        triples += [ox.Triple(record, *said) for said in self._statements(n, kind)]
        if is_wrong:
            triples = [t for t in triples if t.predicate != self._role["created"]]
        parts = {t.object for t in triples if str(t.object).startswith(f"<{record.value}#")}
        for part in sorted(parts, key=str):
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
        if pages := self._graph.role("pages") if kind.iri in self._citations() else None:
            yield ox.Triple(part, pages, ox.Literal(str(self._chance.randint(1, 99))))

    @cache  # noqa: B019  (one maker lives as long as the program)
    def _citations(self) -> frozenset[ox.NamedNode]:
        fields = (f for kind in self._kinds.records for f in kind.fields)
        return frozenset(c for f in fields if f.path == self._role["citation"] for c in f.classes)

    def _statements(self, n: int, kind: Kind) -> Iterator[Statement]:
        """Say what the shape demands, cite, and choose some of the links that it allows."""
        free = [f for f in kind.fields if not f.minimum and self._is_free(f)]
        lists = [f for f in free if not self._is_link(f)]
        links = [f for f in free if self._is_link(f)]
        chosen = [f for fs in (lists, links) for f in self._sample(fs)]
        told: set[object] = set()
        for field in kind.fields:
            if field.minimum or field.path == self._role["citation"]:
                for value in self._values(n, field):
                    told.add(value)
                    yield field.path, value
        for field in chosen:
            for value in self._values(n, field):
                # Two fields with one value can be a contradiction.
                if value not in told and value != self._iri(n):
                    told.add(value)
                    yield field.path, value

    def _sample(self, fields: list[Field]) -> list[Field]:
        return self._chance.sample(fields, min(OPTIONAL, len(fields)))

    def _is_free(self, field: Field) -> bool:
        if self._graph.addresses.compact(field.path.value) in LEFT_OUT:
            return False
        return bool(field.classes) and (self._is_link(field) or bool(self._listed(field)))

    def _is_link(self, field: Field) -> bool:
        return any(cls.value in self._numbers for cls in field.classes)

    def _listed(self, field: Field) -> list[ox.NamedNode]:
        return [v for cls in field.classes for v in self._listed_in(cls)]

    @cache  # noqa: B019
    def _listed_in(self, cls: ox.NamedNode) -> tuple[ox.NamedNode, ...]:
        if cls in self._parts or not any(cls in {k.iri, *k.parents} for k in self._kinds.lists):
            return ()
        below = self._graph.below(cls)
        return tuple(v for c in below for v in self._graph.subjects(TYPE, c))

    def _values(self, n: int, field: Field) -> Iterator[ox.NamedNode | ox.Literal]:
        if field.languages:
            for language in dict.fromkeys(field.languages) if field.minimum > 1 else ("nl",):
                yield ox.Literal(self._words(n, field), language=language)
        elif field.values:
            yield self._chance.choice(field.values)
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
        """Choose a record made before this one, so that links never go round in a circle."""
        known = [self._numbers[c.value] for c in field.classes if c.value in self._numbers]
        numbers = self._chance.choice(known)
        before = bisect_left(numbers, n)
        return self._iri(numbers[self._chance.randrange(before)] if before else numbers[0])

    @cache  # noqa: B019
    def _most_used(self, path: ox.NamedNode) -> ox.NamedNode:
        """Return what real records link to most, where chance would break a rule."""
        used = [q.object for q in self._graph.store.quads_for_pattern(None, path, None)]
        return max(sorted(set(used), key=str), key=used.count)

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
