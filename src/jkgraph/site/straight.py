"""Jinja without detours: what its templates write and call tens of thousands of times."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import partial
from keyword import iskeyword
from typing import Any

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

# Of text without more ado, where this release of markupsafe has it under that name.
_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)


def written(value: object) -> str:
    """Return a value as it stands on a page: escaped, unless it is markup already."""
    kind = type(value)
    if kind is str:
        return _escaped(value)  # type: ignore[arg-type]  # it is text
    if kind is Markup:
        return value  # type: ignore[return-value]  # it is text
    drawn = getattr(kind, "__html__", None)
    return drawn(value) if drawn else _escaped(str(value))


# Says that text is markup already; the type itself looks first whether it was.
_drawn: Callable[[str], Markup] = partial(str.__new__, Markup)


def _macro(
    environment: jinja2.Environment,
    draw: Callable[..., str],
    name: str,
    names: list[str],
    *special: bool,
) -> Callable[..., str]:
    """Make a macro; one that takes nothing special, and gets nothing by name, is just called."""
    macro = Macro(environment, draw, name, names, *special)
    *takes, escapes = special
    if any(takes) or not escapes:
        return macro
    number = len(names)

    def called(*values: object, **named: object) -> str:
        if named or len(values) > number:
            return macro(*values, **named)
        return _drawn(draw(*values, *(missing,) * (number - len(values))))

    return called


class _Generator(CodeGenerator):
    """Writes calls as Python has them: none of our functions asks for the state of Jinja first.

    Values go through `written`: what a page joins need not be markup piece by piece.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and not finalize.src:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(  # noqa: N802  (as Jinja has it)
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        if node.dyn_args or node.dyn_kwargs or any(iskeyword(k.key) for k in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        for value in (*node.args, *node.kwargs):
            self.visit(value, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        # What Jinja writes begins with the name of the class.
        self.write("environment.")
        super().macro_def(macro_ref, frame)


class Environment(jinja2.Environment):
    """An environment whose templates go straight."""

    code_generator_class = _Generator
    written = staticmethod(written)
    Macro = staticmethod(_macro)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what all templates know, at once: it is copied for everything that is drawn."""
        return {**self.globals, **(d or {})}
