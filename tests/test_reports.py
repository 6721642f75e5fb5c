"""Findings in every form: valid for the programs that read it, and readable for people."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import html5lib
import jsonschema
import openpyxl
import pytest
from lxml import etree

from jkgraph.reports import FORMATS

FORMS = Path(__file__).parent / "formats"
BRIDGE = "data/bridge/oude-steenbrug.ttl"


@pytest.fixture
def report(run, broken: Path, tmp_path: Path):
    """Give a report on the broken workspace in a form."""

    def made(form: str) -> bytes:
        out = tmp_path / f"report.{form}"
        ran = run("validate", "--format", form, "--out", str(out), at=broken)
        assert ran.code == 1
        assert ran.out == f"{out}\n"
        return out.read_bytes()

    return made


@pytest.fixture(scope="session")
def number(broken: Path) -> int:
    """Give how many findings the broken workspace has."""
    from jkgraph.checks import run_checks
    from jkgraph.kinds import read_kinds
    from jkgraph.loading import load
    from jkgraph.workspace import open_workspace

    graph = load(open_workspace(broken))
    return len(run_checks(graph, read_kinds(graph)))


@pytest.fixture
def odd(minimal: Path) -> Path:
    """Give a workspace whose one finding is about a value that is not what a format expects."""
    _replace(minimal / BRIDGE, "br:length 24.50", 'br:length "=1+1,%:<b>\\r\\n::x"')
    return minimal


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_sarif_is_as_its_schema_says(report, number: int) -> None:
    schema = json.loads((FORMS / "sarif-schema-2.1.0.json").read_text("utf-8"))
    log = json.loads(report("sarif"))

    jsonschema.Draft4Validator(schema).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(run["results"]) == number
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert {result["level"] for result in run["results"]} == {"error", "warning"}
    prints = [result["partialFingerprints"]["finding/v1"] for result in run["results"]]
    assert len(set(prints)) > number - 3


def test_sarif_tells_what_to_type(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, "material:steen", "material:stene")

    log = json.loads(run("validate", "--format", "sarif").out)

    (result,) = log["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == BRIDGE
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 18, "startColumn": 17, "endLine": 18, "endColumn": 31},
            "insertedContent": {"text": "material:steen"},
        }
    ]
    (logical,) = result["locations"][0]["logicalLocations"]
    assert logical["name"] == "Old Stone Bridge"


def test_junit_is_as_its_schema_says_and_has_a_case_for_every_file(report, broken: Path) -> None:
    document = etree.fromstring(report("junit"))

    etree.XMLSchema(etree.parse(FORMS / "junit-10.xsd")).assertValid(document)
    cases = {f"{c.get('classname')}/{c.get('name')}": c for c in document.iter("testcase")}
    assert len(cases) == int(document.get("tests"))
    files = {p.relative_to(broken).as_posix() for p in broken.glob("data/*/*.ttl")}
    assert files <= cases.keys()
    assert cases["data/water/goed.ttl"].find("failure") is None
    assert cases["data/water/link-unknown.ttl"].find("failure").get("type") == "link-unknown"
    # A warning does not fail.
    assert cases["data/water/similar-name.ttl"].find("failure") is None
    assert "similar-name" in cases["data/water/similar-name.ttl"].findtext("system-out")
    failed = sum(1 for _ in document.iter("failure"))
    assert failed == int(document.get("failures"))


@pytest.mark.usefixtures("odd")
def test_annotations_escape_what_would_end_them(run) -> None:
    (line,) = run("validate", "--format", "github").out.splitlines()

    assert line.startswith(f"::error file={BRIDGE},line=19,col=15,title=BridgeShape-length::")
    assert "=1+1,%25:<b>%0D%0A::x" in line


def test_annotations_escape_a_file_name(run, minimal: Path) -> None:
    (minimal / "data" / "bridge" / "a,b:100%.txt").write_text("", "utf-8")

    (line,) = run("validate", "--format", "github").out.splitlines()

    assert line.startswith("::warning file=data/bridge/a%2Cb%3A100%25.txt,line=1,col=1,")


def test_json_keeps_its_keys(report, number: int) -> None:
    found = json.loads(report("json"))

    assert len(found) == number
    keys = {"path", "line", "column", "severity", "rule", "record", "message", "label"}
    assert all(keys <= one.keys() for one in found)


def test_a_page_is_valid_and_loads_nothing(report, number: int) -> None:
    text = report("html").decode()

    html5lib.HTMLParser(strict=True).parse(text)
    assert text.count("<li>") == number
    assert not re.search(r"<script|url\(|@import|\ssrc=|\shref=", text)


@pytest.mark.usefixtures("odd")
def test_a_page_escapes_values(run) -> None:
    text = run("validate", "--format", "html").out

    assert "=1+1,%:&lt;b&gt;" in text
    assert "<b>" not in text


def test_a_workbook_has_a_row_for_each_finding_and_no_formula(run, odd: Path) -> None:
    run("validate", "--format", "xlsx", "--out", "found.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO((odd / "found.xlsx").read_bytes())).active
    heading, row = sheet.iter_rows()
    assert [cell.value for cell in heading][:4] == ["severity", "record", "field", "value"]
    value = row[3]
    assert value.value.startswith("=1+1")
    assert (value.data_type, value.quotePrefix) == ("s", True)
    assert [cell.value for cell in row[6:]] == [BRIDGE, 19, 15, "BridgeShape-length"]


def test_a_workbook_is_not_written_to_a_terminal(run) -> None:
    ran = run("validate", "--format", "xlsx")

    assert ran.out == ""
    assert "--out" in ran.err
    assert ran.code == 2


def test_text_says_below_each_finding_whose_it_is_and_what_to_type(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, "material:steen", "material:stene")

    assert run("validate", lang="nl").out == (
        f"{BRIDGE}:18:17: fout: material:stene bestaat niet. Bedoelt u steen? "
        "Verbeter de naam of maak dat record eerst. [link-unknown]\n"
        "    Oude Steenbrug – gemaakt van: material:stene\n"
        "    Schrijf: material:steen\n"
    )


def test_text_leads_once_to_the_page_of_each_rule(run, minimal: Path) -> None:
    run("docs")
    for name in ("material:steen", "water:lange-vaart"):
        _replace(minimal / BRIDGE, name, f"{name}x")
    _replace(minimal / BRIDGE, "br:length 24.50", "br:length 0.0")

    out = run("validate").out

    assert out.count("More: docs/reference/rules.md#link-unknown") == 1
    assert out.count("More: docs/reference/fields.md#BridgeShape-length") == 1
    for page, rule in re.findall(r"More: (\S+)#(\S+)", out):
        text = (minimal / page).read_text("utf-8")
        assert f'<a id="{rule}"></a>' in text or f"\n### `{rule}`\n" in text


def test_the_name_of_a_record_that_cannot_be_read_is_told(run, minimal: Path) -> None:
    _replace(minimal / BRIDGE, "24.50 ;", "24.50")

    assert "    Old Stone Bridge\n" in run("validate").out


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"xlsx"}))
def test_no_finding_is_fine_in_every_form(run, form: str) -> None:
    ran = run("validate", "--format", form)

    assert ran.code == 0
    assert ran.out == "" or form not in {"text", "github"}


@pytest.mark.parametrize(
    ("level", "code"), [("info", 1), ("warning", 1), ("violation", 0), ("never", 0)]
)
def test_the_severity_that_fails_can_be_chosen(run, minimal: Path, level: str, code: int) -> None:
    (minimal / "data" / "bridge" / "notities.txt").write_text("Bijna klaar.\n", "utf-8")

    assert run("validate", "--fail-on", level).code == code


@pytest.mark.usefixtures("odd")
def test_never_fails_not_even_on_a_violation(run) -> None:
    assert run("validate").code == 1
    assert run("validate", "--fail-on", "never").code == 0


def test_the_site_explains_every_rule_that_a_finding_leads_to(run, odd: Path) -> None:
    settings = odd / "jkgraph.toml"
    _replace(settings, "[site]\n", '[site]\naddress = "https://example.org/site/"\n')
    _replace(odd / BRIDGE, "material:steen", "material:stene")
    out = run("validate", lang="nl").out
    (odd / BRIDGE).unlink()
    run("build")

    pages = re.findall(r"Uitleg: https://example.org/site/(\S+)#(\S+)", out)

    assert len(pages) == 2
    for page, rule in pages:
        assert f'id="{rule}"' in (odd / "build" / "site" / page).read_text("utf-8")
