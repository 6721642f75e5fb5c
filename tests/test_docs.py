"""What the documentation shows works, and what it is made from has not changed since."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if not path.name.startswith(".")
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")


def _without_fences(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def _commands(path: Path) -> list[str]:
    blocks = (body for kind, body in FENCE.findall(path.read_text("utf-8")) if kind == "console")
    lines = (line for body in blocks for line in body.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ jkgraph ")]


SHOWN = [ROOT / "README.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]


@pytest.mark.parametrize(
    "path", [path for path in SHOWN if _commands(path)], ids=lambda path: path.name
)
def test_the_commands_that_are_shown_run(run, path: Path) -> None:
    for command in _commands(path):
        ran = run(*shlex.split(command)[1:])

        assert ran.code == 0, f"{command}\n{ran.out}{ran.err}"


def test_the_readme_shows_commands() -> None:
    assert len(_commands(ROOT / "README.md")) > 3


def test_the_readme_can_be_read_at_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 150


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_in_the_documentation_leads_somewhere(path: Path) -> None:
    text = _without_fences(path.read_text("utf-8"))
    hrefs = [one or other for one, other in LINK.findall(text)]
    broken = []
    for href in hrefs:
        if re.match(r"[a-z]+:", href):
            continue
        name, _, anchor = href.partition("#")
        target = (path.parent / name).resolve() if name else path
        is_there = target.exists() and (not anchor or anchor in _anchors(target))
        if not is_there:
            broken.append(href)

    assert broken == []


def _anchors(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    own = set(re.findall(r'<a id="([^"]+)">', text))
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return own | {_anchor(heading) for heading in headings}


def _anchor(heading: str) -> str:
    """Make the anchor that a forge gives a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).casefold()
    return re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")


def test_the_reference_is_current(run, repository: Path) -> None:
    ran = run("docs", "--check", at=repository)

    assert (ran.code, ran.out) == (0, "")


def test_a_workspace_has_a_reference_of_its_own(run, minimal: Path) -> None:
    run("docs")

    pages = {path.name: path.read_text("utf-8") for path in (minimal / "docs/reference").iterdir()}
    assert "`br:Bridge`" in pages["fields.md"]
    assert "### `flows-in-circle`" in pages["rules.md"]
    assert "`link-unknown`" in pages["rules.md"]
    assert "`fail_on`" in pages["configuration.md"]
    assert "`br:crosses`" in pages["cheat-sheet.md"]
    assert "--param" in pages["cli.md"]
    assert "`kinds/_record.html`" in pages["templates.md"]


def test_an_answer_is_written_between_its_markers(run, minimal: Path) -> None:
    (query,) = list((minimal / "queries").glob("*.rq"))[:1]
    document = minimal / "docs" / "answers.md"
    document.parent.mkdir(exist_ok=True)
    document.write_text(
        f"Before\n\n<!-- answer: {query.stem} rows=1 -->\nold\n<!-- end -->\n\nAfter\n"
    )

    assert run("docs", "--check").code == 1
    run("docs")

    text = document.read_text("utf-8")
    assert text.startswith(f"Before\n\n<!-- answer: {query.stem} rows=1 -->\n**")
    assert text.endswith("<!-- end -->\n\nAfter\n")
    assert f"jkgraph query {query.stem}" in text
    assert "old" not in text
    assert "more rows" in text
    assert run("docs", "--check").code == 0


def test_the_answer_to_a_query_in_the_document_is_written_below_it(run, minimal: Path) -> None:
    document = minimal / "docs" / "answers.md"
    document.parent.mkdir(exist_ok=True)
    asked = (
        "SELECT ?bridge { ?bridge a br:Bridge } ORDER BY ?bridge",
        "CONSTRUCT WHERE { bridge:spoorbrug br:material ?material }",
    )
    blocks = (
        f"```sparql\n{text}\n```\n\n<!-- answer rows=1 -->\nold\n<!-- end -->\n" for text in asked
    )
    document.write_text("\n".join(("```sparql\nASK {}\n```\n\nNo answer.\n", *blocks)))

    run("docs")

    text = document.read_text("utf-8")
    rows, triples = (part.partition("<!-- end -->")[0] for part in text.split("rows=1 -->")[1:])
    assert re.search(r"\| bridge:[\w-]+ \|\n\n… and \d+ more rows", rows)
    assert re.search(r"```turtle\nbridge:spoorbrug br:material .*\n```", triples)
    assert "old" not in text
    assert run("docs", "--check").code == 0


def test_a_fault_in_a_query_in_a_document_names_the_document(run, minimal: Path) -> None:
    document = minimal / "docs" / "answers.md"
    document.parent.mkdir(exist_ok=True)
    document.write_text("```sparql\nSELECT {\n```\n\n<!-- answer -->\n<!-- end -->\n")

    ran = run("docs")

    assert (ran.code, "answers.md:" in ran.err) == (2, True)
