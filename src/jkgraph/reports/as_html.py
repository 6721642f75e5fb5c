"""Findings as one page to read or to send: in the look of the site, without scripts."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from itertools import groupby

from jkgraph.messages import visible
from jkgraph.reports.report import Entry, Report

PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{hash}'">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header class="top"><p class="home">{site}</p></header>
<main>
<h1>{title}</h1>
<p class="lead">{sum}</p>
{body}
</main>
</body>
</html>
"""
STYLES = ("style.css", "own.css")


def document(report: Report) -> str:
    """Write a page with the findings of each file under a heading."""
    style = _style(report)
    files = groupby(report.entries, key=lambda entry: entry.finding.location.path)
    workspace = report.graph.workspace
    return PAGE.format(
        language=_shown(report.language),
        hash=b64encode(sha256(style.encode()).digest()).decode(),
        style=style,
        site=_shown(workspace.choose(workspace.site.title, report.language)),
        title=_shown(report.say("report.title")),
        sum=_shown(report.summary()),
        body="\n".join(line for path, entries in files for line in _file(report, path, entries)),
    )


def _style(report: Report) -> str:
    """Return the styles of the site without what they would fetch."""
    own, bundled = report.graph.workspace.templates
    texts = []
    for name in STYLES:
        files = (folder / "static" / name for folder in (own, bundled))
        texts += [file.read_text("utf-8") for file in files if file.is_file()][:1]
    return re.sub(r"url\([^)]*\)|@import[^;]*;", "none", "\n".join(texts)).replace("</", "")


def _file(report: Report, path: str, entries: Iterator[Entry]) -> Iterator[str]:
    told = list(entries)
    label = next((entry.label for entry in told if entry.label), "")
    heading = f"{_shown(label)} <small>" if label else "<small>"
    yield f"<section>\n<h2>{heading}<code>{_shown(path)}</code></small></h2>\n<ul>"
    for entry in told:
        yield from _item(report, entry)
    yield "</ul>\n</section>"


def _item(report: Report, entry: Entry) -> Iterator[str]:
    found = entry.finding
    place = report.say("report.place", line=found.location.line, column=found.location.column)
    yield f"<li><p><strong>{_shown(entry.severity)}</strong> {_shown(entry.sentence)}</p>"
    yield f'<p class="quiet">{_shown(place)}, <code>{_shown(found.rule)}</code></p>'
    rows = {
        "report.field": entry.field,
        "report.value": entry.value,
        "report.repair": entry.repair,
    }
    told = {report.say(key): text for key, text in rows.items() if text}
    if told:
        pairs = (f"<dt>{_shown(k)}</dt><dd>{_shown(v)}</dd>" for k, v in told.items())
        yield '<dl class="facts">' + "".join(f"<div>{pair}</div>" for pair in pairs) + "</dl>"
    yield "</li>"


def _shown(text: str) -> str:
    return escape(visible(text))
