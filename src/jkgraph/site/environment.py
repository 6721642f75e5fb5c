"""The Jinja environment of the site: strict, escaping, with filters and a tag of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from jkgraph.iri import natural_order
from jkgraph.site import straight
from jkgraph.site.arrange import Rows, arrange
from jkgraph.site.compiled import compiled
from jkgraph.site.straight import Environment
from jkgraph.site.values import Link, Text
from jkgraph.site.views import Resource
from jkgraph.workspace import Workspace

Context = Mapping[str, Any]

# The name under which a context keeps what was drawn once.
ONCE = "drawn once"

# A sentence ends at a stop after a word, not after an abbreviation such as "o.a.".
SENTENCE = re.compile(r"(?<=[\w)’'\"]{2})[.!?](?=\s+[^\Wa-z]|\s+['‘\"@(])")


class Once(Extension):
    """``{% once key %}…{% endonce %}``: draws something once for all pages as far from the root.

    What is drawn may depend on nothing of the page but the key, which may be left out.
    """

    tags = {"once"}  # noqa: RUF012  (Jinja wants a set)

    def parse(self, parser: Parser) -> nodes.Node:
        """Turn the tag into a call that knows where it stands."""
        line = next(parser.stream).lineno
        has_key = parser.stream.current.type != "block_end"
        key = parser.parse_expression() if has_key else nodes.Const(None)
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        place = nodes.Const((parser.name, line))
        call = self.call_method("_draw", [place, key, nodes.ContextReference()], lineno=line)
        return nodes.CallBlock(call, [], [], body, lineno=line)

    def _draw(
        self, place: object, key: object, context: Context, caller: Callable[[], Markup]
    ) -> Markup:
        drawn: dict[object, Markup] = context[ONCE]
        if (place, key) not in drawn:
            drawn[place, key] = caller()
        return drawn[place, key]


def environment(workspace: Workspace) -> jinja2.Environment:
    """Make the Jinja environment: strict, escaping, the workspace's templates first."""
    made = Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(f) for f in workspace.templates]
            + [jinja2.PrefixLoader({"default": jinja2.FileSystemLoader(workspace.templates[-1])})]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=compiled(Path(__file__), Path(straight.__file__)),
        extensions=[Once],
    )
    made.filters["arranged"] = _arranged
    made.filters["by"] = _by
    made.filters["capital"] = _capital
    made.filters["first_sentence"] = _first_sentence
    made.filters["having"] = _having
    made.filters["paragraphs"] = _paragraphs
    made.tests["link"] = lambda value: isinstance(value, Link)
    made.tests["part"] = lambda value: isinstance(value, Resource)
    return made


def _capital(text: str | Text) -> str | Text:
    """Write the first letter of a text as a capital, and leave the others."""
    if isinstance(text, Text):
        return Text(text.text[:1].upper() + text.text[1:], text.lang)
    return text[:1].upper() + text[1:]


def _arranged(
    rows: Rows, view: str, lines: Iterable[object] = (), columns: Iterable[object] = ()
) -> Any:
    """Set rows out for a view; a matrix gets its lines and columns in the order that is given."""
    return arrange(view, rows, lines, columns)


def _by(resources: Iterable[Resource], name: str) -> list[Resource]:
    """Sort resources by what a property says, numbers by size."""
    return sorted(resources, key=lambda r: natural_order(str(r.one(name) or "")))


def _having(resources: Iterable[Resource], name: str, *values: str) -> list[Resource]:
    """Keep the resources that have one of some values for a property, by compact names."""
    return [r for r in resources if any(r.has(name, value) for value in values)]


def _paragraphs(text: object) -> Markup:
    blocks = (Markup("<p>{}</p>").format(part) for part in str(text).split("\n\n"))
    return Markup("\n").join(blocks)


# A page tells in several places what it is about.
@lru_cache(maxsize=16)
def _first_sentence(text: Text, longest: int = 220) -> Text:
    """Cut a text after its first sentence, or at a word when that is long."""
    end = SENTENCE.search(text.text)
    sentence = text.text[: end.end()] if end else text.text
    if len(sentence) > longest:
        sentence = sentence[:longest].rpartition(" ")[0].rstrip(",;:") + " …"
    return Text(sentence, text.lang)
