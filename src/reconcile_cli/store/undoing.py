"""Taking an operation back, set-wise: what it made leaves, what it removed or changed comes back (R7).

Marks of removal are final, so what comes back are new rows with the old content. An operation on whose effects
a later one builds is not taken back; `in_the_way` names those.
"""

import sqlite3

from reconcile_cli.store import allocating, locking
from reconcile_cli.store.bounds import bounds
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.operation_state import ITEM_CONTENT, TXN_CONTENT
from reconcile_cli.store.sums import touch

_MADE_ALLOCATIONS = "n.id >= :allocation AND n.id < :allocation_end"
_MADE_TXNS = "t.id >= :txn AND t.id < :txn_end"
_MADE_ITEMS = "i.id >= :item AND i.id < :item_end"
# Items whose content the operation made or changed: a later allocation of one builds on it.
_CONCERNED = f"""
SELECT i.id FROM item i WHERE {_MADE_ITEMS}
UNION SELECT w.item_id FROM item_was w JOIN item i ON i.id = w.item_id
  WHERE w.changed_by = :undone
  AND (w.pocket_id, w.side, w.state, w.amount_minor) IS NOT (i.pocket_id, i.side, i.state, i.amount_minor)
"""
# The live allocation that stands for a removed one `n`: same work, same amount, same lines of the same documents.
_STANDS_FOR = """
FROM item nd JOIN item rd ON rd.txn_id = nd.txn_id AND rd.line = nd.line AND rd.removed_by IS NULL
JOIN allocation r ON r.debit_id = rd.id AND r.removed_by IS NULL AND r.origin = n.origin
  AND r.amount_minor = n.amount_minor
JOIN item rc ON rc.id = r.credit_id JOIN item nc ON nc.txn_id = rc.txn_id AND nc.line = rc.line
WHERE nd.id = n.debit_id AND nc.id = n.credit_id"""
# Each selects the numbers of later operations that build on operation :undone. An allocation counts as the work of
# its `origin`: one that was taken away and brought back is the same as before.
_IN_THE_WAY = (
    f"""SELECT n.removed_by FROM allocation n WHERE {_MADE_ALLOCATIONS} AND n.removed_by > :undone
    AND NOT EXISTS (SELECT 1 {_STANDS_FOR})""",
    f"SELECT t.removed_by FROM txn t WHERE {_MADE_TXNS} AND t.removed_by IS NOT NULL",
    *(
        f"""SELECT r.removed_by FROM {table}_was w JOIN {table} r ON r.id = w.{table}_id
        WHERE w.changed_by = :undone AND r.removed_by > :undone"""
        for table in ("txn", "item")
    ),
    *(
        f"""SELECT n.origin FROM ({_CONCERNED}) k JOIN allocation n ON n.{side}_id = k.id AND n.removed_by IS NULL
        WHERE n.origin > :undone"""
        for side in ("debit", "credit")
    ),
    # What came to an account that was held, or released, follows it from then on.
    """SELECT i.made_by FROM account_was w JOIN account a ON a.id = w.account_id AND a.held <> w.held
    JOIN pocket p ON p.account_id = a.id JOIN txn t ON t.pocket_id = p.id AND t.removed_by IS NULL
    JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL AND i.held = a.held AND i.made_by > :undone
    WHERE w.changed_by = :undone""",
    # What the operation removed comes back: its items must be there, its place and its amounts free.
    *(
        f"""SELECT i.removed_by FROM allocation n JOIN item i ON i.id = n.{side}_id
        WHERE n.removed_by = :undone AND n.made_by < :undone AND i.removed_by > :undone"""
        for side in ("debit", "credit")
    ),
    """SELECT l.made_by FROM txn t JOIN txn l ON l.document = t.document AND l.kind = t.kind AND l.removed_by IS NULL
    WHERE t.removed_by = :undone""",
    """SELECT l.made_by FROM item i JOIN item l ON l.txn_id = i.txn_id AND l.line = i.line AND l.removed_by IS NULL
    WHERE i.removed_by = :undone AND l.made_by > :undone""",
    *(
        f"""SELECT later.origin FROM (
          SELECT {side}_id AS id, sum(amount_minor) AS needed FROM allocation
          WHERE removed_by = :undone AND made_by < :undone GROUP BY {side}_id) k
        CROSS JOIN item i ON i.id = k.id AND i.open_minor < k.needed
        JOIN allocation later ON later.{side}_id = i.id AND later.removed_by IS NULL AND later.made_by > :undone"""
        for side in ("debit", "credit")
    ),
)
# Changed content: operations that took each other back left it as it was.
_CHANGED_LATER = (
    f"SELECT i.removed_by FROM item i WHERE {_MADE_ITEMS} AND i.removed_by > :undone",
    f"SELECT w.changed_by FROM txn t JOIN txn_was w ON w.txn_id = t.id WHERE {_MADE_TXNS} AND w.changed_by > :undone",
    f"""SELECT w.changed_by FROM item i JOIN item_was w ON w.item_id = i.id
    WHERE {_MADE_ITEMS} AND w.changed_by > :undone""",
    *(
        f"""SELECT later.changed_by FROM {table}_was w JOIN {table}_was later ON later.{table}_id = w.{table}_id
        WHERE w.changed_by = :undone AND later.changed_by > :undone"""
        for table in ("txn", "item", "account")
    ),
    # What the operation removed comes back: its items must still be able to take it.
    *(
        f"""SELECT w.changed_by FROM (
          SELECT {side}_id AS id, sum(amount_minor) AS needed FROM allocation
          WHERE removed_by = :undone AND made_by < :undone GROUP BY {side}_id) k
        CROSS JOIN item i ON i.id = k.id CROSS JOIN item_was w ON w.item_id = i.id AND w.changed_by > :undone
        WHERE (w.pocket_id, w.side) IS NOT (i.pocket_id, i.side) OR i.state > 1 AND w.state <= 1
          OR i.amount_minor < w.amount_minor AND i.open_minor < k.needed"""
        for side in ("debit", "credit")
    ),
)
_LAST = "SELECT id FROM operation WHERE sealed = 1 ORDER BY id DESC LIMIT 1"
_UNDONE_PAIRS = "SELECT id, undoes FROM operation WHERE undoes IS NOT NULL AND sealed = 1 ORDER BY id DESC"
_FREE_MADE = f"""
INSERT OR IGNORE INTO temp.freed (allocation_id)
SELECT n.id FROM allocation n WHERE {_MADE_ALLOCATIONS} AND n.removed_by IS NULL
UNION SELECT (SELECT r.id {_STANDS_FOR}) FROM allocation n WHERE {_MADE_ALLOCATIONS} AND n.removed_by > :undone
"""
# The live items that are what the operation made: those, and new rows of lines that left and came back.
_LEAVING = f"""
INSERT INTO temp.leaving (item_id)
SELECT r.id FROM item i CROSS JOIN item r ON r.txn_id = i.txn_id AND r.line = i.line AND r.removed_by IS NULL
WHERE {_MADE_ITEMS} AND i.removed_by IS NOT NULL"""
_STANDING = f"""
SELECT i.id FROM item i WHERE {_MADE_ITEMS} AND i.removed_by IS NULL UNION SELECT item_id FROM temp.leaving"""
_TOUCHED_ITEMS = f"{_STANDING} UNION SELECT item_id FROM item_was WHERE changed_by = :undone"
_REMOVE_ITEMS = (
    f"""UPDATE item AS i SET removed_by = :operation, open_minor = iif(:anew, amount_minor, open_minor),
    planned_minor = iif(:anew, 0, planned_minor) WHERE {_MADE_ITEMS} AND i.removed_by IS NULL""",
    "UPDATE item SET removed_by = :operation WHERE id IN (SELECT item_id FROM temp.leaving) AND removed_by IS NULL",
)
_FORGET_NAMES = """
INSERT OR IGNORE INTO account_was (account_id, changed_by, name, held)
SELECT a.id, :operation, a.name, a.held FROM account a WHERE a.made_by = :undone AND a.name <> ''
AND NOT EXISTS (SELECT 1 FROM account_was w WHERE w.account_id = a.id AND w.changed_by > :undone)
"""
_WITHOUT_NAME = """
UPDATE account SET name = '' WHERE made_by = :undone
AND id IN (SELECT account_id FROM account_was WHERE changed_by = :operation)
"""
_REMOVE_TXNS = f"UPDATE txn AS t SET removed_by = :operation WHERE {_MADE_TXNS} AND t.removed_by IS NULL"
_RESTORE = """
INSERT INTO {table}_was ({table}_id, changed_by, {columns})
SELECT r.id, :operation, {now} FROM {table}_was w JOIN {table} r ON r.id = w.{table}_id
WHERE w.changed_by = :undone {live}
"""
_PUT_BACK = """
UPDATE {table} SET ({columns}) = (
  SELECT {columns} FROM {table}_was w WHERE w.{table}_id = {table}.id AND w.changed_by = :undone)
{open} WHERE id IN (SELECT {table}_id FROM {table}_was WHERE changed_by = :undone) {live}
"""
_OPEN_FOLLOWS = """, open_minor = open_minor
  + (SELECT w.amount_minor FROM item_was w WHERE w.item_id = item.id AND w.changed_by = :undone) - amount_minor"""
