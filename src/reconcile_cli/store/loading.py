"""What a load reads and changes of the books, beside the bulk: documents that change, and what they free."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from reconcile_cli.store.operation import Operation
from reconcile_cli.store.operation_state import ITEM_CONTENT, TXN_CONTENT
from reconcile_cli.store.sums import touch

_KNOWN_TXN = f"SELECT id, {TXN_CONTENT} FROM txn WHERE id = ?"
_KNOWN_ITEMS = """
SELECT id, line, side, amount_minor, open_minor, description, ledger_code, applies_to, match_code, held
FROM item WHERE txn_id = ? AND removed_by IS NULL ORDER BY line
"""
_REMEMBER_TXN = f"""
INSERT OR IGNORE INTO txn_was (txn_id, changed_by, {TXN_CONTENT}) SELECT id, ?, {TXN_CONTENT} FROM txn WHERE id = ?
"""
_REMEMBER_ITEM = f"""
INSERT OR IGNORE INTO item_was (item_id, changed_by, {ITEM_CONTENT})
SELECT id, ?, {ITEM_CONTENT} FROM item WHERE id = ?
"""
REMEMBER_ACCOUNT = """
INSERT OR IGNORE INTO account_was (account_id, changed_by, name, held)
SELECT id, ?, name, held FROM account WHERE id = ?
"""
_UPDATE_TXN = """
UPDATE txn SET pocket_id = ?, date = ?, due_date = ?, state = ?, order_code = ?, register = ?, method = ?, digest = ?
WHERE id = ?
"""
_UPDATE_ITEM = """
UPDATE item SET pocket_id = ?, side = ?, date = ?, state = ?, amount_minor = ?,
  open_minor = open_minor + (? - amount_minor),
  held = ?, description = ?, ledger_code = ?, applies_to = ?, match_code = ? WHERE id = ?
"""
_INSERT_ITEM = """
INSERT INTO item (txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, held, description, ledger_code,
  applies_to, match_code, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_TORN = """
SELECT n.id, dt.id, ct.id, d.pocket_id, c.pocket_id, dm.pocket_id IS NOT NULL, cm.pocket_id IS NOT NULL, c.state
FROM temp.moved m JOIN item i ON i.txn_id = m.txn_id AND i.removed_by IS NULL
JOIN allocation n ON n.removed_by IS NULL AND {link} = i.id
JOIN item d ON d.id = n.debit_id JOIN item c ON c.id = n.credit_id
JOIN txn dt ON dt.id = d.txn_id JOIN txn ct ON ct.id = c.txn_id
LEFT JOIN temp.moved dm ON dm.txn_id = dt.id LEFT JOIN temp.moved cm ON cm.txn_id = ct.id
WHERE coalesce(dm.pocket_id, d.pocket_id) <> coalesce(cm.pocket_id, c.pocket_id)
"""


class KnownTxn(NamedTuple):
    """A transaction as the books hold it."""

    id: int
    pocket_id: int
    date: int
    due_date: int | None
    state: int
    order_code: str | None
    register: str | None
    method: str | None
    replaced_by: int | None
    digest: bytes


class KnownItem(NamedTuple):
    """An item as the books hold it."""

    id: int
    line: int
    side: int
    amount_minor: int
    open_minor: int
    description: str | None
    ledger_code: str | None
    applies_to: str | None
    match_code: str | None
    held: int


class Torn(NamedTuple):
    """An allocation whose two sides would no longer stand in one account and currency."""

    allocation_id: int
    debit_txn: int
    credit_txn: int
    debit_pocket: int
    credit_pocket: int
    debit_moves: int
    credit_moves: int
    credit_state: int


def known_txn(connection: sqlite3.Connection, txn_id: int) -> KnownTxn:
    """Read a transaction."""
    return KnownTxn(*connection.execute(_KNOWN_TXN, (txn_id,)).fetchone())


def known_items(connection: sqlite3.Connection, txn_id: int) -> list[KnownItem]:
    """Read the items of a transaction, by line."""
    return [KnownItem(*row) for row in connection.execute(_KNOWN_ITEMS, (txn_id,))]


def prepare_moves(connection: sqlite3.Connection) -> None:
    """Make the TEMP table of transactions that change account or currency."""
    connection.execute("DROP TABLE IF EXISTS temp.moved")
    connection.execute("CREATE TEMP TABLE moved (txn_id INTEGER PRIMARY KEY, pocket_id INTEGER)")


def note_move(connection: sqlite3.Connection, txn_id: int, pocket_id: int) -> None:
    """Remember where a transaction moves; `torn` looks at all moves together (R24)."""
    connection.execute("INSERT INTO temp.moved VALUES (?, ?)", (txn_id, pocket_id))


def torn(connection: sqlite3.Connection) -> Iterator[Torn]:
    """The allocations that the noted moves would tear; those whose two sides move together are kept."""
    for link in ("n.debit_id", "n.credit_id"):
        for row in connection.execute(_TORN.format(link=link)):
            yield Torn(*row)


def remember_txn(op: Operation, txn_id: int) -> None:
    """Keep what a transaction says before this operation first changes it; its own it may change at will."""
    if txn_id < op.first.txn:
        op.connection.execute(_REMEMBER_TXN, (op.number, txn_id))


def remember_item(op: Operation, item_id: int) -> None:
    """Keep what an item says, and what it adds to the sums, before this operation first changes it."""
    if item_id < op.first.item:
        touch(op.connection, op.first.item, "SELECT :item", {"item": item_id})
        op.connection.execute(_REMEMBER_ITEM, (op.number, item_id))


def update_txn(op: Operation, txn_id: int, values: tuple[object, ...]) -> None:
    """Write pocket_id, date, due_date, state, order_code, register, method, digest."""
    remember_txn(op, txn_id)
    op.connection.execute(_UPDATE_TXN, (*values, txn_id))


def update_item(op: Operation, item_id: int, values: tuple[object, ...]) -> None:
    """Write pocket_id, side, date, state, amount_minor, held, description, ledger_code, applies_to, match_code.

    What is not allocated stays open, so the open amount follows the amount.
    """
    remember_item(op, item_id)
    op.connection.execute(_UPDATE_ITEM, (*values[:5], values[4], *values[5:], item_id))


def insert_item(op: Operation, values: tuple[object, ...]) -> None:
    """Add an item to a known transaction: txn_id, line, pocket_id, side, date, state, amount_minor, open_minor,
    held, description, ledger_code, applies_to, match_code."""  # noqa: D205, D209
    op.connection.execute(_INSERT_ITEM, (*values, op.number))


def remove_item(op: Operation, item_id: int) -> None:
    """Take an item out of its transaction; it has no allocation any more."""
    touch(op.connection, op.first.item, "SELECT :item", {"item": item_id})
    op.connection.execute("UPDATE item SET removed_by = ? WHERE id = ?", (op.number, item_id))


def rename_account(op: Operation, account_id: int, name: str) -> None:
    """Give an account another name."""
    op.connection.execute(REMEMBER_ACCOUNT, (op.number, account_id))
    op.connection.execute("UPDATE account SET name = ? WHERE id = ?", (name, account_id))
