"""An operation: the one way in which the books change (R5, R21, R26).

    with operation(books, "match", arguments, stamp) as op:   # write lock, guards off, operation row
        ...                                                   # rows, allocations
                                                              # seal: sums, proof, hash; guards on; commit

One mechanism serves one allocation and a million. What is read after `with` stays true until the commit.
An operation that turns out to change nothing calls `op.abandon()`, and the file is as before.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from reconcile_cli.domain.hashing import sha256
from reconcile_cli.domain.results import Stamp
from reconcile_cli.store import guards, locking, proof, sums
from reconcile_cli.store.atomic import atomic, one_view
from reconcile_cli.store.books import Books
from reconcile_cli.store.chain import operation_hash

_SCRATCH = """
CREATE TEMP TABLE IF NOT EXISTS touched (
  item_id INTEGER PRIMARY KEY, pocket_id INTEGER, state INTEGER, side INTEGER, amount_minor INTEGER,
  open_minor INTEGER, planned_minor INTEGER);
CREATE TEMP TABLE IF NOT EXISTS plan (
  debit_id INTEGER, credit_id INTEGER, amount_minor INTEGER, stage INTEGER, reason TEXT, planned INTEGER,
  origin INTEGER);
CREATE TEMP TABLE IF NOT EXISTS freed (allocation_id INTEGER PRIMARY KEY, why TEXT);
DELETE FROM temp.touched;
DELETE FROM temp.plan;
DELETE FROM temp.freed;
"""
_HIGHEST = """
SELECT coalesce((SELECT max(id) FROM operation), 0) + 1,
  coalesce((SELECT max(id) FROM txn), 0) + 1,
  coalesce((SELECT max(id) FROM item), 0) + 1,
  coalesce((SELECT max(id) FROM allocation), 0) + 1,
  (SELECT locked_until FROM operation ORDER BY id DESC LIMIT 1)
"""
_BEGIN = """
INSERT INTO operation (id, command, arguments, note, author, made_at, locked_until,
  first_txn, first_item, first_allocation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SUSPENDABLE = """
SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})
"""
_SEAL = """
UPDATE operation SET sealed = 1, hash = ?, txns_made = ?, txns_changed = ?, txns_removed = ?,
  allocations_made = ?, allocations_removed = ? WHERE id = ?
"""


class First(NamedTuple):
    """The ids from which an operation's new rows count. Ids only grow and rows are never deleted."""

    txn: int
    item: int
    allocation: int


class Operation:
    """An open, unsealed operation; the write lock is held and the guards are off."""

    def __init__(self, books: Books, number: int, first: First, locked_until: int | None) -> None:
        self.books = books
        self.connection = books.connection
        self.number = number
        self.first = first
        self.locked_until = locked_until
        self.abandoned = False
        self.sealed = False
        self.anew = False
        """Whether all sums are added up again and all rows proved: it brings most of them or takes most of them out."""
        self._suspended: dict[str, str] = {}

    def abandon(self) -> None:
        """Leave the file as it was when the `with` statement ends."""
        self.abandoned = True

    def note_argument(self, name: str, value: object) -> None:
        """Add to what the operation was given something that came out while it ran."""
        (text,) = self.connection.execute("SELECT arguments FROM operation WHERE id = ?", (self.number,)).fetchone()
        text = _as_text({**json.loads(text), name: value})
        self.connection.execute("UPDATE operation SET arguments = ? WHERE id = ?", (text, self.number))

    def note_undone(self, number: int) -> None:
        """Write down that it takes another operation back."""
        self.connection.execute("UPDATE operation SET undoes = ? WHERE id = ?", (number, self.number))

    def suspend_indexes(self, *tables: str) -> None:
        """Drop the indexes of tables most of which is about to be written; `restore_indexes` builds them in one go."""
        sql = _SUSPENDABLE.format(tables=", ".join(map(repr, tables)))
        self._suspended = dict(self.connection.execute(sql).fetchall())
        for name in self._suspended:
            self.connection.execute(f"DROP INDEX {name}")

    def restore_indexes(self, *, keep_off: frozenset[str] = frozenset()) -> None:
        """Build what was suspended, but for the names in `keep_off`; the seal builds those."""
        for name in [name for name in self._suspended if name not in keep_off]:
            self.connection.execute(self._suspended.pop(name))

    def seal(self) -> None:
        """Bring the sums up to date, prove everything that was touched, hash it and close the operation.

        Done when the `with` statement ends; a workflow that reports sums calls it before.
        """
        if self.sealed:
            return
        self.restore_indexes()
        if self.anew:
            sums.add_up_again(self.connection)
        else:
            sums.bring_up_to_date(self.connection, self.first.item)
        proof.prove_operation(self.connection, self.number, self.first, str(self.books.path), whole=self.anew)
        locking.prove_locked(self.connection, self.number)
        counts = proof.counts(self.connection, self.number)
        digest = operation_hash(self.connection, self.number, counts, sha256(sum(counts)))
        self.connection.execute(_SEAL, (digest, *counts, self.number))
        guards.put_on(self.connection)
        self.sealed = True


@contextmanager
def operation(books: Books, command: str, arguments: Mapping[str, object], stamp: Stamp) -> Iterator[Operation]:
    """Open an operation; sealed and committed when the block ends, rolled back when it raises or abandons."""
    connection = books.connection
    _prepare_scratch(connection)
    with atomic(connection):
        guards.take_off(connection, str(books.path))
        number, txn, item, allocation, locked_until = connection.execute(_HIGHEST).fetchone()
        first = First(txn, item, allocation)
        connection.execute(
            _BEGIN,
            (number, command, _as_text(arguments), stamp.note, stamp.author, stamp.made_at, locked_until, *first),
        )
        current = Operation(books, number, first, locked_until)
        yield current
        if current.abandoned:
            connection.execute("ROLLBACK")
            return
        current.seal()
    books.written = number


@contextmanager
def rehearsal(books: Books) -> Iterator[None]:
    """One unchanging view of the books with empty plans; the TEMP tables outlast it."""
    _prepare_scratch(books.connection)
    with one_view(books.connection):
        yield


def _as_text(arguments: Mapping[str, object]) -> str:
    return json.dumps(dict(arguments), ensure_ascii=False, sort_keys=True)


def _prepare_scratch(connection: sqlite3.Connection) -> None:
    for statement in _SCRATCH.split(";"):
        connection.execute(statement)
