"""Closed periods (R25): the lock in force, what an operation may not do under it, and effective dates.

`operation.locked_until` is the lock in force after an operation, so the one under which an operation worked is that
of the one before. Only `lock` and the undo of one change it, and they make nothing else: the lock in force when an
allocation was made is therefore that of its own operation, and its effective date follows by SQL alone.

What counts for the lock is what is posted: planned, declined and void transactions are in no figure of any period.
"""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.records import ItemName
from reconcile_cli.store.bounds import bounds
from reconcile_cli.store.errors import Locked
from reconcile_cli.store.operation_state import now_or_then
from reconcile_cli.text import _

if TYPE_CHECKING:
    from reconcile_cli.domain.findings import Finding
    from reconcile_cli.domain.keeping import LockChange
    from reconcile_cli.store.books import Books

LOCKED_IN = "SELECT locked_until FROM operation WHERE id = ?"
# The day from which an allocation counts, of which its items `d` and `c` and its operation `o` are joined: the later
# of its two dates, but not before the day after the lock in force when it was made.
AFTER_LOCK = """coalesce(CAST(strftime('%Y%m%d', printf('%04d-%02d-%02d', o.locked_until / 10000,
  o.locked_until / 100 % 100, o.locked_until % 100), '+1 day') AS INTEGER), 0)"""
EFFECTIVE = f"max(d.date, c.date, {AFTER_LOCK})"
# The same as a condition: whether it counts on or before the day :until. It needs no calendar.
EFFECTIVE_BY = "(max(d.date, c.date) <= :until AND (o.locked_until IS NULL OR o.locked_until < :until))"

_TXN_THEN = now_or_then("txn", "t", ("pocket_id", "date", "state", "register"))
_ITEM_THEN = now_or_then("item", "i", ("pocket_id", "side", "date", "state", "amount_minor", "ledger_code"))
_APPLIES = now_or_then("item", "i", ("applies_to",))["applies_to"]
_POSTED = "{state} = 0 AND {date} <= :until"
_TXN_POSTED = _POSTED.format(**_TXN_THEN)
_ITEM_POSTED = _POSTED.format(**_ITEM_THEN)
# What an operation did to posted rows of a closed period. Each selects kind, document, line, date. Rows say what
# they said after that operation, whatever was changed since.
_ADDED = f"""
SELECT t.kind, t.document, NULL, {_TXN_THEN["date"]} FROM txn t
WHERE t.id >= :txn AND t.id < :txn_end AND {_TXN_POSTED}"""
_REMOVED = """
SELECT t.kind, t.document, NULL, t.date FROM txn t
WHERE t.removed_by = :operation AND t.state = 0 AND t.date <= :until"""
_CHANGED = f"""
SELECT t.kind, t.document, NULL, CASE WHEN w.state = 0 AND w.date <= :until THEN w.date ELSE {_TXN_THEN["date"]} END
FROM txn_was w JOIN txn t ON t.id = w.txn_id
WHERE w.changed_by = :operation AND (w.state = 0 AND w.date <= :until OR {_TXN_POSTED})
AND (w.pocket_id, w.date, w.state, w.register) IS NOT ({", ".join(_TXN_THEN.values())})"""
_ITEM_ADDED = f"""
SELECT t.kind, t.document, i.line, {_ITEM_THEN["date"]} FROM item i JOIN txn t ON t.id = i.txn_id
WHERE i.id >= :item AND i.id < :item_end AND i.txn_id < :txn AND {_ITEM_POSTED}"""
_ITEM_REMOVED = """
SELECT t.kind, t.document, i.line, i.date FROM item i JOIN txn t ON t.id = i.txn_id
WHERE i.removed_by = :operation AND i.state = 0 AND i.date <= :until"""
# A credit note or cancellation without a ledger code takes that of the line that it names (R18).
_ITEM_CHANGED = f"""
SELECT t.kind, t.document, i.line, CASE WHEN w.state = 0 AND w.date <= :until THEN w.date ELSE {_ITEM_THEN["date"]} END
FROM item_was w JOIN item i ON i.id = w.item_id JOIN txn t ON t.id = i.txn_id
WHERE w.changed_by = :operation AND (w.state = 0 AND w.date <= :until OR {_ITEM_POSTED})
AND ((w.pocket_id, w.side, w.date, w.state, w.amount_minor, w.ledger_code) IS NOT ({", ".join(_ITEM_THEN.values())})
  OR t.kind IN (3, 4) AND w.ledger_code IS NULL AND w.applies_to IS NOT {_APPLIES})"""
