"""Shows on a terminal that work goes on which takes longer than a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from jkgraph.cli.session import Session

PATIENCE = 1.0
# How much must be done, as a part of all, to tell from it how long the rest takes.
ENOUGH = 0.05
WIDTH = 50

Show = Callable[[int, int], None]


@contextmanager
def progress(run: Session, key: str) -> Iterator[Show | None]:
    """Give what tells how much of how much is done; that is shown, with the time that is left."""
    if not sys.stderr.isatty():
        yield None
        return
    begun, line = time.monotonic(), _Line()

    def show(done: int, total: int) -> None:
        passed = time.monotonic() - begun
        told = run.say(key, percent=100 * done // total)
        if done >= ENOUGH * total and passed > PATIENCE:
            told += run.say("progress.left", left=_clock(passed * (total - done) / done))
        line.draw(told)

    try:
        yield show
    finally:
        line.draw("")


@contextmanager
def elapsed(run: Session, key: str) -> Iterator[None]:
    """Show how long something takes of which nobody knows how far it is."""
    if not sys.stderr.isatty():
        yield
        return
    begun, line, ended = time.monotonic(), _Line(), Event()

    def watch() -> None:
        while not ended.wait(PATIENCE):
            line.draw(run.say(key, passed=_clock(time.monotonic() - begun)))

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        line.draw("")


class _Line:
    """A line on the screen that is written over and over; what comes next takes its place."""

    def __init__(self) -> None:
        self._shown = ""

    def draw(self, text: str) -> None:
        """Show a text, or nothing."""
        if text != self._shown:
            self._shown = text
            click.echo(f"{text:<{WIDTH}}\r", nl=False, err=True)


def _clock(seconds: float) -> str:
    """Write a time in minutes and seconds."""
    return "{}:{:02}".format(*divmod(round(seconds), 60))
