"""The forms of the real site in a real browser: what they write is right, and nothing gets lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from jkgraph.graph import Graph
from jkgraph.iri import split
from jkgraph.kinds import read_kinds

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
# What could end a text, an element, a line, or the direction of reading.
HOSTILE = '"quotes" \\ back\\nslash\n</script><b>&amp; 😀 \u202eright to left\u202c'
MAKE = "Maak het bestand"
DAY = re.compile(r'dct:modified "[^"]*"')


@pytest.fixture(scope="module")
def kinds(real: Graph) -> list[str]:
    return [kind.name for kind in read_kinds(real).records]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Give a copy of this repository as a workspace that a test may add to."""
    for name in ("data", "ontology", "shapes", "locale"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copyfile(ROOT / "jkgraph.toml", tmp_path / "jkgraph.toml")
    return tmp_path


def at(page: Page, host: str, path: str) -> Page:
    """Open a form, and wait until its script has made it ready."""
    page.goto(f"http://{host}/contribute/{path}")
    expect(page.locator("#sheet.on")).to_be_attached()
    return page


def own(scope: Locator) -> list[tuple[Locator, dict[str, str]]]:
    """Return the fields of a form or part with their rules, without those of parts inside it."""
    every = scope.locator("[data-path]")
    told = every.evaluate_all(
        """(fields, scope) => fields.map((field) => (
          { ...field.dataset, own: field.parentElement.closest(".piece, form") === scope }
        ))""",
        scope.element_handle(),
    )
    return [(every.nth(place), rules) for place, rules in enumerate(told) if rules["own"]]


def fill(page: Page, scope: Locator) -> None:
    """Fill in what is needed, by what the fields say of themselves."""
    fields = own(scope)
    for field, rules in fields:
        if "needed" in rules and "preset" not in rules:
            fill_field(page, field, rules)
    passage = (scope.get_attribute("data-one-of") or "").split()
    free = (f for f, rules in fields if rules["path"] in passage and "pattern" not in rules)
    for field in [*free][:1]:
        field.locator("input").first.fill(HOSTILE.replace("\n", " "))


def fill_field(page: Page, field: Locator, rules: dict[str, str]) -> None:
    how = rules["how"]
    if how == "part":
        fill(page, field.locator(".piece").first)
    elif how == "text":
        for control in field.locator("[data-needed] :is(input, textarea)").all():
            control.fill(text_for(page, control, rules))
    elif how == "pick":
        pick(page, field.locator("input"))
    elif field.locator(".option").count():
        field.locator(".option input:not([value=''])").first.check()
    elif how == "choice":
        field.locator("select").select_option(index=1)
    else:
        written = {"date": "2025-01-31", "when": "2025-01", "number": "12", "yes": "true"}
        assert how in {*written, "line", "address"}, f"no way to fill in {how}"
        other = "https://example.org/a?b=%C3%BC#c" if how == "address" else HOSTILE
        field.locator("input").first.fill(written.get(how, other.replace("\n", " ")))


def text_for(page: Page, control: Locator, rules: dict[str, str]) -> str:
    """Make a hostile text of the length that is asked; a name says of what it is."""
    is_line = control.evaluate("e => e.tagName") == "INPUT"
    text = HOSTILE.replace("\n", " ") if is_line else HOSTILE
    kind = page.url.rpartition("/")[2]
    return f"{kind} {text}".ljust(int(rules.get("shortest", 0)), "x")


def pick(page: Page, control: Locator) -> None:
    """Choose the first name that the browser offers."""
    control.focus()
    page.wait_for_function("e => e.list?.options.length", arg=control.element_handle())
    control.fill(control.evaluate("e => e.list.options[0].value"))


def made(page: Page) -> str:
    """Ask for the file, and return its text."""
    page.get_by_role("button", name=MAKE).click()
    expect(page.locator("#made:visible, #errors:visible")).to_be_visible()
    assert page.locator("#errors:visible").all_inner_texts() == []
    return page.locator("#text").text_content() or ""


def jkgraph(workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jkgraph", "--lang", "en", *arguments]
    return subprocess.run(command, cwd=workspace, capture_output=True, text=True, check=False)  # noqa: S603  (our own program)


def test_what_each_form_makes_is_canonical_and_valid(
    page: Page, host: str, kinds: list[str], workspace: Path
) -> None:
    files: list[str] = []
    for kind in kinds:
        fill(page, at(page, host, f"{kind}.html").locator("#sheet"))
        text = made(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download", exact=True).click()
        name = page.locator("#file").inner_text()
        assert name == f"data/{kind}/{download.value.suggested_filename}"
        download.value.save_as(workspace / name)
        assert (workspace / name).read_text("utf-8") == text
        labels = texts(workspace / name, "prefLabel")
        assert labels >= {f"{kind}.html {HOSTILE}".replace("\n", " ")}
        files.append(name)

    formatted = jkgraph(workspace, "format", "--check", *files)
    assert (formatted.returncode, formatted.stdout) == (0, ""), formatted.stderr
    found = jkgraph(workspace, "validate").stdout.splitlines()
    wrong = [f for f in found if f.startswith(tuple(files)) and ": violation:" in f]
    assert wrong == []


def texts(path: Path, name: str) -> set[str]:
    """Return the texts of a property in a file."""
    quads = ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)
    return {q.object.value for q in quads if split(q.predicate.value)[1] == name}


def some_records(number: int) -> Iterator[Path]:
    """Yield the longest files of each kind, which say the most."""
    for folder in sorted((ROOT / "data").iterdir()):
        yield from sorted(folder.glob("*.ttl"), key=lambda f: (-f.stat().st_size, f.name))[:number]


def test_the_script_writes_every_record_as_the_command_does(page: Page, host: str) -> None:
    paths = [p.relative_to(ROOT / "data").with_suffix("") for p in some_records(15)]
    at(page, host, "theme.html")

    differ = page.evaluate(
        """async (records) => {
          const { read, write } = await import("/static/turtle.js");
          const text = async (path) => (await fetch(path)).text();
          const models = {};
          const differ = [];
          for (const record of records) {
            const [kind] = record.split("/");
            models[kind] ??= text(`/contribute/${kind}.html`).then((html) => {
              const page = new DOMParser().parseFromString(html, "text/html");
              return JSON.parse(page.getElementById("model").textContent);
            });
            const model = await models[kind];
            const prefixes = { ...model.prefixes, "": `${model.records}${record}#` };
            const [nt, ttl] = await Promise.all([text(`/${record}.nt`), text(`/${record}.ttl`)]);
            if (write(read(nt), { ...model, prefixes }) !== ttl) differ.push(record);
          }
          return differ;
        }""",
        [path.as_posix() for path in paths],
    )

    assert differ == []


@pytest.mark.parametrize("path", list(some_records(1)), ids=lambda path: path.parent.name)
def test_a_record_that_is_opened_and_left_as_it_is_stays_the_same(
    page: Page, host: str, path: Path
) -> None:
    at(page, host, f"{path.parent.name}.html?record={path.stem}")

    assert DAY.sub("", made(page)) == DAY.sub("", path.read_text("utf-8"))


def test_what_is_changed_and_taken_away_is_all_that_changes(page: Page, host: str) -> None:
    path = ROOT / "data" / "finding" / "aantal-jongeren-in-jeugdhulp-neemt-toe.ttl"
    at(page, host, f"finding.html?record={path.stem}")
    place = page.locator("[data-path$='def#place']")
    place.evaluate("e => e.closest('details').open = true")
    place.locator("input").fill("")

    before = path.read_text("utf-8").splitlines()
    after = made(page).splitlines()

    gone = [line for line in before if line not in after and "dct:modified" not in line]
    assert [line.split()[0] for line in gone] == ["@prefix", "jk:place"]
    assert [line for line in after if line not in before and "dct:modified" not in line] == []


@pytest.mark.parametrize("path", ["theme.html?record=../x", "theme.html?record=is-er-niet"])
def test_a_record_that_is_not_there_is_told(page: Page, host: str, path: str) -> None:
    page.goto(f"http://{host}/contribute/{path}")

    expect(page.get_by_role("alert")).to_contain_text("staat niet op de site")
    expect(page.locator("#sheet")).to_be_hidden()


def test_faults_are_told_together_and_lead_to_their_fields(page: Page, host: str) -> None:
    at(page, host, "bottleneck.html").get_by_role("button", name=MAKE).click()

    expect(page.locator("#errors")).to_be_focused()
    page.get_by_role("link", name="Vul in: beschrijving (Nederlands)").click()
    control = page.locator("textarea[lang=nl]")
    expect(control).to_be_focused()
    expect(control).to_have_accessible_description(re.compile("Vul in: beschrijving"))
    control.fill("te kort")
    page.get_by_role("button", name=MAKE).click()
    expect(page.locator("#errors")).to_contain_text("“beschrijving” is te kort: 7 tekens")


WRONG = {
    "created": ("", "Vul in: gemaakt op"),
    "seeAlso": ("www.voorbeeld.nl", "webadres"),
    "start": ("2025-02-30", "een jaar (2021)"),
    "minimumAge": ("twaalf", "alleen een getal"),
    "maximumAge": ("12,5", "alleen een getal"),
    "theme": ("Iets dat er niet is", "staat er niet in"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_of_the_wrong_form_is_told(page: Page, host: str, name: str) -> None:
    text, told = WRONG[name]
    end = re.compile(f"[#/]{name}$")
    at(page, host, "intervention.html")
    fields = page.locator("#sheet > fieldset > section > details [data-path]").all()
    field = next(f for f in fields if end.search(f.get_attribute("data-path") or ""))
    field.evaluate("e => e.closest('details').open = true")
    field.locator("input").fill(text)
    page.get_by_role("button", name=MAKE).click()

    expect(page.locator("#errors")).to_contain_text(told)


def test_a_name_makes_the_address_and_asks_whether_it_is_there_already(
    page: Page, host: str
) -> None:
    at(page, host, "place.html")
    name = page.locator("[data-path$=prefLabel] input[lang=nl]")
    name.fill("Almeloo")
    name.blur()

    expect(page.locator("#slug")).to_have_value("almeloo")
    expect(page.get_by_role("link", name="Almelo", exact=True)).to_be_visible()
    page.locator("#slug").fill("almelo")
    page.get_by_role("button", name=MAKE).click()
    expect(page.locator("#errors")).to_contain_text("Dit adres bestaat al: almelo")


def test_values_come_and_go_by_the_keyboard_with_the_focus(page: Page, host: str) -> None:
    at(page, host, "bottleneck.html")
    field = page.locator("[data-path$=altLabel]")
    field.evaluate("e => e.closest('details').open = true")
    field.locator("input").fill("Een")
    field.locator(".add").focus()
    page.keyboard.press("Enter")
    expect(field.locator("input").nth(1)).to_be_focused()
    page.keyboard.type("Twee")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(field.locator("input")).to_have_count(1)
    expect(field.locator(".add")).to_be_focused()


def test_who_leaves_with_something_unsaved_is_asked(page: Page, host: str) -> None:
    at(page, host, "theme.html").locator("input[lang=nl]").press_sequentially("iets")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.close(run_before_unload=True)
    page.wait_for_event("close") if not page.is_closed() else None

    assert asked == ["beforeunload"]


def test_without_a_script_the_fields_are_explained(still: Page, host: str) -> None:
    still.goto(f"http://{host}/contribute/finding.html")

    expect(still.get_by_text("Het document dat gelezen is.").first).to_be_visible()
    expect(still.get_by_role("link", name="Download een beginbestand")).to_be_visible()
    assert still.get_by_role("button", name=MAKE).count() == 0


@pytest.mark.parametrize(
    ("width", "scheme"), list(product((1280, 360, 320), ("light", "dark"))), ids=str
)
def test_a_form_is_accessible_with_everything_open_and_faults(
    page: Page, host: str, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    at(page, host, "practice-example.html").get_by_role("button", name=MAKE).click()
    page.evaluate("document.querySelectorAll('main details').forEach((e) => (e.open = true))")
    for name in ("deelname", "verwacht effect"):
        buttons = page.get_by_role("button", name=f"Nog een: {name}")
        if buttons.count():
            buttons.first.click()

    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
