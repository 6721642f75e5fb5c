"""Talking with the graph: what is typed, what is suggested, what is answered, what stops."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from jkgraph.cli import apart, prompt, session, shell
from jkgraph.cli.conversation import Conversation
from jkgraph.cli.session import Session
from jkgraph.graph import Graph
from jkgraph.searching import search
from jkgraph.sparql import is_whole
from jkgraph.suggestions import Suggester

BRIDGES = "SELECT ?x { ?x a br:Bridge } ORDER BY ?x"
COUNTLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Answer in this process, and remember what is typed in a folder of the test."""
    monkeypatch.setattr(session, "BACKGROUND", False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def _conversation(root: Path) -> Conversation:
    return Conversation(Session(str(root), "en"), "closed", "table", None, None)


@pytest.fixture(scope="module")
def talk(_minimal: Path) -> Conversation:
    return _conversation(_minimal)


@pytest.fixture
def suggester(talk: Conversation) -> Suggester:
    return talk.suggester


# What is a whole query


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("", False),
        ("SELECT *", False),
        ("SELECT * {", False),
        ("SELECT * { ?x ?y '}", False),
        ("SELECT * { ?x ?y ?z # }", False),
        ("PREFIX a: <x:y>", False),
        ("PREFIX a: <x:y> SELECT * { ?x ?y ?z }", True),
        ("select * { ?x ?y ?z } }", True),
        ("DESCRIBE bridge:houten-brug", True),
        ("FOO", True),
    ],
)
def test_a_query_is_whole_when_all_is_closed(text: str, is_so: bool) -> None:
    assert is_whole(text) == is_so


def test_lines_make_queries_and_commands() -> None:
    lines = """.help
SELECT * {

  ?x ?y ?z
}
ORDER BY ?x

# a note
ASK { }
.limit 3
PREFIX a: <x:y>
ASK { a:b ?y ?z }
ASK { unfinished
""".splitlines(keepends=True)

    assert list(shell.statements(lines)) == [
        ".help",
        "SELECT * {\n\n  ?x ?y ?z\n}\nORDER BY ?x",
        "# a note\nASK { }",
        ".limit 3",
        "PREFIX a: <x:y>\nASK { a:b ?y ?z }",
        "ASK { unfinished",
    ]


# What is answered without a terminal


def test_a_text_is_done_line_by_line(run) -> None:
    ran = run("shell", "--format", "csv", given=f"{BRIDGES}\nLIMIT 1\n\n.limit 2\n{BRIDGES}\n")

    rows = ran.out.splitlines()
    assert rows[0] == rows[2] == "x"
    assert [row.rpartition("/")[2] for row in rows[1::2]] == ["houten-brug", "houten-brug"]
    assert (len(rows), ran.err, ran.code) == (5, "", 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT *\n{ ?x a brr:Bridge }", 'sparql:2:8: the prefix "brr:" is not known.'),
        ("SELECT * { ?x br:lenght ?y }", "sparql:1:15: the query uses br:lenght"),
        ("SELCT * { ?x ?y ?z }", 'SPARQL does not know the word "SELCT". Did you mean SELECT?'),
        ("SELECT * { SERVICE <https://e.org/> { ?x ?y ?z } }", "sparql"),
        ("DELETE WHERE { ?x ?y ?z }", "sparql:1:1"),
        (".sow x", 'There is no command ".sow". Did you mean .show?'),
        (".limit 0", ".limit needs another value"),
        (".limit x", ".limit needs another value"),
        (".format doc", ".format needs another value"),
        (".lang fr", ".lang needs another value"),
        (".show no-such-bridge", 'There is no "no-such-bridge".'),
        (".search steenbrig", "Did you mean Steenbrug?"),
        (".run bridges-ovr", "Did you mean bridges-over?"),
        (".run", 'There is no saved query "".'),
        (".run bridges-over water", "NAME=VALUE"),
        (".run bridges-over 'water=x", "has no second one"),
        (".save", "There is no answer to save yet."),
        (".save x.csv", "There is no answer to save yet."),
    ],
)
def test_a_fault_is_told_and_the_rest_is_done(run, text: str, told: str) -> None:
    ran = run("shell", "--format", "csv", given=f"{text}\n\nASK {{ ?x ?y ?z }}\n")

    assert told in ran.err
    assert ran.err.count("\n") == 1
    assert (ran.out.strip(), ran.code) == ("true", 2)


