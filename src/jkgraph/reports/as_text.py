"""Findings as text: a line that editors can read, and below it what helps a person."""

from __future__ import annotations

from collections.abc import Iterator

from jkgraph.messages import visible
from jkgraph.reports.report import Entry, Report

INDENT = "    "


def document(report: Report) -> str:
    """Write a line for each finding, and what to do below it."""
    explained: set[str] = set()
    blocks = []
    for entry in report.entries:
        details = list(_details(report, entry, is_new=entry.finding.rule not in explained))
        explained.add(entry.finding.rule)
        blocks.append("\n".join([head(entry), *(f"{INDENT}{line}" for line in details), ""]))
    return "\n".join(blocks)


def head(entry: Entry) -> str:
    """Write the line that editors and forges read."""
    found = entry.finding
    return f"{found.location}: {entry.severity}: {_line(entry.sentence)} [{found.rule}]"


def _details(report: Report, entry: Entry, *, is_new: bool) -> Iterator[str]:
    if entry.subject:
        yield _line(entry.subject)
    if entry.repair:
        yield _line(entry.repair)
    # Once is enough: many findings are of one rule.
    if entry.page and is_new:
        yield report.say("report.more", page=entry.page)


def _line(text: str) -> str:
    return visible(" ".join(text.split()))
