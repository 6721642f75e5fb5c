"""Tells in words what changes in records, and writes that as text, Markdown, HTML or JSON."""

from jkgraph.telling.forms import FORMS, write_tellings
from jkgraph.telling.passages import Mark, Piece
from jkgraph.telling.records import Telling
from jkgraph.telling.sentences import Told
from jkgraph.telling.teller import Teller

__all__ = ["FORMS", "Mark", "Piece", "Teller", "Telling", "Told", "write_tellings"]
