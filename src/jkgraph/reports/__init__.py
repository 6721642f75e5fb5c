"""Reports: what was found as a document, for a person, an editor, a spreadsheet or a forge."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from jkgraph.reports.report import Entry, Report

FORMATS = ("text", "json", "sarif", "junit", "github", "html", "xlsx")
# What no terminal can show.
BINARY = frozenset({"xlsx"})

__all__ = ["BINARY", "FORMATS", "Entry", "Report", "write"]


def write(report: Report, form: str) -> bytes:
    """Write a report in one of the formats, each of which has a module."""
    document: Callable[[Report], str | bytes] = import_module(f"jkgraph.reports.as_{form}").document
    made = document(report)
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")
