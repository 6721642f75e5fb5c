"""Tells where the time of a build goes: `profile_build.py [ROOT]`, in one process, by sampling.

Every few milliseconds of computing time the step is noted that the program is in; the share of a
step is the share of the notes. What is waited for, such as a disk, does not count.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

EVERY = 0.002
# The step of a function, or of all functions in a file; what stands first goes first.
STEPS = {
    "search/write_index": "search index",
    "output/write": "writing files",
    "folders/_take_place": "putting the new site in the place of the old",
    "queries/solutions": "asking queries",
    "queries/run": "asking queries",
    "environment/environment": "reading templates",
    "render/_template": "reading templates",
    "render/render": "drawing pages",
    "dumps/whole": "the whole graph in single files",
    "exports/in_syntaxes": "data of each record",
    "exports/_frozen": "data of each record",
    "exports/_answers": "answers of queries as files",
    "exports/_written": "data of each list value",
    "tables/write": "tables",
    "data/_others": "other files",
    "plan/make_plan": "planning pages",
    "inference/infer": "inference",
    "loading/load": "reading the records",
    "loading/load_terms": "reading the records",
}
OTHER = "starting and the rest"


def step(frame: FrameType | None) -> str:
    """Return the innermost step that a frame is part of."""
    while frame is not None:
        code = frame.f_code
        found = STEPS.get(f"{Path(code.co_filename).stem}/{code.co_name}")
        if found and "jkgraph" in code.co_filename:
            return found
        frame = frame.f_back
    return OTHER


def main() -> None:
    """Build a site once, and print the table."""
    root = sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).parent.parent)
    # Copies of the process would not be seen.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    noted: Counter[str] = Counter()
    signal.signal(signal.SIGPROF, lambda _, frame: noted.update([step(frame)]))
    with TemporaryDirectory() as folder:
        sys.argv = ["jkgraph", "--root", root, "build", "--out", f"{folder}/site"]
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        from jkgraph.cli import main as jkgraph

        try:
            jkgraph()
        except SystemExit as ended:
            if ended.code:
                raise
        signal.setitimer(signal.ITIMER_PROF, 0)
    print("| step | share |\n|---|---|")  # noqa: T201  (its only output)
    # What is never met has another name by now.
    noted.update(dict.fromkeys((OTHER, *STEPS.values()), 0))
    for name, number in noted.most_common():
        print(f"| {name} | {number / noted.total():.1%} |")  # noqa: T201  (its only output)


if __name__ == "__main__":
    main()
