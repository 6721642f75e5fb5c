"""What a build cannot do without: reading, rendering, writing. `floor.py ROOT SITE`.

Reading is that of all files of the workspace, writing that of all files of a built site.
Rendering is that of the same pages with the same templates by Jinja alone. For this each page
is rendered twice: first everything that the template asks for is noted, then the page is made
from these notes, which is what is timed. Both must give the same page.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jinja2
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.environment import TemplateModule
from jinja2.runtime import BlockReference, Context, LoopContext, Macro

from jkgraph.inference import infer
from jkgraph.kinds import read_kinds
from jkgraph.loading import load
from jkgraph.site import render
from jkgraph.site.bundle import Written
from jkgraph.site.plan import make_plan
from jkgraph.workspace import open_workspace

# What belongs to Jinja itself is never noted.
JINJA = (TemplateModule, LoopContext, Macro, BlockReference, jinja2.Undefined)
OWN = tuple(map(id, DEFAULT_NAMESPACE.values()))


class Notes:
    """What templates asked for on one page, in order."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.again: Iterator[Any] | None = None
        self.spent = 0.0

    def ask(self, find: Callable[[], Any]) -> Any:
        """Find something and note it, or give what was noted."""
        if self.again is not None:
            return next(self.again)
        outer, self.said = self.said, []
        found = find()
        self.said = outer
        if hasattr(found, "__next__"):
            found = list(found)
        self.said.append(found)
        return found


NOTES = Notes()


class NotedContext(Context):
    """Notes what functions return."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call Jinja's own things, and note what others return."""
        if isinstance(obj, JINJA) or id(obj) in OWN:
            return super().call(obj, *args, **kwargs)
        return NOTES.ask(lambda: super(NotedContext, self).call(obj, *args, **kwargs))


class NotedTemplate(jinja2.Template):
    """Renders every page twice."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Render with everything that the engine does, then from notes.

        A page may ask for a piece of it that has a template of its own; that is noted too.
        """
        outer, NOTES.said = NOTES.said, []
        first = super().render(*args, **kwargs)
        NOTES.again = iter(NOTES.said)
        start = time.perf_counter()
        second = super().render(*args, **kwargs)
        NOTES.spent += time.perf_counter() - start
        NOTES.said, NOTES.again = outer, None
        if first != second:
            raise SystemExit("The page from the notes is another page.")
        return second


class NotedEnvironment(jinja2.Environment):
    """Notes what the attributes and items of things are."""

    context_class = NotedContext
    template_class = NotedTemplate

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look into Jinja's own things, and note what others hold."""
        if isinstance(obj, JINJA):
            return super().getattr(obj, attribute)
        return NOTES.ask(lambda: super(NotedEnvironment, self).getattr(obj, attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look into Jinja's own things, and note what others hold."""
        if isinstance(obj, JINJA):
            return super().getitem(obj, argument)
        return NOTES.ask(lambda: super(NotedEnvironment, self).getitem(obj, argument))


def rendering(root: Path, site: Path) -> tuple[float, int]:
    """Return the time that Jinja alone takes for all pages, and their number."""
    made = render.environment

    def noted(*args: Any) -> jinja2.Environment:
        environment = made(*args)
        environment.__class__ = NotedEnvironment
        # What was compiled before is not what Jinja makes of a template by itself.
        environment.bytecode_cache = None
        environment.context_class = NotedContext
        environment.template_class = NotedTemplate
        return environment

    render.environment = noted
    graph = load(open_workspace(root))
    infer(graph)
    plan = make_plan(graph, read_kinds(graph))
    renderer = render.Renderer(plan, Written(site))
    for page in plan.pages:
        renderer.render(page)
    return NOTES.spent, len(plan.pages)


def reading(root: Path) -> float:
    """Return the time that it takes to read the files of a workspace."""
    start = time.perf_counter()
    for folder in ("ontology", "shapes", "data", "queries"):
        for path in (root / folder).rglob("*.*"):
            path.read_bytes()
    return time.perf_counter() - start


def writing(site: Path) -> float:
    """Return the time that it takes to write the files of a site once more."""
    spent = 0.0
    with tempfile.TemporaryDirectory(dir=site.parent) as folder:
        for path in sorted(p for p in site.rglob("*") if p.is_file()):
            content, to = path.read_bytes(), folder / path.relative_to(site)
            start = time.perf_counter()
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(content)
            spent += time.perf_counter() - start
    return spent


if __name__ == "__main__":
    ROOT, SITE = map(Path, sys.argv[1:])
    rendered, pages = rendering(ROOT, SITE)
    steps = {"reading": reading(ROOT), "rendering": rendered, "writing": writing(SITE)}
    json.dump({**steps, "pages": pages}, sys.stdout)
