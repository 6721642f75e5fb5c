"""What templates see of a value: a text, a link, or rows of them. Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jkgraph.kinds import Kind
    from jkgraph.site.views import Resource


class Text(NamedTuple):
    """A text, and its language where that is not the language of the page."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        """Give the text alone, for where no element can stand."""
        return self.text

    def __html__(self) -> str:
        """Give the text for a page, marked with its language where that differs."""
        text = escape(self.text)
        return f'<span lang="{escape(self.lang)}">{text}</span>' if self.lang else text


class Fresh(Text):
    """Words that are new in a text."""

    def __html__(self) -> str:
        """Give the words for a page, marked as new."""
        return f"<ins>{super().__html__()}</ins>"


class Link(NamedTuple):
    """A link to a page of this site or to another site, with the language of its target."""

    href: str
    text: Text
    lang: str = ""
    external: bool = False
    resource: Resource | None = None


class Row(NamedTuple):
    """A property with its values, as a page shows it."""

    label: str
    values: tuple[Link | Text | Resource, ...]
    path: str = ""
    help: str = ""

    @property
    def number(self) -> int:
        """How many values there are."""
        return len(self.values)


class Section(NamedTuple):
    """Rows under one heading."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, eq=False)
class Entry:
    """A kind in the menu; ``current`` is how its link is marked on the pages of the kind."""

    kind: Kind
    label: str
    number: int
    current: str = ""
