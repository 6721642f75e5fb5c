"""Turtle: read it strictly, find places in it, write it in the canonical form.

Knows RDF and Turtle, and nothing of what the triples are about.
"""

from jkgraph.turtle.faults import TurtleSyntaxError
from jkgraph.turtle.formatter import (
    CommentsWouldBeLost,
    GraphWouldChange,
    Orders,
    comments,
    format_text,
    plain_lines,
)
from jkgraph.turtle.names import Names
from jkgraph.turtle.positions import PlacedTriple, Positions
from jkgraph.turtle.reader import Document, is_plain, parse
from jkgraph.turtle.scene import Reason
from jkgraph.turtle.spots import Spots
from jkgraph.turtle.tokens import Comment, Place
from jkgraph.turtle.writer import Graphs, write

__all__ = [
    "Comment",
    "CommentsWouldBeLost",
    "Document",
    "GraphWouldChange",
    "Graphs",
    "Names",
    "Orders",
    "Place",
    "PlacedTriple",
    "Positions",
    "Reason",
    "Spots",
    "TurtleSyntaxError",
    "comments",
    "format_text",
    "is_plain",
    "parse",
    "plain_lines",
    "write",
]
