"""A structured knowledge graph of Turtle records: check it, query it, publish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from jkgraph.api import Answer, Citation, JkgraphError, KnowledgeGraph, Record

__version__ = "0.1.0"
__all__ = ["Answer", "Citation", "JkgraphError", "KnowledgeGraph", "Record", "open"]


def open(
    path: str | Path | None = None, *, lang: str | None = None, inferred: bool = True
) -> KnowledgeGraph:
    """Open the graph of a workspace, to be read.

    ``path`` is its folder, by default the nearest one at or above the current folder that has
    a ``jkgraph.toml``. ``lang`` is the language of names and messages, by default the leading
    one of the workspace. ``inferred=False`` leaves out what follows from what people wrote.
    Raises JkgraphError when there is no workspace, or a file in it cannot be read.
    """
    from jkgraph.api import open_graph

    return open_graph(path, lang, inferred=inferred)


def __getattr__(name: str) -> object:
    """Import what this package offers when it is asked for, so that importing it stays quick."""
    if name not in __all__:
        raise AttributeError(name)
    from jkgraph import api

    return getattr(api, name)
