"""The picture of the model holds every kind, and no relation that does not exist."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from jkgraph.errors import JkgraphError
from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds
from jkgraph.picture import picture

SVG = "{http://www.w3.org/2000/svg}"
HEAD = 'size = [400, 200]\ntitle = "Bridges & waters"\ndescription = "<what>"\n'
BRIDGE = (
    '[[box]]\nkind = "br:Bridge"\nat = [0, 0, 100, 60]\ncolour = "blue"\nshows = ["br:length"]\n'
)
WATER = '[[box]]\nkind = "br:Water"\nat = [0, 120, 100, 60]\ncolour = "grey"\n'
ARROW = '[[arrow]]\nstart = "br:Bridge"\nend = "br:Water"\nby = ["br:crosses"]\n'


def drawn(graph: Graph, text: str) -> str:
    path = graph.workspace.root / "layout.toml"
    path.write_text(text, "utf-8")
    return picture(graph, read_kinds(graph), path)


def boxes(graph: Graph) -> str:
    """Give every kind of the workspace a box."""
    rest = (k for k in read_kinds(graph).records if k.name not in {"bridge", "water"})
    names = (graph.addresses.compact(kind.iri.value) for kind in rest)
    return "".join((BRIDGE, WATER, *(WATER.replace("br:Water", name) for name in names)))


def test_it_shows_kinds_properties_and_relations_by_name(graph: Graph) -> None:
    svg = ElementTree.fromstring(drawn(graph, HEAD + boxes(graph) + ARROW))  # noqa: S314  (our own)
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    (line,) = [path.get("d") for path in svg.findall(f"{SVG}path")]

    assert {"Bridge", "brug", "length", "Water", "crosses"} <= {*texts}
    assert line == "M50 60 50 120"
    assert svg.findtext(f"{SVG}title") == "Bridges & waters"


def test_a_relation_may_lead_aslant_and_aside(graph: Graph) -> None:
    for place, line in (("200, 0", "M100 30 200 30"), ("200, 120", "M100 44 200 120")):
        text = HEAD + boxes(graph).replace("0, 120", place, 1) + ARROW

        assert f'd="{line}"' in drawn(graph, text)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (BRIDGE, "", "picture-without-kind"),
        (BRIDGE, BRIDGE + WATER.replace("Water", "Ferry"), "picture-of-no-kind"),
        ("0, 120, 100, 60", "0, 120, 100", "bad-picture"),
        ("400, 200", '"wide", 200', "bad-picture"),
        ("br:crosses", "br:length", "picture-relation"),
        ('end = "br:Water"', 'end = "br:Bridge"', "picture-relation"),
        ("br:length", "br:crossedBy", "picture-relation"),
        ("size", "sizes", "bad-picture"),
        ("size =", "size", "bad-picture"),
        ("blue", "bleu", "bad-picture"),
    ],
)
def test_what_does_not_hold_is_not_drawn(graph: Graph, old: str, new: str, key: str) -> None:
    text = HEAD + boxes(graph) + ARROW
    assert old in text

    with pytest.raises(JkgraphError) as told:
        drawn(graph, text.replace(old, new))

    assert told.value.message.key == f"error.{key}"


def test_the_texts_of_the_real_picture_fit_their_boxes(repository: Path) -> None:
    svg = ElementTree.parse(repository / "site_templates/static/data-model.svg").getroot()  # noqa: S314  (ours)
    places = [
        [float(box.get(name, "0")) for name in ("x", "y", "width", "height")]
        for box in svg.findall(f"{SVG}rect")[1:]
    ]
    for text in svg.findall(f"{SVG}text"):
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        inside = [
            b for b in places if abs(x - b[0] - b[2] / 2) < 1 and b[1] - 9 < y < b[1] + b[3] + 9
        ]
        if text.get("paint-order") is None:
            (box,) = inside
            assert box[1] + 12 <= y <= box[1] + box[3] - 4, text.text
