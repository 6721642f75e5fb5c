"""Where the system keeps what programs remember for a person."""

from __future__ import annotations

import os
from pathlib import Path


def state_folder() -> Path:
    """Return the folder for what somebody did; it may be missing."""
    return _folder("XDG_STATE_HOME", ".local/state")


def cache_folder() -> Path:
    """Return the folder for what can be made again; it may be missing."""
    return _folder("XDG_CACHE_HOME", ".cache")


def _folder(variable: str, default: str) -> Path:
    named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else variable, "")
    found = Path(named) if Path(named).is_absolute() else Path("~", default).expanduser()
    return found / "jkgraph"
