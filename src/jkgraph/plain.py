"""Words of the shapes for people who do not see Turtle: texts and names without its signs."""

from __future__ import annotations

import re
from collections.abc import Callable

_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"(@[A-Za-z-]+|\^\^\w*:\w+)?')
_ADDRESS = re.compile(r"<(https?://[^>\s]*)>")
_NAME = re.compile(r"(?<![\w:/#-])([a-z][a-z0-9-]*):([a-z0-9](?:[\w-]*\w)?)(?![\w:/])")
# What only Turtle needs: to point to a part, or to write that something is so.
_ODD = re.compile(r"(?<![\w:]):[a-z]+[0-9]+\b|: true[.!?]")
_SENTENCE = re.compile(r"\s*[^.!?]+[.!?]*")


def plain(text: str, label: Callable[[str], str]) -> str:
    """Return a text without the signs of Turtle; ``label`` names what a compact name stands for.

    >>> plain('For example: "Stone bridge"@en.', str)
    'For example: “Stone bridge”.'
    >>> plain('For example: "2025-05-01"^^xsd:date.', str)
    'For example: 2025-05-01.'
    >>> plain("Where it stands. For example: :c1.", str)
    'Where it stands.'
    >>> plain("Choose one, such as material:stone.", lambda name: "Stone")
    'Choose one, such as “Stone”.'
    """
    if _ODD.search(text):
        text = _SENTENCE.sub(lambda m: "" if _ODD.search(m[0]) else m[0], text)
    found = _TEXT.sub(lambda m: m[1] if (m[2] or "").startswith("^^") else f"“{m[1]}”", text)
    found = _NAME.sub(lambda m: f"“{name}”" if (name := label(m[0])) else m[0], found)
    return _ADDRESS.sub(r"\1", found).replace(".”.", ".”").strip()