_TOUCHED = (_ADDED, _REMOVED, _CHANGED, _ITEM_ADDED, _ITEM_REMOVED, _ITEM_CHANGED)

_BOTH = {side: now_or_then("item", side, ("date", "state")) for side in ("d", "c")}
_EFFECT = f"""
SELECT dt.kind, dt.document, d.line, ct.kind, ct.document, c.line,
  max({_BOTH["d"]["date"]}, {_BOTH["c"]["date"]}, {AFTER_LOCK})
FROM allocation n JOIN operation o ON o.id = n.made_by
JOIN item d ON d.id = n.debit_id JOIN item c ON c.id = n.credit_id JOIN txn dt ON dt.id = d.txn_id
JOIN txn ct ON ct.id = c.txn_id WHERE {{which}} AND {_BOTH["d"]["state"]} = 0 AND {_BOTH["c"]["state"]} = 0
AND max({_BOTH["d"]["date"]}, {_BOTH["c"]["date"]}) <= :until AND (o.locked_until IS NULL OR o.locked_until < :until)"""
_EFFECT_REMOVED = _EFFECT.format(which="n.removed_by = :operation")
_EFFECT_MADE = _EFFECT.format(which="n.id >= :allocation AND n.id < :allocation_end AND n.removed_by IS NULL")
_EFFECT_NAMED = _EFFECT.format(which="n.id IN ({ids})")
_CHANGERS = """
SELECT o.id FROM operation o LEFT JOIN operation b ON b.id = o.id - 1
WHERE o.locked_until IS NOT b.locked_until AND o.id > ? ORDER BY o.id"""
_LAST_CHANGE = """
SELECT o.id, o.made_at, o.author, o.note FROM operation o LEFT JOIN operation b ON b.id = o.id - 1
WHERE o.locked_until IS NOT b.locked_until ORDER BY o.id DESC LIMIT 1"""
_LOCKS = """
SELECT o.id, b.locked_until, o.locked_until, o.command FROM operation o LEFT JOIN operation b ON b.id = o.id - 1
WHERE o.locked_until IS NOT NULL OR b.locked_until IS NOT NULL ORDER BY o.id"""
_MOVERS = ("lock", "undo")
_AT_MOST = 20
_LATE = """
SELECT s.file, s.row, s.kind, s.document, s.date FROM temp.stage_todo d CROSS JOIN temp.stage_txn s ON s.id = d.stage_id
WHERE d.txn_id IS NULL AND s.state = 0 AND s.date <= :until ORDER BY s.id
"""
_IN_USE = """
SELECT 1 FROM allocation n JOIN item d ON d.id = n.debit_id JOIN item c ON c.id = n.credit_id
WHERE n.id >= :allocation AND max(d.date, c.date) <= :until LIMIT 1"""


class Breach(NamedTuple):
    """Something that a lock forbids: a transaction, its line, or the two items of an allocation; and its day."""

    what: str
    date: int
    effect: bool = False
    """Whether it is an allocation, and `date` the day from which it counts."""


class LateRow(NamedTuple):
    """A document of a load that is new and dated in a closed period."""

    file: int
    row: int
    kind: int
    document: str
    date: int


def lock_in_force(connection: sqlite3.Connection) -> int | None:
    """The day up to which the books are locked now."""
    row = connection.execute("SELECT locked_until FROM operation WHERE sealed = 1 ORDER BY id DESC LIMIT 1").fetchone()
    return row[0] if row else None


def lock_after(connection: sqlite3.Connection, number: int) -> int | None:
    """The lock in force after an operation; after 0, none."""
    row = connection.execute(LOCKED_IN, (number,)).fetchone()
    return row[0] if row else None


def last_change(connection: sqlite3.Connection) -> "LockChange | None":
    """Who moved the lock last."""
    from reconcile_cli.domain.keeping import LockChange  # noqa: PLC0415 - only `lock` tells

    row = connection.execute(_LAST_CHANGE).fetchone()
    return LockChange(*row) if row else None


