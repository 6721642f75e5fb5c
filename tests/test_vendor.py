"""What was made elsewhere is known: each file, where it is from, its licence and its sum."""

from __future__ import annotations

import hashlib
import re
import tomllib
from gzip import decompress
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).parent.parent / "src/jkgraph/templates/static/vendor"
OURS = {"README.md", "manifest.toml"}
ASSETS: list[dict[str, Any]] = tomllib.loads((VENDOR / "manifest.toml").read_text("utf-8"))["asset"]
PURL = re.compile(r"pkg:npm/(?:%40[\w.-]+/)?[\w.-]+@(\d+\.\d+\.\d+)")


def total(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_every_file_is_known_and_none_is_missing() -> None:
    files = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}
    known = [name for asset in ASSETS for name in asset["files"]]

    assert sorted(known) == sorted(files - OURS)


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset["purl"])
def test_the_bytes_are_those_that_are_known(asset: dict[str, Any]) -> None:
    found = {name: total((VENDOR / name).read_bytes()) for name in asset["files"]}
    packed = asset.get("unpacked", {})
    inside = {name: total(decompress((VENDOR / name).read_bytes())) for name in packed}

    assert found == asset["files"]
    assert inside == packed
    assert {name for name in found if name.endswith(".gz")} == packed.keys()


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset["purl"])
def test_versions_and_licences_are_told(asset: dict[str, Any]) -> None:
    parts = [asset, *asset.get("parts", ())]

    assert PURL.fullmatch(asset["purl"])[1] == asset["version"]
    assert [part for part in parts if not PURL.fullmatch(part["purl"]) or not part["licence"]] == []
    assert asset["licence_file"] in asset["files"]
    text = (VENDOR / asset["licence_file"]).read_text("utf-8")
    assert "Permission is hereby granted" in text
    for part in asset.get("parts", ()):
        name = part["purl"].removeprefix("pkg:npm/").replace("%40", "@").rpartition("@")[0]
        assert name in text
