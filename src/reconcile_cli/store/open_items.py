"""Open items: the rows of `unreconciled`, and the two runs that `auto` matches (R9, R16)."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final, NamedTuple

from reconcile_cli.domain.dates import days_between
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.records import OpenLine, Outcome, Total
from reconcile_cli.domain.status import Status
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account

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
_MATCHING_ORDER = "i.pocket_id, i.date, length(t.document), t.document, t.kind, i.line"
_DUE_ORDER = "i.pocket_id, coalesce(t.due_date, t.date), length(t.document), t.document, t.kind, i.line"
_RUN = """
SELECT i.id, i.open_minor, i.pocket_id
FROM (SELECT id FROM pocket WHERE {pockets} ORDER BY id) p
CROSS JOIN item i ON i.side = {side} AND i.pocket_id = p.id CROSS JOIN txn t ON t.id = i.txn_id
WHERE i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL AND i.held = 0 AND {day} <= :until
ORDER BY {order}
"""
_PLANNED_RUN = """
SELECT i.id, i.open_minor, i.pocket_id
FROM (SELECT id FROM pocket WHERE {pockets} ORDER BY id) p
CROSS JOIN txn t ON t.pocket_id = p.id AND t.state = 1 AND t.replaced_by IS NULL AND t.removed_by IS NULL
CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE i.open_minor > 0 AND i.held = 0 AND i.side = -1 AND coalesce(t.due_date, t.date) <= :until
ORDER BY p.id, coalesce(t.due_date, t.date), length(t.document), t.document, t.kind, i.line
"""
_BOTH_OPEN = "open_debit_minor > 0 AND open_credit_minor > 0"
_WITH_PLANNED = "open_debit_minor > 0 AND open_planned > 0"
_STILL_OPEN = """
SELECT currency, count(*), sum(rest) FROM (
  SELECT p.currency, p.open_{word}_minor - coalesce(planned.amount, 0) AS rest FROM pocket p LEFT JOIN (
    SELECT i.pocket_id, sum(n.amount_minor) AS amount FROM temp.plan n CROSS JOIN item i ON i.id = n.{word}_id
    WHERE {plan} AND i.state = 0 GROUP BY i.pocket_id) planned ON planned.pocket_id = p.id WHERE {pockets})
WHERE rest > 0 GROUP BY currency
"""
# The sums of all are kept by currency: only the accounts are counted.
_STILL_OPEN_OF_ALL = """
SELECT t.currency, (SELECT count(*) FROM pocket p WHERE p.currency = t.currency AND p.open_{word}_minor > 0),
  t.open_{word}_minor
FROM total t WHERE t.open_{word}_minor > 0 ORDER BY t.currency
"""
_OUTCOMES = """
SELECT a.code, a.name, p.currency, coalesce(made.amount, 0), p.open_debit_minor - coalesce(made.amount, 0),
  p.open_credit_minor - coalesce(made.posted, 0), (SELECT count(*) FROM item h WHERE h.pocket_id = p.id AND h.held = 1
    AND h.removed_by IS NULL AND h.open_minor > 0 AND h.state <= 1)
FROM pocket p CROSS JOIN account a ON a.id = p.account_id LEFT JOIN (
  SELECT d.pocket_id, sum(n.amount_minor) AS amount, sum(CASE WHEN c.state = 0 THEN n.amount_minor ELSE 0 END) AS posted
  FROM temp.plan n CROSS JOIN item d ON d.id = n.debit_id CROSS JOIN item c ON c.id = n.credit_id
  GROUP BY d.pocket_id) made ON made.pocket_id = p.id
WHERE {pockets} ORDER BY a.code, p.currency
"""
NO_DAY_AFTER = 99_999_999

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


class Scope(NamedTuple):
    """What `auto` looks at: accounts by id (None: all), both sides dated up to `until`, by due date or by date."""

    accounts: Sequence[int] | None = None
    until: int | None = None
    by_due: bool = False
    include_planned: bool = False

    def pockets(self, state: str) -> str:
        """SQL that tells whether a pocket is looked at; `state` says what must be open in it."""
        if self.accounts is None:
            return state
        return f"{state} AND account_id IN ({', '.join(map(str, self.accounts))})"

    @property
    def both_open(self) -> str:
        """SQL that tells whether a pocket has something open on both sides."""
        return _BOTH_OPEN if not self.include_planned else f"({_BOTH_OPEN} OR {_WITH_PLANNED})"


OpenRow = tuple[int, int, int]


def matching_runs(books: Books, scope: Scope) -> tuple[sqlite3.Cursor, sqlite3.Cursor, sqlite3.Cursor | None]:
    """The open debits, posted credits and (where wanted) planned credits, each in the total order of R16.

    Rows are (item, open_minor, pocket), pocket by pocket; only pockets with both sides open. Held items are left out.
    """
    both = scope.both_open
    parameters = {"until": scope.until or NO_DAY_AFTER}
    day = "coalesce(t.due_date, t.date)" if scope.by_due else "i.date"
    order = _DUE_ORDER if scope.by_due else _MATCHING_ORDER
    debits, credits_ = (
        books.connection.execute(_RUN.format(pockets=scope.pockets(both), side=side, day=day, order=order), parameters)
        for side in (1, -1)
    )
    planned = None
    if scope.include_planned:
        planned = books.connection.execute(_PLANNED_RUN.format(pockets=scope.pockets(both)), parameters)
    return debits, credits_, planned


def count_pockets(books: Books, scope: Scope) -> int:
    """How many accounts, each in a currency, have something open on both sides."""
    sql = f"SELECT count(*) FROM pocket WHERE {scope.pockets(scope.both_open)}"
    return int(books.connection.execute(sql).fetchone()[0])


def still_open(books: Books, accounts: Sequence[int] | None, side: Side, *, after_plan: bool = False) -> list[Total]:
    """What posted items stay open on a side, per currency; the count is of accounts.

    `after_plan` tells it as if the posted part of TEMP `plan` were made.
    """
    if accounts == []:
        return []
    word = "debit" if side is Side.DEBIT else "credit"
    pockets = Scope(accounts).pockets(f"open_{word}_minor > 0")
    of_all = accounts is None and not after_plan
    sql = (_STILL_OPEN_OF_ALL if of_all else _STILL_OPEN).format(word=word, pockets=pockets, plan=int(after_plan))
    return [Total(*row) for row in books.connection.execute(sql)]


def outcomes(books: Books, accounts: Sequence[int] | None) -> Iterator[Outcome]:
    """What TEMP `plan` would make and leave open in each account that it touches, or could have touched."""
    sql = _OUTCOMES.format(pockets=Scope(accounts).pockets(f"(made.amount > 0 OR {_BOTH_OPEN})"))
    return (Outcome(*row) for row in books.connection.execute(sql))


def held_open(books: Books, accounts: Sequence[int] | None) -> int:
    """How many open items are held."""
    if accounts == []:
        return 0
    pockets = Scope(accounts).pockets("true")
    where = "" if accounts is None else f"AND pocket_id IN (SELECT id FROM pocket WHERE {pockets})"
    sql = f"SELECT count(*) FROM item WHERE held = 1 AND removed_by IS NULL AND open_minor > 0 AND state <= 1 {where}"
    return int(books.connection.execute(sql).fetchone()[0])
