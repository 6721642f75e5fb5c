"""The plain way, as the manuals of rdflib and pySHACL show it: `peers.py COMMAND ROOT …`."""

from __future__ import annotations

import sys
from pathlib import Path


def load(paths):  # type: ignore[no-untyped-def]  # as in a manual
    """Read Turtle files into one graph."""
    import rdflib

    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


def data(root: Path) -> list[Path]:
    """Return the files with ontology and records."""
    return [*root.glob("ontology/**/*.ttl"), *root.glob("data/*/*.ttl")]


def validate(root: Path) -> None:
    """Print how many results pySHACL has."""
    import pyshacl
    from rdflib import SH

    shapes = load(root.glob("shapes/*.ttl"))
    _, report, _ = pyshacl.validate(load(data(root)), shacl_graph=shapes)
    print(len(list(report.objects(None, SH.result))))  # noqa: T201  (its only output)


if __name__ == "__main__":
    {"validate": validate}[sys.argv[1]](*map(Path, sys.argv[2:]))
