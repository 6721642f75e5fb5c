"""The graph for those who analyse it in Python: records and answers, read-only."""

from jkgraph.api.answer import Answer
from jkgraph.api.knowledge import KnowledgeGraph, open_graph
from jkgraph.api.record import Citation, Record
from jkgraph.errors import JkgraphError

__all__ = ["Answer", "Citation", "JkgraphError", "KnowledgeGraph", "Record", "open_graph"]
