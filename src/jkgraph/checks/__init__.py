"""All checks in their order: files, words, links, names, shapes, rules. None stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from jkgraph import clock
from jkgraph.checks.emptiness import check_emptiness
from jkgraph.checks.files import check_files
from jkgraph.checks.likeness import check_likeness
from jkgraph.checks.places import Places
from jkgraph.checks.repairs import Repairs
from jkgraph.checks.rules import answer_rule, check_rules, read_rules
from jkgraph.checks.shacl import Engine, Result, available
from jkgraph.checks.shapes import check_shapes, shape_results, validate_texts
from jkgraph.checks.told import Told
from jkgraph.checks.vocabulary import check_links, check_vocabulary
from jkgraph.findings import Finding, Location, Severity, finding
from jkgraph.graph import Graph
from jkgraph.kinds import Kinds, read_kinds
from jkgraph.loading import load
from jkgraph.settings import Waiver
from jkgraph.workspace import FILE, Workspace


def load_and_check(
    workspace: Workspace, engine: Engine | None = None
) -> tuple[Graph, Kinds, list[Finding]]:
    """Load a workspace, and return it with its kinds and all findings.

    While the records are parsed, their texts are held against the shapes already: mostly
    there is nothing in them that cannot be read.
    """
    ahead: list[Future[list[Result]]] = []
    with ThreadPoolExecutor(max_workers=1) as aside:
        graph = load(
            workspace,
            lambda texts: ahead.append(
                aside.submit(validate_texts, workspace, texts, available(engine))
            ),
        )
        kinds = read_kinds(graph)
        return graph, kinds, run_checks(graph, kinds, engine, *ahead)


def run_checks(
    graph: Graph,
    kinds: Kinds,
    engine: Engine | None = None,
    ahead: Future[list[Result]] | None = None,
) -> list[Finding]:
    """Return all findings about what people wrote, by place.

    The graph must hold no inferred triples: people are told of what they wrote themselves.
    ``ahead`` are results of the same texts, which count if all of them turned out to be sound.
    """
    if graph.is_unjudgeable:
        return _proposed(graph, kinds, graph.broken)
    places = Places(graph)
    found = list(graph.broken)
    # Shapes and queries are native code and leave Python to the other checks meanwhile.
    with ThreadPoolExecutor(max_workers=1) as asking, ThreadPoolExecutor(max_workers=1) as aside:
        answers = [asking.submit(answer_rule, graph, rule) for rule in read_rules(graph)]
        anew = partial(aside.submit, shape_results, graph, available(engine))
        results = anew() if ahead is None or graph.broken else ahead
        if not graph.records():
            place = Location(graph.workspace.relative(graph.workspace.data))
            found.append(finding("no-records", place))
        for check in (check_emptiness, check_files, check_vocabulary, check_links, check_likeness):
            found += check(graph, kinds, places)
        if results is ahead and any(f.rule == "ill-typed-literal" for f in found):
            results = anew()
        found += check_shapes(graph, results.result(), Told(graph, found), places)
        ruled = list(check_rules(graph, places, (a.result() for a in answers)))
    # A rule that knows why a property does not belong there says it better; of a record that is
    # of another kind than it says, all properties seem to be wrong.
    known = {_line(f) for f in ruled}
    misplaced = {f.record for f in found if f.rule == "type-elsewhere"}
    found = [
        f
        for f in found
        if f.rule != "property-without-shape" or not (_line(f) in known or f.record in misplaced)
    ]
    return _proposed(graph, kinds, _accept(graph, [*found, *ruled]))


def _proposed(graph: Graph, kinds: Kinds, findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by place, each with the repair that it has."""
    repairs = Repairs(graph, kinds)
    return [repairs.proposed(found) for found in sorted(findings, key=lambda f: f.order)]


def _line(found: Finding) -> tuple[str, int]:
    return found.location.path, found.location.line


def fails(graph: Graph, findings: Iterable[Finding]) -> bool:
    """Tell whether findings are bad enough to fail, by the settings of the workspace."""
    return any(f.severity >= graph.workspace.check.fail_on for f in findings)


def _accept(graph: Graph, findings: list[Finding]) -> Iterator[Finding]:
    """Leave out what the settings accept, and say which acceptances are stale."""
    waivers = graph.workspace.exceptions
    used = set()
    for found in {(f.order, f.record, repr(f.message)): f for f in findings}.values():
        name = graph.addresses.compact(found.record) if found.record else ""
        matching = [w for w in waivers if (w.rule, w.record) == (found.rule, name)]
        used.update(matching)
        if not matching:
            yield found
    for waiver, place in _waiver_places(graph):
        if waiver not in used:
            yield finding(
                "exception-unused", place, Severity.WARNING, rule=waiver.rule, name=waiver.record
            )
        # The clock decides only whether an acceptance is over, never what a page says.
        elif waiver.until and waiver.until < clock.today():
            yield finding("exception-over", place, rule=waiver.rule, name=waiver.record)


def _waiver_places(graph: Graph) -> Iterator[tuple[Waiver, Location]]:
    """Yield each exception with the line of the settings on which it begins."""
    lines = (graph.workspace.root / FILE).read_text("utf-8").splitlines()
    begins = (n for n, line in enumerate(lines, 1) if line.startswith("[[exception]]"))
    for waiver in graph.workspace.exceptions:
        yield waiver, Location(FILE, next(begins, 1))
