"""Allocations as people name them, read as they are asked for: a million of them need no memory."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.records import AllocationLine, ItemName, Total

if TYPE_CHECKING:  # only loads free what is allocated
    from reconcile_cli.domain.load_results import Freed

FEW = 20
_SORTED = 10_000
_SELECT = """
SELECT a.code, p.currency, dt.kind, dt.document, d.line, ct.kind, ct.document, c.line, n.amount_minor,
  n.stage, n.reason, n.rowid AS place
FROM {rows} CROSS JOIN item d ON d.id = n.debit_id CROSS JOIN item c ON c.id = n.credit_id
CROSS JOIN txn dt ON dt.id = d.txn_id CROSS JOIN txn ct ON ct.id = c.txn_id
CROSS JOIN pocket p ON p.id = d.pocket_id CROSS JOIN account a ON a.id = p.account_id ORDER BY {order}
"""
_TOTALS = """
SELECT p.currency, count(*), sum(n.amount_minor)
FROM {rows} CROSS JOIN item d ON d.id = n.debit_id CROSS JOIN pocket p ON p.id = d.pocket_id GROUP BY p.currency
"""
_ACCOUNTS = """
SELECT DISTINCT a.code FROM {rows} CROSS JOIN item d ON d.id = n.debit_id
CROSS JOIN pocket p ON p.id = d.pocket_id CROSS JOIN account a ON a.id = p.account_id LIMIT ?
"""
_OPEN = "CASE WHEN {row}.removed_by IS NULL AND {row}.state <= 1 THEN {row}.open_minor END"
_STAND = f"""
SELECT f.why, {_OPEN.format(row="c")}, {_OPEN.format(row="d")}
FROM temp.freed f CROSS JOIN allocation n ON n.id = f.allocation_id
CROSS JOIN item c ON c.id = n.credit_id CROSS JOIN item d ON d.id = n.debit_id ORDER BY f.allocation_id LIMIT ?
"""
PLANNED = "temp.plan n"
MADE = "(SELECT *, id AS rowid FROM allocation WHERE made_by = {op} AND id >= {first}) n"
REMOVED = "(SELECT *, id AS rowid FROM allocation WHERE removed_by = {op}) n"
CONCERNED = """(SELECT *, id AS rowid FROM allocation WHERE removed_by = {op}
  UNION ALL SELECT *, id AS rowid FROM allocation WHERE id >= {first} AND made_by = {op}) n"""
FREED = "(SELECT k.*, k.id AS rowid FROM temp.freed CROSS JOIN allocation k ON k.id = allocation_id) n"


def made_by(number: int) -> str:
    """SQL for the allocations that an operation of the past made; ids only grow, so they begin at its first."""
    return MADE.format(op=number, first=f"(SELECT first_allocation FROM operation WHERE id = {number:d})")


def named(connection: sqlite3.Connection, ids: Sequence[int]) -> list[AllocationLine]:
    """The allocations of these ids, in their order."""
    rows = f"(SELECT *, id AS rowid FROM allocation WHERE id IN ({', '.join(map(str, ids))})) n"
    return [_line(row) for row in connection.execute(_SELECT.format(rows=rows, order="n.rowid"))]


class AllocationLines(Sequence[AllocationLine]):
    """A sequence over rows of the database, read anew each time it is iterated.

    By account, each in the order in which they were made; a long one streams in that order alone.
    """

    def __init__(self, connection: sqlite3.Connection, rows: str) -> None:
        self._connection = connection
        self._rows = rows
        (self._length,) = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()

    def __len__(self) -> int:
        return int(self._length)

    def __iter__(self) -> Iterator[AllocationLine]:
        order = "a.code, place" if len(self) <= _SORTED else "place"
        for row in self._connection.execute(_SELECT.format(rows=self._rows, order=order)):
            yield _line(row)

    @overload
    def __getitem__(self, index: int) -> AllocationLine: ...
    @overload
    def __getitem__(self, index: slice) -> list[AllocationLine]: ...
    def __getitem__(self, index: int | slice) -> AllocationLine | list[AllocationLine]:
        return list(self)[index]

    def accounts(self, limit: int = FEW) -> list[str]:
        """The first accounts concerned."""
        return [row[0] for row in self._connection.execute(_ACCOUNTS.format(rows=self._rows), (limit,))]

    def totals(self) -> list[Total]:
        """How many, and how much, per currency."""
        return totals(self._connection, self._rows)


def totals(connection: sqlite3.Connection, rows: str) -> list[Total]:
    """How many allocations, and how much, per currency."""
    return [Total(*row) for row in connection.execute(_TOTALS.format(rows=rows))]


def _line(row: tuple[str, str, int, str, int, int, str, int, int, int, str | None, int]) -> AllocationLine:
    return AllocationLine(
        account=row[0],
        currency=row[1],
        debit=ItemName(Kind(row[2]), row[3], row[4]),
        credit=ItemName(Kind(row[5]), row[6], row[7]),
        amount_minor=row[8],
        stage=Stage(row[9]),
        reason=row[10],
    )


def freed(connection: sqlite3.Connection, limit: int) -> "list[Freed]":
    """The allocations of TEMP `freed`, why each goes and how its items stand now, at most `limit`."""
    from reconcile_cli.domain.load_results import Freed  # noqa: PLC0415 - see above

    stand = connection.execute(_STAND, (limit,))
    lines = connection.execute(_SELECT.format(rows=FREED, order="place") + " LIMIT ?", (limit,))
    return [Freed(_line(line), *how) for line, how in zip(lines, stand, strict=True)]


def count_freed(connection: sqlite3.Connection) -> int:
    """How many allocations are in TEMP `freed`."""
    return int(connection.execute("SELECT count(*) FROM temp.freed").fetchone()[0])
