"""What templates write is escaped as markupsafe does it, whatever its type."""

from __future__ import annotations

import jinja2
import markupsafe
import pytest
from markupsafe import Markup

from jkgraph.site import straight
from jkgraph.site.straight import Environment, written
from jkgraph.site.values import Text

SIGNS = "<a href='x'>\"&amp;\""
MARKUP = Markup(SIGNS)  # noqa: S704  (nobody else wrote it)


class Shouting(str):
    """A text of another type, which is no markup."""


@pytest.mark.parametrize(
    "value",
    [SIGNS, MARKUP, Shouting(SIGNS), Text(SIGNS), Text(SIGNS, "en"), 7, None, [SIGNS]],
    ids=["text", "markup", "other", "own", "foreign", "number", "nothing", "list"],
)
def test_a_value_is_written_as_markupsafe_does(value: object) -> None:
    assert str(written(value)) == str(markupsafe.escape(value))


def test_text_is_escaped_too_where_markupsafe_has_other_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(straight, "_escaped", markupsafe.escape)

    assert str(written(SIGNS)) == str(markupsafe.escape(SIGNS))


@pytest.mark.parametrize(
    ("template", "drawn"),
    [
        ("{{ it }}", "&lt;b&gt;"),
        ("{{ it | safe }}", "<b>"),
        ("{% set both %}{{ it }}!{% endset %}{{ both }}", "&lt;b&gt;!"),
        ("{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(it) }}", "<i>&lt;b&gt;</i>"),
        (
            "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ it }}{% endcall %}",
            "&lt;b&gt;",
        ),
        ("{% macro m(x, y='<') %}{{ x }}{{ y }}{% endmacro %}{{ m(1) }}{{ m(2, 3) }}", "1&lt;23"),
        ("{% macro m(x, y) %}{{ x }}{{ y }}{% endmacro %}{{ m(y=it, x=1) }}", "1&lt;b&gt;"),
        ("{% macro m(class) %}{{ class }}{% endmacro %}{{ m(class=it) }}", "&lt;b&gt;"),
        ("{% macro m(x) %}{{ x }}{{ varargs | length }}{% endmacro %}{{ m(1, 2, 3) }}", "12"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(*[it]) }}{{ m(**{'x': 2}) }}", "&lt;b&gt;2"),
        ("{% for x in [1, 2] recursive %}{{ x }}{{ loop([3]) if x == 2 }}{% endfor %}", "123"),
        ("{{ it ~ '<' }}", "&lt;b&gt;&lt;"),
        ("{{ '<' }}{{ [it] | join }}", "&lt;&lt;b&gt;"),
        ("{% autoescape false %}{{ it }}{% endautoescape %}", "<b>"),
    ],
)
def test_a_template_escapes_each_value_once(template: str, drawn: str) -> None:
    made = Environment(autoescape=True, undefined=jinja2.StrictUndefined)

    assert made.from_string(template).render(it="<b>") == drawn


@pytest.mark.parametrize(
    "template",
    [
        "{{ nothing }}",
        "{{ nothing() }}",
        "{{ ''.nothing(1) }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m() }}",
    ],
)
def test_what_is_not_there_is_an_error(template: str) -> None:
    made = Environment(autoescape=True, undefined=jinja2.StrictUndefined)

    with pytest.raises(jinja2.UndefinedError):
        made.from_string(template).render()


@pytest.mark.parametrize("called", ["m(1, 2)", "m(1, y=2)"])
def test_a_macro_refuses_what_it_does_not_take(called: str) -> None:
    made = Environment(autoescape=True, undefined=jinja2.StrictUndefined)

    with pytest.raises(TypeError, match="macro 'm' takes no"):
        made.from_string("{% macro m(x) %}{{ x }}{% endmacro %}{{ " + called + " }}").render()
