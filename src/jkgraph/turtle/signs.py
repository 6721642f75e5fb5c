"""Find the place where a dot, semicolon, comma or bracket is missing or is the wrong one.

pyoxigraph reports the first token that does not fit, which is often on a later line.
"""

from __future__ import annotations

import re

from jkgraph.turtle.scene import ENDS, Guess, Reason, Scene
from jkgraph.turtle.tokens import Token

_SIGN: dict[int, Reason] = {1: "missing-comma", 2: "missing-semicolon", 3: "missing-dot"}
_STATEMENT = 3
_PAIR = 2
_NEEDS_SIGN = re.compile(
    r"A dot is expected|Unexpected end$|blank node property lists should end"
    r"|.* is not a valid (?:subject|RDF object|predicate)",
    re.DOTALL,
)


def missing_sign(scene: Scene) -> Guess:
    """Return which sign is missing, and the offset where it belongs."""
    before, here = scene.before, scene.here
    if before is None or not _NEEDS_SIGN.match(scene.message):
        return None
    if scene.has_open_bracket() and (here is None or here.text == "."):
        return "missing-bracket", before.end
    guesses = (rule(scene, before) for rule in _RULES)
    return next(filter(None, guesses), None)


def _missing_value(scene: Scene, before: Token) -> Guess:
    is_sign = scene.here is not None and scene.here.text in {*ENDS, "]"}
    is_value = "is not a valid RDF object" in scene.message
    return ("missing-value", before.end) if is_sign and is_value else None


def _hidden_by_comment(scene: Scene, before: Token) -> Guess:
    is_hidden = before.kind == "name" and scene.text.startswith("#", before.end)
    return ("hash-after-name", before.end) if is_hidden else None


def _wrong_sign(scene: Scene, _before: Token) -> Guess:
    """Recognise a line that begins something else than the sign before it announced."""
    first = _line_start(scene)
    if first == 0 or first >= len(scene.tokens) or scene.follows_on_line(first):
        return None
    sign = scene.tokens[first - 1]
    terms = scene.count_terms(first)
    at_margin = scene.lines.place(scene.tokens[first].start).column == 1
    if sign.text in {";", ","} and terms >= _STATEMENT and at_margin:
        return "missing-dot", sign.start
    if sign.text == "," and terms == _PAIR:
        return "missing-semicolon", sign.start
    is_value = scene.tokens[first].kind in {"string", "number"}
    return ("missing-comma", sign.start) if sign.text == ";" and is_value else None


def _line_start(scene: Scene) -> int:
    first = scene.at
    while scene.follows_on_line(first) and scene.tokens[first - 1].kind != "sign":
        first -= 1
    return first


def _forgotten_sign(scene: Scene, before: Token) -> Guess:
    if scene.here is None:
        return "missing-dot", before.start if before.text in ENDS else before.end
    if before.text in ENDS or "is not a valid predicate" in scene.message:
        return None
    if scene.here.text.startswith("@"):
        return "missing-dot", before.end
    terms = min(scene.count_terms(scene.at), _STATEMENT)
    return (_SIGN[terms], before.end) if terms else None


_RULES = (_missing_value, _hidden_by_comment, _wrong_sign, _forgotten_sign)