def test_commands_answer(run, tmp_path: Path) -> None:
    file = tmp_path / "answer.csv"
    said = [
        ".run bridges-over 'water=Brede Stroom'",
        f".save {file}",
        ".queries water CROSS",
        ".show oude steenbrug",
        ".search stone old",
        ".why oude-steenbrug",
        ".limit 5",
        ".limit",
        ".timeout off",
        ".timeout",
        ".lang nl",
        ".foo",
        "quit",
        "ASK { ?x ?y ?z }",
    ]

    ran = run("shell", given="\n\n".join(said))

    assert file.read_bytes().startswith(b"bridge,name,length\r\n")
    for told in (
        "bridge:spoorbrug",
        "bridges-over  Which bridges cross this water?",
        "Follows from this:",
        "by way of Lange Vaart",
        "bridge:oude-steenbrug  Old Stone Bridge (bridge)",
        "\n5\noff\n",
    ):
        assert told in ran.out
    assert "bodies of water" not in ran.out
    assert "Er is geen opdracht" in ran.err
    assert "true" not in ran.out


def test_files_that_change_are_read_again(capsys, minimal: Path) -> None:
    talk = _conversation(minimal)
    file = minimal / "data/bridge/houten-brug.ttl"
    talk.do(".show houten-brug")
    time.sleep(0.02)
    file.write_text(file.read_text("utf-8").replace("18.0", "19.5"), "utf-8")

    talk.do(".show houten-brug")

    shown = capsys.readouterr()
    assert "18.0" in shown.out
    assert "19.5" in shown.out
    assert "Files changed" in shown.err


def test_a_query_that_takes_too_long_is_stopped_and_the_rest_is_done(minimal: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jkgraph", "--lang", "en", "shell"],
        cwd=minimal,
        input=f".timeout 0.3\n{COUNTLESS}\n\nASK {{ ?x ?y ?z }}\n",
        capture_output=True,
        text=True,
        check=False,
    )

    assert "longer than 0.3 seconds" in done.stderr
    assert ".timeout SECONDS" in done.stderr
    assert (done.stdout, done.returncode) == ("true\n", 2)


# What is suggested


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("SEL", ["SELECT"]),
        ("SELECT ?bridge { ?b", ["?bridge"]),
        ("SELECT * { ?x a br:Br", ["br:Bridge"]),
        ("SELECT * { ?x br:cros", ["br:crosses"]),
        ("SELECT * { ?x br:crosses steenb", ["bridge:oude-steenbrug"]),
        ("SELECT * { ?x br:crosses railw", ["bridge:spoorbrug"]),
        ("SELECT * { ?x br:crosses water:lan", ["water:lange-vaart"]),
        ("SELECT * { ?x skos:prefL", ["skos:prefLabel"]),
        ("SELECT * { ?x br:crosses wat", ["water:"]),
        ('SELECT * { ?x skos:prefLabel "Sto', []),
        ("SELECT * { ?x a <http", []),
        ("SELECT * { } # Sto", []),
        ("", []),
    ],
)
def test_what_may_follow_is_suggested(suggester: Suggester, before: str, first: list[str]) -> None:
    found = list(suggester.sparql(before, before))

    assert [one.text for one in found[:1]] == first
    assert all(before.endswith(before[len(before) - one.replaced :]) for one in found)


def test_a_prefix_alone_gives_all_that_it_has(suggester: Suggester) -> None:
    found = {one.text for one in suggester.sparql("ASK { ?x br:", "ASK { ?x br:")}

    assert {"br:crosses", "br:length", "br:Bridge"} <= found


def test_variables_behind_the_cursor_are_known_too(suggester: Suggester) -> None:
    assert [s.text for s in suggester.sparql("SELECT ?", "SELECT ? { ?a ?b ?a }")] == ["?a", "?b"]


def _completed(talk: Conversation, text: str, *, asked: bool = True) -> list[str]:
    event = CompleteEvent(completion_requested=asked, text_inserted=not asked)
    completer = prompt._Completer(talk)
    return [one.text for one in completer.get_completions(Document(text), event)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (".s", ".show"),
        (".show stone", "bridge:oude-steenbrug"),
        (".show old st", "bridge:oude-steenbrug"),
        (".run bri", "bridges-over"),
        (".run bridges-over wa", "water="),
        (".run bridges-over water=lange", "lange-vaart"),
        (".format js", "json"),
        (".lang ", "nl"),
    ],
)
def test_commands_are_completed(talk: Conversation, text: str, first: str) -> None:
    assert _completed(talk, text, asked=False)[0] == first


