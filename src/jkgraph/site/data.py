"""Everything that is made to stand beside the pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from jkgraph.site.bundle import Bundle, Files
from jkgraph.site.context import context_file
from jkgraph.site.dumps import dumps
from jkgraph.site.exports import exports
from jkgraph.site.feed import feed_files
from jkgraph.site.hosts import host_files
from jkgraph.site.names import form_files
from jkgraph.site.plan import Plan
from jkgraph.site.sitemaps import sitemap_files

# The stem of what is made together without much work.
OTHERS = ""


def bundles(plan: Plan) -> Iterator[Bundle]:
    """Yield all files beside the pages, put together as they are made."""
    # What takes longest goes first: at the end nobody could help with it.
    yield from dumps(plan)
    yield from exports(plan)
    yield Bundle((OTHERS,), partial(_others, plan))


def _others(plan: Plan) -> Files:
    yield from context_file(plan)
    yield from form_files(plan)
    yield from sitemap_files(plan)
    yield from feed_files(plan)
    yield from host_files(plan.graph.workspace.site)
