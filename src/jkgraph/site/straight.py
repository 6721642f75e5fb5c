"""Jinja without detours: what its templates write and call tens of thousands of times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
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


class _Context(jinja2.runtime.Context):
    """Calls functions straight away; none of ours asks for the state of Jinja first."""

    def call(
        self,
        function: Callable[..., Any],
        /,
        *values: Any,
        _block_vars: object = None,
        _loop_vars: object = None,
        **named: Any,
    ) -> Any:
        """Call a function or macro."""
        return function(*values, **named)


class _Generator(CodeGenerator):
    """Writes values with `written`: what a page joins need not be markup piece by piece."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and not finalize.src:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Environment(jinja2.Environment):
    """An environment whose templates go straight."""

    context_class = _Context
    code_generator_class = _Generator
    written = staticmethod(written)
