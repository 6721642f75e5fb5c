"""Dates, numbers, yes and no, as people write them."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DAYS = {f"{_XSD}date": 3, f"{_XSD}gYearMonth": 2, f"{_XSD}gYear": 1}
NUMBERS = {f"{_XSD}{name}" for name in ("integer", "decimal")}
_ANSWERS = {"true": "value.yes", "1": "value.yes", "false": "value.no", "0": "value.no"}

Say = Callable[[str], str]


def worded(value: ox.Literal, say: Say) -> str | None:
    """Return a date, a number, yes or no in words; None for any other value."""
    datatype = value.datatype.value
    if datatype == f"{_XSD}boolean" and value.value in _ANSWERS:
        return say(_ANSWERS[value.value])
    if datatype in _DAYS:
        return day(value.value, say, _DAYS[datatype])
    return number(value.value, say) if datatype in NUMBERS else None


def number(text: str, say: Say) -> str:
    """Write a number; what is large gets its thousands apart."""
    whole, _, part = text.partition(".")
    if whole.isdigit() and len(whole) > len("9999"):
        whole = f"{int(whole):,}".replace(",", say("value.thousands"))
    return say("value.decimal").join(filter(None, (whole, part)))


def day(text: str, say: Say, parts: int = 3) -> str:
    """Write a date; of a month or a year there are fewer parts."""
    numbers = text.lstrip("-").split("-")[:parts]
    if len(numbers) < parts or not all(n.isdigit() for n in numbers):
        return text
    month = say(f"month.{int(numbers[1])}") if parts > 1 else ""
    date = str(int(numbers[2])) if parts > 2 else ""  # noqa: PLR2004  (day, month, year)
    return " ".join(filter(None, (date, month, numbers[0])))
