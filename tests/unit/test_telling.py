"""What changes in records is told in sentences that a person reads, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jkgraph.differences import difference
from jkgraph.edits import Edit
from jkgraph.graph import Graph
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.telling import Teller, Telling, write_tellings
from jkgraph.telling.forms import HTML, MARKDOWN, PLAIN
from jkgraph.telling.passages import passage
from jkgraph.workspace import open_workspace

MINIMAL = Path(__file__).parent.parent / "workspaces" / "minimal"
STONE = MINIMAL / "data" / "bridge" / "oude-steenbrug.ttl"
WOOD = MINIMAL / "data" / "bridge" / "houten-brug.ttl"


@pytest.fixture(scope="module")
def workspace() -> Graph:
    return load(open_workspace(MINIMAL))


def tell(graph: Graph, *edits: Edit, language: str = "nl", is_brief: bool = False) -> list[Telling]:
    found = [d for edit in edits if (d := difference(edit))]
    return Teller(graph, read_kinds(graph), language, is_brief=is_brief).tell(found)


def changed(path: Path, *replaced: tuple[str, str]) -> Edit:
    before = after = path.read_text("utf-8")
    for old, new in replaced:
        assert old in after
        after = after.replace(old, new)
    return Edit(path, before, after)


def sentences(graph: Graph, edit: Edit, **how: object) -> list[str]:
    [telling] = tell(graph, edit, **how)  # type: ignore[arg-type]  # any options
    return [PLAIN.sentence(told.sentence) for told in telling.changes]


def test_texts_links_numbers_and_dates_are_told_in_words(workspace: Graph) -> None:
    edit = changed(
        STONE,
        ("met drie bogen over de Lange", "met vier stevige bogen over de Lange"),
        ("material:steen", "material:hout, material:steen"),
        ("water:lange-vaart", "water:brede-stroom"),
        ("24.50", "12025.5"),
        ("1701-06-01", "1702-06-01"),
        ("2025-05-01", "2025-06-01"),
    )
    assert sentences(workspace, edit) == [
        "Beschrijving veranderd: “Een brug van steen met [drie → vier stevige] bogen over de "
        "Lange Vaart.”",
        "Gaat over: was Lange Vaart, nu Brede Stroom.",
        "Gemaakt van: nu ook hout.",
        "Lengte in meters: was 24,50, nu 12.025,5.",
        "Geopend op: was 1 juni 1701, nu 1 juni 1702.",
    ]
    assert "Opened on: was 1 June 1701, now 1 June 1702." in sentences(
        workspace, edit, language="en"
    )


def test_a_text_in_another_language_says_which(workspace: Graph) -> None:
    edit = changed(STONE, ('"Old Stone Bridge"@en', '"Stone Bridge"@en'))
    assert sentences(workspace, edit) == [
        "Naam (Engels): was “Old Stone Bridge”, nu “Stone Bridge”."
    ]


def test_a_part_is_named_by_what_it_cites_and_its_number_does_not_count(workspace: Graph) -> None:
    part = (
        ':c1 a br:Citation ;\n    dct:source book:bruggen-van-de-streek ;\n    br:pages "12-13" .'
    )
    other = part.replace("12-13", "7")
    more = changed(
        STONE,
        (part, f"{other}\n{part.replace(':c1', ':c2', 1)}"),
        ("br:citation :c1", "br:citation :c1, :c2"),
    )
    assert sentences(workspace, more) == [
        "Staat beschreven in: nu ook De bruggen van de streek, p. 7."
    ]
    assert sentences(workspace, changed(STONE, ('"12-13"', '"14"'))) == [
        "Staat beschreven in De bruggen van de streek, p. 14: bladzijden: was “12-13”, nu “14”."
    ]


def test_a_new_day_is_told_only_when_nothing_else_is(workspace: Graph) -> None:
    assert sentences(workspace, changed(STONE, ("2025-05-01", "2025-06-01"))) == [
        "Gewijzigd op: was 1 mei 2025, nu 1 juni 2025."
    ]


def test_records_come_go_move_and_are_withdrawn(workspace: Graph) -> None:
    text = WOOD.read_text("utf-8")
    [new] = tell(workspace, Edit(WOOD, None, text))
    assert (new.label, new.kind, new.fate) == ("Houten brug", "brug", "added")
    assert new.lead == "Een smalle brug voor voetgangers over de Lange Vaart."
    assert not new.changes
    [gone] = tell(workspace, Edit(WOOD, text, None))
    assert (gone.label, gone.fate) == ("Houten brug", "removed")
    other = WOOD.with_name("voetbrug.ttl")
    [moved] = tell(
        workspace,
        Edit(WOOD, text, None),
        Edit(other, None, text.replace("bridge:houten-brug", "bridge:voetbrug")),
    )
    assert (moved.fate, moved.lead) == ("moved", "Stond eerst in data/bridge/houten-brug.ttl.")
    end = (
        "owl:deprecated true ;\n    dct:isReplacedBy bridge:spoorbrug ;\n"
        '    skos:changeNote "Afgebroken."@nl ;\n    br:status'
    )
    known = ("@prefix br:", "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix br:")
    edit = changed(WOOD, ("br:status ", f"{end} "), ("18.0", "20"), known)
    [withdrawn] = tell(workspace, edit)
    assert withdrawn.fate == "withdrawn"
    told = [PLAIN.sentence(one.sentence) for one in withdrawn.changes]
    assert any("Spoorbrug" in one for one in told)
    assert any("“Afgebroken.”" in one for one in told)
    assert not any("20" in one for one in told)


def test_what_is_gone_keeps_its_name(workspace: Graph) -> None:
    path = MINIMAL / "data" / "water" / "droge-sloot.ttl"
    ditch = (MINIMAL / "data" / "water" / "zoute-zee.ttl").read_text("utf-8")
    ditch = ditch.replace("zoute-zee", "droge-sloot").replace("Zoute Zee", "Droge Sloot")
    before = changed(WOOD, ("water:lange-vaart", "water:droge-sloot")).after
    found = tell(workspace, Edit(WOOD, before, WOOD.read_text("utf-8")), Edit(path, ditch, None))
    assert PLAIN.sentence(found[0].changes[0].sentence) == (
        "Gaat over: was Droge Sloot, nu Lange Vaart."
    )


def test_what_is_told_in_brief_quotes_only_what_still_stands(workspace: Graph) -> None:
    gone = ("met drie bogen over", "met vier bogen over")
    edit = changed(STONE, gone, ("24.50", "25"), ('"12-13"', '"14"'))
    assert edit.after is not None
    assert sentences(workspace, edit, is_brief=True) == [
        "Beschrijving veranderd.",
        "Lengte in meters: was 24,50, nu 25.",
        "Staat beschreven in De bruggen van de streek, p. 14: bladzijden veranderd.",
    ]
    assert sentences(workspace, Edit(STONE, edit.after, edit.before), is_brief=True) == [
        "Beschrijving veranderd: “Een brug van steen met [+ drie] bogen over de Lange Vaart.”",
        "Lengte in meters: was 25, nu 24,50.",
        "Staat beschreven in De bruggen van de streek, p. 12-13: bladzijden veranderd: “12-13”.",
    ]


def test_every_form_holds_the_same_and_escapes_it(workspace: Graph) -> None:
    edit = changed(STONE, ("met drie bogen over de Lange", "met <b>vier</b> bogen over *de* Lange"))
    told = tell(workspace, edit)
    say = workspace.workspace.catalogue.word

    def write(form: str) -> str:
        return write_tellings(told, form, lambda key, **v: say(key, "nl", **v), "nl")

    assert write("text").startswith(
        "Oude Steenbrug (brug)\ndata/bridge/oude-steenbrug.ttl\n  Besch"
    )
    assert "<ins>&lt;b&gt;vier&lt;/b&gt; bogen over *de*</ins> Lange" in write("html")
    assert r"~~drie bogen over de~~ **\<b\>vier\</b\> bogen over \*de\*** Lange" in write(
        "markdown"
    )
    [record] = json.loads(write("json"))
    assert record["record"] == "https://example.org/bruggen/id/bridge/oude-steenbrug"
    assert record["changes"][0]["removed"] == [
        {"text": "Een brug van steen met drie bogen over de Lange Vaart."}
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("a b c d", "a b c d e f", "a b c d [+ e f]"),
        ("a b c d e f", "d e f", "[- a b c] d e f"),
        ("1 2 3 4 5 6 7 8 x y", "1 2 3 4 5 6 7 8 z y", "… 4 5 6 7 8 [x → z] y"),
        (
            "geheel anders geschreven",
            "nu helemaal nieuw",
            "[geheel anders geschreven → nu helemaal nieuw]",
        ),
    ],
)
def test_a_passage_shows_the_words_around_a_change(old: str, new: str, shown: str) -> None:
    assert PLAIN.sentence(passage(old, new)) == shown
    for style in (HTML, MARKDOWN):
        assert style.sentence(passage(old, new))
