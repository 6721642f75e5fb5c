"""Does work in a copy of the program, which can be stopped while the program goes on."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

import click

from jkgraph.cli import session
from jkgraph.cli.help import READER_GONE
from jkgraph.cli.session import Session
from jkgraph.errors import JkgraphError

COULD_NOT, STOPPED = 2, 130


def apart(run: Session, work: Callable[[], None]) -> int:
    """Do work and return the exit code that it came to; Ctrl-C stops the work alone.

    Where a system cannot copy a program, the work is done here, and Ctrl-C ends the program.
    """
    if not session.BACKGROUND:
        work()
        return 0
    sys.stdout.flush()
    copy = os.fork()
    if copy == 0:
        code = COULD_NOT
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            code = _code(run, work)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    try:
        code = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
    except KeyboardInterrupt:
        # Ctrl-C reaches the copy too, which may have ended before this.
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)
        code = -signal.SIGKILL
    if code == READER_GONE:
        raise click.exceptions.Exit(READER_GONE)
    if code < 0:
        click.echo(err=True)
        run.tell("shell.stopped")
    return STOPPED if code < 0 else code


def _code(run: Session, work: Callable[[], None]) -> int:
    try:
        work()
        sys.stdout.flush()
    except JkgraphError as error:
        run.tell_error(error)
        return COULD_NOT
    except OSError as error:
        if error.errno == errno.EPIPE:
            return READER_GONE
        file = error.filename or "stdout"
        run.tell_error(JkgraphError("not-written", file=file, reason=error.strerror))
        return COULD_NOT
    return 0
