"""Tells which fields a class of values has, and of which type, as its author wrote them."""

from __future__ import annotations

from collections.abc import Mapping


def written(cls: type) -> Mapping[str, str]:
    """Return the type of each field of a named tuple or a dataclass, as it is written."""
    hints = vars(cls).get("__annotations__", {})
    # A named tuple wraps what is written.
    return {name: getattr(hint, "__forward_arg__", hint) for name, hint in hints.items()}
