"""Making and removing allocations, set-wise: plan in TEMP, write at once, open amounts with them (R4-R7)."""

import sqlite3
from collections.abc import Iterable

from reconcile_cli.store import bulk
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.sums import touch

_MAKE = """
INSERT INTO allocation (debit_id, credit_id, amount_minor, stage, reason, made_by, origin)
SELECT debit_id, credit_id, amount_minor, stage, reason, :operation, coalesce(origin, :operation) FROM temp.plan
WHERE true
ON CONFLICT (debit_id, credit_id, made_by, origin) WHERE removed_by IS NULL
DO UPDATE SET amount_minor = allocation.amount_minor + excluded.amount_minor
"""
_CLOSE = """
UPDATE item SET open_minor = open_minor - part.amount, planned_minor = planned_minor + part.planned
FROM (SELECT id, sum(amount) AS amount, sum(planned) AS planned FROM (
  SELECT debit_id AS id, amount_minor AS amount, amount_minor * planned AS planned FROM temp.plan
  UNION ALL SELECT credit_id, amount_minor, 0 FROM temp.plan) GROUP BY id) part
WHERE item.id = part.id
"""
_PLANNED_BEFORE = """
SELECT debit_id FROM temp.plan WHERE debit_id < :first
UNION ALL SELECT credit_id FROM temp.plan WHERE credit_id < :first
"""
_FREE_ITEM = """
INSERT OR IGNORE INTO temp.freed (allocation_id, why)
SELECT id, :why FROM allocation WHERE removed_by IS NULL AND debit_id = :item
UNION ALL SELECT id, :why FROM allocation WHERE removed_by IS NULL AND credit_id = :item
"""
_REMOVE = """
UPDATE allocation SET removed_by = :operation
WHERE removed_by IS NULL AND id IN (SELECT allocation_id FROM temp.freed)
"""
_OPEN_DEBITS = """
UPDATE item SET open_minor = open_minor + part.amount, planned_minor = planned_minor - part.planned
FROM (SELECT n.debit_id AS id, sum(n.amount_minor) AS amount, sum(n.amount_minor * (c.state = 1)) AS planned
  FROM temp.freed f CROSS JOIN allocation n ON n.id = f.allocation_id CROSS JOIN item c ON c.id = n.credit_id
  WHERE n.removed_by IS NULL AND NOT (n.debit_id >= :low AND n.debit_id < :high) GROUP BY n.debit_id) part
WHERE item.id = part.id
"""
_OPEN_CREDITS = """
UPDATE item SET open_minor = open_minor + part.amount
FROM (SELECT n.credit_id AS id, sum(n.amount_minor) AS amount
  FROM temp.freed f CROSS JOIN allocation n ON n.id = f.allocation_id
  WHERE n.removed_by IS NULL AND NOT (n.credit_id >= :low AND n.credit_id < :high) GROUP BY n.credit_id) part
WHERE item.id = part.id
"""
_RECOUNT_PLANNED = """
UPDATE item SET planned_minor = coalesce((
  SELECT sum(n.amount_minor) FROM allocation n JOIN item c ON c.id = n.credit_id
  WHERE n.debit_id = item.id AND n.removed_by IS NULL AND c.state = 1), 0)
WHERE id IN (SELECT n.debit_id FROM allocation n JOIN item c ON c.id = n.credit_id
  WHERE c.txn_id = :txn AND n.removed_by IS NULL)
"""

_PLAN = "temp.plan (debit_id, credit_id, amount_minor, stage, reason, planned)"
_PLANNED = "SELECT column1, column2, column3, column4, nullif(column5, ''), column6 FROM (VALUES {rows})"

PlanRow = tuple[int, int, int, int, str | None, int]


def plan(connection: sqlite3.Connection, rows: Iterable[PlanRow]) -> int:
    """Keep proposed allocations for `make_planned`; rows are debit, credit, amount, stage, reason, planned.

    A stage without arguments has no reason, or an empty one; `planned` is 1 where the credit is a planned payment.
    Tells how many rows there were.
    """
    return bulk.insert(connection, _PLAN, 6, rows, values=_PLANNED)


def make_planned(op: Operation) -> None:
    """Make all allocations of TEMP `plan` and empty it. The schema refuses more than an item's open amount (R5)."""
    connection = op.connection
    touch(connection, op.first.item, _PLANNED_BEFORE)
    connection.execute(_MAKE, {"operation": op.number})
    connection.execute(_CLOSE)
    connection.execute("DELETE FROM temp.plan")


def free_item(connection: sqlite3.Connection, item_id: int, why: str) -> None:
    """Put an item's allocations on the list of those to be removed."""
    connection.execute(_FREE_ITEM, {"item": item_id, "why": why})


def free_allocation(connection: sqlite3.Connection, allocation_id: int, why: str) -> None:
    """Put one allocation on the list of those to be removed."""
    connection.execute("INSERT OR IGNORE INTO temp.freed VALUES (?, ?)", (allocation_id, why))


def remove_freed(op: Operation, leaving: range = range(0)) -> None:
    """Remove all allocations of TEMP `freed` and open their items again; `freed` is kept for the report.

    Items whose ids are in `leaving` are not opened: the caller takes them out of the books, open.
    """
    connection = op.connection
    of_freed = (
        "SELECT {side}_id FROM temp.freed CROSS JOIN allocation n ON n.id = allocation_id WHERE n.removed_by IS NULL"
    )
    if not op.anew:
        both = of_freed.format(side="debit") + " UNION ALL " + of_freed.format(side="credit")
        touch(connection, op.first.item, both)
    parameters = {"low": leaving.start, "high": leaving.stop}
    connection.execute(_OPEN_DEBITS, parameters)
    connection.execute(_OPEN_CREDITS, parameters)
    connection.execute(_REMOVE, {"operation": op.number})


def recount_planned(op: Operation, txn_id: int) -> None:
    """Work out again what planned payments cover of the debits that this transaction pays, after its state changed."""
    touch(
        op.connection,
        op.first.item,
        "SELECT n.debit_id FROM allocation n JOIN item c ON c.id = n.credit_id "
        "WHERE c.txn_id = :txn AND n.removed_by IS NULL",
        {"txn": txn_id},
    )
    op.connection.execute(_RECOUNT_PLANNED, {"txn": txn_id})
