"""Writing and finding many rows: several rows in one statement save a third of the time.

The numbers of rows at once are few, so that SQLite need not prepare a statement for every number of rows.
Python hands whole numbers, texts and bytearrays to SQLite as they are, and looks for an adapter for anything else,
None, bytes and members of an enumeration too, which takes some four times as long. So rows of millions hold an
empty text for what is absent, and their SQL says nullif.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

_AT_ONCE = (100, 10, 1)
Value = int | str | bytes | bytearray | None


def insert(
    connection: sqlite3.Connection,
    into: str,
    width: int,
    rows: Iterable[Sequence[Value]],
    *,
    values: str = "VALUES {rows}",
) -> int:
    """Insert rows of `width` values and tell how many; `into` is the table with its columns.

    `values` gives its rows: `{rows}` in it stands for some of those given, as in VALUES.
    """
    statements = _statements(f"INSERT INTO {into} {values}", _places(width))
    count = 0
    for block in _blocks(rows):
        connection.execute(statements[len(block)], list(chain.from_iterable(block)))
        count += len(block)
    return count


def insert_columns(connection: sqlite3.Connection, sql: str, columns: Sequence[Sequence[Value]], last: int) -> None:
    """Insert rows that stand as columns of one length; `{rows}` in `sql` stands for some, a ? behind it for `last`."""
    width = len(columns)
    statements = _statements(sql, _places(width))
    start = 0
    for size in _sizes(len(columns[0])):
        values: list[Value] = [last] * (width * size + 1)
        for place, column in enumerate(columns):
            values[place:-1:width] = column[start : start + size]
        connection.execute(statements[size], values)
        start += size


def find(connection: sqlite3.Connection, sql: str, width: int, keys: Iterable[Sequence[Value]]) -> Iterator[Any]:
    """The rows that `sql` gives for keys of `width` values; `{rows}` in it stands for some of them, as in VALUES."""
    statements = _statements(sql, _places(width))
    for block in _blocks(keys):
        yield from connection.execute(statements[len(block)], list(chain.from_iterable(block)))


def _places(width: int) -> str:
    return "(" + ",".join("?" * width) + ")"


def _statements(sql: str, row: str) -> dict[int, str]:
    return {size: sql.format(rows=",".join([row] * size)) for size in _AT_ONCE}


def _blocks(rows: Iterable[Sequence[Value]]) -> Iterator[list[Sequence[Value]]]:
    source = iter(rows)
    while block := list(islice(source, _AT_ONCE[0])):
        start = 0
        for size in _sizes(len(block)):
            yield block[start : start + size]
            start += size


def _sizes(count: int) -> Iterator[int]:
    """So many rows in as few statements as the sizes allow."""
    for size in _AT_ONCE:
        while count >= size:
            yield size
            count -= size