_MAP = """
CREATE TEMP TABLE IF NOT EXISTS back_{table} (old INTEGER PRIMARY KEY, new INTEGER)
"""
_NUMBER = """
INSERT INTO temp.back_{table} (old, new)
SELECT id, :first - 1 + row_number() OVER (ORDER BY {order}) FROM {table} WHERE removed_by = :undone
"""
_TXNS_BACK = f"""
INSERT INTO txn (id, kind, document, {TXN_CONTENT}, made_by)
SELECT b.new, kind, document, pocket_id, date, due_date, state, order_code, register, method,
  coalesce((SELECT r.new FROM temp.back_txn r WHERE r.old = t.replaced_by), t.replaced_by), digest, :operation
FROM temp.back_txn b JOIN txn t ON t.id = b.old ORDER BY b.new
"""
_ITEMS_BACK = f"""
INSERT INTO item (id, txn_id, line, {ITEM_CONTENT}, open_minor, made_by)
SELECT b.new, coalesce(x.new, i.txn_id), line, {ITEM_CONTENT}, amount_minor, :operation
FROM temp.back_item b JOIN item i ON i.id = b.old LEFT JOIN temp.back_txn x ON x.old = i.txn_id ORDER BY b.new
"""
_PLAN_BACK = """
INSERT INTO temp.plan (debit_id, credit_id, amount_minor, stage, reason, planned, origin)
SELECT d.id, c.id, n.amount_minor, n.stage, n.reason, c.state = 1, n.origin
FROM allocation n LEFT JOIN temp.back_item bd ON bd.old = n.debit_id LEFT JOIN temp.back_item bc ON bc.old = n.credit_id
JOIN item d ON d.id = coalesce(bd.new, n.debit_id) JOIN item c ON c.id = coalesce(bc.new, n.credit_id)
WHERE n.removed_by = :undone AND n.made_by < :undone ORDER BY n.id
"""
_RECOUNT = """
SELECT DISTINCT i.txn_id FROM item_was w JOIN item i ON i.id = w.item_id
WHERE w.changed_by = :undone AND i.removed_by IS NULL AND i.side = -1
"""
_AWAITED_BACK = """
INSERT INTO awaited (document, item_id, name, made_by)
SELECT a.document, coalesce(b.new, a.item_id), a.name, :operation FROM awaited a
LEFT JOIN temp.back_item b ON b.old = a.item_id WHERE a.removed_by = :undone
UNION ALL SELECT a.document, b.new, a.name, :operation FROM temp.back_item b
CROSS JOIN awaited a ON a.item_id = b.old AND a.removed_by IS NULL
"""


