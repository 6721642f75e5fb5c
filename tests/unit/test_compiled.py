"""Templates that were compiled before are taken again, where they may be trusted."""

from __future__ import annotations

import os
from pathlib import Path

import jinja2
import pytest

from jkgraph.site.compiled import compiled

MAKER = Path(__file__)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _draw(text: str = "Dag {{ name }}") -> str:
    made = jinja2.Environment(
        loader=jinja2.DictLoader({"page": text}), autoescape=True, bytecode_cache=compiled(MAKER)
    )
    return made.get_template("page").render(name="Jip")


def _kept(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be compiled."""

    def compile_nothing(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(jinja2.Environment, "compile", compile_nothing)


def test_a_template_is_compiled_once(request: pytest.FixtureRequest) -> None:
    assert _draw() == "Dag Jip"
    request.getfixturevalue("forbidden")
    assert _draw() == "Dag Jip"


def test_a_template_that_changed_is_compiled_anew(request: pytest.FixtureRequest) -> None:
    _draw()
    assert _draw("Hoi {{ name }}") == "Hoi Jip"
    request.getfixturevalue("forbidden")
    with pytest.raises(AssertionError):
        _draw("Tot ziens {{ name }}")


def test_what_was_damaged_is_compiled_anew(tmp_path: Path) -> None:
    _draw()
    (kept,) = _kept(tmp_path)
    content = kept.read_bytes()
    for damaged in (b"", content[:-1], content[:-1] + bytes([content[-1] ^ 1]), content + b"x"):
        kept.write_bytes(damaged)
        assert _draw() == "Dag Jip"
        assert kept.read_bytes() == content


def test_a_template_in_a_folder_whose_name_is_no_text_is_kept_too(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sit\xe9"))
    folder.mkdir()
    (folder / "page").write_text("Dag {{ name }}", "utf-8")

    def draw() -> str:
        loader = jinja2.FileSystemLoader(folder)
        made = jinja2.Environment(loader=loader, autoescape=True, bytecode_cache=compiled(MAKER))
        return made.get_template("page").render(name="Jip")

    assert draw() == "Dag Jip"
    request.getfixturevalue("forbidden")
    assert draw() == "Dag Jip"


def test_other_rules_keep_nothing_of_the_former(tmp_path: Path) -> None:
    _draw()
    (former,) = _kept(tmp_path)
    rules = tmp_path / "rules.py"
    rules.write_text("", "utf-8")
    compiled(rules)
    assert not former.exists()


def test_nothing_is_run_that_others_may_have_written(tmp_path: Path) -> None:
    _draw()
    kept = tmp_path / "cache" / "jkgraph" / "templates"
    assert compiled(MAKER)
    kept.chmod(0o770)
    assert compiled(MAKER) is None
    assert _draw() == "Dag Jip"


def test_where_nothing_can_be_kept_templates_work_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("", "utf-8")
    assert compiled(MAKER) is None
    assert _draw() == "Dag Jip"


def test_without_a_home_templates_work_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: Path) -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "expanduser", nowhere)
    assert compiled(MAKER) is None
