"""Cancellations that come after the money: what they cancel, and what was put against that before."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_OPEN = """
SELECT t.id, t.document, i.line, i.open_minor, i.applies_to, t.order_code, t.pocket_id
FROM temp.fresh f CROSS JOIN txn t ON t.id = f.txn_id CROSS JOIN item i ON i.txn_id = t.id
WHERE t.kind = 4 AND i.removed_by IS NULL AND i.side = -1 AND i.state = 0 AND i.open_minor > 0
ORDER BY t.pocket_id, t.date, length(t.document), t.document, i.line
"""
_OF_ORDER = """
SELECT i.id FROM txn t CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE t.pocket_id = :pocket AND t.order_code = :order AND t.order_code IS NOT NULL AND t.removed_by IS NULL
AND i.side = 1
"""
_OF_TARGET = """
SELECT i.id FROM item i WHERE i.txn_id = :target AND i.removed_by IS NULL AND i.side = 1 AND i.pocket_id = :pocket
AND (:line IS NULL OR i.line = :line)
"""
_PAYING = """
SELECT n.id, c.state = 1 FROM allocation n JOIN item c ON c.id = n.credit_id JOIN txn t ON t.id = c.txn_id
WHERE n.debit_id IN ({debits}) AND n.removed_by IS NULL AND n.id < :first AND t.kind <> 4 ORDER BY n.id
"""


class OpenCancellation(NamedTuple):
    """A cancellation of this load of which something found nothing open to cancel."""

    txn_id: int
    document: str
    line: int
    open_minor: int
    applies_to: str | None
    order: str | None
    pocket_id: int


def open_cancellations(connection: sqlite3.Connection) -> list[OpenCancellation]:
    """Those that the load made or changed, in the order of R16."""
    return [OpenCancellation(*row) for row in connection.execute(_OPEN)]


def debits_of_order(connection: sqlite3.Connection, cancelled: OpenCancellation) -> list[int]:
    """The debit items of its order, in its account and currency."""
    asked = {"pocket": cancelled.pocket_id, "order": cancelled.order}
    return [item for (item,) in connection.execute(_OF_ORDER, asked)]


def debits_of_target(
    connection: sqlite3.Connection, cancelled: OpenCancellation, target: int, line: int | None
) -> list[int]:
    """The debit items of a document that it names, in its account and currency."""
    asked = {"target": target, "line": line, "pocket": cancelled.pocket_id}
    return [item for (item,) in connection.execute(_OF_TARGET, asked)]


def paying(connection: sqlite3.Connection, debits: Sequence[int], first_allocation: int) -> Iterator[tuple[int, bool]]:
    """The allocations of money to these items that are older than the operation, and whether each is planned."""
    sql = _PAYING.format(debits=", ".join(map(str, debits)))
    for allocation, planned in connection.execute(sql, {"first": first_allocation}):
        yield allocation, bool(planned)