def in_the_way(connection: sqlite3.Connection, number: int) -> list[int]:
    """The later operations that build on this one, in order; those that took each other back do not count."""
    parameters = _parameters(connection, number)

    def found(queries: tuple[str, ...]) -> set[int]:
        return {row[0] for sql in queries for row in connection.execute(sql, parameters)}

    if connection.execute(_LAST).fetchone() == (number,):
        return []
    changed_later = found(_CHANGED_LATER)
    if number in locking.changers(connection, number - 1):
        changed_later |= locking.changers(connection, number)
    return sorted((found(_IN_THE_WAY) | changed_later - _neutral(connection)) - {number})


def _neutral(connection: sqlite3.Connection) -> set[int]:
    """The operations that were taken back, with those that took them back and are in force."""
    neutral: set[int] = set()
    for undo, undone in connection.execute(_UNDONE_PAIRS):
        if undo not in neutral:
            neutral |= {undo, undone}
    return neutral


def take_back(op: Operation, number: int) -> None:
    """Undo an operation that nothing later builds on, as part of the open operation `op`."""
    connection = op.connection
    parameters = _parameters(connection, number) | {"operation": op.number}
    run = connection.execute
    run(_FREE_MADE, parameters)
    run("CREATE TEMP TABLE IF NOT EXISTS leaving (item_id INTEGER PRIMARY KEY)")
    run("DELETE FROM temp.leaving")
    run(_LEAVING, parameters)
    op.anew = _is_most(op, parameters)
    if op.anew:
        op.suspend_indexes("txn", "item", "allocation")
    else:
        touch(connection, op.first.item, _TOUCHED_ITEMS, parameters)
    allocating.remove_freed(op, range(parameters["item"], parameters["item_end"]) if op.anew else range(0))
    for sql in (*_REMOVE_ITEMS, _REMOVE_TXNS):
        run(sql, {**parameters, "anew": op.anew})
    op.restore_indexes()
    live = "AND {row}.removed_by IS NULL"
    for table, columns, open_follows in (
        ("txn", TXN_CONTENT, ""),
        ("item", ITEM_CONTENT, _OPEN_FOLLOWS),
        ("account", "name, held", ""),
    ):
        now = ", ".join(f"r.{column}" for column in columns.split(", "))
        of_live = "" if table == "account" else live
        run(_RESTORE.format(table=table, columns=columns, now=now, live=of_live.format(row="r")), parameters)
        run(
            _PUT_BACK.format(table=table, columns=columns, open=open_follows, live=of_live.format(row=table)),
            parameters,
        )
    if number in locking.changers(connection, number - 1):
        locking.move_lock(connection, op.number, locking.lock_after(connection, number - 1))
    run("UPDATE awaited SET removed_by = :operation WHERE made_by = :undone AND removed_by IS NULL", parameters)
    run(_FORGET_NAMES, parameters)
    run(_WITHOUT_NAME, parameters)
    _bring_back(op, parameters)
    for (txn_id,) in run(_RECOUNT, parameters).fetchall():
        allocating.recount_planned(op, txn_id)


def _is_most(op: Operation, parameters: dict[str, int]) -> bool:
    """Whether the operation to undo made most of the items that ever were."""
    made = min(parameters["item_end"], op.first.item) - parameters["item"]
    return made * 2 > op.first.item - 1


def _bring_back(op: Operation, parameters: dict[str, int]) -> None:
    connection = op.connection
    for table, first, order in (("txn", op.first.txn, "id"), ("item", op.first.item, "txn_id, line")):
        connection.execute(_MAP.format(table=table))
        connection.execute(f"DELETE FROM temp.back_{table}")
        connection.execute(_NUMBER.format(table=table, order=order), {**parameters, "first": first})
    connection.execute(_TXNS_BACK, parameters)
    connection.execute(_ITEMS_BACK, parameters)
    connection.execute(_PLAN_BACK, parameters)
    allocating.make_planned(op)
    connection.execute(_AWAITED_BACK, parameters)


def _parameters(connection: sqlite3.Connection, number: int) -> dict[str, int]:
    return {"undone": number, **bounds(connection, number)}
