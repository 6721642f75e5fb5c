"""Whether the text of a literal is one that its datatype allows (XML Schema, part 2)."""

from __future__ import annotations

import re
from calendar import monthrange

XSD = "http://www.w3.org/2001/XMLSchema#"
ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
MONTH = r"(?:0[1-9]|1[0-2])"
DAY = r"(?:0[1-9]|[12]\d|3[01])"
DATE = f"(?P<year>{YEAR})-(?P<month>{MONTH})-(?P<day>{DAY})"
TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
PATTERNS = {
    "boolean": "true|false|1|0",
    "integer": r"[+-]?\d+",
    "nonNegativeInteger": r"\+?\d+|-0+",
    "positiveInteger": r"\+?0*[1-9]\d*",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "float": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "gYear": YEAR + ZONE,
    "gYearMonth": f"{YEAR}-{MONTH}{ZONE}",
    "date": DATE + ZONE,
    "dateTime": f"{DATE}T{TIME}{ZONE}",
    "time": TIME + ZONE,
    "anyURI": r"[^\s<>\"{}|\\^`]*",
}
# Digits of other scripts are digits to Python and not to XML Schema.
COMPILED = {XSD + name: re.compile(pattern, re.ASCII) for name, pattern in PATTERNS.items()}


# What a person can follow.
EXAMPLES = {
    "boolean": "true",
    "integer": "12",
    "nonNegativeInteger": '"12"^^xsd:nonNegativeInteger',
    "positiveInteger": '"12"^^xsd:positiveInteger',
    "decimal": "12.50",
    "double": "12.5e0",
    "gYear": '"2025"^^xsd:gYear',
    "gYearMonth": '"2025-02"^^xsd:gYearMonth',
    "date": '"2025-02-28"^^xsd:date',
    "dateTime": '"2025-02-28T12:00:00"^^xsd:dateTime',
    "time": '"12:00:00"^^xsd:time',
    "anyURI": '"https://example.org/"^^xsd:anyURI',
}


def example_of(datatype: str) -> str:
    """Return how a value of a datatype is written in Turtle."""
    name = datatype.removeprefix(XSD)
    return EXAMPLES.get(name, f'"…"^^xsd:{name}')


def is_no_day(text: str) -> bool:
    """Tell whether a text has the form of a date that no calendar has.

    >>> is_no_day("2025-02-30"), is_no_day("30-02-2025")
    (True, False)
    """
    match = COMPILED[f"{XSD}date"].fullmatch(text)
    return match is not None and not _is_day(**match.groupdict())


def is_well_formed(text: str, datatype: str) -> bool:
    """Tell whether a datatype allows a text; a datatype that is not known allows all.

    >>> is_well_formed("2025-02-30", XSD + "date")
    False
    """
    pattern = COMPILED.get(datatype)
    if pattern is None:
        return True
    match = pattern.fullmatch(text)
    if match is None:
        return False
    date = match.groupdict()
    return not date or _is_day(**date)


def _is_day(year: str, month: str, day: str) -> bool:
    # monthrange knows the years 1 to 9999; the calendar repeats itself every 400 years.
    return int(day) <= monthrange(int(year) % 400 + 400, int(month))[1]
