"""Writes what is told as plain text, Markdown, HTML or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from jkgraph.telling.passages import Mark, Piece
from jkgraph.telling.records import Telling
from jkgraph.telling.sentences import Sentence

FORMS = ("text", "markdown", "html", "json")
# What Markdown takes for a sign of its own.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")

_FATES = {
    "added": "telling.fate.added",
    "moved": "telling.fate.moved",
    "removed": "telling.fate.removed",
    "unread": "telling.fate.unread",
    "withdrawn": "telling.fate.withdrawn",
}

Say = Callable[..., str]


class Style(NamedTuple):
    """How a piece is written, and words of a text that changed, or only went, or only came."""

    write: Callable[[Piece], str]
    changed: str
    gone: str
    come: str

    def sentence(self, sentence: Sentence) -> str:
        """Write a sentence."""
        return "".join(self._parts(sentence))

    def _parts(self, sentence: Sentence) -> Iterator[str]:
        for differs, group in groupby(sentence, lambda p: p.mark in {Mark.OLD, Mark.NEW}):
            pieces = list(group)
            texts = map(self.write, pieces)
            if not differs:
                yield from texts
            elif len(pieces) > 1:
                yield self.changed.format(*texts)
            else:
                yield (self.gone if pieces[0].mark is Mark.OLD else self.come).format(*texts)


def _html_piece(piece: Piece) -> str:
    text = escape(piece.text)
    return f'<span lang="{escape(piece.language)}">{text}</span>' if piece.language else text


def _markdown_text(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)


PLAIN = Style(lambda piece: piece.text, "[{} → {}]", "[- {}]", "[+ {}]")
MARKDOWN = Style(lambda p: _markdown_text(p.text), "~~{}~~ **{}**", "~~{}~~", "**{}**")
HTML = Style(_html_piece, "<del>{}</del> <ins>{}</ins>", "<del>{}</del>", "<ins>{}</ins>")


def write_tellings(tellings: Sequence[Telling], form: str, say: Say, language: str) -> str:
    """Write what changes in records, in one of the FORMS."""
    if form == "json":
        return json.dumps(list(map(_object, tellings)), ensure_ascii=False, indent=2) + "\n"
    if form == "html":
        return _page(tellings, say, language)
    write = _text if form == "text" else _markdown
    return "\n".join(write(telling, say) for telling in tellings)


def heading(telling: Telling, say: Say) -> str:
    """Return the name of a record with its kind, and what becomes of it as a whole."""
    fate = f" – {say(_FATES[telling.fate])}" if telling.fate in _FATES else ""
    kind = f" ({telling.kind})" if telling.kind else ""
    return f"{telling.label}{kind}{fate}"


def _path(telling: Telling) -> str:
    """Return the path of the file, where that is not its name already."""
    return "" if telling.path == telling.label else telling.path


def _text(telling: Telling, say: Say) -> str:
    lines = [PLAIN.sentence(told.sentence) for told in telling.changes]
    lines = [telling.lead, *lines] if telling.lead else lines
    head = "".join(f"{line}\n" for line in (heading(telling, say), _path(telling)) if line)
    return head + "".join(f"  {line}\n" for line in lines)


def _markdown(telling: Telling, say: Say) -> str:
    lines = [f"### {_markdown_text(heading(telling, say))}"]
    lines += ["", f"`{path}`"] if (path := _path(telling)) else []
    lines += ["", _markdown_text(telling.lead)] if telling.lead else []
    lines += [""] if telling.changes else []
    lines += [f"- {MARKDOWN.sentence(told.sentence)}" for told in telling.changes]
    return "\n".join(lines) + "\n"


def _page(tellings: Sequence[Telling], say: Say, language: str) -> str:
    title = escape(say("telling.title"))
    parts = "".join(_section(telling, say) for telling in tellings)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n{parts}</body>\n</html>\n"
    )


def _section(telling: Telling, say: Say) -> str:
    lead = f"<p>{escape(telling.lead)}</p>\n" if telling.lead else ""
    lines = "".join(f"<li>{HTML.sentence(told.sentence)}</li>\n" for told in telling.changes)
    listed = f"<ul>\n{lines}</ul>\n" if lines else ""
    path = f"<p><code>{escape(_path(telling))}</code></p>\n" if _path(telling) else ""
    head = f"<h2>{escape(heading(telling, say))}</h2>\n"
    return f"<section>\n{head}{path}{lead}{listed}</section>\n"


def _object(telling: Telling) -> dict[str, object]:
    return {
        "record": telling.record.value if telling.record else "",
        "path": telling.path,
        "label": telling.label,
        "kind": telling.kind,
        "fate": telling.fate,
        "summary": telling.lead,
        "changes": [
            {
                "property": told.property,
                "field": told.field,
                "part": told.part,
                "removed": list(map(_value, told.removed)),
                "added": list(map(_value, told.added)),
                "sentence": PLAIN.sentence(told.sentence),
            }
            for told in telling.changes
        ],
    }


def _value(piece: Piece) -> dict[str, str]:
    named = {"iri": piece.iri, "language": piece.language}
    text = piece.text.removeprefix("“").removesuffix("”")
    return {"text": text, **{name: value for name, value in named.items() if value}}
