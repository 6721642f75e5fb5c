"""The reference pages: written from code, settings, shapes, rules and templates, never by hand."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

import click

from jkgraph import settings
from jkgraph.annotations import written
from jkgraph.api.reference import python_page
from jkgraph.cheat_sheet import cheat_sheet
from jkgraph.checks.rules import read_rules
from jkgraph.graph import Graph
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.reports.rules import opened
from jkgraph.settings import SECTIONS, Waiver

LANGUAGE = "en"
TYPES = {
    "str": "text",
    "int": "number",
    "tuple[str, ...]": "list of texts",
    "Texts": "text per language",
    "Names": "name per address",
    "Severity": "violation, warning or info",
    "date | None": "date",
}


def reference(graph: Graph, kinds: Kinds, commands: click.Command) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every reference page."""
    assert isinstance(commands, click.Group)  # noqa: S101  (the caller gives the group)
    yield "cheat-sheet.md", _page("Cheat sheet", cheat_sheet(graph, kinds, commands))
    yield "cli.md", _page("Commands", _cli(graph, commands))
    yield "configuration.md", _page("Settings: jkgraph.toml", _configuration())
    yield "fields.md", _page("Kinds and fields", _fields(graph, kinds))
    yield "python.md", _page("Python", python_page())
    yield "rules.md", _page("Rules", _rules(graph))
    yield "templates.md", _page("Templates", _templates(graph))


def _page(title: str, lines: Iterable[str]) -> str:
    note = "<!-- Written by `jkgraph docs`. Change what it is made from, not this page. -->"
    text = "\n".join([f"# {title}", "", note, "", *lines])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _cli(graph: Graph, commands: click.Group) -> Iterator[str]:
    yield from _command(graph, commands, "jkgraph")
    for name in commands.list_commands(click.Context(commands)):
        command = commands.get_command(click.Context(commands), name)
        assert command is not None  # noqa: S101  (it was just listed)
        yield from (f"## `{name}`", "")
        yield from _command(graph, command, f"jkgraph {name}")


def _command(graph: Graph, command: click.Command, called: str) -> Iterator[str]:
    word, name = graph.workspace.catalogue.word, called.rpartition(" ")[2]
    context = click.Context(command, info_name=called)
    usage = " ".join([called, *command.collect_usage_pieces(context)])
    yield from ("```text", usage, "```", "")
    yield from (*_unwrapped(word(f"help.{name}", LANGUAGE)), "")
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "help":
            names, _ = option.get_help_record(context) or ("", "")
            yield f"- `{names}`: {word(f'help.{name}.{option.name}', LANGUAGE)}"
    yield ""


def _unwrapped(text: str) -> Iterator[str]:
    """Turn the examples of a help text, which are indented, into code."""
    for block in text.split("\n\n"):
        body = block.removeprefix("\b\n")
        if body == block:
            yield from (body, "")
            continue
        lines = [line.strip() for line in body.splitlines()]
        yield from (line for line in lines if line.endswith(":"))
        yield from ("", "```text", *(line for line in lines if not line.endswith(":")), "```", "")


def _configuration() -> Iterator[str]:
    sections: dict[str, type[Any]] = {**SECTIONS, "exception": Waiver}
    for name, cls in sections.items():
        heading = f"[[{name}]], as often as needed" if cls is Waiver else f"[{name}]"
        lead, told = _told(cls)
        yield from (f"## {heading}", "", lead, "")
        yield from ("| key | what | type | by default |", "|---|---|---|---|")
        for key, kind in written(cls).items():
            yield f"| `{key}` | {_cell(told[key])} | {TYPES[kind]} | {_default(cls, key)} |"
        yield ""
    yield from ("## [prefixes]", "", "A prefix with its namespace on each line.")
    yield from ("Kinds and closed lists are prefixes by their own names; these are known too:", "")
    yield from (f"- `{prefix}`: <{iri}>" for prefix, iri in settings.STANDARD_PREFIXES.items())


def _told(cls: type) -> tuple[str, dict[str, str]]:
    """Read from a docstring what a section is, and what each of its keys says."""
    lead, _, keys = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")
    return lead, dict(re.findall(r"^(\w+): (.+)$", keys, re.MULTILINE))


def _default(cls: type[Any], key: str) -> str:
    if key not in cls._field_defaults:
        return "required"
    value = cls._field_defaults[key]
    word = getattr(value, "word", value)
    shown = word if isinstance(word, tuple) else (word,)
    return ", ".join(f"`{v}`" for v in shown if v) or "–"


def _fields(graph: Graph, kinds: Kinds) -> Iterator[str]:
    yield from ("The fields of a kind stand in the order in which files and pages show them.",)
    yield from ("Where texts have languages, the number counts them together.", "")
    explained: set[str] = set()
    for kind in (*kinds.records, *kinds.parts):
        yield f"- [{_name(kind)}](#{kind.name})"
    for kind in (*kinds.records, *kinds.parts):
        yield from ("", _anchor(kind.name), "")
        yield from (f"## {_name(kind)}: `{graph.addresses.compact(kind.iri.value)}`", "")
        yield from (kind.definition.get(LANGUAGE, ""), "")
        path = graph.workspace.relative(graph.workspace.record_path(kind.name, "<slug>"))
        where = f"`{path}`" if kind in kinds.records else "part of a record"
        yield from (f"Written in: {where}.", "")
        yield from ("| field | property | how many | what | rule |", "|---|---|---|---|---|")
        for field in kind.fields:
            yield _field_row(graph, field, is_new=field.rule not in explained)
            explained.add(field.rule)


