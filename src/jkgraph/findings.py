"""One type for whatever a check finds, and its order. It does not print."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from jkgraph.messages import Message


class Severity(IntEnum):
    """How bad a finding is; the three levels of SHACL."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    @property
    def word(self) -> str:
        """The level in lower case, as it is written and read."""
        return self.name.lower()


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file of the workspace: path from its root, 1-based line and column."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """Write the place as ``path:line:column``."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Finding:
    """What is wrong at a place, and what to do; the rule names the check that says so."""

    rule: str
    severity: Severity
    location: Location
    message: Message
    record: str | None = None

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
    record: str | None = None,
    **values: object,
) -> Finding:
    """Make a finding of one of the engine's own checks, worded by the catalogue."""
    return Finding(rule, severity, location, Message(f"finding.{rule}", values), record)
