"""Every check of conformance in a row: of what, against which standard, what it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from jkgraph.checks import run_checks
from jkgraph.checks.published import VERSION, Shapes, check_published, read_shapes
from jkgraph.checks.rules import read_rules
from jkgraph.errors import JkgraphError
from jkgraph.findings import Finding, Location, Severity, finding
from jkgraph.graph import TYPE, Graph
from jkgraph.kinds import Kinds
from jkgraph.messages import Message
from jkgraph.site.agreement import dumps, syntaxes
from jkgraph.site.plan import WHOLE
from jkgraph.site.saying import DESCRIPTION
from jkgraph.site.verify import broken_links

SOURCES, OWN = Message("conform.sources"), Message("conform.own")
# How well a check went: without a finding, without a violation, or with one.
RESULTS = ("best", "meets", "fails")


@dataclass(frozen=True)
class Outcome:
    """What one check found: of what, of how many of them, against which version of what."""

    subject: Message
    number: int
    standard: Message
    version: str
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(found.severity is severity for found in self.findings)

    @property
    def result(self) -> str:
        """How well it went."""
        worst = max((found.severity for found in self.findings), default=None)
        if worst is None:
            return RESULTS[0]
        return RESULTS[2 if worst is Severity.VIOLATION else 1]


def of_files(graph: Graph, kinds: Kinds) -> Iterator[Outcome]:
    """Yield what the checks of ``validate`` find: of the standards that rules name, and the rest.

    The graph must hold no inferred triples.
    """
    found = run_checks(graph, kinds)
    standards: dict[str, set[str]] = {}
    for rule in read_rules(graph):
        if name := rule.header("Conforms").partition(": ")[0]:
            standards.setdefault(name, set()).add(rule.name)
    named = {rule for rules in standards.values() for rule in rules}
    own = tuple(f for f in found if f.rule not in named)
    number = len(graph.records()) + len(graph.own_terms())
    about = ox.NamedNode(graph.addresses.terms.removesuffix("#"))
    version = next((v.value for v in graph.objects(about, VERSION)), "")  # type: ignore[union-attr]  # a text
    yield Outcome(SOURCES, number, OWN, version, own)
    for name, rules in standards.items():
        standard, _, version = name.rpartition(" ")
        some = tuple(f for f in found if f.rule in rules)
        yield Outcome(SOURCES, number, _plain(standard), version, some)


def of_site(graph: Graph, folder: Path, root: str, foreign: Iterable[Path]) -> Iterator[Outcome]:
    """Yield what is found of a built site: of its data, its syntaxes, its files and its links.

    ``root`` is the path of the site on its host; ``foreign`` are files of shapes of others,
    each for the published file that has most of what its shapes look at.
    """
    for path in sorted(graph.workspace.export_shapes.glob("*.ttl")):
        yield _of_shapes(graph, folder, _address(path.stem), read_shapes(path))
    for path in foreign:
        shapes = read_shapes(path)
        yield _of_shapes(graph, folder, _fitting(folder, shapes), shapes)
    yield _of_syntaxes(folder)
    yield _of_dumps(folder)
    pages = sum(1 for _ in folder.rglob("*.html"))
    broken = tuple(
        finding("page-link-broken", Location(link.page), href=link.href)
        for link in broken_links(folder, root)
    )
    yield Outcome(Message("conform.links"), pages, _plain("HTML"), "", broken)


def _of_syntaxes(folder: Path) -> Outcome:
    pairs = list(syntaxes(folder))
    found = tuple(
        finding("syntaxes-differ", _place(folder, turtle), name=other.name)
        for turtle, other, agree in pairs
        if not agree
    )
    return Outcome(Message("conform.syntaxes"), len(pairs), _plain("RDF, JSON-LD"), "1.1", found)


def _of_dumps(folder: Path) -> Outcome:
    files = list(dumps(folder))
    found = tuple(
        finding("file-differs", _place(folder, file), name=file.name)
        for file, is_same in files
        if not is_same
    )
    return Outcome(Message("conform.dumps"), len(files), _plain("SHA-256"), "", found)


def _of_shapes(graph: Graph, folder: Path, address: str, shapes: Shapes) -> Outcome:
    file = folder / address
    if not file.is_file():
        raise JkgraphError("no-export", file=graph.workspace.relative(shapes.path), address=address)
    classes = _classes(file)
    number = sum(classes.get(cls, 0) for cls in shapes.targets)
    if not number:
        raise JkgraphError("shapes-see-nothing", file=shapes.path)
    found = sorted(check_published(graph, file, address, shapes), key=lambda f: f.order)
    return Outcome(_plain(address), number, _plain(shapes.title), shapes.version, tuple(found))


def _fitting(folder: Path, shapes: Shapes) -> str:
    """Return the published file with most of the classes that shapes look at."""
    names = sorted(file.stem for file in (folder / WHOLE).glob("*.ttl"))
    known = {
        address: _classes(folder / address) for address in map(_address, [DESCRIPTION, *names])
    }
    return max(known, key=lambda address: len(shapes.targets & known[address].keys()))


def _address(name: str) -> str:
    return f"{name}.ttl" if name == DESCRIPTION else f"{WHOLE}/{name}.ttl"


def _classes(file: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for quad in ox.parse(path=file):
        if quad.predicate == TYPE:
            found[quad.object.value] = found.get(quad.object.value, 0) + 1
    return found


def _place(folder: Path, file: Path) -> Location:
    return Location(file.relative_to(folder).as_posix())


def _plain(text: str) -> Message:
    return Message(texts={"": text})
