"""The rows of `unreconciled`: open posted items and planned payments, oldest first (R9)."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final, NamedTuple

from reconcile_cli.domain.dates import days_between
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.lists import OpenLine
from reconcile_cli.domain.status import Status
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.open_items import NO_DAY_AFTER

_ROW = """
a.code, a.name, t.kind, t.document, i.line, i.side, t.date, t.due_date, i.state, p.currency, i.amount_minor,
i.open_minor, i.ledger_code, i.description, i.held
"""
_OPEN = "i.side IN ({sides}) AND i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL {where}"
_POSTED = f"""
SELECT {_ROW}, i.date AS day, length(t.document) AS len
FROM item i CROSS JOIN txn t ON t.id = i.txn_id CROSS JOIN pocket p ON p.id = i.pocket_id
CROSS JOIN account a ON a.id = p.account_id WHERE {_OPEN} AND i.date BETWEEN :first AND :last
"""
_DAYS = f"SELECT i.date, count(*) FROM item i WHERE {_OPEN} GROUP BY i.date"
_PLANNED = f"""
SELECT {_ROW}, coalesce(t.due_date, t.date) AS day, length(t.document) AS len
FROM (
  SELECT id FROM txn WHERE state = 1 AND replaced_by IS NULL AND removed_by IS NULL {{pockets}}
  AND coalesce(due_date, date) BETWEEN :first AND iif(:planned, :last, min(:last, :today - 1))) k
CROSS JOIN txn t ON t.id = k.id CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
CROSS JOIN pocket p ON p.id = t.pocket_id CROSS JOIN account a ON a.id = p.account_id
WHERE i.amount_minor > 0 AND i.side IN ({{sides}}) {{where}}
AND (coalesce(t.due_date, t.date) < :today OR i.open_minor > 0)
"""
PART: Final = 10_000
PARTS: Final = 16
"""Rows are sorted so many at a time, or a sixteenth of all: the first comes early, and each part costs a walk."""
_ORDER = " ORDER BY day, len, document, kind, line LIMIT :limit"

Row = tuple[Any, ...]


class Wanted(NamedTuple):
    """Which rows `unreconciled` lists."""

    side: Side | None = None
    include_planned: bool = False
    older_than: int | None = None
    held: bool = False


def unreconciled(
    books: Books, codes: Sequence[str], wanted: Wanted, *, today: int, limit: int | None = None
) -> Iterator[OpenLine]:
    """Open posted items and overdue planned payments, oldest first (planned ones by due date).

    `older_than` keeps the rows whose day lies more than that many days back. Empty `codes` mean all accounts.

    Raises:
        UnknownName: an account is not known.
    """
    connection = books.connection
    sides = str(int(wanted.side)) if wanted.side is not None else "1, -1"
    pockets = ""
    if codes:
        ids = ", ".join(str(find_account(books, code)) for code in codes)
        pockets = f"AND pocket_id IN (SELECT id FROM pocket WHERE account_id IN ({ids}))"
    held = "AND i.held = 1" if wanted.held else ""
    where = pockets.replace("pocket_id", "i.pocket_id", 1) + held
    posted = _POSTED.format(sides=sides, where=where)
    sql = posted + " UNION ALL " + _PLANNED.format(sides=sides, where=held, pockets=pockets)
    oldest = -1 if wanted.older_than is not None else limit
    parameters = {"today": today, "planned": wanted.include_planned, "limit": -1 if oldest is None else oldest}
    rows = _by_day(connection, sql + _ORDER, _DAYS.format(sides=sides, where=where), parameters)
    return _limited(rows, wanted.older_than, today, limit)


def _by_day(connection: sqlite3.Connection, sql: str, days: str, parameters: dict[str, Any]) -> Iterator[Row]:
    """The rows of a few days after those of the days before, all of one view."""
    alone = not connection.in_transaction
    if alone:
        connection.execute("BEGIN")
    try:
        first = 0
        for last in _ends(connection.execute(days).fetchall()):
            for row in connection.execute(sql, {**parameters, "first": first, "last": last}):  # noqa: UP028 - see below
                yield row
            first = last + 1
    finally:
        # Where the books were closed before the last row was asked for: `yield from` would close its cursor then too.
        with suppress(sqlite3.ProgrammingError):
            if alone and connection.in_transaction:
                connection.execute("COMMIT")


def _ends(days: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The last day of each part; the last part has no end."""
    size = max(PART, sum(count for _day, count in days) // PARTS)
    rows = 0
    for day, count in days:
        if rows + count > size and rows:
            yield day - 1
            rows = 0
        rows += count
    yield NO_DAY_AFTER


def _limited(rows: Iterator[Row], older_than: int | None, today: int, limit: int | None) -> Iterator[OpenLine]:
    for row in islice(rows, limit):
        if older_than is not None and days_between(row[15], today) <= older_than:
            return
        yield _open_line(row, today)


def _open_line(row: Row, today: int) -> OpenLine:
    state = State(row[8])
    amount_minor, open_minor = row[10], row[11]
    due = row[7] or row[6]
    if open_minor == 0:
        status = Status.COVERED
    else:
        status = Status.UNRECONCILED if open_minor == amount_minor else Status.PARTIAL
    past = max(0, days_between(due, today)) if row[5] == Side.DEBIT or state is State.PLANNED else 0
    return OpenLine(
        account=row[0],
        name=row[1],
        kind=Kind(row[2]),
        document=row[3],
        line=row[4],
        side=Side(row[5]),
        date=row[6],
        due_date=row[7],
        state=state,
        currency=row[9],
        amount_minor=amount_minor,
        open_minor=open_minor,
        status=status,
        ledger_code=row[12] or "",
        description=row[13] or "",
        held=bool(row[14]),
        days_past_due=past,
    )
