"""The commands and their help, in the language of the reader. Imports nothing heavy."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from importlib import import_module

import click

from jkgraph.errors import JkgraphError, refused, unwritable
from jkgraph.messages import LANGUAGES, did_you_mean, words

# As the shell tells of a program that ended because nobody reads on (SIGPIPE).
READER_GONE = 141
MODULES = {
    "validate": "validate",
    "format": "layout",
    "new": "author",
    "withdraw": "retire",
    "merge": "retire",
    "update": "bulk",
    "review": "clock",
    "due": "clock",
    "diff": "compare",
    "export": "exchange",
    "import": "exchange",
    "query": "query",
    "shell": "shell",
    "show": "ask",
    "infer": "ask",
    "why": "why",
    "stats": "ask",
    "published": "publication",
    "conform": "conform",
    "build": "publish",
    "publish": "push",
    "release": "release",
    "serve": "serve",
    "docs": "publish",
}


def language_of(arguments: Iterable[str]) -> str:
    """Return the language to speak: asked for, else of the reader's system, else Dutch."""
    given = iter(arguments)
    for argument in given:
        name, _, value = argument.partition("=")
        if name == "--lang":
            asked = value or next(given, "")
            return asked if asked in LANGUAGES else LANGUAGES[0]
    names = (os.environ.get(n) for n in ("LC_ALL", "LC_MESSAGES", "LANG"))
    system = next(filter(None, names), None) or _system_locale()
    return system[:2] if system[:2] in LANGUAGES else LANGUAGES[0]


def _system_locale() -> str:
    import locale

    return locale.getlocale()[0] or ""


class Option(click.Option):
    """An option whose help comes from the catalogues."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Look the help up just before it is shown."""
        language = language_of(sys.argv[1:])
        self.help = words().word(f"help.{ctx.command.name}.{self.name}", language)
        return super().get_help_record(ctx)


endpoint_option = click.option("--endpoint", cls=Option, metavar="URL")


class Command(click.Command):
    """A command whose help comes from the catalogues."""

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  (the texts are short)
        """Return the first line of the help."""
        return _help(self.name).partition("\n")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help with its examples."""
        self.help = _help(self.name)
        super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and word the help option just before."""
        _reword(self.get_help_option(ctx))
        super().format_options(ctx, formatter)


class Group(click.Group):
    """The group of commands. A module is imported when its command runs: help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """List the commands in the order in which people need them."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (click's signature)
        """Import the module of a command; an unknown one is answered with the nearest."""
        if cmd_name not in MODULES:
            hint = did_you_mean(cmd_name, MODULES)
            raise JkgraphError("unknown-command", name=cmd_name, hint=hint)
        module = import_module(f"jkgraph.cli.{MODULES[cmd_name]}")
        commands: dict[str, click.Command] = {c.name: c for c in module.COMMANDS}
        return commands[cmd_name]

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a reader that stops reading, such as `head`, ends it quietly."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except OSError as error:
            if error.filename is not None:
                raise refused(error) from error
            if error.errno not in {errno.EPIPE, errno.ENOSPC}:
                raise
            # What is left to be said goes nowhere, also when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if error.errno == errno.EPIPE:
                raise click.exceptions.Exit(READER_GONE) from None
            raise unwritable("stdout", error) from error

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the program."""
        self.help = _help("jkgraph")
        super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  (click's signature)
        """Write the commands with the first line of their help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _help(name).partition("\n")[0]) for name in MODULES])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and word the help option just before."""
        _reword(self.get_help_option(ctx))
        super().format_options(ctx, formatter)


def _help(name: str | None) -> str:
    return words().word(f"help.{name}", language_of(sys.argv[1:]))


def _reword(option: click.Option | None) -> None:
    if option is not None:
        option.help = words().word("help.help", language_of(sys.argv[1:]))
