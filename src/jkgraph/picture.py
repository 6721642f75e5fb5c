"""Draws the model as a picture: kinds as boxes and relations as arrows.

People say where a box stands and which relations count; names come from the ontology, and the
shapes tell whether a relation exists, so that the picture cannot say what does not hold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

from jkgraph.errors import JkgraphError, unreadable
from jkgraph.graph import Graph
from jkgraph.iri import split
from jkgraph.kinds import Field, Kind, Kinds

LINE, INSET, LETTER = 17, 16, 7.4
# Each colour by light and by dark. The light one is an attribute, because a host that sends a
# strict policy lets a picture that is opened by itself have no styles.
COLOURS = {
    "paper": ("#fff", "#16191d"),
    "ink": ("#1b1b1b", "#f1f1f1"),
    "soft": ("#4a5560", "#b9c2cb"),
    "line": ("#3b4a5a", "#9fb0c0"),
    "blue": ("#e9f0f7", "#1f3347"),
    "green": ("#e6f3ea", "#1d3a28"),
    "yellow": ("#fbf1dc", "#43361a"),
    "purple": ("#f3e9f4", "#3c2841"),
    "grey": ("#eee", "#33373c"),
}
LOOKS = {
    "name": 'font-size="16" font-weight="600"',
    "label": 'font-style="italic"',
    "relation": 'font-size="13" stroke-width="5" paint-order="stroke"',
}


@dataclass(frozen=True)
class Box:
    """A kind or family: its place (x, y, width, height), colour, and properties to name in it.

    Without properties it names the kinds of the family.
    """

    kind: str
    at: tuple[float, float, float, float]
    colour: str
    shows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for a place that is none, and KeyError for an unknown colour."""
        _, _, _, _ = map(float, self.at)
        COLOURS[self.colour]

    def edges(self, axis: int) -> tuple[float, float]:
        """Return where the box begins and ends: axis 0 from left to right, 1 downwards."""
        return self.at[axis], self.at[axis] + self.at[axis + 2]


