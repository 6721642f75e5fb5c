"""Writes a value as its datatype wants it: the ways in which people write days and numbers."""

from __future__ import annotations

import re

from jkgraph.lexical import XSD, is_well_formed

MONTHS = {
    name: str(number)
    for names in (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
}
TRUTHS = {
    word: truth
    for truth, words in {"true": "true ja waar yes", "false": "false nee onwaar no"}.items()
    for word in words.split()
}
NUMBERS = {
    name: str(number)
    for names in (
        "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
        "zero one two three four five six seven eight nine ten eleven twelve",
    )
    for number, name in enumerate(names.split())
}
DAY_FIRST = re.compile(r"(\d{1,2})[-./ ](\d{1,2}|[a-z]+)[-./ ](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[-./ ](\d{1,2})(?:[-./ ](\d{1,2}))?")
MONTH_FIRST = re.compile(r"(\d{1,2}|[a-z]+)[-./ ](\d{4})")
# 03/04/2026 is two days, and a comma before three digits may set thousands apart.
TWO_DAYS = re.compile(r"(?!(\d{1,2})[/.]\1[/.])(?:0?\d|1[0-2])[/.](?:0?\d|1[0-2])[/.]\d{4}")
TWO_NUMBERS = re.compile(r"[+-]?\d{1,3},\d{3}")


def rewritten(text: str, datatype: str) -> str | None:
    """Return a text as a datatype allows it; None when nobody can say how.

    >>> rewritten("22-11-2026", XSD + "date")
    '2026-11-22'
    >>> rewritten("12,5", XSD + "decimal")
    '12.5'
    """
    plain = text.strip().casefold()
    match datatype.removeprefix(XSD):
        case "date":
            plain = _day(plain)
        case "gYearMonth":
            plain = _month(plain)
        case "boolean":
            plain = TRUTHS.get(plain, plain)
        case "integer" | "nonNegativeInteger" | "positiveInteger":
            plain = NUMBERS.get(plain, plain)
        case "decimal":
            plain = re.sub(r"^([+-]?\d+)$", r"\1.0", NUMBERS.get(plain, plain).replace(",", "."))
    return plain if is_well_formed(plain, datatype) else None


def is_certain(text: str) -> bool:
    """Tell whether a text can be read in one way only.

    >>> is_certain("03/04/2026"), is_certain("03-04-2026"), is_certain("1,200")
    (False, True, False)
    """
    return not TWO_DAYS.fullmatch(text.strip()) and not TWO_NUMBERS.fullmatch(text.strip())


def _day(text: str) -> str:
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
        return _joined(year, month, day) if day else text
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return _joined(year, month, day)
    return text


def _month(text: str) -> str:
    if found := YEAR_FIRST.fullmatch(text):
        return _joined(found[1], found[2])
    found = MONTH_FIRST.fullmatch(text)
    return _joined(found[2], found[1]) if found else text


def _joined(*parts: str) -> str:
    return "-".join(MONTHS.get(part, part).zfill(2) for part in parts)
