"""Repairs of text that cannot be read: the sign that misses, and the one that does not belong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from jkgraph.checks.repairs.case import Case
from jkgraph.findings import Repair, Replacement

SIGNS = {"missing-semicolon": ";", "missing-comma": ",", "missing-dot": "."}
CLOSING = {"[": "]", "(": ")"}
# A text that ends where its language, its datatype or the sign after it begins.
WHOLE = re.compile(r'"(?P<text>.*)"(?=@|\^\^|\s*[;,.]?\s*$)')
OPEN = re.compile(r'"(?P<text>[^"]*?)(?P<end>\s*[;,.]\s*|@[A-Za-z].*)?$')
WORDS = re.compile(r"[^\s;,.\]\[()<>\"']+(?:[ ][^\s;,.\]\[()<>\"']+)*")
CURLY = re.compile(r"[“”„](?P<text>[^“”„\"]*)[“”]")
PART = re.compile(r"#([A-Za-z0-9_-]+)")


def reading(case: Case) -> Repair | None:
    """Repair what keeps a file from being read, where the slip is plain."""
    reason = case.found.rule.removeprefix("syntax-")
    if reason in SIGNS:
        return _sign(case, SIGNS[reason])
    return REPAIRS[reason](case) if reason in REPAIRS else None


def part(case: Case) -> Repair | None:
    """Write a part of this record as `:name`, or take away what hides the rest of a line."""
    line, column = case.at
    found = PART.match(case.spots.rest(line, column))
    place, name = case.spots.term_before(line, column)
    own = case.graph.addresses.compact(case.file_record)
    if found and name == own and "" in case.spots.prefixes:
        return Repair((Replacement(*place, f"{name}{found[0]}", f":{found[1]}"),))
    return case.instead("", old=found[0]) if found else None


def _sign(case: Case, sign: str) -> Repair | None:
    here = case.spots.rest(*case.at)[:1]
    is_wrong_sign = here in {";", ",", "."} and here != sign
    return case.instead(sign, old=here) if is_wrong_sign else case.instead(f" {sign}", old="")


def _bracket(case: Case) -> Repair | None:
    closing = CLOSING.get(case.spots.open_bracket(*case.at))
    return case.instead(f" {closing}", old="") if closing else None


def _mark(_: Case) -> Repair | None:
    return Repair((Replacement(1, 1, "\ufeff", ""),), is_safe=True)


def _encoding(case: Case) -> Repair | None:
    """Read the odd bytes of a file as Windows wrote them."""
    odd = case.spots.places("[\udc80-\udcff]")
    try:
        told = [
            (*place, c, c.encode("utf-8", "surrogateescape").decode("cp1252")) for place, c in odd
        ]
    except UnicodeDecodeError:
        return None
    return Repair(tuple(Replacement(*edit) for edit in told)) if told else None


def _quotes(case: Case) -> Repair | None:
    """Escape the quotes between the first and the last one of a text."""
    line, _ = case.at
    text = case.spots.rest(line, 1)
    start = text.find('"')
    found = WHOLE.match(text, start) if start >= 0 else None
    if found is None:
        return None
    inner = re.sub(r'(?<!\\)"', r"\"", found["text"])
    return Repair((Replacement(line, start + 1, found[0], f'"{inner}"'),))


def _unclosed(case: Case) -> Repair | None:
    rest = case.spots.rest(*case.at)
    found = OPEN.match(rest)
    if found is None:
        return None
    tag = f"@{case.graph.workspace.languages[0]}"
    end = (found["end"] or "").rstrip()
    return case.instead(f'"{found["text"]}"{"" if end.startswith("@") else tag}{end}', old=rest)


def _escape(case: Case) -> Repair | None:
    line, column = case.at
    text = case.spots.rest(line, 1)
    at = text.find("\\", max(column - 2, 0))
    return Repair((Replacement(line, at + 1, "\\", "\\\\"),)) if at >= 0 else None


def _language(case: Case) -> Repair | None:
    line, _ = case.at
    text = case.spots.rest(line, 1)
    found = re.search(r"\"@([A-Za-z]{2})?[\w-]*", text)
    if found is None:
        return None
    languages = case.graph.workspace.languages
    language = (found[1] or "").lower()
    new = language if language in languages else languages[0]
    return Repair((Replacement(line, found.start() + 2, found[0][1:], f"@{new}"),))


def _address(case: Case) -> Repair | None:
    found = re.match(r"\S+?(?=[;,.]?(?:\s|$))", case.spots.rest(*case.at))
    return case.instead(f"<{found[0]}>", old=found[0]) if found else None


def _spaces(case: Case) -> Repair | None:
    found = re.match(r"<[^<>\"]*>", case.spots.rest(*case.at))
    if found is None:
        return None
    return case.instead(re.sub(r"\s+", "%20", found[0]), old=found[0])


def _scheme(case: Case) -> Repair | None:
    found = re.match(r"<((?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/[^<>\s]*)?)>", case.spots.rest(*case.at))
    return case.instead(f"<https://{found[1]}>", old=found[0]) if found else None


def _word(case: Case) -> Repair | None:
    found = WORDS.match(case.spots.rest(*case.at))
    if found is None:
        return None
    text, _, tag = found[0].partition("@")
    return case.instead(
        f'"{text.strip()}"@{tag or case.graph.workspace.languages[0]}', old=found[0]
    )


def _character(case: Case) -> Repair | None:
    rest = case.spots.rest(*case.at)
    if found := CURLY.match(rest):
        return case.instead(f'"{found["text"]}"', old=found[0])
    return case.instead("", old=rest[:1]) if rest[:1] else None


REPAIRS: Mapping[str, Callable[[Case], Repair | None]] = {
    "bad-character": _character,
    "bad-escape": _escape,
    "bad-iri": _spaces,
    "bad-language": _language,
    "bare-iri": _address,
    "bare-word": _word,
    "bom": _mark,
    "encoding": _encoding,
    "hash-after-name": part,
    "missing-bracket": _bracket,
    "relative-iri": _scheme,
    "unclosed-string": _unclosed,
    "unescaped-quote": _quotes,
}
