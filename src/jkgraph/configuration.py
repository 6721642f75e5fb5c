"""Reads ``jkgraph.toml``, and refuses a key or a value that means nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from jkgraph import __version__
from jkgraph.annotations import written
from jkgraph.errors import JkgraphError, unreadable
from jkgraph.findings import Severity
from jkgraph.messages import did_you_mean
from jkgraph.settings import FORMS, SECTIONS, VERSION, WEB, Settings, Texts, Waiver

T = TypeVar("T")
# A key may stand in a table of one line, or behind the name of its table.
_BEFORE_KEY = r"(?:\s*\[*(?:[\w\"-]+\s*\.\s*)*|.*[{,]\s*)"
_LANGUAGE = re.compile("[a-z]{2,3}").fullmatch


def read_settings(path: Path) -> Settings:
    """Read a settings file.

    Raises JkgraphError for bad TOML, and for a key or a value that is not known.
    """
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    except (ValueError, RecursionError) as error:
        # Too many digits and too many brackets are other errors than bad TOML.
        raise JkgraphError("bad-settings", file=path, reason=error) from error
    return _settings(table, _File(path, text))


class _File(NamedTuple):
    """The settings file, to point at the line of a key."""

    path: Path
    text: str

    def place(self, key: str) -> str:
        for number, line in enumerate(self.text.splitlines(), 1):
            if re.match(rf"{_BEFORE_KEY}\"?{re.escape(key)}\"?\s*[=\]]", line):
                return f"{self.path}:{number}"
        return str(self.path)

    def unknown(self, key: str, known: list[str]) -> JkgraphError:
        return JkgraphError(
            "unknown-setting", place=self.place(key), key=key, hint=did_you_mean(key, known)
        )

    def wrong(self, key: str, wanted: str) -> JkgraphError:
        return JkgraphError("wrong-setting", place=self.place(key), key=key, wanted=wanted)


def _settings(table: Mapping[str, Any], file: _File) -> Settings:
    known = [*SECTIONS, "prefixes", "exception"]
    for name in table:
        if name not in known:
            raise file.unknown(name, known)
    parts = {
        name: _section(cls, _table(name, table.get(name, {}), file), file)
        for name, cls in SECTIONS.items()
    }
    exceptions = table.get("exception", [])
    if not isinstance(exceptions, list):
        raise file.wrong("exception", "[[exception]]")
    _require_version(parts["workspace"].requires, file)
    base = parts["workspace"].base
    if not (re.fullmatch(rf"{WEB}/", base) and _is_address(base)):
        raise file.wrong("base", "https://…/")
    if not (parts["workspace"].languages and all(map(_LANGUAGE, parts["workspace"].languages))):
        raise file.wrong("languages", '["nl", "en"]')
    if not re.fullmatch(rf"(?:{VERSION})?", parts["workspace"].version):
        raise file.wrong("version", "1.2.0")
    for key in (key for key, most in parts["limits"]._asdict().items() if most < 1):
        raise file.wrong(key, "1")
    for key, (form, wanted) in FORMS.items():
        if not re.fullmatch(form, getattr(parts["site"], key)):
            raise file.wrong(key, wanted)
    return Settings(
        general=parts.pop("workspace"),
        exceptions=tuple(_section(Waiver, _table("exception", t, file), file) for t in exceptions),
        prefixes=_prefixes(table, file),
        **parts,
    )


def _prefixes(table: Mapping[str, Any], file: _File) -> Texts:
    prefixes = _texts("prefixes", table.get("prefixes", {}), file)
    for name, address in prefixes.items():
        if not _is_address(address):
            raise file.wrong(name, "https://…")
    return prefixes


def _is_address(text: str) -> bool:
    # Not at the top: help is shown without a store.
    import pyoxigraph as ox

    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _table(name: str, value: Any, file: _File) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise file.wrong(name, f"[{name}]")


def _section(cls: type[T], table: Mapping[str, Any], file: _File) -> T:
    known = written(cls)
    for key in table:
        if key not in known:
            raise file.unknown(key, list(known))
    values = {key: _value(key, known[key], value, file) for key, value in table.items()}
    try:
        return cls(**values)
    except TypeError as error:
        missing = ", ".join(re.findall(r"'(\w+)'", str(error)))
        raise JkgraphError("missing-setting", file=file.path, key=missing) from error


def _value(key: str, wanted: str, value: Any, file: _File) -> Any:
    if wanted == "str" and isinstance(value, str):
        return value
    if wanted == "int" and type(value) is int and value >= 0:
        return value
    if wanted == "tuple[str, ...]":
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(v, str) for v in listed):
            return tuple(listed)
    if wanted in {"Texts", "Names"}:
        return _texts(key, value, file)
    if wanted == "date | None" and isinstance(value, date):
        return value
    if wanted == "Severity" and str(value).upper() in Severity.__members__:
        return Severity[str(value).upper()]
    raise file.wrong(key, "1" if wanted == "int" else wanted)


def _texts(key: str, value: Any, file: _File) -> Mapping[str, str]:
    if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return value
    raise file.wrong(key, '{ name = "…" }')


def _require_version(wanted: str, file: _File) -> None:
    have = _numbers(__version__)
    for clause in wanted.split(","):
        match = re.fullmatch(r"\s*(>=|<)\s*([\d.]+)\s*", clause)
        if match is None:
            raise file.wrong("requires", ">=0.1,<1")
        at_least = have >= _numbers(match[2])
        if at_least != (match[1] == ">="):
            raise JkgraphError("wrong-version", wanted=wanted, have=__version__)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", text)[:3])
