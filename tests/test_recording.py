"""A newcomer's first hour: what is typed and what the program says, kept in the documentation.

``python tests/test_recording.py`` writes it into the document anew; the test compares the two.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from jkgraph.cli import jkgraph
from jkgraph.iri import slugify

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "how-to" / "add-a-record.md"
PLACE = re.compile(r"(?<=<!-- recording -->\n```text\n).*?(?=```\n<!-- end -->)", re.DOTALL)
WORKSPACE = ("data", "ontology", "shapes", "queries", "site_templates", "locale")

NAME = "Kletsmaatje van school"
FILE = f"data/intervention/{slugify(NAME)}.ttl"
HINT = '    #>   dct:description "…"@nl ;\n'
DUTCH = (
    "Een leerling uit een hogere klas trekt een half jaar op met een leerling die net begint. "
    "Een leerkracht bereidt de twee voor en houdt contact."
)
ENGLISH = (
    "A pupil from a higher form spends half a year with a pupil who has just started. "
    "A teacher prepares both and stays in touch."
)
EXISTING = ("Jouw ingebrachte mentor", "nee")
ANSWERS = (
    *(NAME, "", "School buddy", "", ENGLISH),
    *("wachttijden: wat werkt", "20", "", "", "nee"),
    *("", "", "nee"),
)


def recording() -> str:
    """Do what a newcomer does in a copy of this repository, and return what the screen shows."""
    with TemporaryDirectory() as folder, chdir(folder):
        for name in WORKSPACE:
            shutil.copytree(ROOT / name, name)
        shutil.copy(ROOT / "jkgraph.toml", ".")
        return "\n".join(line.rstrip() for line in _screen()).strip() + "\n"


def _screen() -> Iterator[str]:
    yield from _typed("new interventie", *EXISTING)
    yield from _typed("new interventie", *ANSWERS)
    yield from _typed(f"validate {FILE}")
    path = Path(FILE)
    text = path.read_text("utf-8")
    assert HINT in text, text
    path.write_text(text.replace(HINT, f'    dct:description "{DUTCH}"@nl ;\n'), "utf-8")
    yield from (f"(in een editor, in {FILE}:)", f'    dct:description "{DUTCH}"@nl ;', "")
    yield from _typed("format")
    yield from _typed("validate")
    yield from _typed("build --drafts")
    assert Path(FILE.replace("data", "build/site").replace(".ttl", ".html")).is_file()


def _typed(command: str, *answers: str) -> Iterator[str]:
    given = "".join(f"{answer}\n" for answer in answers)
    ask = ["--ask"] if answers else []
    ran = CliRunner().invoke(jkgraph, ["--lang", "nl", *command.split(), *ask], input=given)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.output
    yield f"$ jkgraph {command}"
    yield from ran.output.replace(str(Path.cwd()), "…").splitlines()
    yield ""


@pytest.mark.full
def test_a_newcomer_sees_what_the_documentation_shows() -> None:
    (shown,) = PLACE.findall(DOCUMENT.read_text("utf-8"))

    # How many records and pages there are changes with the records.
    assert re.sub(r"\d+", "0", recording()) == re.sub(r"\d+", "0", shown)


if __name__ == "__main__":
    new = recording()
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(PLACE.sub(lambda _: new, text), "utf-8")
