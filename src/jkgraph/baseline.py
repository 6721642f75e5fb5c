"""The findings that were there already: they pass, new ones do not, and the list can only shrink.

A finding is known by its rule, its file and what it is about, not by its line: lines move.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from jkgraph.errors import JkgraphError, unreadable
from jkgraph.findings import Finding
from jkgraph.iri import Addresses

NAMES = ("rule", "file", "record", "property", "value")
Key = tuple[str, ...]
Baseline = Counter[Key]


def key(addresses: Addresses, found: Finding) -> Key:
    """Return by what a finding is known again when lines have moved."""
    compact = addresses.compact
    record = compact(found.record) if found.record else ""
    path = compact(found.predicate) if found.predicate else ""
    value = found.value if found.value and not found.value.startswith("_:") else ""
    return found.rule, found.location.path, record, path, value


def read_baseline(path: Path) -> Baseline:
    """Read how often each finding may be there."""
    try:
        known = json.loads(path.read_text("utf-8"))["findings"]
        return Counter({tuple(one.get(n, "") for n in NAMES): int(one["times"]) for one in known})
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise JkgraphError("no-baseline", file=path) from error


def baseline_text(addresses: Addresses, findings: Iterable[Finding]) -> str:
    """Write findings as a baseline: one a line, in a fixed order."""
    counted = Counter(key(addresses, found) for found in findings)
    lines = [
        json.dumps(
            {name: part for name, part in zip(NAMES, known, strict=True) if part} | {"times": n},
            ensure_ascii=False,
        )
        for known, n in sorted(counted.items())
    ]
    return '{"findings": [\n' + ",\n".join(lines) + "\n]}\n"


def compared(
    addresses: Addresses, findings: Iterable[Finding], baseline: Baseline
) -> tuple[list[Finding], int]:
    """Return the findings that are new, and how many of the old ones are gone."""
    left, new = Counter(baseline), []
    for found in findings:
        known = key(addresses, found)
        if left[known] > 0:
            left[known] -= 1
        else:
            new.append(found)
    return new, left.total()
