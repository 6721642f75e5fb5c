"""Findings as SARIF 2.1.0, the form in which forges and editors take what checkers found."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from jkgraph import __version__
from jkgraph.baseline import key
from jkgraph.findings import Repair, Replacement, Severity
from jkgraph.messages import visible
from jkgraph.reports.report import Entry, Report

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def document(report: Report) -> str:
    """Write one run with its rules and results."""
    rules = sorted({found.rule for found in report.findings})
    run = {
        "tool": {"driver": _driver(report, rules)},
        "columnKind": "unicodeCodePoints",
        "language": report.language,
        "results": [_result(report, entry, rules) for entry in report.entries],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return visible(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _driver(report: Report, rules: list[str]) -> dict[str, Any]:
    return {
        "name": "jkgraph",
        "semanticVersion": __version__,
        "rules": [_rule(report, rule) for rule in rules],
    }


def _rule(report: Report, rule: str) -> dict[str, Any]:
    about = {"id": rule, "shortDescription": {"text": report.rules.said(rule)}}
    page = report.rules.page(rule)
    # An address of its own only a published page has.
    help_uri = {"helpUri": page} if page.startswith("https://") else {}
    return {**about, **help_uri, **({"help": {"text": page}} if page else {})}


def _result(report: Report, entry: Entry, rules: list[str]) -> dict[str, Any]:
    found = entry.finding
    text = "\n".join(filter(None, (entry.sentence, entry.subject, entry.repair)))
    address = {"uri": quote(found.location.path)}
    region = {"startLine": found.location.line, "startColumn": found.location.column}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": address, "region": region}}
    if entry.label:
        name = {"name": entry.label, "fullyQualifiedName": report.record(found)}
        location["logicalLocations"] = [name]
    result = {
        "ruleId": found.rule,
        "ruleIndex": rules.index(found.rule),
        "level": LEVELS[found.severity],
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"finding/v1": _fingerprint(report, entry)},
    }
    fix = {"fixes": [_fix(found.repair, entry.repair, address)]} if found.repair else {}
    return {**result, **fix}


def _fingerprint(report: Report, entry: Entry) -> str:
    told = json.dumps(key(report.graph.addresses, entry.finding))
    return sha256(told.encode()).hexdigest()


def _fix(repair: Repair, words: str, address: dict[str, str]) -> dict[str, Any]:
    replacements = [_replacement(replacement) for replacement in repair.replacements]
    change = {"artifactLocation": address, "replacements": replacements}
    return {"description": {"text": words}, "artifactChanges": [change]}


def _replacement(replacement: Replacement) -> dict[str, Any]:
    *before, last = replacement.old.split("\n")
    start = 1 if before else replacement.column
    region = {
        "startLine": replacement.line,
        "startColumn": replacement.column,
        "endLine": replacement.line + len(before),
        "endColumn": start + len(last),
    }
    return {"deletedRegion": region, "insertedContent": {"text": replacement.new}}
