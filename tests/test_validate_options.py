"""What `validate` repairs, lets pass and leaves out, and what it asks the network."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest

from jkgraph.checks.external import Asker, check_external, is_public
from jkgraph.loading import load
from jkgraph.workspace import open_workspace

BRIDGE, WOOD = "data/bridge/oude-steenbrug.ttl", "data/bridge/houten-brug.ttl"
DAY = '"2025-05-01"^^xsd:date'


def _replace(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")


def test_a_repair_is_shown_and_made_and_leaves_the_rest_as_it_was(run, minimal: Path) -> None:
    file = minimal / BRIDGE
    right = file.read_text("utf-8")
    _replace(
        file,
        ("material:steen", '"Steen"@nl'),
        (DAY, '"1-5-2025"^^xsd:date'),
        ("water:lange-vaart", "water:lange-vart"),
        ('"Oude Steenbrug"@nl', '"Oude Steenbrug"'),
        ("br:citation", "br:citaton"),
        ("    br:length 24.50 ;\n", "br:length   24.50;\n"),
    )

    ran = run("validate", "--fix")

    assert "\n-br:length   24.50;\n" in ran.err
    assert "\n+    br:length 24.50 ;\n" in ran.err
    assert "Repaired: 1 file." in ran.err
    assert (ran.out, ran.code) == ("", 0)
    assert file.read_text("utf-8") == right


def test_a_trial_shows_the_same_and_changes_nothing(run, minimal: Path) -> None:
    file = minimal / BRIDGE
    _replace(file, ("material:steen", "material:stene"))
    before = file.read_bytes()

    ran = run("validate", "--fix", "--dry-run")

    assert "\n+    br:material material:steen ;\n" in ran.err
    assert file.read_bytes() == before
    assert ran.code == 1


def test_what_is_not_certain_is_left_to_people(run, minimal: Path) -> None:
    file = minimal / BRIDGE
    _replace(file, (DAY, '"03/04/2025"^^xsd:date'))
    before = file.read_bytes()

    ran = run("validate", "--fix")

    assert '    Write: "2025-04-03"^^xsd:date\n' in ran.out
    assert ran.code == 1
    assert file.read_bytes() == before


def test_a_fault_that_hides_another_is_repaired_with_it(run, minimal: Path) -> None:
    line = "@prefix material: <https://example.org/bruggen/id/material/> .\n"
    _replace(minimal / BRIDGE, (line, ""), ("material:steen", "material:stene"))

    ran = run("validate", "--fix")

    assert ran.code == 0
    assert "material:steen" in (minimal / BRIDGE).read_text("utf-8")


def test_two_records_with_one_slip_are_not_told_apart(run, minimal: Path) -> None:
    water = minimal / "data" / "water" / "lange-vaart.ttl"
    other = minimal / "data" / "water" / "lange-vaert.ttl"
    text = water.read_text("utf-8").replace("lange-vaart", "lange-vaert")
    other.write_text(text.replace("Lange Vaart", "Smalle Sloot"), "utf-8")
    _replace(minimal / BRIDGE, ("water:lange-vaart", "water:lange-vart"))

    ran = run("validate", "--fix")

    assert "water:lange-vart" in (minimal / BRIDGE).read_text("utf-8")
    assert ran.code == 1


def test_comments_and_hints_are_kept(run, minimal: Path) -> None:
    for name, comment in ((BRIDGE, "# navragen"), (WOOD, "#> hint")):
        _replace(
            minimal / name, (DAY, '"01-05-2025"^^xsd:date'), ("br:length", f"{comment}\n br:length")
        )

    ran = run("validate", "--fix")

    assert ran.code == 0
    for name, comment in ((BRIDGE, "# navragen"), (WOOD, "#> hint")):
        text = (minimal / name).read_text("utf-8")
        assert f"{comment}\n br:length" in text
        assert DAY in text


def test_only_named_files_are_repaired(run, minimal: Path) -> None:
    for name in (BRIDGE, WOOD):
        _replace(minimal / name, (DAY, '"01-05-2025"^^xsd:date'))

    run("validate", "--fix", WOOD)

    assert DAY in (minimal / WOOD).read_text("utf-8")
    assert DAY not in (minimal / BRIDGE).read_text("utf-8")


def test_known_findings_pass_and_new_ones_fail(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, ("br:length 24.50", "br:length 0.0"))

    written = run("validate", "--write-baseline", "known.json")
    _replace(minimal / BRIDGE, ("@prefix br:", "# a line more\n@prefix br:"))
    known = run("validate", "--baseline", "known.json")
    _replace(minimal / WOOD, ("br:length 18.0", "br:length 0.0"))
    new = run("validate", "--baseline", "known.json")

    assert (written.code, known.code, new.code) == (0, 0, 1)
    assert known.out == ""
    assert [line.partition(":")[0] for line in new.heads] == [WOOD]


def test_a_known_finding_that_is_gone_is_told(run, minimal: Path) -> None:
    right = (minimal / BRIDGE).read_text("utf-8")
    _replace(minimal / BRIDGE, ("br:length 24.50", "br:length 0.0"))
    run("validate", "--write-baseline", "known.json")
    (minimal / BRIDGE).write_text(right, "utf-8")

    ran = run("validate", "--baseline", "known.json")

    assert "Solved since known.json: 1 finding." in ran.err
    assert ran.code == 0


@pytest.mark.parametrize("text", ["", "[]", '{"findings": [{"rule": 1}]}', "{"])
def test_a_broken_baseline_is_one_error(run, minimal: Path, text: str) -> None:
    (minimal / "known.json").write_text(text, "utf-8")

    ran = run("validate", "--baseline", "known.json")

    assert ran.err.startswith("jkgraph: known.json ")
    assert len(ran.err.splitlines()) == 1
    assert ran.code == 2


def test_a_missing_baseline_is_one_error(run) -> None:
    ran = run("validate", "--baseline", "nowhere.json")

    assert len(ran.err.splitlines()) == 1
    assert ran.code == 2


@pytest.fixture
def versioned(minimal: Path) -> Path:
    """Give a workspace whose last commit has a fault."""
    _replace(minimal / WOOD, ("br:length 18.0", "br:length 0.0"))
    for arguments in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "x"],
    ):
        subprocess.run(["git", *arguments], cwd=minimal, check=True)  # noqa: S603, S607  (our words)
    return minimal


def test_only_changed_files_are_judged(run, versioned: Path) -> None:
    assert run("validate").code == 1
    assert run("validate", "--changed").code == 0

    _replace(versioned / BRIDGE, ("br:length 24.50", "br:length 0.0"))

    assert [line.partition(":")[0] for line in run("validate", "--changed").heads] == [BRIDGE]
    assert [line.partition(":")[0] for line in run("validate", "--changed=HEAD").heads] == [BRIDGE]


def test_what_points_to_a_record_that_was_taken_away_is_judged_too(run, versioned: Path) -> None:
    (versioned / "data" / "water" / "brede-stroom.ttl").unlink()

    heads = run("validate", "--changed").heads

    assert {line.rpartition("[")[2] for line in heads} == {"link-unknown]"}
    assert len(heads) == 3


@pytest.mark.usefixtures("versioned")
def test_an_unknown_revision_is_one_error(run) -> None:
    ran = run("validate", "--changed=nowhere")

    assert len(ran.err.splitlines()) == 1
    assert ran.code == 2


class _Site(BaseHTTPRequestHandler):
    """Answers as its path says, and keeps what it was asked."""

    asked: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        status = int(self.path.partition("/")[2].partition("/")[0] or 200)
        if status == 405 and self.command == "GET":
            status = 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.path.removeprefix("/302"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(running) -> Iterator[str]:
    """Serve a site on this machine, at a free port."""
    _Site.asked.clear()
    with running(ThreadingHTTPServer(("127.0.0.1", 0), _Site)) as place:
        yield f"http://{place}"


def _everybody(_: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/200/", None),
        ("/403/", None),
        ("/405/", None),
        ("/302/200/", None),
        ("/404/", "external.status"),
        ("/410/", "external.status"),
        ("/500/", "external.status"),
        ("/302/404/", "external.status"),
        ("/302" * 7 + "/200/", "external.redirects"),
    ],
)
def test_an_address_leads_somewhere_or_not(site: str, path: str, key: str | None) -> None:
    reason = Asker(may_ask=_everybody).ask(site + path)

    assert (reason.key if reason else None) == key
    assert _Site.asked[0] == f"HEAD {path}"


def test_a_host_that_is_not_there_is_silent() -> None:
    reason = Asker(may_ask=_everybody).ask("http://127.0.0.1:9/")

    assert reason is not None
    assert reason.key == "external.silent"


def test_this_machine_is_never_asked(site: str) -> None:
    for address in (site, "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest"):
        reason = Asker().ask(f"{address}/200/")
        assert reason is not None
        assert reason.key == "external.private"
    assert _Site.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:400e::1", True),
        ("10.0.0.1", False),
        ("192.168.1.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  (nothing listens)
        ("100.64.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("224.0.0.1", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) == public


def test_a_dead_link_is_a_warning_at_its_place(minimal: Path) -> None:
    _replace(
        minimal / BRIDGE,
        (
            "br:length",
            "<http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://e.org/a> ;\n br:length",
        ),
    )
    graph = load(open_workspace(minimal))
    asked = []

    found = list(
        check_external(
            graph, lambda address: asked.append(address) or Asker(may_ask=_everybody).ask("x:")
        )
    )

    assert asked == ["https://e.org/a"]
    (finding,) = found
    assert finding.location.line == 19
    assert finding.severity.word == "warning"
    assert finding.value == str(ox.NamedNode("https://e.org/a"))


def test_without_being_asked_no_check_uses_the_network(
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)

    assert run("validate").code == 0