class Arrow(NamedTuple):
    """Relations from one box to another."""

    start: str
    end: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """What people say of the picture: its size, what it tells, boxes and arrows."""

    size: tuple[int, int]
    title: str
    description: str
    boxes: Mapping[str, Box]
    arrows: tuple[Arrow, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for a size that is none."""
        _, _ = map(float, self.size)


def picture(graph: Graph, kinds: Kinds, path: Path) -> str:
    """Draw the picture of a layout as SVG.

    Raises JkgraphError for a layout that cannot be read, a kind of records without a box, and a
    relation that no shape knows.
    """
    layout = _read(path)
    drawing = _Drawing(graph, kinds, layout, path)
    drawing.require_all_kinds()
    width, height = layout.size
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc" '
        'font-family="system-ui, sans-serif" font-size="14" text-anchor="middle">',
        "  <!-- Written by `jkgraph docs`. Change what it is made from, not this picture. -->",
        f'  <title id="title">{escape(layout.title)}</title>',
        f'  <desc id="desc">{escape(layout.description)}</desc>',
        f"  <style>@media (prefers-color-scheme: dark) {{ {_dark()} }}</style>",
        '  <defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" '
        f'markerHeight="9" orient="auto"><path d="M0 0 10 5 0 10z" {_paint("line")}/>'
        "</marker></defs>",
        f'  <rect width="{width}" height="{height}" rx="8" {_paint("paper")}/>',
        *(line for box in layout.boxes.values() for line in drawing.box(box)),
        *(line for arrow in layout.arrows for line in drawing.arrow(arrow)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _read(path: Path) -> Layout:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        boxes = [Box(**it) for it in table.pop("box")]
        arrows = tuple(Arrow(**it) for it in table.pop("arrow"))
        return Layout(boxes={box.kind: box for box in boxes}, arrows=arrows, **table)
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    except (ValueError, TypeError, KeyError) as error:
        raise JkgraphError("bad-picture", file=path, reason=error) from error


class _Drawing:
    def __init__(self, graph: Graph, kinds: Kinds, layout: Layout, path: Path) -> None:
        self._graph, self._kinds, self._layout, self._path = graph, kinds, layout, path

    def require_all_kinds(self) -> None:
        for kind in self._kinds.records:
            above = {self._name(iri.value) for iri in (kind.iri, *kind.parents)}
            above.discard(self._graph.workspace.roles.record)
            if not above & self._layout.boxes.keys():
                name = self._name(kind.iri.value)
                raise JkgraphError("picture-without-kind", file=self._path, kind=name)

    def box(self, box: Box) -> Iterator[str]:
        x, y, width, height = box.at
        term, language = self._graph.term(box.kind), self._graph.workspace.languages[0]
        if not self._members(box.kind):
            raise JkgraphError("picture-of-no-kind", file=self._path, kind=box.kind)
        for prop in box.shows:
            self._require(box.kind, prop)
        shown = [self._word(prop) for prop in box.shows]
        shown = shown or [split(kind.iri.value)[1] for kind in self._members(box.kind)[1:]]
        told = wrap(", ".join(shown), int((width - INSET) / LETTER), break_long_words=False)
        texts = [("name", split(term.value)[1]), ("label", self._graph.label(term, language))]
        texts += [("plain", line) for line in told]
        top = y + (height - LINE * len(texts)) / 2 + LINE - 4
        paint = _paint(box.colour, "line")
        yield (
            f'  <rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" '
            f'stroke-width="1.5" {paint}/>'
        )
        for number, (style, text) in enumerate(texts):
            yield _text(style, x + width / 2, top + number * LINE, text)

    def arrow(self, arrow: Arrow) -> Iterator[str]:
        for prop in arrow.by:
            self._require(arrow.start, prop, arrow.end)
        boxes = self._layout.boxes
        (x, y), (to_x, to_y) = _ends(boxes[arrow.start], boxes[arrow.end])
        look = f'stroke-width="1.5" marker-end="url(#head)" {_paint("", "line")}'
        yield f'  <path d="M{x:g} {y:g} {to_x:g} {to_y:g}" {look}/>'
        names = [self._word(prop) for prop in arrow.by]
        top = (y + to_y) / 2 - (len(names) - 1) * LINE / 2 + 4
        for number, name in enumerate(names):
            yield _text("relation", (x + to_x) / 2, top + number * LINE, name)

    def _require(self, kind: str, prop: str, end: str | None = None) -> None:
        """Refuse a relation that no shape of a kind knows, or that leads elsewhere."""
        if end is not None and not {kind, end} <= self._layout.boxes.keys():
            raise JkgraphError("picture-relation", file=self._path, kind=kind, property=prop)
        path = self._graph.term(prop).value
        fields = (f for k in self._members(kind) for f in k.by_path().get(path, ()))
        if not any(end is None or self._leads(field, end) for field in fields):
            raise JkgraphError("picture-relation", file=self._path, kind=kind, property=prop)

    def _leads(self, field: Field, end: str) -> bool:
        wanted = {kind.iri for kind in self._members(end)}
        given = {cls for parent in field.classes for cls in self._graph.below(parent)}
        is_open = not (field.classes or field.datatypes or field.languages)
        return is_open or bool(wanted & given)

    def _members(self, name: str) -> list[Kind]:
        """Return a kind or family, and the kinds below it."""
        iri, kinds = self._graph.term(name), self._kinds
        every = (*kinds.families, *kinds.records, *kinds.parts)
        own = [kind for kind in every if kind.iri == iri]
        return own + [kind for kind in kinds.records if iri in kind.parents]

    def _word(self, prop: str) -> str:
        """Write a property without its prefix where that is the workspace's own."""
        addresses = self._graph.addresses
        iri = self._graph.term(prop).value
        return iri.removeprefix(addresses.terms) if iri.startswith(addresses.terms) else prop

    def _name(self, iri: str) -> str:
        return self._graph.addresses.compact(iri)


def _ends(start: Box, end: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return from where to where an arrow goes: straight where two boxes face, else aslant."""
    for axis in (0, 1):
        (low, high), (to_low, to_high) = start.edges(axis), end.edges(axis)
        if min(high, to_high) - max(low, to_low) >= 2 * INSET:
            middle = (max(low, to_low) + min(high, to_high)) / 2
            leave, arrive = _facing(start, end, 1 - axis)
            points = ((middle, leave), (middle, arrive))
            return points if axis == 0 else ((leave, middle), (arrive, middle))
    (x, to_x), (y, to_y) = _facing(start, end, 0), _facing(start, end, 1)
    return (x, y + (INSET if y > to_y else -INSET)), (to_x, to_y)


def _facing(start: Box, end: Box, axis: int) -> tuple[float, float]:
    (low, high), (to_low, to_high) = start.edges(axis), end.edges(axis)
    return (high, to_low) if high <= to_low else (low, to_high)


def _text(style: str, x: float, y: float, text: str) -> str:
    paint = _paint("soft" if style == "label" else "ink", "paper" if style == "relation" else "")
    look = LOOKS.get(style, "")
    return f'  <text x="{x:g}" y="{y:g}" {paint} {look}>{escape(text)}</text>'


def _paint(fill: str, stroke: str = "") -> str:
    """Return the attributes that colour a shape, by light as such and by dark by its class."""
    names = f"f-{fill or 'none'} s-{stroke or 'none'}"
    light = [COLOURS[name][0] if name else "none" for name in (fill, stroke)]
    return f'class="{names}" fill="{light[0]}" stroke="{light[1]}"'


def _dark() -> str:
    return " ".join(
        f".f-{name} {{ fill: {dark} }} .s-{name} {{ stroke: {dark} }}"
        for name, (_, dark) in COLOURS.items()
    )
