"""What the source itself states (R11) and who replaces whom (R14): the rows that the load rules ask for."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.naming import Reading
from reconcile_cli.store.loading import remember_item, remember_txn
from reconcile_cli.store.operation import Operation

_LAST_LINE = 1 << 31
LOST = """EXISTS (SELECT 1 FROM allocation n JOIN operation o ON o.id = n.removed_by
  WHERE n.credit_id = i.id AND n.removed_by IS NOT NULL AND o.undoes IS NULL
  AND NOT EXISTS (SELECT 1 FROM operation u WHERE u.undoes = o.id))"""
"""Tells of item `i` whether it lost an allocation as a credit, and that was not taken back."""
_BOTH_SIDES = f"""
SELECT i.txn_id, t.kind, t.document, i.id, i.line, i.side, i.open_minor, i.applies_to, i.state
FROM temp.flagged f CROSS JOIN txn t ON t.id = f.txn_id CROSS JOIN item i ON i.txn_id = t.id
WHERE f.flags & 1 AND i.removed_by IS NULL AND i.open_minor > 0 AND i.state <= 1 AND (f.new OR NOT {LOST})
ORDER BY f.txn_id, i.line
"""
_STATING = """
SELECT i.id, i.txn_id, i.side, i.applies_to, t.kind, t.document, i.line, i.pocket_id, i.state, p.exponent,
  CASE WHEN i.id >= :item OR w.state > 1 THEN NULL WHEN w.item_id IS NOT NULL THEN w.applies_to ELSE i.applies_to END
FROM temp.stating s CROSS JOIN item i ON i.id = s.item_id CROSS JOIN txn t ON t.id = i.txn_id
CROSS JOIN pocket p ON p.id = i.pocket_id
LEFT JOIN item_was w ON w.item_id = i.id AND w.changed_by = :operation
WHERE i.removed_by IS NULL AND i.applies_to IS NOT NULL AND i.state <= 1
ORDER BY i.pocket_id, t.date, length(t.document), t.document, t.kind, i.line
"""
_FRESH_STATING = """
INSERT OR IGNORE INTO temp.stating
SELECT i.id FROM temp.flagged f CROSS JOIN item i ON i.txn_id = f.txn_id
WHERE f.flags & 2 AND i.removed_by IS NULL AND i.applies_to IS NOT NULL AND (f.new OR i.id >= :item
  OR EXISTS (SELECT 1 FROM item_was w WHERE w.item_id = i.id AND w.changed_by = :operation
    AND (w.applies_to IS NOT i.applies_to OR w.state > 1)))
"""
_AWAITED_STATING = """
INSERT OR IGNORE INTO temp.stating
SELECT a.item_id FROM temp.fresh f CROSS JOIN txn t ON t.id = f.txn_id
CROSS JOIN awaited a ON a.document = t.document AND a.removed_by IS NULL WHERE true
"""
_ANY_AWAITED = "SELECT 1 FROM awaited WHERE removed_by IS NULL LIMIT 1"
_TARGET = (
    "SELECT id, kind, state, replaced_by, pocket_id FROM txn WHERE document = ? AND removed_by IS NULL ORDER BY kind"
)
_TARGET_ITEMS = """
SELECT id, line, open_minor, state FROM item
WHERE txn_id = ? AND side = ? AND line BETWEEN ? AND ? AND removed_by IS NULL ORDER BY line
"""
_CODED = f"""
SELECT i.pocket_id, i.match_code, i.id, i.side, i.open_minor, i.state, t.date, t.document, t.kind, i.line, a.code,
  i.applies_to, i.side = -1 AND {LOST},
  max(f.txn_id IS NOT NULL) OVER (PARTITION BY i.pocket_id, i.match_code) AS fresh
