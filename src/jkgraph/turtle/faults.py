"""Say what is wrong in Turtle text and where, in short stable keys.

pyoxigraph reports the place where it gave up; people need the place of their slip. The keys are
translated into sentences elsewhere.
"""

from __future__ import annotations

import re

from jkgraph.messages import NOTHING, Message
from jkgraph.turtle.scene import Guess, Reason, Scene
from jkgraph.turtle.signs import missing_sign
from jkgraph.turtle.tokens import Place

_UNDECLARED = re.compile(r"The prefix (.*): has not been declared")
_KEYWORDS = frozenset({"a", "true", "false"})


class TurtleSyntaxError(ValueError):
    """Text that is not the Turtle that is accepted here; ``prefix`` is one nobody declared.

    ``bound`` tells which bound it is over, if it is.
    """

    def __init__(
        self,
        reason: Reason,
        place: Place,
        *,
        detail: str = "",
        prefix: str | None = None,
        bound: Message = NOTHING,
    ) -> None:
        super().__init__(f"{place.line}:{place.column}: {reason} {detail}".rstrip())
        self.reason: Reason = reason
        self.line, self.column = place
        self.detail = detail
        self.prefix = prefix
        self.bound = bound


def diagnose(text: str, error: SyntaxError) -> TurtleSyntaxError:
    """Turn an error of pyoxigraph into the likeliest slip of the author."""
    message = " ".join(error.msg.partition(": ")[2].splitlines())
    offset = Scene(text, message, 0).lines.offset(error.lineno or 1, error.offset or 1)
    scene = Scene(text, message, offset)
    guesses = (guess for rule in _RULES if (guess := rule(scene)))
    reason, offset = next(guesses, ("other", offset))
    prefix = _UNDECLARED.match(message) if reason == "undeclared-prefix" else None
    place = scene.lines.place(offset)
    return TurtleSyntaxError(reason, place, detail=message, prefix=prefix and prefix[1])


def _unescaped_quote(scene: Scene) -> Guess:
    """Recognise what follows a string that ended sooner than its author thought."""
    before, here = scene.before, scene.here
    if not before or not here or before.kind != "string" or not scene.follows_on_line(scene.at):
        return None
    if here.kind == "language" or here.text == "^^":
        return None
    rest_of_line = re.split(r"[\r\n]", scene.text[here.start :], maxsplit=1)[0]
    is_bare_word = here.kind == "bad" or (here.kind == "word" and here.text not in _KEYWORDS)
    is_odd = rest_of_line.count(before.text[-1]) % 2 == 1
    is_early = before.end == here.start or is_odd or is_bare_word
    return ("unescaped-quote", before.end - 1) if is_early else None


def _undeclared_prefix(scene: Scene) -> Guess:
    if not _UNDECLARED.match(scene.message):
        return None
    is_bare = scene.here and scene.text.startswith("//", scene.here.end)
    return ("bare-iri" if is_bare else "undeclared-prefix"), scene.offset


def _bad_iri(scene: Scene) -> Guess:
    if "No scheme found" in scene.message:
        return "relative-iri", scene.offset
    is_iri = scene.here and scene.here.kind == "bad" and scene.here.text.startswith("<")
    return ("bad-iri", scene.offset) if is_iri or "IRI" in scene.message else None


def _bad_string(scene: Scene) -> Guess:
    if "escape" in scene.message:
        return "bad-escape", scene.offset
    # Of a string that runs over the line end, pyoxigraph reports the line end.
    token = scene.before if scene.message.startswith("Line jumps") else scene.here
    is_open = token and token.kind == "bad" and token.text[0] in "\"'"
    return ("unclosed-string", token.start) if token and is_open else None


def _bad_language(scene: Scene) -> Guess:
    before, here = scene.before, scene.here
    is_glued = before and before.kind == "language" and here and before.end == here.start
    is_bad = is_glued or re.search("language|subtag", scene.message)
    return ("bad-language", scene.offset) if is_bad else None


def _bad_character(scene: Scene) -> Guess:
    is_bad = "at the beginning of a prefix name" in scene.message
    is_bad = is_bad or (scene.here is not None and scene.here.kind == "bad")
    return ("bad-character", scene.offset) if is_bad else None


def _bare_word(scene: Scene) -> Guess:
    is_word = scene.here and scene.here.kind == "word" and scene.here.text not in _KEYWORDS
    return ("bare-word", scene.offset) if is_word else None


# A quote too many makes what follows look like any of the other faults, so it is asked first.
_RULES = (
    _unescaped_quote,
    _undeclared_prefix,
    _bad_iri,
    _bad_string,
    _bad_language,
    _bad_character,
    _bare_word,
    missing_sign,
)
