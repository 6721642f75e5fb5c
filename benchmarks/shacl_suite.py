"""Run both SHACL engines through the test suite of the W3C, and print where they differ from it.

    python benchmarks/shacl_suite.py FOLDER

FOLDER is `data-shapes-test-suite/tests` of the repository w3c/data-shapes. A case passes when the
engine gives as many results as the case asks for, about the same nodes, by the same components.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from numbers import Number
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import rdflib
from rdflib import RDF, SH

from jkgraph.checks.shacl import ENGINES, validate
from jkgraph.iri import split

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
Told = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Case:
    """A case of the suite: the files to validate, and what is to come of it; None for a fault."""

    name: str
    data: Path
    shapes: Path
    expected: Told | None


def cases(folder: Path) -> Iterator[Case]:
    """Yield every case below a folder."""
    for file in sorted(folder.rglob("*.ttl")):
        graph = rdflib.Graph().parse(file, publicID=file.resolve().as_uri())
        for node in graph.subjects(RDF.type, SHT.Validate):
            action, result = graph.value(node, MF.action), graph.value(node, MF.result)
            yield Case(
                f"{file.parent.relative_to(folder)}/{file.stem}",
                _path(graph.value(action, SHT.dataGraph)),
                _path(graph.value(action, SHT.shapesGraph)),
                None if result == SHT.Failure else _expected(graph, result),
            )


def _path(address: rdflib.URIRef) -> Path:
    return Path(unquote(urlsplit(address).path))


def _expected(graph: rdflib.Graph, report: rdflib.term.Node) -> Told:
    return Counter(
        (
            _name(graph.value(found, SH.focusNode)),
            split(graph.value(found, SH.sourceConstraintComponent))[1],
        )
        for found in graph.objects(report, SH.result)
    )


def _name(node: object) -> str:
    # Blank nodes have another name in every reading of a file, and numbers another spelling.
    if isinstance(node, rdflib.BNode | ox.BlankNode):
        return "_"
    if isinstance(node, ox.Literal):
        node = rdflib.Literal(node.value, datatype=node.datatype.value)
    value = node.toPython() if isinstance(node, rdflib.Literal) else node
    if isinstance(value, Number):
        return str(float(value))
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def judge(case: Case) -> list[str]:
    """Return in what each engine differs from a case; nothing when it is right."""
    return [_judge(case, engine) for engine in ENGINES]


def _judge(case: Case, engine: str) -> str:
    try:
        with TemporaryDirectory() as folder:
            data, shapes = Path(folder) / "data.ttl", Path(folder) / "shapes.ttl"
            for source, target in ((case.data, data), (case.shapes, shapes)):
                # As N-Triples: every term whole, and every literal as it was written.
                said = ox.parse(path=source, base_iri=source.as_uri())
                ox.serialize((quad.triple for quad in said), target, ox.RdfFormat.N_TRIPLES)
            found = Counter(
                (_name(r.focus), split(r.component)[1] or r.component)
                for r in validate(data, shapes, engine)
            )
    except Exception as error:
        return "" if case.expected is None else f"stops: {type(error).__name__}"
    if case.expected is None:
        return "accepts what is faulty"
    missed, surplus = (case.expected - found).total(), (found - case.expected).total()
    return f"{missed} missed, {surplus} too many" if missed or surplus else ""


def main(folder: Path) -> None:
    """Print the number of cases each engine has right, and a row for each one that it has not."""
    every = list(cases(folder))
    with ProcessPoolExecutor() as pool:
        judged = list(zip(every, pool.map(judge, every), strict=True))
    lines = []
    for number, engine in enumerate(ENGINES):
        right = sum(not found[number] for _, found in judged)
        lines.append(f"{engine}: {right} of {len(every)} cases as the suite says")
    lines += ["", "| case | fast | reference |", "|---|---|---|"]
    for case, found in judged:
        if any(found):
            lines.append(f"| {case.name} | {' | '.join(text or 'right' for text in found)} |")
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
