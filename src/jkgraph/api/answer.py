"""The answer to a query, as rows of values."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from jkgraph.api.record import Record, Value
from jkgraph.errors import JkgraphError

if TYPE_CHECKING:
    import pandas as pd

# As many as a page shows well.
SHOWN = 20


class Answer:
    """The rows of an answer: numbers, dates, yes or no, texts, records; None where nothing is.

    ``columns`` are the names of its columns, and ``rows`` all its rows, which it goes through
    by itself too. A row is a tuple whose values have names. ASK gives one row with one value,
    and CONSTRUCT a row for every statement.

    >>> answer = kg.query("bridges-over", water="brede-stroom")
    >>> answer.columns
    ('bridge', 'name', 'length')
    >>> for row in answer:
    ...     print(row.name, row.length)
    Nieuwe brug None
    Spoorbrug None
    """

    def __init__(self, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        self.columns = tuple(columns)
        # A variable may have a name that Python keeps for itself.
        row = namedtuple("Row", self.columns, rename=True)  # type: ignore[misc]  # named when it runs
        self.rows: tuple[Any, ...] = tuple(row(*values) for values in rows)

    @property
    def value(self) -> Value:
        """The one value of an answer with one row and one column, such as of ASK or COUNT.

        Any other answer is an error.

        >>> kg.query("SELECT (COUNT(?x) AS ?number) { ?x a br:Bridge }").value
        4
        """
        if (len(self.rows), len(self.columns)) != (1, 1):
            raise JkgraphError("not-one-value", rows=len(self.rows), columns=len(self.columns))
        value: Value = self.rows[0][0]
        return value

    def to_dicts(self) -> list[dict[str, Value]]:
        """Return each row as a dictionary, by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self, records: Literal["label", "name", "object"] = "label") -> pd.DataFrame:
        """Return the rows as a DataFrame, each column with its own type.

        ``records`` tells what stands for a record: its label, its name (``kind:slug``), or the
        Record itself. Raises JkgraphError without the package pandas (extra ``frames``).
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise JkgraphError("no-extra", extra="frames") from error
        if records not in {"label", "name", "object"}:
            wanted = "label, name, object"
            raise JkgraphError("wrong-option", option="records", value=records, wanted=wanted)
        columns = {}
        for name, values in zip(self.columns, zip(*self.rows, strict=True), strict=False):
            told = [_told(value, records) for value in values]
            column = pd.Series(told, dtype=object)
            days = [value for value in told if value is not None]
            if days and all(type(value) is date for value in days):
                columns[name] = pd.to_datetime(column)
            else:
                columns[name] = column.convert_dtypes()
        return pd.DataFrame(columns, columns=list(self.columns))

    def __iter__(self) -> Iterator[Any]:
        """Go through the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def __bool__(self) -> bool:
        """Tell whether there is a row; of ASK, whether it is yes."""
        return bool(self.rows) and self.rows != ((False,),)

    def __getitem__(self, number: int) -> Any:
        """Return a row by its place, from nought."""
        return self.rows[number]

    def __repr__(self) -> str:
        """Tell how large it is."""
        return f"<Answer {len(self.rows)} rows: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        shown = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in self.rows[:SHOWN])
        more = len(self.rows) - SHOWN
        rest = f"<p>… +{more}</p>" if more > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{shown}</tbody></table>{rest}"


def _told(value: Value, records: str) -> object:
    if not isinstance(value, Record) or records == "object":
        return value
    return value.label if records == "label" else value.name


def _cell(value: Value) -> str:
    title = f' title="{escape(value.name)}"' if isinstance(value, Record) else ""
    return f"<td{title}>{escape('' if value is None else str(value))}</td>"
