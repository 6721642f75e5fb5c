"""Values as cells show them and as people type them: dates, numbers, yes and no, texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import pyoxigraph as ox

from jkgraph.graph import Term
from jkgraph.lexical import XSD, is_well_formed
from jkgraph.typed import rewritten

Content = str | int | float | Decimal | date | None

STRING, DATE, BOOLEAN = XSD + "string", XSD + "date", XSD + "boolean"
NUMBERS = frozenset(
    XSD + n for n in ("integer", "decimal", "nonNegativeInteger", "positiveInteger")
)

# A spreadsheet counts with fifteen digits, and its days begin in 1900, with one that never was.
DIGITS = 15
FIRST_YEAR = 1901
# What XML cannot hold, and what Excel reads as the code of a character.
_UNFIT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_CODE = re.compile("_x([0-9A-Fa-f]{4})_")
_DAY_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00:00(?:\.0+)?")
# 1.000 is one in a program and a thousand in the Netherlands; for 1,000 it is the other way.
_THOUSAND = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+", re.ASCII)


def text_of(content: object) -> str:
    """Return the content of a cell as one text: dates as in 2025-05-01, lines ending in LF."""
    if content is None:
        return ""
    if isinstance(content, bool):
        return str(content).lower()
    if isinstance(content, datetime):
        return _DAY_TIME.sub(r"\1", content.isoformat())
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, float | Decimal):
        return format(Decimal(str(content)).normalize() + 0, "f")
    text = _CODE.sub(_character, str(content))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def lines(text: str) -> list[str]:
    """Return the lines of a cell that say something, each once."""
    return list(dict.fromkeys(filter(None, (line.strip() for line in text.split("\n")))))


def exact(term: Term) -> str:
    """Write a value as N-Triples does, a string with its datatype, in signs that all keep."""
    is_string = isinstance(term, ox.Literal) and term.datatype.value == STRING
    return f"{_escaped(term)}^^<{STRING}>" if is_string else _escaped(term)


def _escaped(term: Term) -> str:
    return _UNFIT.sub(lambda m: f"\\u{ord(m[0]):04X}", str(term))


def read_exact(text: str) -> ox.NamedNode | ox.Literal | None:
    """Read a value that `exact` wrote; None for any other text, such as a quotation."""
    if text[:1] not in {'"', "<"} or text.endswith('"') or "\n" in text:
        return None
    try:
        quads = list(ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError):
        return None
    term = quads[0].object if len(quads) == 1 else None
    if isinstance(term, ox.Literal):
        return None if term.direction else term
    return term if isinstance(term, ox.NamedNode) else None


def contents(value: ox.Literal, yes_no: tuple[str, str]) -> Iterator[Content]:
    """Yield the ways in which a cell can show a value, the most useful first."""
    kind, text = value.datatype.value, value.value
    if kind in NUMBERS and is_well_formed(text, kind):
        number = Decimal(text)
        if len(number.as_tuple().digits) <= DIGITS:
            yield int(number) if number == number.to_integral_value() else number
    elif kind == DATE and is_well_formed(text, kind) and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = date.fromisoformat(text) if text >= "0001" else date.min
        if day.year >= FIRST_YEAR:
            yield day
    elif kind == BOOLEAN and text in {"true", "false"}:
        yield yes_no[text == "false"]
    yield text


def same(one: Term, other: Term) -> bool:
    """Tell whether two values are equal, but for the way a number is written."""
    if one == other:
        return True
    if not isinstance(one, ox.Literal) or not isinstance(other, ox.Literal):
        return False
    if one.datatype != other.datatype or one.datatype.value not in NUMBERS:
        return False
    well = all(is_well_formed(v.value, v.datatype.value) for v in (one, other))
    return well and Decimal(one.value) == Decimal(other.value)


def agree(some: Collection[Term], others: Collection[Term]) -> bool:
    """Tell whether two sets hold equal values."""
    return all(
        any(same(value, other) for other in theirs)
        for mine, theirs in ((some, others), (others, some))
        for value in mine
    )


def read_typed(text: str, datatypes: Sequence[str]) -> ox.Literal | None:
    """Read what a person typed as the first datatype that it fits; None when it fits none."""
    plain = " ".join(text.split())
    for kind in datatypes:
        lexical = text if kind == STRING else _lexical(plain, kind)
        if is_well_formed(lexical, kind):
            return ox.Literal(lexical, datatype=ox.NamedNode(kind))
    return None


def _lexical(text: str, kind: str) -> str:
    if kind == XSD + "decimal" and _THOUSAND.fullmatch(text):
        return ""
    return text if is_well_formed(text, kind) else rewritten(text, kind) or ""


def _character(code: re.Match[str]) -> str:
    number = int(code[1], 16)
    is_fit = number and not 0xD800 <= number < 0xE000  # noqa: PLR2004  (halves of characters)
    return chr(number) if is_fit else code[0]
