"""Gives what has no name an address, so that it can be told on a server that it is there no more.

An address follows from what leads to the thing and what is said of it: it is the same the next
time, and changes only when that does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

import pyoxigraph as ox

from jkgraph.errors import JkgraphError

Said = dict[object, list[ox.Triple]]


def skolemised(triples: Iterable[ox.Triple], space: str) -> list[ox.Triple]:
    """Return triples in which every blank node has an address that begins with ``space``.

    Raises JkgraphError for a blank node with two names or in a circle, as no Turtle file has
    that is written with square brackets and lists.
    """
    found = list(triples)
    names = _names(found, space)

    def named(term: object) -> object:
        return names[term] if isinstance(term, ox.BlankNode) else term

    return [ox.Triple(named(t.subject), t.predicate, named(t.object)) for t in found]  # type: ignore[arg-type]  # as it was


def _names(triples: list[ox.Triple], space: str) -> dict[object, ox.NamedNode]:
    said: Said = defaultdict(list)
    leading = Counter(t.object for t in triples if isinstance(t.object, ox.BlankNode))
    for triple in triples:
        said[triple.subject].append(triple)
    names: dict[object, ox.NamedNode] = {}
    alike: Counter[str] = Counter()
    tops = [node for node in said if not (isinstance(node, ox.BlankNode) and leading[node])]
    for place, node in _below(tops, said, names):
        told = f"{place} {_content(node, said)}"
        alike[told] += 1
        names[node] = ox.NamedNode(space + sha256(f"{told} {alike[told]}".encode()).hexdigest())
    if max(leading.values(), default=0) > 1 or leading.keys() - names.keys():
        raise JkgraphError("publish-nameless")
    return names


def _below(
    nodes: list[object], said: Said, names: dict[object, ox.NamedNode]
) -> Iterator[tuple[str, object]]:
    """Yield every blank node that can be reached, with what leads to it, from the top down."""
    for top in nodes:
        if isinstance(top, ox.BlankNode):
            yield "", top
        queue = [top]
        for node in queue:
            for triple in said.get(node, ()):
                if isinstance(triple.object, ox.BlankNode) and triple.object not in names:
                    yield f"{names.get(node, node)} {triple.predicate}", triple.object
                    queue.append(triple.object)


def _content(node: object, said: Said) -> str:
    """Write what is said of a blank node, and of those below it."""
    return f"[{' ; '.join(sorted(_said(t, said) for t in said.get(node, ())))}]"


def _said(triple: ox.Triple, said: Said) -> str:
    value = triple.object
    told = _content(value, said) if isinstance(value, ox.BlankNode) else str(value)
    return f"{triple.predicate} {told}"
