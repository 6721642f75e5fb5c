"""What is measured within a process, without start and loading: `inside.py COMMAND ROOT …`.

Each command prints one JSON value.
"""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox

from jkgraph.graph import Graph
from jkgraph.inference import infer
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.queries import Table, run
from jkgraph.site.bundle import Written
from jkgraph.site.live import Live
from jkgraph.site.plan import make_plan
from jkgraph.site.render import Renderer
from jkgraph.site.search import write_index
from jkgraph.syntaxes import n_triples
from jkgraph.turtle import write
from jkgraph.workspace import open_workspace

# The plain side may take this long for one query; then it is stopped, and that is what counts.
LONGEST = 20
PAIRS = 3
Measured = dict[str, tuple[float, int]]
# What SkoHub demands of a concept scheme, besides what the records say themselves.
CONCEPTS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX made: <https://example.org/benchmark/>
CONSTRUCT {
  made:scheme a skos:ConceptScheme ; skos:hasTopConcept ?kind ;
    skos:prefLabel "Records"@en ; dct:title "Records"@en ; dct:description "Records by kind"@en ;
    dct:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    vann:preferredNamespaceUri "https://example.org/benchmark/" .
  ?kind a skos:Concept ; skos:prefLabel ?name ; skos:topConceptOf made:scheme ;
    skos:narrower ?record .
  ?record a skos:Concept ; skos:prefLabel ?label ; skos:definition ?text ;
    skos:inScheme made:scheme ; skos:broader ?kind ; skos:related ?other .
  ?other skos:related ?record .
}
WHERE {
  GRAPH ?file { ?record a ?class ; skos:prefLabel ?label . }
  FILTER(STRSTARTS(STR(?file), "file:///data/"))
  ?class skos:prefLabel|rdfs:label ?name .
  BIND(IRI(CONCAT(STR(made:), REPLACE(STR(?class), "^.*[/#]", ""))) AS ?kind)
  OPTIONAL { ?record skos:definition|dct:description ?text }
  OPTIONAL {
    ?record ?links ?other . GRAPH ?another { ?other skos:prefLabel ?its }
    FILTER(?record != ?other && STRSTARTS(STR(?another), "file:///data/"))
  }
}
"""


def texts(folders: Iterable[Path]) -> dict[str, str]:
    """Return the queries of some folders, by their paths without ending."""
    files = (path for folder in folders for path in sorted(folder.glob("*.rq")))
    return {str(path.with_suffix("")): path.read_text("utf-8") for path in files}


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Return the median time of some work and its result; the first time does not count."""
    found, spent = -1, []
    for _ in range(6):
        start = time.perf_counter()
        try:
            with _stop_after(LONGEST):
                found = work()
        except TimeoutError:
            return LONGEST, -1
        spent.append(time.perf_counter() - start)
        if sum(spent) > LONGEST / 4:
            break
    return median(spent[1:] or spent), found


