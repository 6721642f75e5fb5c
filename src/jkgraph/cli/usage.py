"""Faults in what was typed, in the words of the catalogues instead of those of click."""

from __future__ import annotations

import click
from click.exceptions import BadOptionUsage, MissingParameter, NoSuchOption

from jkgraph.errors import JkgraphError
from jkgraph.messages import Message, did_you_mean


def worded(fault: click.UsageError) -> JkgraphError:
    """Return the error that tells what is wrong with the options and arguments of a command."""
    if isinstance(fault, BadOptionUsage):
        # Only the sentence of click tells which of the two it is.
        key = "option-empty" if "requires" in fault.message else "option-full"
        return JkgraphError(key, option=fault.option_name)
    context = fault.ctx
    if context is None:
        return JkgraphError("usage", reason=fault.message)
    called = f"{context.command_path} --help"
    if isinstance(fault, NoSuchOption):
        known = [name for option in context.command.params for name in option.opts]
        hint = did_you_mean(fault.option_name, known)
        return JkgraphError("no-such-option", option=fault.option_name, hint=hint, help=called)
    if isinstance(fault, click.BadParameter) and fault.param:
        name = fault.param.get_error_hint(context).replace("'", "")
        if isinstance(fault, MissingParameter):
            return JkgraphError("option-missing", option=name, help=called)
        return JkgraphError("option-wrong", option=name, wanted=_wanted(fault.param, context))
    key = "command-missing" if isinstance(context.command, click.Group) else "arguments-left"
    return JkgraphError(key, usage=context.get_usage().partition(" ")[2], help=called)


def _wanted(parameter: click.Parameter, context: click.Context) -> str | Message:
    """Say what a parameter takes."""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return ", ".join(map(str, kind.choices))
    if isinstance(kind, click.IntRange | click.FloatRange):
        if kind.max is not None:
            return f"{kind.min}–{kind.max}"
        return Message("usage.above" if kind.min_open else "usage.least", {"number": kind.min})
    return parameter.make_metavar(context)
