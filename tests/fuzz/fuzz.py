"""Fuzz for a while: makes inputs, tries them, and keeps the smallest of each fault it finds.

python tests/fuzz/fuzz.py --minutes 60 [TARGET]...
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from arena import Fault
from hypothesis import HealthCheck, given, seed, settings
from targets import TARGETS, Playground

CORPUS = Path(__file__).parent / "corpus"
# Inputs that are tried before the clock is looked at.
ROUND = 40
# Seconds to look for a smaller input that makes the same fault.
SHRINKING = 30


class Fuzzer:
    """Tries inputs of the targets one after another, and remembers the faults."""

    def __init__(self, ground: Playground) -> None:
        self._ground = ground
        self.tried: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.faults: dict[str, tuple[str, bytes, Fault]] = {}
        self.end = float("inf")

    def fuzz(self, name: str, number: int) -> None:
        """Try one round of inputs of a target; the same number makes the same inputs."""
        target, start = TARGETS[name], time.monotonic()
        until = float("inf")
        found: dict[bytes, Fault] = {}

        @seed(number)
        @settings(
            max_examples=ROUND,
            database=None,
            deadline=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(target.inputs(self._ground))
        def attempt(content: bytes) -> None:
            nonlocal until
            if content in found:
                raise found[content]
            if time.monotonic() > min(self.end, until):
                return
            self.tried[name] += 1
            try:
                target.attempt(self._ground, content)
            except Fault as fault:
                # What is known would hide what is not.
                if fault.sign not in self.faults:
                    until = min(until, time.monotonic() + SHRINKING)
                    found[content] = fault
                    raise

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                attempt()
            except (Fault, ExceptionGroup):
                # The smallest comes last, and stays.
                for content, fault in sorted(found.items(), key=lambda one: -len(one[0])):
                    self.faults[fault.sign] = name, content, fault
        self.seconds[name] += time.monotonic() - start

    def run(self, names: Iterable[str], seconds: float, start: int = 0) -> Iterator[str]:
        """Try the targets in turn, each for the same time; yield the signs of new faults."""
        known: set[str] = set()
        chosen, rounds = list(names), Counter[str]()
        self.end = time.monotonic() + seconds
        while time.monotonic() < self.end:
            name = min(chosen, key=lambda one: self.seconds[one])
            self.fuzz(name, start + rounds[name])
            rounds[name] += 1
            yield from self.faults.keys() - known
            known = set(self.faults)

    def keep(self, sign: str) -> Path:
        """Keep the smallest input of a fault in the corpus."""
        name, content, _ = self.faults[sign]
        path = CORPUS / name / hashlib.sha256(content).hexdigest()[:12]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path


def main() -> None:
    """Fuzz as long as asked, and tell what was tried and found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_007)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []])
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with TemporaryDirectory() as folder:
        fuzzer = Fuzzer(Playground(Path(folder)))
        for sign in fuzzer.run(asked.targets or TARGETS, asked.minutes * 60, asked.seed):
            path = fuzzer.keep(sign)
            print(f"\nNEW: {sign}\n{path}\n{fuzzer.faults[sign][2]}\n", flush=True)
    for name, number in fuzzer.tried.items():
        print(f"{name:10} {number:8} executions in {fuzzer.seconds[name]:6.0f} s")
    print(f"{fuzzer.tried.total()} executions, {len(fuzzer.faults)} new faults")
    sys.exit(bool(fuzzer.faults))


if __name__ == "__main__":
    main()