FROM temp.coded c CROSS JOIN item i ON i.id = c.item_id CROSS JOIN txn t ON t.id = i.txn_id
CROSS JOIN pocket p ON p.id = i.pocket_id CROSS JOIN account a ON a.id = p.account_id
LEFT JOIN temp.fresh f ON f.txn_id = t.id
ORDER BY i.pocket_id, i.match_code, i.side, t.date, length(t.document), t.document, t.kind, i.line
"""
_TAKEN = """
SELECT n.id, n.debit_id, n.amount_minor FROM allocation n JOIN item c ON c.id = n.credit_id
JOIN item d ON d.id = n.debit_id JOIN txn t ON t.id = d.txn_id
WHERE c.txn_id = ? AND n.removed_by IS NULL
ORDER BY t.date, length(t.document), t.document, t.kind, d.line, n.id
"""


class OpenInDocument(NamedTuple):
    """An open item of a document that holds both sides (R10)."""

    txn_id: int
    kind: int
    document: str
    id: int
    line: int
    side: int
    open_minor: int
    applies_to: str | None
    state: int


class Stating(NamedTuple):
    """An item whose applies_to is to be followed; `before` is what it said before this load."""

    id: int
    txn_id: int
    side: int
    applies_to: str
    kind: int
    document: str
    line: int
    pocket_id: int
    state: int
    exponent: int
    before: str | None


class Target(NamedTuple):
    """A transaction that an applies_to names."""

    id: int
    kind: int
    state: int
    replaced_by: int | None
    pocket_id: int


class TargetItem(NamedTuple):
    """An item of a target, on the side in question."""

    id: int
    line: int
    open_minor: int
    state: int


class Coded(NamedTuple):
    """An item with a match code, in matching order; `fresh` where this load added or changed one of its group."""

    pocket_id: int
    match_code: str
    id: int
    side: int
    open_minor: int
    state: int
    date: int
    document: str
    kind: int
    line: int
    account: str
    applies_to: str | None
    lost: int
    fresh: int


def prepare(connection: sqlite3.Connection) -> None:
    """Make the TEMP tables that all this starts from.

    `fresh`: the transactions that a load made or changed; `flagged`, made before: those that hold both sides (1),
    statements (2) or match codes (4); `coded`: the items with a match code that the load names.
    """
    for table, columns in (
        ("fresh", "txn_id INTEGER PRIMARY KEY, new INTEGER"),
        ("stating", "item_id INTEGER PRIMARY KEY"),
        ("coded", "item_id INTEGER PRIMARY KEY"),
    ):
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        connection.execute(f"CREATE TEMP TABLE {table} ({columns})")


def prepare_flagged(connection: sqlite3.Connection) -> None:
    """Make TEMP `flagged`; a first load fills it as it reads."""
    connection.execute("DROP TABLE IF EXISTS temp.flagged")
    connection.execute("CREATE TEMP TABLE flagged (txn_id INTEGER PRIMARY KEY, flags INTEGER, new INTEGER)")


def documents_of_both_sides(connection: sqlite3.Connection) -> Iterator[OpenInDocument]:
    """Open items of the load's documents that hold debits and credits, document by document (R10)."""
    return map(OpenInDocument._make, connection.execute(_BOTH_SIDES))


def stating(op: Operation) -> Iterator[Stating]:
    """The items whose applies_to speaks now: of this load, or waiting for a document of this load (R11)."""
    connection = op.connection
    parameters = {"operation": op.number, "item": op.first.item}
    connection.execute(_FRESH_STATING, parameters)
    if connection.execute(_ANY_AWAITED).fetchone():
        connection.execute(_AWAITED_STATING)
    return (Stating(*row) for row in connection.execute(_STATING, parameters))


def find_target(connection: sqlite3.Connection, reading: Reading, kinds: tuple[Kind, ...]) -> list[Target]:
    """The transactions that a reading can mean; kinds count where the reading names none."""
    wanted = (reading.kind,) if reading.kind is not None else kinds
    return [
        target for row in connection.execute(_TARGET, (reading.document,)) if (target := Target(*row)).kind in wanted
    ]


def target_items(connection: sqlite3.Connection, txn_id: int, side: int, line: int | None) -> list[TargetItem]:
    """The items of a target on one side, as listed; of one line where it is named."""
    lines = (1, _LAST_LINE) if line is None else (line, line)
    return [TargetItem(*row) for row in connection.execute(_TARGET_ITEMS, (txn_id, side, *lines))]


