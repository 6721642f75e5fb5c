"""The cheat sheet: what somebody who writes a query wants to have beside it, on one page."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pyoxigraph as ox

from jkgraph.answers import DRAWN_FORMATS, FILE_FORMATS, GRAPH_FORMATS, ROW_FORMATS
from jkgraph.graph import INFERRED, Graph
from jkgraph.kinds import INVERSE, Field, Kind, Kinds

LANGUAGE = "en"
# Of a kind, the properties that most of its records have, relations before texts and numbers.
MOST, FEW = 9, 2
USES = "SELECT ?kind ?p (COUNT(DISTINCT ?x) AS ?n) { ?x a ?kind ; ?p ?o } GROUP BY ?kind ?p"
PATTERNS = (
    ("the same thing, another property", "`?x <p> ?a ; <q> ?b .`"),
    ("show it where it is known", "`OPTIONAL { ?x <p> ?y }`"),
    ("what has no such thing", "`FILTER NOT EXISTS { ?x <p> ?y }`"),
    ("one of these", "`VALUES ?x { <a> <b> }`"),
    ("the one or the other", "`{ … } UNION { … }`"),
    ("a path: two steps, one or more, none or more, either, back", "`p/q` `p+` `p*` `p|q` `^p`"),
    ("every row once", "`SELECT DISTINCT ?x`"),
    ("count", "`SELECT ?x (COUNT(DISTINCT ?y) AS ?n) WHERE { … } GROUP BY ?x`"),
    ("only groups that …", "`HAVING (COUNT(DISTINCT ?y) > 1)`"),
    ("several values in one cell", '`(GROUP_CONCAT(DISTINCT STR(?y); SEPARATOR=", ") AS ?all)`'),
    ("the first that is there", "`BIND(COALESCE(?a, ?b) AS ?c)`"),
    ("the year of a date or year", "`xsd:integer(SUBSTR(STR(?date), 1, 4))`"),
    ("everything about a thing", "`DESCRIBE <a>`"),
    ("new triples", "`CONSTRUCT { ?x <p> ?y } WHERE { … }`"),
)


def cheat_sheet(graph: Graph, kinds: Kinds, commands: click.Group) -> Iterator[str]:
    """Yield the lines of the cheat sheet; the graph holds what people wrote."""
    yield from ("Prefixes are known everywhere, so a query needs no PREFIX lines.", "")
    yield from ("## Patterns", "", "| for | write |", "|---|---|")
    yield from (f"| {what} | {_cell(how)} |" for what, how in (*_own_patterns(graph), *PATTERNS))
    yield from _kinds(graph, kinds)
    yield from ("", "## Prefixes", "")
    prefixes = graph.workspace.addresses.prefixes.items()
    yield f"{', '.join(f'`{prefix}: <{iri}>`' for prefix, iri in prefixes)}."
    yield "Kinds and lists are prefixes by their own names: `<kind>:<slug>`."
    yield from _commands(graph, commands)


def _own_patterns(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield the patterns that the roles of the workspace give a name."""
    role = {
        name: graph.addresses.compact(term.value)
        for name in ("record", "label", "status", "published", "citation", "source", "pages")
        if (term := graph.role(name))
    }
    yield ("things of a kind", f"`?x a {role['record']} .`")
    yield ("a name in one language", f'`?x {role["label"]} ?name . FILTER(LANG(?name) = "nl")`')
    if {"status", "published"} <= role.keys():
        yield ("published only", f"`?x {role['status']} {role['published']} .`")
    if {"citation", "pages"} <= role.keys():
        where = (
            f"?x {role['citation']} ?c . ?c {role['source']} ?document ; {role['pages']} ?pages ."
        )
        yield ("where it is written", f"`{where}`")
    yield ("only what follows", f"`GRAPH <{INFERRED.value}> {{ … }}`")


def _kinds(graph: Graph, kinds: Kinds) -> Iterator[str]:
    uses = {(r["kind"], r["p"]): r["n"].value for r in graph.select(USES)}
    shared = {p for p in kinds.records[0].order if all(p in kind.order for kind in kinds.records)}
    shared |= {term.value for term in graph.roles("summary")}
    yield from ("", "## Kinds and their most used properties", "")
    every = (field for field in _paths(kinds.records[0]) if field.path.value in shared)
    yield f"Every record: {', '.join(_name(graph, field.path) for field in every)}."
    for head, group, left_out in (("record", kinds.records, shared), ("part", kinds.parts, set())):
        yield from ("", f"| {head} | properties, and the kind of what they lead to |", "|---|---|")
        for kind in group:
            number = {p: int(n) for (cls, p), n in uses.items() if cls == kind.iri}
            fields = [f for f in _paths(kind) if f.path in number and f.path.value not in left_out]
            most = sorted(fields, key=lambda f: (_is_text(f), -number[f.path]))[:MOST]
            told = ", ".join(_told(graph, kinds, field) for field in fields if field in most)
            yield f"| [{_name(graph, kind.iri)}](fields.md#{kind.name}) | {told} |"
    yield ""
    for family in kinds.families:
        below = (kind.iri for kind in kinds.records if family.iri in kind.parents)
        yield f"- {_name(graph, family.iri)}: {' or '.join(_name(graph, iri) for iri in below)}"
    yield f"- lists: {', '.join(_name(graph, kind.iri) for kind in kinds.lists)}"
    pairs = sorted(
        f"{_name(graph, other)} ↔ {_name(graph, term)}"
        for term in graph.own_terms()
        for other in graph.objects(term, INVERSE)
        if isinstance(other, ox.NamedNode)
    )
    yield f"- there and back: {', '.join(pairs)}"


def _paths(kind: Kind) -> list[Field]:
    return [fields[0] for fields in kind.by_path().values()]


def _is_text(field: Field) -> bool:
    return bool(field.datatypes or field.languages)


def _name(graph: Graph, term: ox.NamedNode) -> str:
    return f"`{graph.addresses.compact(term.value)}`"


def _told(graph: Graph, kinds: Kinds, field: Field) -> str:
    """Write a property with the kinds that it leads to, unless these are many."""
    known = [kinds.by_class[c.value] for c in field.classes if c.value in kinds.by_class]
    to = "/".join(kind.label.get(LANGUAGE, kind.name) for kind in known[: FEW + 1])
    return f"{_name(graph, field.path)} {to if len(known) <= FEW else '…'}".rstrip()


def _commands(graph: Graph, commands: click.Group) -> Iterator[str]:
    word, context = graph.workspace.catalogue.word, click.Context(commands)
    yield from ("", "## Commands", "", "| `jkgraph …` | does |", "|---|---|")
    for name in commands.list_commands(context):
        first = word(f"help.{name}", LANGUAGE).partition("\n\n")[0]
        yield f"| `{name}` | {_cell(' '.join(first.split()))} |"
    rows = (*DRAWN_FORMATS, *ROW_FORMATS, *FILE_FORMATS)
    yield from ("", "[Commands](cli.md) tells the options. Formats of `query --format`:", "")
    yield f"- rows: {', '.join(f'`{form}`' for form in rows)}"
    yield f"- triples: {', '.join(f'`{form}`' for form in GRAPH_FORMATS)}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
