"""``new`` asks what a record requires, looks whether it exists, and never leaves half a file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BRIDGE = "data/bridge/loopbrug.ttl"
COMPLETE = """\
bridge:loopbrug a br:Bridge ;
    skos:prefLabel "Loopbrug"@nl ;
    dct:description "Een brug voor voetgangers."@nl ;
    br:crosses water:brede-stroom ,
        water:lange-vaart ;
    br:status status:in-bewerking ;
"""


@pytest.fixture
def ask(run) -> Callable[..., object]:
    """Run ``new --ask`` with a line of input for each question."""
    return lambda *lines, arguments=(): run(
        "new", *arguments, "--ask", given="".join(f"{line}\n" for line in lines)
    )


def test_a_record_with_all_that_is_required_is_written_in_its_form(run, ask, minimal: Path) -> None:
    text = "Een brug voor voetgangers."

    ran = ask("brug", "Loopbrug", "", text, "brede", "lange vaart", "", "no")

    assert (ran.code, ran.out) == (0, f"{BRIDGE}\n")
    assert COMPLETE in (minimal / BRIDGE).read_text("utf-8")
    assert "    #>" not in (minimal / BRIDGE).read_text("utf-8")
    assert "\ndescription (required)\n" in ran.err
    assert "A fixed crossing that people walk or drive over." in ran.err
    assert run("format", "--check").code == 0
    assert run("validate").code == 0


def test_what_is_left_empty_becomes_help_in_the_file(run, ask, minimal: Path) -> None:
    ran = ask("", "", "brede", "", "no", arguments=("bridge", "Loopbrug"))

    text = (minimal / BRIDGE).read_text("utf-8")
    assert '    #>   dct:description "…"@nl ;\n' in text
    assert "    br:crosses water:brede-stroom ;\n" in text
    assert "jkgraph format data/bridge/loopbrug.ttl" in ran.err
    run("format")
    assert "Record-description" in run("validate").out


def test_lists_go_by_number_or_name_and_parts_are_asked_for(run, ask, minimal: Path) -> None:
    required = ("", "Een brug.", "brede", "", "yes")
    names, materials, numbers = ("",), ("2", "wood", ""), ("veel", "12,5", "")
    citation = ("yes", "bruggen", "3-4", "no")

    ran = ask(*required, *names, *materials, *numbers, *citation, arguments=("bridge", "Loopbrug"))

    text = (minimal / BRIDGE).read_text("utf-8")
    assert "br:material material:hout ,\n        material:steen ;" in text
    assert "br:length 12.5 ;" in text
    assert "Give one length above 0" in ran.err
    assert 'dct:source book:bruggen-van-de-streek ;\n    br:pages "3-4" .' in text
    assert run("validate").code == 0


def test_a_choice_that_is_not_clear_is_asked_again(ask, minimal: Path) -> None:
    ran = ask("", "Een brug.", "zzz", "t", "1", "", "no", arguments=("bridge", "Loopbrug"))

    assert 'Nothing is called "zzz"' in ran.err
    assert 'Several names fit "t"' in ran.err
    assert "br:crosses water:" in (minimal / BRIDGE).read_text("utf-8")


def test_a_record_that_may_be_there_already_is_named_first(ask, minimal: Path) -> None:
    ran = ask("Spoorbrugg", "no", arguments=("bridge",))

    assert "Railway bridge (bridge:spoorbrug)" in ran.err
    assert (ran.code, ran.out) == (0, "")
    assert sorted(p.stem for p in (minimal / "data" / "bridge").iterdir()) == [
        "houten-brug",
        "nieuwe-brug",
        "oude-steenbrug",
        "spoorbrug",
    ]


def test_in_a_pipe_nothing_is_asked_and_what_is_alike_is_told(run) -> None:
    ran = run("new", "bridge", "Spoorbrugg")

    assert (ran.code, ran.out) == (0, "data/bridge/spoorbrugg.ttl\n")
    assert "Railway bridge (bridge:spoorbrug)" in ran.err
    assert "(yes/no)" not in ran.err


def test_in_a_pipe_kind_and_name_are_needed(run) -> None:
    for arguments in ((), ("bridge",)):
        ran = run("new", *arguments)

        assert "bridge" in ran.err
        assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_a_slug_that_is_taken_or_is_none_is_asked_again(ask) -> None:
    slugs = ("spoorbrug", "Rode brug", "rode-brug")

    ran = ask(*slugs, "Een brug.", "brede", "", "no", arguments=("bridge", "Rood"))

    assert ran.out == "data/bridge/rode-brug.ttl\n"


@pytest.mark.parametrize("number", range(7))
def test_input_that_ends_early_writes_nothing(ask, minimal: Path, number: int) -> None:
    lines = ("bridge", "Loopbrug", "", "Een brug.", "brede", "", "no")

    ran = ask(*lines[:number])

    assert ran.code == 130
    assert not (minimal / BRIDGE).exists()


def test_on_a_terminal_questions_are_asked(minimal: Path) -> None:
    import pty  # not on Windows

    screen, terminal = pty.openpty()
    program = [sys.executable, "-m", "jkgraph", "--lang", "en", "new"]
    with subprocess.Popen(  # noqa: S603  (our own program)
        program, cwd=minimal, stdin=terminal, stdout=terminal, stderr=terminal
    ) as running:
        os.close(terminal)
        shown = b""
        while b"Number or name of the kind: " not in shown:
            shown += os.read(screen, 1000)
        os.write(screen, b"\x04")

    assert running.returncode == 130
    assert not (minimal / BRIDGE).exists()