def awaited_names(connection: sqlite3.Connection, item_id: int) -> set[str]:
    """The names of an item's statement that it waits for."""
    rows = connection.execute("SELECT name FROM awaited WHERE item_id = ? AND removed_by IS NULL", (item_id,))
    return {name for (name,) in rows}


def await_documents(op: Operation, item_id: int, awaited: set[tuple[str, str]]) -> None:
    """Remember the (document, name) that an item waits for, in place of those it waited for before."""
    rows = op.connection.execute(
        "SELECT document, name, id FROM awaited WHERE item_id = ? AND removed_by IS NULL", (item_id,)
    )
    known = {(document, name): row_id for document, name, row_id in rows}
    for key in known.keys() - awaited:
        op.connection.execute("UPDATE awaited SET removed_by = ? WHERE id = ?", (op.number, known[key]))
    for document, name in sorted(awaited - known.keys()):
        op.connection.execute(
            "INSERT INTO awaited (document, item_id, name, made_by) VALUES (?, ?, ?, ?)",
            (document, item_id, name, op.number),
        )


def coded(connection: sqlite3.Connection) -> Iterator[Coded]:
    """The load's rows with a match code, group by group, changed or not (R11)."""
    return (Coded(*row) for row in connection.execute(_CODED))


def allocated_between(connection: sqlite3.Connection, item_id: int, others: list[int]) -> int:
    """What is allocated between an item and any of others."""
    ids = ", ".join(map(str, others))
    sql = f"""SELECT coalesce(sum(amount_minor), 0) FROM allocation WHERE removed_by IS NULL
    AND ((debit_id = :one AND credit_id IN ({ids})) OR (credit_id = :one AND debit_id IN ({ids})))"""
    return int(connection.execute(sql, {"one": item_id}).fetchone()[0])


def is_replaced(connection: sqlite3.Connection, txn_id: int) -> bool:
    """Whether a receipt already stands for a planned payment."""
    (replaced_by,) = connection.execute("SELECT replaced_by FROM txn WHERE id = ?", (txn_id,)).fetchone()
    return replaced_by is not None


def replace_planned(op: Operation, planned: Target, receipt_txn: int) -> list[tuple[int, int, int]]:
    """Let a receipt stand for a planned payment (R14); the planned one counts no more.

    Tells its allocations (id, debit, amount), which are put on the list of those to be removed, in matching order.
    """
    connection = op.connection
    taken = connection.execute(_TAKEN, (planned.id,)).fetchall()
    remember_txn(op, planned.id)
    connection.execute("UPDATE txn SET replaced_by = ? WHERE id = ?", (receipt_txn, planned.id))
    for (item_id,) in connection.execute(
        "SELECT id FROM item WHERE txn_id = ? AND removed_by IS NULL", (planned.id,)
    ).fetchall():
        remember_item(op, item_id)
    return [(row[0], row[1], row[2]) for row in taken]


def reinstate(op: Operation, receipt_txn: int) -> None:
    """A receipt counts no more: the planned payments that it replaced are planned again, and open."""
    sql = "SELECT id FROM txn WHERE replaced_by = ? AND removed_by IS NULL"
    for (txn_id,) in op.connection.execute(sql, (receipt_txn,)).fetchall():
        remember_txn(op, txn_id)
        op.connection.execute("UPDATE txn SET replaced_by = NULL WHERE id = ?", (txn_id,))
        items = op.connection.execute("SELECT id FROM item WHERE txn_id = ? AND removed_by IS NULL", (txn_id,))
        for (item_id,) in items.fetchall():
            remember_item(op, item_id)
            op.connection.execute(
                "UPDATE item SET state = (SELECT state FROM txn WHERE id = txn_id) WHERE id = ?", (item_id,)
            )


def make_void(connection: sqlite3.Connection, txn_id: int) -> None:
    """Make the items of a replaced payment void; they have no allocation any more."""
    connection.execute("UPDATE item SET state = 3 WHERE txn_id = ? AND removed_by IS NULL", (txn_id,))