@contextmanager
def _stop_after(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def closed(root: Path) -> Graph:
    """Load a workspace with what follows from it."""
    graph = load(open_workspace(root))
    infer(graph)
    return graph


def triples(root: Path, target: Path) -> None:
    """Write everything that is queried as one file, for the plain side, with the prefixes."""
    graph = closed(root)
    target.write_bytes(n_triples(quad.triple for quad in graph.store))
    target.with_suffix(".json").write_text(json.dumps(dict(graph.addresses.prefixes)))


def skos(root: Path, target: Path) -> None:
    """Write the records as concepts, each below its kind and related to what it links to."""
    graph = load(open_workspace(root))
    names = graph.addresses.prefixes
    found = graph.store.query(CONCEPTS, prefixes=names, use_default_graph_as_union=True)
    target.write_text(write(found, names), "utf-8")  # type: ignore[arg-type]  # triples


def engine(root: Path, *folders: Path) -> Measured:
    """Measure the queries of folders with the engine."""
    graph = closed(root)

    def ask(text: str) -> int:
        result = run(graph, text)
        return len(result.rows) if isinstance(result, Table) else _size(result)

    return {name: timed(lambda text=text: ask(text)) for name, text in texts(folders).items()}  # type: ignore[misc]  # run at once


def plain(source: Path, *folders: Path) -> Measured:
    """Measure the queries of folders with rdflib on the same triples."""
    import rdflib

    graph = rdflib.Graph().parse(source, format="nt")
    prefixes = json.loads(source.with_suffix(".json").read_text("utf-8"))

    def ask(text: str) -> int:
        return len(list(graph.query(text, initNs=prefixes)))

    return {name: timed(lambda text=text: ask(text)) for name, text in texts(folders).items()}  # type: ignore[misc]  # run at once


def _size(result: object) -> int:
    return len(result) if isinstance(result, Sized) else 1


def closure(root: Path) -> dict[str, float]:
    """Measure the compiled rules: making and running them, axioms closed before."""
    graph = load(open_workspace(root))
    infer(graph)
    start = time.perf_counter()
    number = infer(graph)
    return {"seconds": time.perf_counter() - start, "number": number}


def owlrl(root: Path) -> dict[str, float]:
    """Measure owlrl alone, then count what it found that is useful."""
    import owlrl as package

    spent = 0.0
    expand = package.DeductiveClosure.expand

    def counted(*arguments: Any) -> None:
        nonlocal spent
        start = time.perf_counter()
        expand(*arguments)
        spent += time.perf_counter() - start

    package.DeductiveClosure.expand = counted
    number = infer(load(open_workspace(root)), "owlrl")
    return {"seconds": spent, "number": number}


def preview(root: Path, site: Path) -> dict[str, Any]:
    """Measure the time from a changed record to its page, and compare the page with a built one."""
    live = Live(lambda: open_workspace(root))
    gc.collect()
    gc.freeze()
    path = sorted((root / "data").glob("*/*.ttl"))[0]
    text, page = path.read_text("utf-8"), f"{path.parent.name}/{path.stem}.html"
    spent = []
    for number in range(7):
        start = time.perf_counter()
        path.write_text(text.replace('"', f'"{number} ', 1), "utf-8")
        live.refresh()
        live.content(page)
        spent.append(time.perf_counter() - start)
    path.write_text(text, "utf-8")
    live.refresh()
    same = live.content(page) == (site / page).read_bytes()
    return {"seconds": median(spent[1:]), "same": same}


def index(root: Path, site: Path) -> dict[str, Any]:
    """Measure the search index of a site, and that of Pagefind alone on all pages, in turns."""
    import pagefind_bin

    graph = closed(root)
    plan = make_plan(graph, read_kinds(graph))
    spent: dict[str, list[float]] = {"ours": [], "other": []}

    def ours(folder: Path) -> None:
        write_index(Renderer(plan, Written(site)).views, folder, lambda _: None)

    def other(folder: Path) -> None:
        command = [pagefind_bin.get_executable(), "--site", site, "--output-path", folder]
        subprocess.run([*command, "--silent"], check=True)  # noqa: S603  (our own)

    sides = {"ours": ours, "other": other}
    for turn in range(PAIRS):
        for name in sides if turn % 2 == 0 else reversed(sides):
            with TemporaryDirectory(dir=site.parent) as folder:
                start = time.perf_counter()
                sides[name](Path(folder))
                spent[name].append(time.perf_counter() - start)
    documents = sum(isinstance(page.about, ox.NamedNode) for page in plan.pages)
    return {**spent, "documents": documents, "pages": len(plan.pages)}


COMMANDS = {c.__name__: c for c in (triples, skos, engine, plain, closure, owlrl, preview, index)}

if __name__ == "__main__":
    json.dump(COMMANDS[sys.argv[1]](*map(Path, sys.argv[2:])), sys.stdout)  # type: ignore[operator]  # all alike here
