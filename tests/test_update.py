"""``update`` changes many records at once: shown first, written whole, and nothing but records."""

from __future__ import annotations

from pathlib import Path

import pytest

STONE, WOOD = "data/bridge/oude-steenbrug.ttl", "data/bridge/houten-brug.ttl"
STEEL = """DELETE { ?b br:material material:hout } INSERT { ?b br:material material:staal }
WHERE { ?b br:material material:hout }"""


def contents(folder: Path) -> dict[str, str]:
    paths = sorted(folder.rglob("*.ttl"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def test_an_update_is_shown_and_written_only_when_told(run, minimal: Path) -> None:
    before = contents(minimal)

    shown = run("update", "-", given=STEEL)
    assert contents(minimal) == before
    written = run("update", "-", "--yes", given=STEEL)

    assert shown.out in written.out
    assert "Wooden bridge (bridge)\n" in shown.out
    assert "  Made of: was wood, now steel.\n" in shown.out
    assert "--yes" in shown.err
    changed = {name for name, text in contents(minimal).items() if before[name] != text}
    assert changed == {WOOD}
    assert run("format", "--check").code == run("validate").code == 0


def test_statements_that_stay_keep_their_literals(run, minimal: Path) -> None:
    order = 'INSERT DATA { bridge:oude-steenbrug skos:altLabel "Oude brug"@nl }'

    run("update", "-", "--yes", given=order)

    text = (minimal / STONE).read_text("utf-8")
    assert 'skos:altLabel "Oude brug"@nl' in text
    assert "br:length 24.50 ;" in text
    assert ":c1 a br:Citation ;" in text


def test_an_update_may_make_a_record(run, minimal: Path) -> None:
    (minimal / "nieuw.ru").write_text(
        'INSERT DATA { water:sloot a br:Water ; skos:prefLabel "Sloot"@nl ; '
        'dct:description "Een smal water."@nl ; br:status status:klaar . }'
    )

    ran = run("update", "nieuw.ru", "--yes")

    assert "data/water/sloot.ttl" in ran.out
    assert run("validate").code == 0


def test_an_update_that_dates_a_record_itself_is_followed(run, minimal: Path) -> None:
    order = """DELETE { ?r dct:modified ?d } INSERT { ?r dct:modified "2025-06-01"^^xsd:date }
        WHERE { ?r a br:Bridge ; dct:modified ?d }"""

    run("update", "-", "--yes", given=order)

    assert '"2025-06-01"^^xsd:date' in (minimal / WOOD).read_text("utf-8")


def test_nothing_to_change_is_told(run) -> None:
    assert "Nothing changes" in run("update", "-", given="DELETE DATA { bridge:x br:length 1 }").err


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("CLEAR ALL", "CLEAR"),
        ("drop all", "DROP"),
        ("LOAD <file:///etc/passwd>", "LOAD"),
        ("INSERT { ?s br:crosses ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }", "SERVICE"),
        ("INSERT DATA { GRAPH <urn:x> { bridge:spoorbrug br:length 1 } }", "GRAPH"),
        ("INSERT DATA { material:goud a br:Material }", "material:goud"),
        ("INSERT DATA { bridge:Fout a br:Bridge }", "bridge:Fout"),
        ("INSERT DATA { <https://elders.example/x> a br:Bridge }", "elders.example"),
        ("INSERT { ?s br:crosses [] } WHERE { ?s a br:Bridge }", "without a name"),
        ("DELETE WHERE { bridge:spoorbrug ?p ?o }", "jkgraph withdraw"),
        ("INSERT DATA { bridge:spoorbrug br:crosse water:zoute-zee }", "crosses"),
        ("INSERT DATA { bridge:spoorbrug xx:p 1 }", "xx"),
        ("SELECT * { ?s ?p ?o }", "cannot be read"),
        ("INSERT DATA {", "cannot be read"),
    ],
)
def test_an_update_that_reaches_further_is_refused(
    run, minimal: Path, order: str, words: str
) -> None:
    before = contents(minimal)

    ran = run("update", "-", "--yes", given=order)

    assert words in ran.err
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert contents(minimal) == before


def test_words_in_texts_and_names_are_no_orders(run) -> None:
    order = """INSERT { ?load skos:altLabel "Clear all, drop; move"@nl }
        WHERE { ?load a br:Bridge ; br:material material:hout } # service"""

    assert run("update", "-", "--yes", given=order).code == 0


def test_a_file_that_is_not_there_is_told(run) -> None:
    ran = run("update", "nergens.ru")

    assert (ran.code, ran.err.count("\n")) == (2, 1)
