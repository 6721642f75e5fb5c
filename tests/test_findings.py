"""Every planted fault gives one finding: the right rule at the right place, in two languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import polib
import pytest

from jkgraph.turtle import Reason

LINE = re.compile(r"(?P<place>\S+:\d+:\d+): (?P<severity>\w+): (?P<text>.+) \[(?P<rule>[\w-]+)\]")
SEVERITIES = {
    "nl": {"violation": "fout", "warning": "waarschuwing"},
    "en": {"violation": "violation", "warning": "warning"},
}

# The fault that is planted at each place: its rule, and what a finding must name.
PLANTED = {
    "data/bridge/type-elsewhere.ttl:8:25": ("type-elsewhere", "br:Bridge", "br:Water"),
    "data/brigde:1:1": ("folder-unknown", "brigde", "bridge"),
    "data/water/Slug_Form.ttl:1:1": ("slug-form", "Slug_Form"),
    "data/water/blank-node.ttl:12:17": ("blank-node", "water:blank-node"),
    "data/water/citation-shape-pages.ttl:19:5": ("CitationShape-pages",),
    "data/water/citation-shape-source.ttl:16:1": ("CitationShape-source",),
    "data/file-outside.ttl:1:1": ("file-outside",),
    "data/water/file-empty.ttl:1:1": ("file-empty",),
    "data/water/file-stray.txt:1:1": ("file-stray",),
    "data/water/file-symlink.ttl:1:1": ("file-symlink",),
    "data/water/flows-in-circle.ttl:11:18": ("flows-in-circle", "“flows-in-circle”"),
    "data/water/hash-after-name.ttl:12:40": ("hash-after-name",),
    "data/water/ill-typed-literal.ttl:12:18": ("ill-typed-literal", "2025-02-30", "xsd:date"),
    "data/water/link-unknown.ttl:11:18": ("link-unknown", "water:geod", "goed"),
    "data/water/list-value.ttl:11:15": ("link-unknown", "status:klara", "klaar"),
    "data/water/onder:1:1": ("folder-nested",),
    "data/water/property-without-shape.ttl:11:5": (
        "property-without-shape",
        "br:length",
        "br:Water",
    ),
    "data/water/record-description.ttl:8:1": ("Record-description",),
    "data/water/record-missing.ttl:8:1": (
        "record-missing",
        "water:record-missing",
        "water:ander-water",
    ),
    "data/water/record-status.ttl:11:5": ("Record-status",),
    "data/water/similar-name.ttl:9:20": (
        "similar-name",
        "record statuss",
        "water:record-status",
    ),
    "data/water/subject-elsewhere.ttl:14:1": (
        "subject-elsewhere",
        "water:subject-elsewhere",
        "water:goed",
    ),
    "data/water/syntax-bad-character.ttl:10:21": ("syntax-bad-character",),
    "data/water/syntax-bad-escape.ttl:10:26": ("syntax-bad-escape",),
    "data/water/syntax-bad-iri.ttl:11:18": ("syntax-bad-iri",),
    "data/water/syntax-bad-language.ttl:10:36": ("syntax-bad-language",),
    "data/water/syntax-bare-iri.ttl:11:18": ("syntax-bare-iri",),
    "data/water/syntax-bare-word.ttl:10:21": ("syntax-bare-word",),
    "data/water/syntax-bom.ttl:1:1": ("syntax-bom",),
    "data/water/syntax-encoding.ttl:10:45": ("syntax-encoding",),
    "data/water/syntax-hash-after-name.ttl:11:27": ("syntax-hash-after-name",),
    "data/water/syntax-missing-bracket.ttl:13:40": ("syntax-missing-bracket",),
    "data/water/syntax-missing-comma.ttl:10:36": ("syntax-missing-comma",),
    "data/water/syntax-missing-dot.ttl:12:40": ("syntax-missing-dot",),
    "data/water/syntax-missing-semicolon.ttl:11:27": ("syntax-missing-semicolon",),
    "data/water/syntax-missing-value.ttl:11:14": ("syntax-missing-value",),
    "data/water/syntax-other.ttl:12:42": ("syntax-other",),
    "data/water/syntax-rdf-12.ttl:11:18": ("syntax-rdf-12",),
    "data/water/syntax-relative-iri.ttl:11:18": ("syntax-relative-iri",),
    "data/water/syntax-too-deep.ttl:11:717": ("syntax-too-deep",),
    "data/water/syntax-unclosed-string.ttl:10:21": ("syntax-unclosed-string",),
    "data/water/syntax-undeclared-prefix.ttl:11:15": (
        "syntax-undeclared-prefix",
        "statsu:",
        "status",
    ),
    "data/water/syntax-unescaped-quote.ttl:10:26": ("syntax-unescaped-quote",),
    "data/water/type-missing.ttl:8:1": ("type-missing", "br:Water"),
    "data/water/unknown-class.ttl:8:23": ("unknown-term", "br:Watre", "Water"),
    "data/water/unknown-property.ttl:11:5": ("unknown-term", "br:flowInto", "flowsInto"),
    "data/water/water-shape-flows-into.ttl:12:18": ("WaterShape-flowsInto",),
    "jkgraph.toml:36:1": ("exception-over", "Record-description", "water:exception-over"),
    "jkgraph.toml:42:1": ("exception-unused", "Record-description", "water:goed"),
    "ontology/faults.ttl:6:1": ("kind-without-shape", "br:Lock", "shapes/lock.ttl"),
    "queries/unknown-term.rq:5:11": ("unknown-term", "br:materail", "material"),
    "shapes/faults.ttl:6:20": ("shape-without-target", "br:Brigde", "Bridge"),
    "shapes/faults.ttl:9:9": ("shape-unnamed",),
    "shapes/faults.ttl:12:13": ("unknown-term", "br:lenght", "length"),
    "shapes/faults.ttl:16:14": ("unknown-term", "br:Watre", "Water"),
    "shapes/rules/unknown-term.rq:8:25": ("unknown-term", "br:flowsInot", "flowsInto"),
}
# Faults of a workspace as a whole, or of a size, are planted by a test of their own, below.
# Those about a built site are in test_conformance.py.
OF_SITES = {"file-differs", "page-link-broken", "syntaxes-differ"}
TOO_MUCH = {"syntax-too-long", "syntax-too-many"}
ELSEWHERE = {"dead-link", "no-records", "syntax-too-large", *TOO_MUCH, *OF_SITES}
WARNINGS = {"CitationShape-pages", "file-stray", "exception-unused", "similar-name"}


@pytest.fixture(scope="module")
def words(repository: Path) -> dict[str, dict[str, str]]:
    folder = repository / "src" / "jkgraph" / "locale"
    return {
        language: {entry.msgid: entry.msgstr for entry in polib.pofile(f"{folder}/{language}.po")}
        for language in ("nl", "en")
    }


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_planted_fault_is_found_once_at_its_place_and_nothing_else(
    run, broken: Path, language: str
) -> None:
    ran = run("validate", at=broken, lang=language)

    found = [LINE.fullmatch(line) for line in ran.heads]
    assert all(found), ran.out
    told = [(match["place"], match["rule"], match["severity"]) for match in found]
    severity = SEVERITIES[language]
    assert sorted(told) == sorted(
        (place, rule, severity["warning" if rule in WARNINGS else "violation"])
        for place, (rule, *_) in PLANTED.items()
    )
    assert ran.code == 1


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_both_shacl_engines_find_the_same(run, broken: Path, engine: str) -> None:
    ran = run("validate", "--shacl", engine, at=broken)

    assert len(ran.heads) == len(PLANTED)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_finding_is_worded_by_its_own_entry_and_names_what_it_is_about(
    run, broken: Path, words: dict[str, dict[str, str]], language: str
) -> None:
    found = json.loads(run("validate", "--format", "json", at=broken).out)

    for finding in found:
        place = f"{finding['path']}:{finding['line']}:{finding['column']}"
        text = finding["message"][language]
        entry = words[language].get(f"finding.{finding['rule']}")
        if entry is not None:
            assert _worded_by(entry).fullmatch(text), text
        assert "{" not in text
        assert all(name in text for name in PLANTED[place][1:]), text


def _worded_by(entry: str) -> re.Pattern[str]:
    """Match an entry with anything in its gaps; a gap that ends it may be empty."""
    fixed = re.split(r" ?\{\w+\}", entry)
    return re.compile(".*".join(map(re.escape, fixed)), re.DOTALL)


def test_every_finding_that_the_engine_can_word_is_planted(
    words: dict[str, dict[str, str]],
) -> None:
    worded = {key.removeprefix("finding.") for key in words["nl"] if key.startswith("finding.")}

    assert worded - ELSEWHERE - {rule for rule, *_ in PLANTED.values()} == set()


def test_every_reason_of_the_turtle_reader_is_worded(words: dict[str, dict[str, str]]) -> None:
    assert {f"finding.syntax-{reason}" for reason in get_args(Reason)} <= words["nl"].keys()


def test_a_workspace_without_records_is_no_success(run, minimal: Path) -> None:
    for file in (minimal / "data").rglob("*.ttl"):
        file.unlink()

    ran = run("validate")

    assert ran.out == (
        "data:1:1: violation: There are no records. "
        "Add one with: jkgraph new KIND LABEL [no-records]\n"
    )
    assert ran.code == 1


def test_a_file_of_more_than_a_million_bytes_is_refused(run, minimal: Path) -> None:
    file = minimal / "data" / "bridge" / "houten-brug.ttl"
    file.write_text(file.read_text("utf-8") + "\n" * 1_000_000, "utf-8")

    ran = run("validate")

    assert ran.out.startswith("data/bridge/houten-brug.ttl:1:1: violation: ")
    assert ran.heads[0].endswith("[syntax-too-large]")
    assert ran.code == 1


def test_a_fault_in_a_file_that_others_link_to_is_found_only_there(run, minimal: Path) -> None:
    file = minimal / "data" / "water" / "lange-vaart.ttl"
    file.write_text(file.read_text("utf-8").rstrip(" .\n"), "utf-8")

    ran = run("validate")

    assert [LINE.fullmatch(line)["rule"] for line in ran.heads] == ["syntax-missing-dot"]


@pytest.mark.parametrize("name", ["ontology/core.ttl", "ontology/schemes/status.ttl"])
def test_what_is_judged_by_a_file_that_cannot_be_read_is_not_judged(
    run, minimal: Path, name: str
) -> None:
    file = minimal / name
    file.write_text(file.read_text("utf-8") + "br:", "utf-8")

    ran = run("validate")

    assert len(ran.heads) == 1
    assert ran.out.startswith(f"{name}:")
    assert ran.code == 1


def test_findings_can_be_asked_for_some_files_only(run, minimal: Path) -> None:
    for slug in ("houten-brug", "spoorbrug"):
        file = minimal / "data" / "bridge" / f"{slug}.ttl"
        file.write_text(file.read_text("utf-8").replace("water:", "waetr:", 1), "utf-8")

    ran = run("validate", "data/bridge/spoorbrug.ttl")

    assert [line.partition(":")[0] for line in ran.heads] == ["data/bridge/spoorbrug.ttl"]


def test_a_warning_alone_does_not_fail_unless_the_settings_say_so(run, minimal: Path) -> None:
    (minimal / "data" / "bridge" / "notities.txt").write_text("Bijna klaar.\n", "utf-8")
    settings = minimal / "jkgraph.toml"

    lenient = run("validate")
    settings.write_text(settings.read_text("utf-8") + '\n[check]\nfail_on = "warning"\n', "utf-8")
    strict = run("validate")

    assert (lenient.code, strict.code) == (0, 1)
    assert lenient.out == strict.out != ""
