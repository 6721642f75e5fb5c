"""What Virtuoso 7 writes otherwise than the standard says, put right."""

from __future__ import annotations

import re

# A blank node has the form of an address, and what is true that of a number.
ODD = (
    (re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://'), rb"\1"),
    (re.compile(rb'(XMLSchema#boolean"\s*,\s*"value"\s*:\s*)"1"'), rb'\1"true"'),
    (re.compile(rb'(XMLSchema#boolean"\s*,\s*"value"\s*:\s*)"0"'), rb'\1"false"'),
)
# Yes is a row, and no is none.
YES_OR_NO = re.compile(rb'\s*\{\s*"head"\s*:\s*\{[^{}]*"vars"\s*:\s*\[\s*"__ASK_RETVAL"\s*\]')


def is_virtuoso(server: str) -> bool:
    """Tell whether a server says that it is Virtuoso."""
    return server.startswith("Virtuoso")


def mended(results: bytes) -> bytes:
    """Return results in JSON as the standard writes them."""
    if YES_OR_NO.match(results):
        return b'{"head":{},"boolean":%s}' % (b"true" if b'"value"' in results else b"false")
    for odd, right in ODD:
        results = odd.sub(right, results)
    return results
