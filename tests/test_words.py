"""The words of the interface: all there in both languages, with the same gaps, and all in use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import click
import polib
import pytest

from jkgraph.cli.conform import COLUMNS
from jkgraph.cli.help import MODULES, Group
from jkgraph.conformance import RESULTS
from jkgraph.findings import Severity
from jkgraph.site.quality import METRICS
from jkgraph.turtle import Reason

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "src" / "jkgraph"
LANGUAGES = ("nl", "en")
# Ends of the sentence that a file cannot be read.
REASONS = (
    "disk-full",
    "is-folder",
    "is-link",
    "no-permission",
    "no-permission-here",
    "no-such-file",
    "not-utf-8",
    "read-only",
)
GAP = re.compile(r"\{(\w+)\}")
QUOTED = re.compile(r"\"([^\"\n]+)\"|'([^'\n]+)'")
# In a template: the start of a key, and what is given to fill its gaps.
ASKED = re.compile(
    r"(?<![\w.])(_|count)\(\s*[\"']([\w.:/+-]+)[\"']\s*(~)?([^()]*(?:\([^()]*\)[^()]*)*)\)"
)


def _commands() -> Iterator[click.Command]:
    group = Group("jkgraph")
    for name in MODULES:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        yield command


@cache
def _computed() -> frozenset[str]:
    """Return the keys that code puts together, by what they are put together from."""
    keys = {f"finding.syntax-{reason}" for reason in get_args(Reason)}
    keys |= {f"severity.{severity.word}" for severity in Severity}
    keys |= {f"count.{s.word}.{number}" for s in Severity for number in ("one", "many")}
    keys |= {f"month.{number}" for number in range(1, 13)}
    keys |= {f"{start}language.{language}" for start in ("", "telling.") for language in LANGUAGES}
    keys |= {f"conform.{name}" for name in (*COLUMNS, *RESULTS)}
    keys |= {f"quality.{name}" for name in (*METRICS, *METRICS.values())}
    keys |= {f"quality.{name}-text" for name in METRICS}
    keys |= {"help.jkgraph", "help.jkgraph.root", "help.jkgraph.lang", "help.jkgraph.version"}
    for command in _commands():
        options = (p.name for p in command.params if isinstance(p, click.Option))
        keys |= {f"help.{command.name}", *(f"help.{command.name}.{name}" for name in options)}
    return frozenset(keys)


@dataclass(frozen=True)
class Source:
    """The words of the engine or of this workspace, and the files that use them."""

    locale: Path
    code: tuple[Path, ...]
    templates: tuple[Path, ...]

    def words(self, language: str) -> dict[str, str]:
        """Return the entries for a language."""
        entries = polib.pofile(str(self.locale / f"{language}.po"))
        return {entry.msgid: entry.msgstr for entry in entries}

    def quoted(self) -> set[str]:
        """Return every text that stands between quotes in code or templates."""
        found = set()
        for path in self.code:
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            found |= {n.value for n in nodes if isinstance(n, ast.Constant) and _is_text(n.value)}
        for path in self.templates:
            found |= {a or b for a, b in QUOTED.findall(path.read_text("utf-8"))}
        return found

    def used(self) -> set[str]:
        """Return the keys that are in use."""
        quoted = self.quoted()
        keys = quoted | {f"error.{text}" for text in quoted} | {f"finding.{t}" for t in quoted}
        keys |= {f"{text}.{number}" for text in quoted for number in ("one", "many")}
        # A template puts a key together from a start and a text that stands there too, or a value
        # of a list.
        starts = {call.key for call in _calls(self.templates) if call.is_start}
        return keys | {start + text for start in starts for text in quoted | _list_values()}


@cache
def _list_values() -> frozenset[str]:
    texts = (path.read_text("utf-8") for path in (ROOT / "ontology" / "schemes").glob("*.ttl"))
    return frozenset(name for text in texts for name in re.findall(r"^(\S+:\S+) a ", text, re.M))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


@dataclass(frozen=True)
class Call:
    """A place that asks for words: the key, and the gaps that it fills."""

    place: str
    key: str
    given: frozenset[str] | None
    is_start: bool = False
    is_count: bool = False


def _calls(paths: tuple[Path, ...]) -> Iterator[Call]:
    for path in paths:
        yield from _in_code(path) if path.suffix == ".py" else _in_template(path)


def _in_template(path: Path) -> Iterator[Call]:
    text = path.read_text("utf-8")
    for match in ASKED.finditer(text):
        line = text[: match.start()].count("\n") + 1
        given = frozenset(re.findall(r"(\w+)\s*=(?!=)", match[4]))
        yield Call(f"{path.name}:{line}", match[2], given, bool(match[3]), match[1] == "count")


# The functions that take a key, and what they put before it.
FUNCTIONS = {
    "finding": "finding.",
    "JkgraphError": "error.",
    "say": "",
    "tell": "",
    "word": "",
    "count": "",
    "plural": "",
    "Message": "",
}


def _in_code(path: Path) -> Iterator[Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        key = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if name not in FUNCTIONS or not isinstance(key, str) or not key:
            continue
        if FUNCTIONS[name] or re.fullmatch(r"[a-z]+(\.[\w-]+)+", key):
            given = {keyword.arg for keyword in node.keywords}
            is_count = name in {"count", "plural"}
            filled = None if None in given or name == "Message" else frozenset(filter(None, given))
            yield Call(f"{path.name}:{node.lineno}", FUNCTIONS[name] + key, filled, False, is_count)


SOURCES = {
    "engine": Source(
        ENGINE / "locale",
        tuple(sorted(ENGINE.rglob("*.py"))),
        tuple(sorted(ENGINE.rglob("*.html"))),
    ),
    "workspace": Source(
        ROOT / "locale", (), tuple(sorted((ROOT / "site_templates").rglob("*.html")))
    ),
}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest) -> Source:
    return SOURCES[request.param]


def test_both_languages_have_the_same_entries_in_order_and_none_is_empty(source: Source) -> None:
    dutch, english = (source.words(language) for language in LANGUAGES)

    assert list(dutch) == list(english) == sorted(dutch)
    assert [key for key, text in (*dutch.items(), *english.items()) if not text.strip()] == []


def test_both_languages_have_the_same_gaps(source: Source) -> None:
    dutch, english = (source.words(language) for language in LANGUAGES)

    assert {key: set(GAP.findall(text)) for key, text in dutch.items()} == {
        key: set(GAP.findall(text)) for key, text in english.items()
    }


def test_every_entry_is_in_use(source: Source) -> None:
    unused = source.words("nl").keys() - source.used() - _computed() - {"help.help"}

    assert unused == set()


def test_every_key_that_is_asked_for_has_words_with_the_gaps_that_are_filled(
    source: Source,
) -> None:
    words = {**SOURCES["engine"].words("en"), **source.words("en")}
    faults = []
    for call in _calls((*source.code, *source.templates)):
        if call.is_start:
            continue
        keys = [f"{call.key}.one", f"{call.key}.many"] if call.is_count else [call.key]
        given = {"count"} if call.is_count else call.given
        for key in keys:
            if key not in words:
                faults.append(f"{call.place} asks for {key}")
            elif given is not None and not set(GAP.findall(words[key])) <= given:
                faults.append(f"{call.place} leaves a gap in {key}")

    assert faults == []


def test_every_key_that_code_puts_together_has_words() -> None:
    words = SOURCES["engine"].words("en")

    assert _computed() - words.keys() == set()


def test_code_puts_only_those_keys_together_that_are_known_here() -> None:
    starts = {key.partition(".")[0] for key in _computed()} | {"error"}
    families = {key.partition(".")[0] for key in SOURCES["engine"].words("en")}
    for path in SOURCES["engine"].code:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            head = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
            if isinstance(head, ast.Constant) and re.fullmatch(r"[a-z]+\.", str(head.value)):
                family = str(head.value)[:-1]
                assert family in starts or family not in families, f"{path.name}: {head.value}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_and_an_error_are_sentences(language: str) -> None:
    for key, text in SOURCES["engine"].words(language).items():
        is_reason = key in {f"error.{name}" for name in REASONS}
        if key.startswith(("finding.", "error.")) and not is_reason:
            assert text[0].isupper() or text[0] in '{"', f"{key}: {text}"
            assert re.search(r"[.?!…;}\\\"]$", text) or "jkgraph " in text, f"{key}: {text}"
            # People know facts, not RDF.
            assert not re.search(r"\b(IRI|URI|literal|node|triple)s?\b", text), f"{key}: {text}"
