"""Tells in words what changes in records, and writes that as text, Markdown, HTML or JSON."""

from jkgraph.telling.forms import FORMS, write_tellings
from jkgraph.telling.records import Teller, Telling
from jkgraph.telling.sentences import Told

__all__ = ["FORMS", "Teller", "Telling", "Told", "write_tellings"]
