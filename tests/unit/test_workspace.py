"""Finding a workspace, and reading its settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jkgraph.configuration import read_settings
from jkgraph.errors import JkgraphError
from jkgraph.findings import Severity
from jkgraph.settings import Waiver
from jkgraph.workspace import find_root, open_workspace

LEAST = '[workspace]\nbase = "https://example.org/"\n\n[roles]\nrecord = "ex:Record"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "jkgraph.toml"
    file.write_text(LEAST, "utf-8")
    return file


def _fault(file: Path, text: str) -> JkgraphError:
    file.write_text(text, "utf-8")
    with pytest.raises(JkgraphError) as caught:
        read_settings(file)
    return caught.value


def test_a_workspace_is_the_nearest_folder_with_settings(settings: Path) -> None:
    deep = settings.parent / "data" / "bridge"
    deep.mkdir(parents=True)

    assert find_root(deep) == settings.parent
    assert find_root(settings.parent) == settings.parent


def test_no_folder_with_settings_is_no_workspace(tmp_path: Path) -> None:
    for start in (find_root, open_workspace):
        with pytest.raises(JkgraphError) as caught:
            start(tmp_path)
        assert caught.value.message.key == "error.no-workspace"


def test_little_has_to_be_set(settings: Path) -> None:
    workspace = open_workspace(settings.parent)

    assert workspace.languages == ("nl", "en")
    assert workspace.check.fail_on is Severity.VIOLATION
    assert workspace.roles.label == "skos:prefLabel"
    assert workspace.addresses.expand("skos:prefLabel") is not None
    assert workspace.exceptions == ()


def test_every_path_stands_in_the_workspace_and_is_written_from_its_root(settings: Path) -> None:
    workspace = open_workspace(settings.parent)

    file = workspace.record_path("bridge", "oude-steenbrug")

    assert file.is_relative_to(settings.parent)
    assert workspace.relative(file) == "data/bridge/oude-steenbrug.ttl"


def test_a_single_value_may_stand_for_a_list_of_one(settings: Path) -> None:
    settings.write_text(f'{LEAST}summary = "skos:definition"\n', "utf-8")

    assert read_settings(settings).roles.summary == ("skos:definition",)


def test_an_exception_is_read_with_its_day(settings: Path) -> None:
    text = '\n[[exception]]\nrule = "r"\nrecord = "x:y"\nreason = "z"\nuntil = 2030-01-31\n'
    settings.write_text(LEAST + text, "utf-8")

    assert read_settings(settings).exceptions == (Waiver("r", "x:y", "z", date(2030, 1, 31)),)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        (LEAST.replace("base", "bsae"), "bsae", 2),
        (LEAST.replace("[roles]", "[roless]"), "roless", 4),
        (LEAST + "publishd = 1\n", "publishd", 6),
        (LEAST + '\n[[exception]]\nrul = "x"\n', "rul", 8),
        (LEAST + "\n[check]\nfial_on = 'info'\n", "fial_on", 8),
    ],
)
def test_an_unknown_key_is_told_with_its_line(
    settings: Path, text: str, key: str, line: int
) -> None:
    error = _fault(settings, text)

    assert error.message.key == "error.unknown-setting"
    assert error.message.values["key"] == key
    assert error.message.values["place"] == f"{settings}:{line}"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (LEAST.replace('"https://example.org/"', '"https://example.org"'), "base"),
        (LEAST.replace('"https://example.org/"', '"example.org/"'), "base"),
        (LEAST.replace('"https://example.org/"', "3"), "base"),
        (LEAST + "summary = [1]\n", "summary"),
        (LEAST + "\n[check]\nfail_on = 'error'\n", "fail_on"),
        (LEAST + "\n[site]\ntitle = 'x'\n", "title"),
        (LEAST + "\n[prefixes]\nex = 1\n", "prefixes"),
        (LEAST + '\n[[exception]]\nuntil = "soon"\n', "until"),
        (LEAST.replace("[roles]", 'requires = "0.1"\n[roles]'), "requires"),
    ],
)
def test_a_value_of_the_wrong_form_is_told(settings: Path, text: str, key: str) -> None:
    error = _fault(settings, text)

    assert error.message.key == "error.wrong-setting"
    assert error.message.values["key"] == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[workspace]\nbase = "https://example.org/"\n', "record"),
        ('[roles]\nrecord = "ex:Record"\n', "base"),
        (LEAST + '\n[[exception]]\nrule = "x"\n', "record, reason"),
    ],
)
def test_a_missing_key_is_named(settings: Path, text: str, key: str) -> None:
    error = _fault(settings, text)

    assert error.message.key == "error.missing-setting"
    assert error.message.values["key"] == key


@pytest.mark.parametrize(
    "text", ["roles = 3\n" + LEAST.partition("\n\n")[0], "exception = 3\n" + LEAST]
)
def test_a_section_that_is_none_is_told(settings: Path, text: str) -> None:
    assert _fault(settings, text).message.key == "error.wrong-setting"


@pytest.mark.parametrize(
    ("requires", "fits"), [(">=0.1,<1", True), (">=0", True), (">=99", False), ("<0.1", False)]
)
def test_the_version_of_the_engine_must_fit(settings: Path, requires: str, fits: bool) -> None:
    text = LEAST.replace("\n\n", f'\nrequires = "{requires}"\n\n')
    if fits:
        settings.write_text(text, "utf-8")
        assert read_settings(settings).general.requires == requires
    else:
        assert _fault(settings, text).message.key == "error.wrong-version"


@pytest.mark.parametrize("content", [b"[workspace", b"\xff", b'a = "\xc3"'])
def test_what_is_not_toml_is_told(settings: Path, content: bytes) -> None:
    settings.write_bytes(content)

    with pytest.raises(JkgraphError) as caught:
        read_settings(settings)

    assert caught.value.message.key in {"error.bad-settings", "error.unreadable"}
