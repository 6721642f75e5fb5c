"""Findings as JUnit XML: a test case for each file, which the findings in it make fail."""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from jkgraph.messages import visible
from jkgraph.reports.as_text import head
from jkgraph.reports.report import Entry, Report

# What XML cannot hold.
ODD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(report: Report) -> str:
    """Write a suite for each folder, with all files of records and those with findings."""
    workspace = report.graph.workspace
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in report.entries:
        found[entry.finding.location.path].append(entry)
    files = {workspace.relative(path) for path in workspace.data.glob("*/*.ttl")} | found.keys()
    folders: dict[str, list[str]] = defaultdict(list)
    for path in sorted(files):
        folders[path.rpartition("/")[0] or "."].append(path)
    root = Element("testsuites", name="jkgraph validate")
    for folder, paths in folders.items():
        _suite(report, SubElement(root, "testsuite", name=_plain(folder)), paths, found)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    indent(root)
    text: str = tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(report: Report, suite: Element, paths: list[str], found: dict[str, list[Entry]]) -> None:
    failed = 0
    for path in paths:
        folder, _, name = path.rpartition("/")
        case = SubElement(suite, "testcase", name=_plain(name), classname=_plain(folder) or ".")
        entries = found.get(path, [])
        bad = [entry for entry in entries if report.fails(entry.finding)]
        if bad:
            failed += 1
            fault = SubElement(case, "failure", type=bad[0].finding.rule)
            fault.set("message", _plain(bad[0].sentence))
            fault.text = _told(bad)
        if rest := [entry for entry in entries if entry not in bad]:
            SubElement(case, "system-out").text = _told(rest)
    suite.set("tests", str(len(paths)))
    suite.set("failures", str(failed))
    suite.set("errors", "0")


def _told(entries: list[Entry]) -> str:
    lines = (line for e in entries for line in (head(e), e.subject, e.repair) if line)
    return _plain("\n".join(lines))


def _plain(text: str) -> str:
    return ODD.sub("\ufffd", visible(text))
