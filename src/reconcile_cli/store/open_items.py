"""Open items: the two runs that `auto` matches, and what stays open (R9, R16)."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import Total
from reconcile_cli.store.books import Books

if TYPE_CHECKING:  # rehearsals alone tell it account by account
    from reconcile_cli.domain.outcomes import Outcome

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


def outcomes(books: Books, accounts: Sequence[int] | None) -> "Iterator[Outcome]":
    """What TEMP `plan` would make and leave open in each account that it touches, or could have touched."""
    from reconcile_cli.domain.outcomes import Outcome  # noqa: PLC0415 - see above

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
