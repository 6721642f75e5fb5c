"""Tells what changes in a file that is no record: its title, or the terms that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from jkgraph.differences import statements
from jkgraph.edits import Edit
from jkgraph.graph import Node, Term
from jkgraph.kinds import RDFS_LABEL, SH
from jkgraph.queries import HEADER
from jkgraph.telling.names import Names
from jkgraph.telling.passages import Mark, Piece
from jkgraph.telling.records import Telling
from jkgraph.telling.sentences import Told, listed, sentence

_NAME = ox.NamedNode(f"{SH}name")

_Terms = Mapping[Node, set[tuple[ox.NamedNode, Term]]]


def tell_file(names: Names, edit: Edit) -> Telling:
    """Tell what an edit does to a file of the ontology, the shapes, the queries or the rules.

    Raises TurtleSyntaxError when one of the texts cannot be read.
    """
    path = names.graph.workspace.relative(edit.path)
    fate = "added" if edit.before is None else "removed" if edit.after is None else "changed"
    if edit.path.suffix != ".ttl":
        return Telling(None, path, _title(names, edit) or path, "", fate)
    old, new = _terms(edit.before), _terms(edit.after)
    told = {
        "telling.terms-added": [t for t in new if t not in old],
        "telling.terms-changed": [t for t in new if t in old and new[t] != old[t]],
        "telling.terms-removed": [t for t in old if t not in new],
    }
    said = {**old, **new}
    sentences = (_told(names, key, terms, said) for key, terms in told.items() if terms)
    return Telling(None, path, path, "", fate, changes=tuple(sentences))


def _title(names: Names, edit: Edit) -> str:
    found = HEADER.finditer(edit.after or edit.before or "")
    return names.choose({header[2]: header[3] for header in found if header[1] == "Title"})


def _terms(text: str | None) -> _Terms:
    """Return what is said of each term; what has no name of its own counts with what it is in."""
    found: dict[Node, set[tuple[ox.NamedNode, Term]]] = {}
    for subject, predicate, value in sorted(statements(text), key=str):
        if isinstance(subject, ox.NamedNode):
            is_named = not isinstance(value, ox.BlankNode)
            found.setdefault(subject, set()).add((predicate, value if is_named else ox.Literal("")))
    return found


def _told(names: Names, key: str, terms: Iterable[Node], said: _Terms) -> Told:
    pieces = [Piece(_label(names, term, said), Mark.VALUE, iri=term.value) for term in terms]
    return Told("", "", "", (), (), sentence(names.say(key), {"terms": listed(pieces)}))


def _label(names: Names, term: Node, said: _Terms) -> str:
    for role in (names.graph.role("label"), RDFS_LABEL, _NAME):
        values = [value for predicate, value in said[term] if predicate == role]
        if texts := {v.language or "": v.value for v in values if isinstance(v, ox.Literal)}:
            return names.choose(texts)
    return names.label(term)
