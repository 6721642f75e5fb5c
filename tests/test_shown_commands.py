"""Every command that a document or a ready file names exists, with the options it is given."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise, takewhile
from pathlib import Path

import click

from jkgraph.cli import jkgraph
from jkgraph.cli.help import MODULES

ROOT = Path(__file__).parent.parent
FILES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "README.md",
    ROOT / ".pre-commit-hooks.yaml",
    *(ROOT / "docs" / "how-to").glob("*.md"),
    *(path for path in (ROOT / "docs" / "forge").rglob("*") if path.is_file()),
]
FENCE = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(jkgraph [^`\n]+)`")
# At the start of a command, with or without a path before it.
CALL = re.compile(r"(?:^|[\s/\\])(?:jkgraph|\"\$program\") ([a-z-].*)")
# Where the shell goes on with something else.
SHELL = re.compile(r"[|&>;]")


def _called() -> Iterator[list[str]]:
    for path in FILES:
        text = path.read_text("utf-8")
        if path.suffix == ".md":
            text = "\n".join((*FENCE.findall(text), *INLINE.findall(text)))
        else:
            text = re.sub(r"(?m)^\s*(#|(- )?name:).*", "", text)
        for call in CALL.findall(text):
            words = shlex.split(call, comments=True)
            yield list(takewhile(lambda word: not SHELL.match(word), words))
    tasks = re.sub(r"(?m)^\s*//.*", "", (ROOT / ".vscode" / "tasks.json").read_text("utf-8"))
    yield from (task["args"] for task in json.loads(tasks)["tasks"] if "args" in task)


def _unknown(arguments: list[str]) -> Iterator[str]:
    """Yield what a call names that is not there."""
    context = click.Context(jkgraph)
    while arguments and arguments[0].startswith("-"):
        yield from _unknown_options(jkgraph, "", arguments[:2])
        arguments = arguments[1 if arguments[0] in {"--help", "--version"} else 2 :]
    if not arguments:
        return
    name, *rest = arguments
    command = jkgraph.get_command(context, name) if name in MODULES else None
    if command is None:
        yield name
    else:
        yield from _unknown_options(command, f"{name} ", rest)


def _unknown_options(command: click.Command, called: str, arguments: list[str]) -> Iterator[str]:
    options = [p for p in command.params if isinstance(p, click.Option)]
    known = {
        "--help": None,
        **{name: p.type for p in options for name in (*p.opts, *p.secondary_opts)},
    }
    parts = [
        part for argument in arguments for part in re.split(r"^(--[a-z-]+)=", argument) if part
    ]
    for argument, value in pairwise([*parts, ""]):
        if not re.match(r"--?[a-z]", argument):
            continue
        if argument not in known:
            yield f"{called}{argument}"
        elif isinstance(known[argument], click.Choice) and value not in known[argument].choices:
            yield f"{called}{argument} {value}"


def test_many_commands_are_found() -> None:
    called = {word for arguments in _called() for word in arguments[:3]}

    assert {"validate", "format", "new", "build", "published", "--lang", "--root"} <= called


def test_every_command_that_is_shown_exists_with_its_options() -> None:
    assert {text for arguments in _called() for text in _unknown(arguments)} == set()
