"""How much is read of what others send, and how much a command may take: all bounds, in one place.

A workspace sets its own under ``[limits]``.
"""

from __future__ import annotations

from typing import NamedTuple

from jkgraph.messages import Message


class Bounds(NamedTuple):
    """How much is read of what others send, and how much a command may take.

    file_bytes: the size of a file with a record, or of the ontology, lists or shapes
    text_characters: the length of one text in such a file
    nesting: how many brackets stand within each other there
    file_triples: the statements of one such file
    check_seconds: how long `validate` may take
    query_seconds: how long an answer may take, unless `--timeout` says otherwise
    query_megabytes: the size of an answer
    memory_percent: the part of the memory of the machine that such a command may take
    import_seconds: how long reading and trying a workbook or CSV may take
    workbook_bytes: the size of a workbook when it is unpacked, or of CSV
    workbook_parts: the files in a workbook
    workbook_cells: the cells of a workbook
    sheet_rows: the rows of one sheet
    sheet_columns: the columns of one sheet
    request_bytes: the size of a question to `serve --sparql`
    serve_seconds: how long such a question may take, unless `--timeout` says otherwise
    serve_rows: the rows of its answer, unless `--limit` says otherwise
    serve_megabytes: the memory that it may take
    answer_megabytes: the size of its answer
    reply_seconds: how long an endpoint that is asked may be silent
    reply_megabytes: the size of one reply of an endpoint
    links_seconds: how long `validate --external` may ask for web addresses, all together
    """

    file_bytes: int = 1_000_000
    text_characters: int = 100_000
    nesting: int = 50
    file_triples: int = 50_000
    check_seconds: int = 1_800
    query_seconds: int = 600
    query_megabytes: int = 4_000
    memory_percent: int = 75
    import_seconds: int = 600
    workbook_bytes: int = 150_000_000
    workbook_parts: int = 5_000
    workbook_cells: int = 2_000_000
    sheet_rows: int = 50_000
    sheet_columns: int = 500
    request_bytes: int = 100_000
    serve_seconds: int = 30
    serve_rows: int = 100_000
    serve_megabytes: int = 1_024
    answer_megabytes: int = 64
    reply_seconds: int = 120
    reply_megabytes: int = 4_000
    links_seconds: int = 300

    def over(self, setting: str, found: object) -> Message:
        """Return the words for what was found, the bound that it is over, and how to raise it."""
        most = getattr(self, setting)
        return Message("limit.over", {"found": found, "most": most, "setting": setting})


USUAL = Bounds()