def test_little_is_suggested_unasked(talk: Conversation) -> None:
    assert _completed(talk, "S", asked=False) == []
    assert "SELECT" in _completed(talk, "S")
    assert _completed(talk, ".run no-such-query a") == _completed(talk, ".search x") == []


def test_records_are_found_by_words_in_any_order_the_names_first(graph: Graph) -> None:
    def found(words: str) -> list[str]:
        return [graph.addresses.compact(node.value) for node in search(graph, words, "en")]

    assert found("BRIDGE old")[0] == "bridge:oude-steenbrug"
    assert found("steen") == ["bridge:oude-steenbrug"]
    assert found("brug lange") == ["bridge:houten-brug", "bridge:oude-steenbrug"]


# What is typed


@pytest.fixture
def type_in(talk: Conversation) -> Iterator[Callable[[str], list[str]]]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):

        def type_in(text: str) -> list[str]:
            keys.send_text(text)
            return list(prompt.typed(talk))

        yield type_in


ENTER, ALT_ENTER, CTRL_C, CTRL_D, UP = "\r", "\x1b\r", "\x03", "\x04", "\x1b[A"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (f"ASK {{ }}{ENTER}", ["ASK { }"]),
        (f"ASK {{{ENTER} }}{ENTER}", ["ASK {\n }"]),
        (f"ASK {{ }}{ALT_ENTER}LIMIT 1{ENTER}", ["ASK { }\nLIMIT 1"]),
        (f"ASK {{{ENTER}{ENTER}", ["ASK {"]),
        (f".show x{ENTER}{ENTER}help{ENTER}", [".show x", "help"]),
        (f"ASK {{{CTRL_C}.help{ENTER}", [".help"]),
    ],
)
def test_enter_asks_what_is_whole_and_else_goes_on(type_in, keys: str, said: list[str]) -> None:
    assert type_in(keys + CTRL_D) == said


def test_what_was_typed_is_remembered_outside_the_workspace(
    type_in, talk: Conversation, tmp_path: Path
) -> None:
    type_in(f".help{ENTER}{CTRL_D}")

    file = tmp_path / "state/jkgraph/history"
    assert ".help" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert type_in(f"{UP}{ENTER}{CTRL_D}") == [".help"]
    assert not list(talk.run.workspace.root.rglob("history"))


def test_only_the_last_texts_are_remembered(
    type_in, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt, "MOST_KEPT", 2)
    type_in("".join(f".show {number}{ENTER}" for number in range(6)) + CTRL_D)

    type_in(CTRL_D)

    text = (tmp_path / "state/jkgraph/history").read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("+")] == ["+.show 4", "+.show 5"]


def test_without_a_place_to_remember_the_shell_works(
    type_in, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))

    assert type_in(f".help{ENTER}{CTRL_D}") == [".help"]


def test_without_the_package_that_prompts_a_person_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, run
) -> None:
    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)
    monkeypatch.setattr(shell, "is_person", lambda: True)

    ran = run("shell")

    assert "pip install 'jkgraph[shell]'" in ran.err
    assert ran.code == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no copy on this system")
def test_work_that_ended_by_the_same_ctrl_c_is_stopped(
    minimal: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waitpid = os.waitpid

    def interrupted(copy: int, options: int) -> tuple[int, int]:
        waitpid(copy, options)
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "BACKGROUND", True)
    monkeypatch.setattr(os, "waitpid", interrupted)

    assert apart.apart(Session(str(minimal), "en"), lambda: None) == apart.STOPPED
    assert "Stopped" in capsys.readouterr().err


@pytest.mark.full
def test_a_person_talks_on_a_terminal(minimal: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "xterm"}
    command = ["-m", "jkgraph", "--lang", "en", "shell"]
    person = pexpect.spawn(
        sys.executable, command, cwd=minimal, env=environment, encoding="utf-8", timeout=60
    )
    person.expect("8 records")
    person.send(f"{BRIDGES}\r")
    person.expect(r"bridge:houten-brug(?s:.*)4 rows")
    person.send(f"{COUNTLESS}\r")
    time.sleep(2)
    person.send("\x03")
    person.expect("Stopped")
    person.send(".limit 1\r")
    person.send(f"{BRIDGES}\r")
    person.expect("The first 1 row,")
    person.send("\x04")
    person.expect(pexpect.EOF)
    person.close()

    assert person.exitstatus == 0
