"""All or nothing, and one unchanging view: the two ways in which statements belong together (R21)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def atomic(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing (R21). The write lock is taken first, so that what is read here stays true.

    A block that rolled back itself is left at that.
    """
    with _between(connection, "BEGIN IMMEDIATE"):
        yield


@contextmanager
def one_view(connection: sqlite3.Connection) -> Iterator[None]:
    """One unchanging view of the books, in which only TEMP tables are written; nothing in the file is locked."""
    with _between(connection, "BEGIN"):
        yield


@contextmanager
def _between(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        if connection.in_transaction:
            connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
