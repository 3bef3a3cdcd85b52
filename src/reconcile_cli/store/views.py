"""Looking at the books while others may change them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_view(connection: sqlite3.Connection) -> Iterator[None]:
    """One unchanging view of the books, in which only TEMP tables are written; nothing in the file is locked."""
    connection.execute("BEGIN")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
