"""Findings as the annotations that GitHub and Forgejo show beside the lines of a change."""

from __future__ import annotations

from jkgraph.findings import Severity
from jkgraph.messages import visible
from jkgraph.reports.report import Entry, Report

LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTY = IN_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def document(report: Report) -> str:
    """Write a workflow command for each finding."""
    return "".join(f"{_command(entry)}\n" for entry in report.entries)


def _command(entry: Entry) -> str:
    found = entry.finding
    properties = {
        "file": found.location.path,
        "line": found.location.line,
        "col": found.location.column,
        "title": found.rule,
    }
    told = ",".join(f"{k}={str(v).translate(IN_PROPERTY)}" for k, v in properties.items())
    text = "\n".join(filter(None, (entry.sentence, entry.subject, entry.repair)))
    return visible(f"::{LEVELS[found.severity]} {told}::{text.translate(IN_TEXT)}")
