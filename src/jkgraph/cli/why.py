"""The command that tells why something holds: ``why``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby

import click
import pyoxigraph as ox

from jkgraph.cli.help import Command, Option
from jkgraph.cli.session import Session, session
from jkgraph.errors import JkgraphError
from jkgraph.graph import INFERRED, OWL, TYPE, Graph, Term
from jkgraph.lookup import find
from jkgraph.parameters import named
from jkgraph.proofs import Fact, Proof, prove
from jkgraph.why import FORMS, Explainer

# Of more than this nobody reads all trees.
MOST = 20


@click.command("why", cls=Command)
@click.argument("subject")
@click.argument("predicate", required=False, metavar="[PROPERTY]")
@click.argument("value", required=False, metavar="[OBJECT]")
@click.option("-f", "--format", "form", type=click.Choice(FORMS), default="text", cls=Option)
@session
def why(run: Session, subject: str, predicate: str | None, value: str | None, form: str) -> None:
    """Tell why something holds."""
    graph = run.warm()
    explainer = Explainer(graph, run.language)
    node = _resource(graph, subject)
    term = _property(graph, explainer, node, predicate) if predicate else None
    wanted = _value(graph, node, term, value) if term and value else None
    proofs = _proofs(graph, explainer, node, term, wanted)
    if form == "json":
        told = list(map(explainer.data, proofs))
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif term is None or len(proofs) > MOST:
        _list(run, explainer, node, proofs)
    else:
        trees = ("\n".join(explainer.lines(proof, run.width)) for proof in proofs)
        click.echo("\n\n".join(trees), nl=bool(proofs))
    run.keep()
    if term and not proofs:
        names = {"subject": explainer.name(node), "property": explainer.name(term)}
        if wanted is None:
            run.tell("why.none", **names)
        else:
            run.tell("why.not", statement=explainer.statement((node, term, wanted)))
            run.tell("why.not-next", command=_command(explainer, node, term))
        raise click.exceptions.Exit(1)


def _proofs(
    graph: Graph,
    explainer: Explainer,
    node: ox.NamedNode,
    term: ox.NamedNode | None,
    wanted: Term | None,
) -> list[Proof]:
    """Prove what holds of a resource: all that follows, or all with one property or value."""
    quads = graph.store.quads_for_pattern(node, term, wanted, None if term else INFERRED)
    facts = {(quad.subject, quad.predicate, quad.object) for quad in quads}

    def order(fact: Fact) -> tuple[bool, str, str, str, str]:
        _, predicate, value = fact
        by_property = predicate == TYPE, explainer.name(predicate), str(predicate)
        return *by_property, explainer.name(value).casefold(), str(value)

    return prove(graph, sorted(facts, key=order))


def _list(run: Session, explainer: Explainer, node: ox.NamedNode, proofs: Sequence[Proof]) -> None:
    """List what holds of a resource, to choose from."""
    if not proofs:
        name = explainer.address(node)
        run.tell("why.nothing", subject=explainer.name(node), name=name)
        return
    for predicate, some in groupby(proofs, key=lambda proof: proof.fact[1]):
        click.echo(explainer.both(predicate))
        for proof in some:
            by = explainer.by_way_of(proof)
            click.echo(f"    {explainer.both(proof.fact[2])}{', ' if by else ''}{by}")
    longest = max(proofs, key=lambda proof: len(proof.leaves))
    run.tell("why.next", command=_command(explainer, *longest.fact))


def _command(explainer: Explainer, *terms: Term) -> str:
    return " ".join(["jkgraph why", *map(explainer.address, terms)])


def _resource(graph: Graph, name: str) -> ox.NamedNode:
    return _known(graph, name) or find(graph, _things(graph), name)


def _property(graph: Graph, explainer: Explainer, subject: ox.NamedNode, name: str) -> ox.NamedNode:
    if name in {"a", explainer.name(TYPE)}:
        return TYPE
    used = {quad.predicate for quad in graph.store.quads_for_pattern(subject, None, None)}
    return _find(graph, used, partial(_properties, graph), name)


def _value(graph: Graph, subject: ox.NamedNode, predicate: ox.NamedNode, name: str) -> Term:
    values = graph.objects(subject, predicate)
    texts = (v for v in values if isinstance(v, ox.Literal) and v.value == name)
    if text := next(texts, None):
        return text
    nodes = [v for v in values if isinstance(v, ox.NamedNode)]
    others = graph.own_terms if predicate == TYPE else partial(_things, graph)
    return _find(graph, nodes, others, name)


def _find(
    graph: Graph,
    likely: Iterable[ox.NamedNode],
    others: Callable[[], list[ox.NamedNode]],
    name: str,
) -> ox.NamedNode:
    """Find what a person means among what is likely, else by its address, else among others."""
    with suppress(JkgraphError):
        return find(graph, likely, name)
    return _known(graph, name) or find(graph, others(), name)


def _known(graph: Graph, name: str) -> ox.NamedNode | None:
    """Read the address of something that the graph speaks of."""
    node = named(graph, name)
    is_known = node and (graph.has(node) or graph.has(None, node) or graph.has(None, None, node))
    return node if is_known else None


def _things(graph: Graph) -> list[ox.NamedNode]:
    lists = graph.role("list")
    return [*graph.records(), *(graph.instances([lists]) if lists else [])]


def _properties(graph: Graph) -> list[ox.NamedNode]:
    kinds = (ox.NamedNode(f"{OWL}{name}Property") for name in ("Object", "Datatype", "Annotation"))
    return [term for kind in kinds for term in graph.subjects(TYPE, kind)]


COMMANDS = (why,)
