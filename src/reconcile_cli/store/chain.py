"""The hash chain of operations (R26), canonical form version 1.

An operation's hash is SHA-256 over the hash before it and, each on a line of its own: the operation's own
fields as JSON; the digests of the transactions it made, as they then were; the transactions, items and accounts
it changed, each with what it said before and after; the ids of what it removed; the allocations it made and
the ids of those it removed. A transaction's digest stands for all its fields and lines (`domain/canonical.py`);
which row of `item` is which line follows, since the items of new transactions lie in the order of transaction and
line, and others are named.
Everything can be read again later, whatever was changed since: `check` proves the whole chain.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.store.bounds import bounds
from reconcile_cli.store.operation_state import now_or_then

if TYPE_CHECKING:
    from reconcile_cli.domain.hashing import Hash

_CHUNK = 1_000
_OPERATION = """
SELECT id, command, arguments, note, author, made_at, undoes, locked_until, first_txn, first_item,
  first_allocation FROM operation WHERE id = ?
"""
_PREVIOUS = "SELECT hash FROM operation WHERE id = ? - 1"
_LATER_CHANGES = """
SELECT EXISTS (SELECT 1 FROM txn_was WHERE changed_by > :o) OR EXISTS (SELECT 1 FROM item_was WHERE changed_by > :o)
  OR EXISTS (SELECT 1 FROM account_was WHERE changed_by > :o)
"""
# A column of row `r` as it was after the operation: {table_column}; see `now_or_then`.
_SECTIONS = {
    "transactions made": "SELECT {txn_digest} FROM txn r WHERE r.id >= :txn AND r.id < :txn_end ORDER BY r.id",
    "transactions made and replaced": """
SELECT r.id, {txn_replaced_by} FROM txn r
WHERE r.id >= :txn AND r.id < :txn_end AND {txn_replaced_by} IS NOT NULL ORDER BY r.id""",
    "transactions changed": """
SELECT old.txn_id, old.pocket_id, old.date, old.due_date, old.state, old.order_code, old.register, old.method,
  old.replaced_by, old.digest, {txn_replaced_by}, {txn_digest}
FROM txn_was old JOIN txn r ON r.id = old.txn_id WHERE old.changed_by = :operation ORDER BY old.txn_id""",
    "transactions removed": "SELECT id FROM txn WHERE removed_by = :operation ORDER BY id",
    "items added or held": """
SELECT r.id, r.txn_id, r.line, {item_held} FROM item r
WHERE r.id >= :item AND r.id < :item_end AND (r.txn_id < :txn OR {item_held} = 1) ORDER BY r.id""",
    "items changed": """
SELECT old.item_id, old.pocket_id, old.side, old.date, old.state, old.amount_minor, old.held, old.description,
  old.ledger_code, old.applies_to, old.match_code, {item_held}
FROM item_was old JOIN item r ON r.id = old.item_id WHERE old.changed_by = :operation ORDER BY old.item_id""",
    "items removed": "SELECT id FROM item WHERE removed_by = :operation ORDER BY id",
    "accounts made": """
SELECT r.id, r.code, {account_name}, {account_held} FROM account r WHERE r.made_by = :operation ORDER BY r.id""",
    "accounts changed": """
SELECT old.account_id, old.name, old.held, {account_name}, {account_held}
FROM account_was old JOIN account r ON r.id = old.account_id
WHERE old.changed_by = :operation ORDER BY old.account_id""",
    "allocations made": """
SELECT debit_id, credit_id, amount_minor, stage, reason, nullif(origin, made_by) FROM allocation
WHERE id >= :allocation AND id < :allocation_end ORDER BY id""",
    "awaited": "SELECT id, document, item_id, name FROM awaited WHERE made_by = :operation ORDER BY id",
    "awaited no more": "SELECT id FROM awaited WHERE removed_by = :operation ORDER BY id",
    "allocations removed": "SELECT id FROM allocation WHERE removed_by = :operation ORDER BY id",
}
_MUTABLE = {"txn": ("digest", "replaced_by"), "item": ("held",), "account": ("name", "held")}


class Counts(NamedTuple):
    """What an operation did, in numbers; shown by `history` and part of its hash."""

    txns_made: int
    txns_changed: int
    txns_removed: int
    allocations_made: int
    allocations_removed: int


def operation_hash(connection: sqlite3.Connection, number: int, counts: Counts, digest: "Hash") -> bytes:
    """Work out the hash of an operation from the rows of the file and the hash of the one before it.

    `digest` is a SHA-256 that has taken nothing yet.
    """
    digest.update(b"reconcile operation 1\n")
    previous = connection.execute(_PREVIOUS, (number,)).fetchone()
    digest.update(f"{previous[0].hex() if previous else ''}\n".encode())
    own = connection.execute(_OPERATION, (number,)).fetchone()
    digest.update((json.dumps([*own, *counts], ensure_ascii=False) + "\n").encode())
    parameters = {"operation": number, **bounds(connection, number)}
    (changed_later,) = connection.execute(_LATER_CHANGES, {"o": number}).fetchone()
    then = {
        f"{table}_{column}": sql if changed_later else f"r.{column}"
        for table, columns in _MUTABLE.items()
        for column, sql in now_or_then(table, "r", columns).items()
    }
    for title, sql in _SECTIONS.items():
        digest.update(f"{title}\n".encode())
        for block in _blocks(connection.execute(sql.format(**then), parameters)):
            digest.update(block)
    return digest.digest()


def _blocks(rows: sqlite3.Cursor) -> Iterator[bytes]:
    """The rows, many at a time: digests, all of one length, as they are; others by `repr`.

    That is unambiguous for integers, texts, bytes and None.
    """
    while block := rows.fetchmany(_CHUNK):
        if len(block[0]) == 1:
            with suppress(TypeError):  # they are no digests
                yield b"".join(chain.from_iterable(block))
                continue
        yield "".join(map(repr, block)).encode(errors="surrogatepass") + b"\n"
