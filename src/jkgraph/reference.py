"""The reference pages: written from code, settings, shapes, rules and templates, never by hand."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterable, Iterator

import click

from jkgraph.checks.rules import read_rules
from jkgraph.graph import Graph
from jkgraph.kinds import Field, Kind, Kinds
from jkgraph.settings import SECTIONS, STANDARD_PREFIXES, Waiver

LANGUAGE = "en"


def reference(graph: Graph, kinds: Kinds, commands: click.Command) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every reference page."""
    yield "cli.md", _page("Commands", _cli(graph, commands))
    yield "configuration.md", _page("Settings: jkgraph.toml", _configuration())
    yield "fields.md", _page("Kinds and fields", _fields(graph, kinds))
    yield "rules.md", _page("Rules", _rules(graph))
    yield "templates.md", _page("Templates", _templates(graph))


def _page(title: str, lines: Iterable[str]) -> str:
    note = "<!-- Written by `jkgraph docs`. Change what it is made from, not this page. -->"
    return "\n".join([f"# {title}", "", note, "", *lines]).rstrip() + "\n"


def _cli(graph: Graph, commands: click.Command) -> Iterator[str]:
    word = graph.workspace.catalogue.word
    assert isinstance(commands, click.Group)  # noqa: S101  (the caller gives the group)
    for name in commands.list_commands(click.Context(commands)):
        command = commands.get_command(click.Context(commands), name)
        assert command is not None  # noqa: S101  (it was just listed)
        context = click.Context(command, info_name=f"jkgraph {name}")
        yield from (
            f"## `{name}`",
            "",
            "```",
            " ".join(command.collect_usage_pieces(context)),
            "```",
            "",
        )
        yield from (*_unwrapped(word(f"help.{name}", LANGUAGE)), "")
        for option in command.params:
            if isinstance(option, click.Option) and option.name != "help":
                names = ", ".join(f"`{o}`" for o in option.opts)
                yield f"- {names}: {word(f'help.{name}.{option.name}', LANGUAGE)}"
        yield ""


def _unwrapped(text: str) -> Iterator[str]:
    """Turn the examples of a help text, which are indented, into code."""
    for block in text.split("\n\n"):
        body = block.removeprefix("\b\n")
        yield from (
            ("```console", *(line.strip() for line in body.splitlines()), "```", "")
            if body != block
            else (body, "")
        )


def _configuration() -> Iterator[str]:
    for name, cls in {**SECTIONS, "exception": Waiver}.items():
        heading = f"[[{name}]]" if cls is Waiver else f"[{name}]"
        yield from (f"## `{heading}`", "", inspect.cleandoc(cls.__doc__ or ""), "")
        yield from ("| key | type | default |", "|---|---|---|")
        for field in dataclasses.fields(cls):
            yield f"| `{field.name}` | `{field.type}` | {_default(field)} |"
        yield ""
    yield from (
        "## `[prefixes]`",
        "",
        "A prefix and its namespace on each line. Known without being named:",
        "",
    )
    yield from (f"- `{prefix}`: <{iri}>" for prefix, iri in STANDARD_PREFIXES.items())


def _default(field: dataclasses.Field[object]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return "`{}`"
    if field.default is dataclasses.MISSING:
        return "required"
    shown = getattr(field.default, "word", field.default)
    return f"`{shown}`" if shown != "" else "none"


def _fields(graph: Graph, kinds: Kinds) -> Iterator[str]:
    for kind in (*kinds.records, *kinds.parts):
        name = kind.label.get(LANGUAGE, kind.name)
        yield from (f"## {name}: `{graph.addresses.compact(kind.iri.value)}`", "")
        yield from (kind.definition.get(LANGUAGE, ""), "")
        if kind in kinds.records:
            yield from (f"Files: `data/{kind.name}/<slug>.ttl`.", "")
        yield from ("| field | property | how many | what | rule |", "|---|---|---|---|---|")
        yield from (_field_row(graph, kind, field) for field in kind.fields)
        yield ""


def _field_row(graph: Graph, _: Kind, field: Field) -> str:
    most = "n" if field.maximum is None else field.maximum
    cells = (
        field.name.get(LANGUAGE, ""),
        f"`{graph.addresses.compact(field.path.value)}`",
        f"{field.minimum}..{most}",
        field.description.get(LANGUAGE, ""),
        f"`{field.rule}`",
    )
    return f"| {' | '.join(_cell(c) for c in cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _rules(graph: Graph) -> Iterator[str]:
    word = graph.workspace.catalogue.word
    yield from (
        "Rules of this workspace look at the whole graph; they stand in `shapes/rules`.",
        "The rule of a field is on the page [Kinds and fields](fields.md).",
        "",
    )
    for rule in read_rules(graph):
        yield from (f"## `{rule.name}` ({rule.header('Severity')})", "")
        yield from (rule.texts["Problem"][LANGUAGE], rule.texts["Solution"][LANGUAGE], "")
    yield from ("## Rules of the engine", "")
    for key in sorted(
        k for k in graph.workspace.catalogue.keys(LANGUAGE) if k.startswith("finding.")
    ):
        yield f"- `{key.removeprefix('finding.')}`: {_cell(word(key, LANGUAGE))}"


def _templates(graph: Graph) -> Iterator[str]:
    from jkgraph.site import render, views, whole

    yield from ("A template gets these names. They are a stable interface.", "")
    yield from (
        "- `_(key, **values)`: words of the interface",
        "- `count(key, number)`: a number of things in words",
        "- `rows(query, **parameters)`: the rows of a saved query",
        "- `lang`, `page`, `root`: the page itself",
        "",
    )
    shown = (views.Resource, views.Link, views.Text, views.Row, views.Section)
    for cls in (whole.Site, whole.Entry, *shown):
        yield from (
            f"## `{cls.__name__}`",
            "",
            inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0],
            "",
        )
        yield from _members(cls)
        yield ""
    yield from (
        "## Files",
        "",
        "The workspace's own template goes before the engine's of the same name.",
        "",
    )
    yield from (
        f"- `{name}`"
        for name in render.template_names(graph.workspace)
        if not name.startswith("default/")
    )


def _members(cls: type) -> Iterator[str]:
    if dataclasses.is_dataclass(cls):
        yield from (f"- `{f.name}`: `{f.type}`" for f in dataclasses.fields(cls))
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
