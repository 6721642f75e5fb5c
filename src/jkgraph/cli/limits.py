"""Stops what takes too long or too much memory: the store itself cannot be asked to stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from jkgraph import memory
from jkgraph.cli.session import Session

INTERVAL = 0.05


@contextmanager
def limited(
    run: Session, setting: str, seconds: float | None = None, more: str = "--timeout"
) -> Iterator[None]:
    """End the program, with a message, when the work takes longer or most of the memory.

    Without ``seconds`` a setting says how long it may take. An interruption from the keyboard ends
    it at once too. ``more`` is what to type for more time.
    """
    done, bounds = threading.Event(), run.workspace.limits
    if seconds is None:
        seconds, more = getattr(bounds, setting), ""
    given = (run, setting, seconds, more, bounds.memory_percent, done)
    watch = threading.Thread(target=_watch, args=given, daemon=True)
    in_front = threading.current_thread() is threading.main_thread()
    # Python would not see the interruption before the store has its answer.
    kept = signal.signal(signal.SIGINT, signal.SIG_DFL) if in_front else None
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()
        if kept is not None:
            signal.signal(signal.SIGINT, kept)


def _watch(
    run: Session, setting: str, seconds: float, more: str, percent: int, done: threading.Event
) -> None:
    end = time.monotonic() + seconds
    most = memory.of_the_machine() * percent / 100
    pause = 0.0
    while not done.wait(pause):
        pause = max(0.0, min(INTERVAL, end - time.monotonic()))
        if time.monotonic() >= end:
            # Only here: reading the words takes as long as many a question.
            more = more or run.say("limit.setting", setting=setting)
            told = run.say("limit.time", seconds=f"{seconds:g}", more=more)
        elif (used := memory.in_use()) > most:
            told = run.say(
                "limit.memory",
                megabytes=round(most / 1e6),
                found=round(used / 1e6),
                percent=percent,
            )
        else:
            continue
        click.echo(f"jkgraph: {told}", err=True)
        os._exit(2)
