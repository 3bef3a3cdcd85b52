"""The rows that an operation made: ranges of ids, since ids only grow and rows are never deleted."""

import sqlite3

_NAMES = ("txn", "item", "allocation", "txn_end", "item_end", "allocation_end")
_BOUNDS = """
SELECT o.first_txn, o.first_item, o.first_allocation, coalesce(n.first_txn, 1 << 62), coalesce(n.first_item, 1 << 62),
  coalesce(n.first_allocation, 1 << 62) FROM operation o LEFT JOIN operation n ON n.id = o.id + 1 WHERE o.id = ?
"""


def bounds(connection: sqlite3.Connection, number: int) -> dict[str, int]:
    """The first id of each table that operation `number` made (`txn`), and the first that it did not (`txn_end`)."""
    return dict(zip(_NAMES, connection.execute(_BOUNDS, (number,)).fetchone(), strict=True))
