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
        ("{{ it ~ '<' }}", "&lt;b&gt;&lt;"),
        ("{{ '<' }}{{ [it] | join }}", "&lt;&lt;b&gt;"),
        ("{% autoescape false %}{{ it }}{% endautoescape %}", "<b>"),
    ],
)
def test_a_template_escapes_each_value_once(template: str, drawn: str) -> None:
    made = Environment(autoescape=True, undefined=jinja2.StrictUndefined)

    assert made.from_string(template).render(it="<b>") == drawn


def test_what_is_not_there_is_an_error() -> None:
    made = Environment(autoescape=True, undefined=jinja2.StrictUndefined)

    with pytest.raises(jinja2.UndefinedError):
        made.from_string("{{ nothing }}").render()