def changers(connection: sqlite3.Connection, after: int) -> set[int]:
    """The operations after one that moved the lock."""
    return {row[0] for row in connection.execute(_CHANGERS, (after,))}


def breaches(connection: sqlite3.Connection, number: int, until: int) -> Iterator[Breach]:
    """What operation `number` did that a lock up to `until` forbids: rows of that period, allocations removed."""
    parameters = {"operation": number, "until": until, **bounds(connection, number)}
    yield from _touched(connection, parameters)
    yield from _effects(connection, _EFFECT_REMOVED, parameters)


def breaches_of_undo(connection: sqlite3.Connection, number: int, until: int) -> Iterator[Breach]:
    """What taking operation `number` back would do that a lock up to `until` forbids."""
    parameters = {"operation": number, "until": until, **bounds(connection, number)}
    yield from _touched(connection, parameters)
    yield from _effects(connection, _EFFECT_MADE, parameters)


def breaches_of_removal(connection: sqlite3.Connection, ids: list[int], until: int) -> Iterator[Breach]:
    """The live allocations among these that are effective on or before `until`."""
    sql = _EFFECT_NAMED.format(ids=", ".join(map(str, ids)))
    yield from _effects(connection, sql, {"until": until, "operation": 1 << 62})


def _touched(connection: sqlite3.Connection, parameters: dict[str, int]) -> Iterator[Breach]:
    for sql in _TOUCHED:
        for kind, document, line, date in connection.execute(sql, parameters):
            name = f"{Kind(kind).code}/{document}"
            yield Breach(name if line is None else f"{name}:{line}", date)


def _effects(connection: sqlite3.Connection, sql: str, parameters: dict[str, int]) -> Iterator[Breach]:
    for row in connection.execute(sql, parameters):
        debit, credit = ItemName(Kind(row[0]), row[1], row[2]), ItemName(Kind(row[3]), row[4], row[5])
        yield Breach(f"{credit} - {debit}", row[6], effect=True)


def refuse_breach(found: Iterator[Breach], until: int | None) -> None:
    """Refuse at the first breach.

    Raises:
        Locked: there is one.
    """
    breach = next(found, None)
    if breach is not None and until is not None:
        raise Locked(breach.what, breach.date, until, effect=breach.effect)


def prove_locked(connection: sqlite3.Connection, number: int) -> None:
    """Prove that the open operation keeps to the lock under which it began.

    Raises:
        Locked: it does not; the caller rolls back.
    """
    until = lock_after(connection, number - 1)
    if until is not None:
        refuse_breach(breaches(connection, number, until), until)


def findings(books: "Books") -> "list[Finding]":
    """What operations of the past did in periods that were closed by then, and locks that moved by themselves."""
    from reconcile_cli.domain.findings import Finding  # noqa: PLC0415 - `check` alone finds

    connection = books.connection
    found = []
    for number, before, after, command in connection.execute(_LOCKS).fetchall():
        where = f"operation {number}"
        if before != after and command not in _MOVERS:
            found.append(Finding("R25", where, _("it moved the lock, which it cannot")))
        for breach in islice(breaches(connection, number, before), _AT_MOST) if before is not None else ():
            message = _("it changed {what} of {date}, while the books were locked up to {lock}")
            told = message.format(what=breach.what, date=iso(breach.date), lock=iso(before))
            found.append(Finding("R25", where, told))
    return found[:_AT_MOST]


def move_lock(connection: sqlite3.Connection, number: int, until: int | None) -> None:
    """Put the lock in force after the open operation."""
    connection.execute("UPDATE operation SET locked_until = ? WHERE id = ?", (until, number))


def late_rows(connection: sqlite3.Connection, until: int) -> Iterator[LateRow]:
    """The new documents of the staged load that a lock up to `until` forbids."""
    return (LateRow(*row) for row in connection.execute(_LATE, {"until": until}))


def matches_locked_items(connection: sqlite3.Connection, first_allocation: int, until: int) -> bool:
    """Whether allocations from this id on put items against each other that are both dated up to `until`."""
    parameters = {"allocation": first_allocation, "until": until}
    return connection.execute(_IN_USE, parameters).fetchone() is not None
