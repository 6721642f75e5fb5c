"""Which day it is: the one place that asks a clock what is written into files."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from jkgraph.errors import JkgraphError

EPOCH = "SOURCE_DATE_EPOCH"


def today() -> date:
    """Return the day by the clock of the system, or the one that SOURCE_DATE_EPOCH names.

    That is a number of seconds since 1970, by which builds can be made again as they were.
    """
    told = os.environ.get(EPOCH)
    if not told:
        return date.today()
    try:
        return datetime.fromtimestamp(int(told), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise JkgraphError("bad-epoch", name=EPOCH, value=told) from error