def _name(kind: Kind) -> str:
    return kind.label.get(LANGUAGE, kind.name)


def _field_row(graph: Graph, field: Field, *, is_new: bool) -> str:
    most = "n" if field.maximum is None else field.maximum
    number = str(most) if field.minimum == most else f"{field.minimum}–{most}"
    level = "" if field.severity == "violation" else f" ({field.severity})"
    anchor = _anchor(field.rule) if is_new else ""
    cells = (
        field.name.get(LANGUAGE, ""),
        f"`{graph.addresses.compact(field.path.value)}`",
        f"{number} {', '.join(field.languages)}".rstrip(),
        field.description.get(LANGUAGE, ""),
        f"{anchor}`{field.rule}`{level}",
    )
    return f"| {' | '.join(map(_cell, cells))} |"


def _anchor(name: str) -> str:
    """Return a place that findings can lead to, whatever the heading says."""
    return f'<a id="{name}"></a>'


def _cell(text: str) -> str:
    """Write a text so that it stays in its cell, and what looks like HTML stays readable."""
    plain = " ".join(text.split()).replace("|", r"\|")
    return plain if "`" in plain else plain.replace("<", "&lt;")


def _rules(graph: Graph) -> Iterator[str]:
    word = graph.workspace.catalogue.word
    folder = graph.workspace.relative(graph.workspace.rules)
    yield from (
        "The id of a rule stands at the end of a finding; … is what the finding names.",
        "The rule of a field is on the page [Kinds and fields](fields.md).",
        "",
        "## Rules of this workspace",
        "",
        f"They look at the whole graph and stand in `{folder}`.",
        "",
    )
    for rule in read_rules(graph):
        # Findings lead to this heading, so nothing else stands in it.
        yield from (f"### `{rule.name}`", "")
        yield from (_open(rule.texts[key][LANGUAGE]) for key in ("Problem", "Solution"))
        yield f"Severity: {rule.header('Severity')}."
        if standard := rule.header("Conforms"):
            yield f"Conforms to {standard}."
        yield ""
    yield from ("## Rules of the engine", "")
    keys = (k for k in graph.workspace.catalogue.keys(LANGUAGE) if k.startswith("finding."))
    for key in sorted(keys):
        yield from (f"### `{key.removeprefix('finding.')}`", "", _open(word(key, LANGUAGE)), "")


def _open(text: str) -> str:
    return opened(_cell(text))


def _templates(graph: Graph) -> Iterator[str]:
    from jkgraph.site import news, reasons, render, values, views, whole

    yield from (
        "The workspace's own template goes before the engine's of the same name, which is then",
        "called `default/<name>`. These names are a stable interface.",
        "",
        "## In every template",
        "",
        "- `_(key, **values)`: words of the interface",
        "- `count(key, number)`: a number of things in words",
        "- `rows(query, **parameters)`: the rows of a saved query",
        "- `lang`, `page`, `root`: the language, the page, and the way to the root of the site",
        "- `quality()`: the measurements of quality by dimension",
        "- `rules()`: the rules by section, each with `name`, `label` and `text`",
        "- `searched()`: the kinds with a search index of their own, each with its name;",
        "  none where all is searched at once",
        "- `site`: the site as a whole",
        "- `most`: how many links a page shows below each other; of more it shows the first",
        "- `news`: the last changes of records",
        "- `reasons`: why what is inferred of a record holds",
        "- `m`, `own`: the macros of `macros.html` and of the workspace's own `own.html`",
        "- the filters `capital`, `first_sentence`, `paragraphs` for texts; for resources",
        "  `having(property, value, …)` keeps some and `by(property)` puts them in order; for rows",
        "  `arranged(view, lines, columns)` sets them out for a view of `views.html`",
        "- the tests `link` and `part` for a value",
        "",
        "| template | gets further |",
        "|---|---|",
        "| `kinds/<kind>.html`, `kinds/_record.html`, `kinds/_value.html` | `record` |",
        "| `kinds/<kind>.list.html`, `kinds/_list.html` | `kind`, `records`, `total`, `facets` |",
        "| `kinds/_facet.html` | the same, and `facet`, `field`, `value` |",
        "| `kinds/_scheme.html` | `scheme`, `values` |",
        "| `cards/<kind>.html`, `parts/<kind>.html` | `it`: what is drawn |",
        "| `query.html` | `query` |",
        "| `pages/….html` with `[name]` in its path | `row` |",
        "",
    )
    shown = (views.Resource, values.Link, values.Text, values.Row, values.Section)
    for cls in (
        whole.Site,
        values.Entry,
        news.News,
        news.Item,
        reasons.Reasons,
        reasons.Reason,
        *shown,
    ):
        lead = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0]
        yield from (f"## `{cls.__name__}`", "", lead, "", *_members(cls), "")
    names = [n for n in render.template_names(graph.workspace) if not n.startswith("default/")]
    yield from ("## Files of this workspace and of the engine", "", *(f"- `{n}`" for n in names))


def _members(cls: type) -> Iterator[str]:
    if fields := written(cls):
        yield from (f"- `{name}`: `{kind}`" for name, kind in fields.items())
        return
    for name, member in vars(cls).items():
        if name.startswith("_"):
            continue
        function = getattr(member, "fget", None) or getattr(member, "func", None) or member
        doc = (inspect.getdoc(function) or "").partition("\n")[0]
        yield f"- `{name}{_signature(member)}`: {doc}"


def _signature(member: object) -> str:
    if not inspect.isfunction(member):
        return ""
    parameters = list(inspect.signature(member).parameters.values())[1:]
    return f"({', '.join(re.split('[:=]', str(p))[0] for p in parameters)})"
