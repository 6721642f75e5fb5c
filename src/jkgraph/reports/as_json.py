"""Findings as JSON, with the messages in all languages."""

from __future__ import annotations

import json
from typing import Any

from jkgraph.findings import Repair
from jkgraph.messages import visible
from jkgraph.reports.report import Entry, Report


def document(report: Report) -> str:
    """Write a list with an object for each finding."""
    found = [_object(report, entry) for entry in report.entries]
    # In JSON a sign may be written by its number.
    return visible(json.dumps(found, ensure_ascii=False, indent=2)) + "\n"


def _object(report: Report, entry: Entry) -> dict[str, Any]:
    found, words = entry.finding, report.graph.workspace.catalogue
    compact = report.graph.addresses.compact
    return {
        "path": found.location.path,
        "line": found.location.line,
        "column": found.location.column,
        "severity": found.severity.word,
        "rule": found.rule,
        "record": found.record,
        "message": {lang: words.say(found.message, lang) for lang in words.languages},
        "label": entry.label or None,
        "property": compact(found.predicate) if found.predicate else None,
        "field": entry.field or None,
        "value": entry.value or None,
        "page": entry.page or None,
        "repair": _repair(found.repair) if found.repair else None,
    }


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "text": repair.text,
        "safe": repair.is_safe,
        "replacements": [replacement._asdict() for replacement in repair.replacements],
    }
