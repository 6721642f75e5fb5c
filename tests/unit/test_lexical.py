"""Which texts a datatype allows, by the judgement of two others."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkgraph.lexical import PATTERNS, XSD, is_well_formed

# Oxigraph knows these, and casts a text to them when it is allowed.
CAST = ["boolean", "integer", "decimal", "double", "float", "gYear", "gYearMonth", "date"]
CAST += ["dateTime", "time"]
# Near enough to what is allowed to be wrong in an interesting way.
NEARLY = {
    "boolean": r"true|false|True|0|1|2",
    "integer": r"[+-]?[0-9]{0,5}\.?",
    "decimal": r"[+-]?[0-9]{0,3}\.?[0-9]{0,3}e?",
    # Not INF and NaN, of which Oxigraph takes other spellings too.
    "double": r"[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE][+-]?[0-9]?)?",
    "gYear": r"-?[0-9]{3,5}(Z|[+-][01][0-9]:[0-6]0)?",
    "gYearMonth": r"-?[0-9]{3,5}-[01]?[0-9](Z|[+-][01][0-9]:[0-6]0)?",
    "date": r"-?[0-9]{3,5}-[01][0-9]-[0-3][0-9](Z|[+-]1[0-9]:[0-6][01])?",
    "dateTime": r"-?[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]?)?",
    "time": r"2[0-4]:[0-6]0:[0-6]0(\.0?)?Z?",
}
NEARLY["float"] = NEARLY["double"]

near = st.sampled_from(CAST).flatmap(
    lambda name: st.tuples(st.just(name), st.from_regex(NEARLY[name], fullmatch=True))
)


def _casts(name: str, text: str) -> bool:
    cast = f"BIND(<{XSD}{name}>({ox.Literal(text)}) AS ?x)"
    return bool(ox.Store().query(f"ASK {{ {cast} FILTER(BOUND(?x)) }}"))


@given(near)
def test_a_datatype_allows_what_oxigraph_can_cast_to_it(case: tuple[str, str]) -> None:
    name, text = case

    assert is_well_formed(text, XSD + name) == _casts(name, text)


@given(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32))
def test_a_date_is_one_of_the_calendar(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        exists = bool(date.fromisoformat(text))
    except ValueError:
        exists = False

    assert is_well_formed(text, f"{XSD}date") == exists
    assert is_well_formed(f"{text}T12:00:00Z", f"{XSD}dateTime") == exists


@given(st.dates())
def test_every_date_is_allowed_before_christ_too(day: date) -> None:
    assert is_well_formed(day.isoformat(), f"{XSD}date")
    assert is_well_formed(f"{day.isoformat()}+14:00", f"{XSD}date")
    assert is_well_formed(f"-{day.year:04}", f"{XSD}gYear")


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("nonNegativeInteger", ["0", "-0", "+7", "007"], ["-1", "1.0", ""]),
        ("positiveInteger", ["1", "+7", "007"], ["0", "-1", "00"]),
        ("anyURI", ["https://example.org/a?b#c", "a", ""], ["a b", "<a>", "a\nb"]),
        ("boolean", ["true", "0"], ["True", "ja", " true"]),
        ("integer", ["-12"], ["1e3", "٣", "1 000", "1\n"]),
        ("date", ["2024-02-29", "2000-02-29"], ["1900-02-29", "2024-2-29", "2024-02-29\n"]),
        ("double", ["INF", "-INF", "+INF", "NaN", "1E-3"], ["inf", "+NaN", "."]),
    ],
)
def test_a_datatype_allows_some_texts_and_refuses_others(
    name: str, allowed: list[str], refused: list[str]
) -> None:
    assert [text for text in allowed if not is_well_formed(text, XSD + name)] == []
    assert [text for text in refused if is_well_formed(text, XSD + name)] == []


def test_every_datatype_that_is_judged_refuses_something() -> None:
    for name in PATTERNS:
        assert not is_well_formed(" ", XSD + name)


@given(st.text())
def test_an_unknown_datatype_allows_all(text: str) -> None:
    assert is_well_formed(text, "https://example.org/def#Colour")
