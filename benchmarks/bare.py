"""Asks the kept graph one question, with no more than Python needs: `bare.py ROOT KEPT QUERY`.

It looks whether a file was changed since, as the command has to; nothing else is checked.
"""

import os
import sys
from collections.abc import Iterator

import pyoxigraph as ox


def files(folder: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield what tells one state of a file from another."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".ttl"):
                stat = entry.stat()
                yield entry.path, stat.st_size, stat.st_ino, stat.st_mtime_ns
            elif entry.is_dir(follow_symlinks=False):
                yield from files(entry.path)


root, kept, query = sys.argv[1:]
sorted(file for name in ("ontology", "data", "shapes") for file in files(f"{root}/{name}"))
with open(query) as text:  # noqa: PTH123  (pathlib takes as long to load as all of this)
    found = ox.Store.read_only(f"{kept}/store").query(text.read(), use_default_graph_as_union=True)
assert isinstance(found, ox.QuerySolutions)  # noqa: S101  (the question is ours)
found.serialize(sys.stdout.buffer, ox.QueryResultsFormat.CSV)
