"""The end of a record: withdrawn, erased or merged, its address stays and nothing is left loose."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from jkgraph.checks import run_checks
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.workspace import open_workspace

STREAM, CANAL = "data/water/brede-stroom.ttl", "data/water/lange-vaart.ttl"
STONE, WOOD, NEW = (f"data/bridge/{n}-brug.ttl" for n in ("oude-steen", "houten", "nieuwe"))
STONE = STONE.replace("-brug", "brug")


@pytest.fixture
def said(minimal: Path) -> Callable[[str], str]:
    return lambda name: (minimal / name).read_text("utf-8")


def rules(folder: Path) -> list[str]:
    graph = load(open_workspace(folder))
    return [found.rule for found in run_checks(graph, read_kinds(graph))]


def contents(folder: Path) -> dict[str, str]:
    paths = sorted((folder / "data").rglob("*.ttl"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def git(folder: Path, *words: str) -> None:
    name = ("-c", "user.name=n", "-c", "user.email=n@example.org")
    program = ["git", *name, *words]
    subprocess.run(program, cwd=folder, check=True, capture_output=True)  # noqa: S603  (fixed words)


# withdraw


def test_a_withdrawn_record_keeps_what_it_says_and_says_why(run, minimal: Path, said) -> None:
    before = contents(minimal)

    ran = run("withdraw", "Lange Vaart", "--reason", "Gedempt  in\n2024.")

    assert (ran.code, ran.out) == (0, f"{CANAL}\n")
    assert 'dct:description "Een gegraven water dwars door de stad."@nl' in said(CANAL)
    assert "br:status status:vervallen ;" in said(CANAL)
    assert "owl:deprecated true ." in said(CANAL)
    assert ': Gedempt in 2024."@nl ;' in said(CANAL)
    assert "2025-05-01" not in said(CANAL)
    assert {name for name, text in contents(minimal).items() if before[name] != text} == {CANAL}
    assert rules(minimal) == []
    assert run("format", "--check").code == 0


def test_withdrawing_names_what_still_refers_to_the_record(run) -> None:
    ran = run("withdraw", "lange-vaart", "--replaced-by", "brede-stroom")

    assert "2 references" in ran.err
    assert "  Wooden bridge (bridge:houten-brug): crosses\n" in ran.err
    assert "jkgraph merge" in ran.err


def test_the_successor_of_a_withdrawn_record_is_named(run, said) -> None:
    run("withdraw", "lange-vaart", "--replaced-by", "Brede Stroom")

    assert "dct:isReplacedBy water:brede-stroom ." in said(CANAL)
    assert ': Vervangen door “Brede Stroom”."@nl' in said(CANAL)


def test_of_a_withdrawn_draft_only_the_name_stays(run, minimal: Path, said) -> None:
    run("withdraw", "nieuwe-brug", "--reason", "Er komt geen brug.")

    assert '"Nieuwe brug"@nl' in said(NEW)
    assert "gebouwd" not in said(NEW)
    assert rules(minimal) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["spoorbrug"], "does not say why"),
        (["spoorbrug", "--reason", " "], "does not say why"),
        (["spoorbrug", "--replaced-by", "spoorbrug"], "cannot take its own place"),
        (["spoorbrug", "--replaced-by", "nieuwe-brug"], "still a draft"),
        (["spoorbrugg", "--reason", "x"], "spoorbrug?"),
    ],
)
def test_what_cannot_be_withdrawn_stays_as_it_is(
    run, minimal: Path, arguments: list[str], words: str
) -> None:
    before = contents(minimal)

    ran = run("withdraw", *arguments)

    assert words in ran.err
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert contents(minimal) == before


def test_a_record_is_withdrawn_once_and_then_takes_no_place(run) -> None:
    run("withdraw", "spoorbrug", "--reason", "Afgebroken.")

    assert "was withdrawn already" in run("withdraw", "spoorbrug", "--reason", "x").err
    ran = run("withdraw", "houten-brug", "--replaced-by", "spoorbrug")
    assert "was withdrawn itself" in ran.err


def test_a_workspace_without_a_word_for_withdrawn_says_so(run, minimal: Path) -> None:
    settings = minimal / "jkgraph.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace('withdrawn = "status:vervallen"\n', ""), "utf-8")

    ran = run("withdraw", "spoorbrug", "--reason", "x")

    assert '"withdrawn"' in ran.err
    assert ran.code == 2


def test_what_has_no_name_does_not_stop_a_withdrawal(run, minimal: Path) -> None:
    path = minimal / WOOD
    text = path.read_text("utf-8").replace(
        "br:status", "br:citation [ br:x water:lange-vaart ] ; br:status"
    )
    path.write_text(text, "utf-8")

    assert run("withdraw", "lange-vaart", "--reason", "x").code == 0


def test_a_file_with_comments_is_not_rewritten(run, minimal: Path) -> None:
    path = minimal / CANAL
    path.write_text(path.read_text("utf-8") + "# nog nakijken\n", "utf-8")

    assert run("withdraw", "lange-vaart", "--reason", "x").code == 2
    assert path.read_text("utf-8").endswith("# nog nakijken\n")


def test_a_withdrawn_record_still_says_that_it_is(run, minimal: Path, said) -> None:
    run("withdraw", "lange-vaart", "--reason", "Gedempt.")
    text = said(CANAL).replace("    br:status status:vervallen ;\n", "")
    (minimal / CANAL).write_text(text, "utf-8")

    assert rules(minimal) == ["Record-status"]


# erase


def test_an_erased_record_says_only_that_it_was_erased(run, minimal: Path, said) -> None:
    ran = run("withdraw", "oude-steenbrug", "--erase")

    _, body = said(STONE).split("\n\n")
    lines = [line.strip(" ;.") for line in body.splitlines()]
    assert lines[0] == "bridge:oude-steenbrug a br:Bridge"
    assert [line.split()[0] for line in lines[1:]] == [
        "br:status",
        "dct:modified",
        "skos:changeNote",
        "owl:deprecated",
    ]
    assert "Gewist om iemands privacy." in body
    assert rules(minimal) == []
    assert "no git" in ran.err


def test_a_part_that_others_refer_to_keeps_its_address(run, minimal: Path, said) -> None:
    path = minimal / WOOD
    part = "br:citation <https://example.org/bruggen/id/bridge/oude-steenbrug#c1> ;"
    path.write_text(path.read_text("utf-8").replace("br:status", f"{part} br:status"), "utf-8")

    run("withdraw", "oude-steenbrug", "--erase")

    assert said(STONE).endswith("\n:c1 a br:Citation .\n")
    assert rules(minimal) == []


def test_erasing_tells_what_git_still_holds(run, minimal: Path) -> None:
    git(minimal, "init", "-q")
    git(minimal, "add", ".")
    git(minimal, "commit", "-qm", "Begin met bruggen")
    path = minimal / CANAL
    path.write_text(path.read_text("utf-8").replace("gegraven", "oud"), "utf-8")
    git(minimal, "commit", "-qam", "Verbeter het water")

    ran = run("withdraw", "lange-vaart", "--erase", "--reason", "Op verzoek.")

    assert "2 commits" in ran.err
    (first, second) = [line for line in ran.err.splitlines() if ": data/" in line]
    assert "Begin met bruggen" in first
    assert WOOD in first
    assert second.endswith(f"Verbeter het water: {CANAL}")
    assert "git filter-repo" in ran.err


# merge


def test_a_merger_moves_all_references_and_leaves_a_tombstone(run, minimal: Path, said) -> None:
    ran = run("merge", "lange-vaart", "brede-stroom")

    assert ran.out.splitlines() == [CANAL, WOOD, STONE]
    assert "br:crosses water:brede-stroom ;" in said(STONE)
    assert "br:length 24.50 ;" in said(STONE)
    assert "2025-05-01" not in said(STONE)
    assert "dct:isReplacedBy water:brede-stroom ." in said(CANAL)
    assert "Samengevoegd met “Brede Stroom”." in said(CANAL)
    assert "2 references" in ran.err
    assert "  description: A canal across the town.\n" in ran.err
    assert rules(minimal) == []


def test_a_record_that_is_withdrawn_can_still_be_merged(run, minimal: Path, said) -> None:
    run("withdraw", "lange-vaart", "--reason", "Gedempt.")

    assert run("merge", "lange-vaart", "brede-stroom").code == 0

    assert "br:crosses water:brede-stroom ;" in said(STONE)
    assert "A canal across the town." in said(CANAL)
    assert rules(minimal) == []


def test_a_merger_takes_names_links_and_parts_along_when_asked(run, minimal: Path, said) -> None:
    ran = run("merge", "oude-steenbrug", "spoorbrug", "--take")

    text = said("data/bridge/spoorbrug.ttl")
    assert 'skos:altLabel "Oude Steenbrug"@nl ,\n        "Old Stone Bridge"@en ;' in text
    assert ":c1 a br:Citation ;" in text
    # A bridge has one length, and in this workspace none crosses two waters.
    assert "  crosses: Lange Vaart (water:lange-vaart)\n" in ran.err
    assert "  length in metres: 24.50\n" in ran.err
    assert rules(minimal) == []


def test_a_part_that_comes_along_gets_a_name_that_is_free(run, minimal: Path, said) -> None:
    path = minimal / WOOD
    text = path.read_text("utf-8").replace("br:status", "br:citation bridge:x ; br:status")
    part = "<https://example.org/bruggen/id/bridge/houten-brug#c1>"
    book = "<https://example.org/bruggen/id/book/bruggen-van-de-streek>"
    text = text.replace("bridge:x", part)
    path.write_text(f'{text}\n{part} a br:Citation ; dct:source {book} ; br:pages "3" .\n', "utf-8")

    run("merge", "oude-steenbrug", "houten-brug", "--take")

    assert "br:citation :c1 ,\n        :c2 ;" in said(WOOD)
    assert 'br:pages "3" .\n\n:c2 a' in said(WOOD)
    assert rules(minimal) == []


def test_an_equal_part_is_not_doubled(run, minimal: Path, said) -> None:
    record, pages = "https://example.org/bruggen/id/bridge/houten-brug", '"12-13"'
    path = minimal / WOOD
    text = path.read_text("utf-8").replace("br:status", f"br:citation <{record}#c7> ; br:status")
    book = "<https://example.org/bruggen/id/book/bruggen-van-de-streek>"
    part = f"\n<{record}#c7> a br:Citation ; dct:source {book} ; br:pages {pages} .\n"
    path.write_text(text + part, "utf-8")

    run("merge", "oude-steenbrug", "houten-brug", "--take")

    assert "br:citation :c7 ;" in said(WOOD)
    assert said(WOOD).count("a br:Citation") == 1


@pytest.mark.parametrize(
    ("gone", "stays", "words"),
    [
        ("lange-vaart", "spoorbrug", "different kinds"),
        ("spoorbrug", "spoorbrug", "its own place"),
        ("spoorbrug", "nieuwe-brug", "still a draft"),
    ],
)
def test_what_cannot_be_merged_stays_as_it_is(
    run, minimal: Path, gone: str, stays: str, words: str
) -> None:
    before = contents(minimal)

    ran = run("merge", gone, stays)

    assert words in ran.err
    assert ran.code == 2
    assert contents(minimal) == before


def test_what_was_told_apart_does_not_refer_to_itself(run, minimal: Path, said) -> None:
    path = minimal / STREAM
    path.write_text(path.read_text("utf-8").replace("zoute-zee", "lange-vaart"), "utf-8")

    run("merge", "lange-vaart", "brede-stroom")

    assert "br:flowsInto" not in said(STREAM)
