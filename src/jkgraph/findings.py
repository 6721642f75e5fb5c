"""One type for whatever a check finds, and its order. It does not print."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from jkgraph.messages import Message, visible

# A subject with its property and value, as far as they are known; terms of pyoxigraph, which
# takes long to load.
About = Sequence[object]


class Severity(IntEnum):
    """How bad a finding is; the three levels of SHACL."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    @property
    def word(self) -> str:
        """The level in lower case, as it is written and read."""
        return self.name.lower()


class Location(NamedTuple):
    """A place in a file of the workspace: path from its root, 1-based line and column."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """Write the place as ``path:line:column``."""
        path = visible(self.path.replace("\n", r"\n"))
        return f"{path}:{self.line}:{self.column}"


class Replacement(NamedTuple):
    """A text that takes the place of another one, which begins at a line and a column."""

    line: int
    column: int
    old: str
    new: str


class Repair(NamedTuple):
    """What to type instead: the first replacement says it, the others make it readable.

    A repair is safe when it can mean nothing else than what its author wrote.
    """

    replacements: tuple[Replacement, ...]
    is_safe: bool = False

    @property
    def text(self) -> str:
        """What to type."""
        return self.replacements[0].new


class Finding(NamedTuple):
    """What is wrong at a place, and what to do; the rule names the check that says so.

    ``record`` is the address of the record or part that it is about, and ``predicate`` that of
    the property; ``value`` is the value as N-Triples writes it.
    """

    rule: str
    severity: Severity
    location: Location
    message: Message
    record: str | None = None
    predicate: str | None = None
    value: str | None = None
    repair: Repair | None = None

    @property
    def order(self) -> tuple[Location, int, str]:
        """The sort key: by place, the worst first."""
        return self.location, -self.severity, self.rule


def finding(
    rule: str,
    location: Location,
    severity: Severity = Severity.VIOLATION,
    /,
    *,
    about: About = (),
    **values: object,
) -> Finding:
    """Make a finding of one of the engine's own checks, worded by the catalogue."""
    return worded(rule, severity, location, Message(f"finding.{rule}", values), about)


def worded(
    rule: str, severity: Severity, location: Location, message: Message, about: About
) -> Finding:
    """Make a finding about a subject and, where known, its property and value."""
    subject, predicate, value, *_ = (*(str(t) if t else None for t in about), None, None, None)
    return Finding(rule, severity, location, message, _iri(subject), _iri(predicate), value)


def _iri(term: str | None) -> str | None:
    return term[1:-1] if term and term.startswith("<") else None
