"""The reference page of the Python interface, written from its docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import jkgraph
from jkgraph.annotations import written
from jkgraph.api import Answer, Citation, JkgraphError, KnowledgeGraph, Record

VALUES = "Record | str | int | float | bool | datetime.date | None"
EXAMPLE = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)


def python_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from ("How to use it: [Use from Python](../how-to/use-from-python.md).", "")
    yield from ("In the examples `kg` is the workspace about bridges of the tests, in English:", "")
    yield from ("```python", 'kg = jkgraph.open("tests/workspaces/minimal", lang="en")', "```", "")
    yield from (f"A `Value` is one of these: `{VALUES}`.", "")
    yield from _function("jkgraph.open", jkgraph.open)
    for cls in (KnowledgeGraph, Answer, Record, Citation, JkgraphError):
        yield from (f"## {cls.__name__}", "", *_told(cls))
        if fields := written(cls):
            yield from (*(f"- `{name}`: `{kind}`" for name, kind in fields.items()), "")
        for name, member in vars(cls).items():
            yield from _member(cls.__name__, name, member)


def _member(owner: str, name: str, member: object) -> Iterator[str]:
    """Yield what a member of a class is, when others may use it."""
    function = getattr(member, "fget", None) or getattr(member, "func", None)
    called = f"{owner}.{name}"
    if name == "__getitem__" and inspect.isfunction(member):
        function, called = member, f"{owner}[{list(inspect.signature(member).parameters)[1]}]"
    elif name.startswith("_"):
        return
    if function:
        kind = function.__annotations__["return"]
        yield from (f"### {called}: `{kind}`", "", *_told(function))
    elif inspect.isfunction(member):
        yield from _function(called, member, "###")


def _function(name: str, function: object, level: str = "##") -> Iterator[str]:
    assert callable(function)  # noqa: S101  (the caller gives functions)
    signature = re.sub(r"(: |-> )(['\"])(.*?)\2", r"\1\3", str(inspect.signature(function)))
    signature = signature.replace("(self, ", "(").replace("(self)", "()")
    yield from (f"{level} {name}", "", "```python", f"{name}{signature}", "```", "")
    yield from _told(function)


def _told(documented: object) -> Iterator[str]:
    """Yield a docstring, its names as code and its examples as blocks."""
    text = (inspect.getdoc(documented) or "").replace("``", "`")
    yield EXAMPLE.sub(lambda found: f"```pycon\n{found[0]}\n```", text)
    yield ""
