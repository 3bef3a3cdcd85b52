"""How far the books are reconciled, in one walk through the accounts and one through the items (R8)."""

from collections import defaultdict
from typing import Final

from reconcile_cli.domain.progress import MonthLine, Obstacle, ObstacleLine, Overview, Progress, StatusLine
from reconcile_cli.domain.status import Status
from reconcile_cli.store.accounts import STATUS, Choice, account_totals
from reconcile_cli.store.books import Books
from reconcile_cli.store.locking import lock_in_force
from reconcile_cli.store.report_view import one_view

_ACCOUNTS: Final = f"""
SELECT currency, status, count(*) FROM (SELECT p.currency, {STATUS} AS status FROM pocket p WHERE p.items > 0)
GROUP BY currency, status
"""
_ITEMS: Final = """
SELECT currency, month, status, count(*), sum(debit), sum(credit), sum(covered), sum(open_debit), sum(open_credit)
FROM (
  SELECT p.currency, i.date / 100 AS month,
    CASE WHEN i.open_minor = 0 THEN CASE WHEN i.planned_minor > 0 THEN 'covered' ELSE 'reconciled' END
      WHEN i.open_minor = i.amount_minor THEN 'unreconciled' ELSE 'partial' END AS status,
    CASE i.side WHEN 1 THEN i.amount_minor ELSE 0 END AS debit,
    CASE i.side WHEN -1 THEN i.amount_minor ELSE 0 END AS credit, i.planned_minor AS covered,
    CASE i.side WHEN 1 THEN i.open_minor ELSE 0 END AS open_debit,
    CASE i.side WHEN -1 THEN i.open_minor ELSE 0 END AS open_credit
  FROM item i NOT INDEXED CROSS JOIN pocket p ON p.id = i.pocket_id WHERE i.state = 0 AND i.removed_by IS NULL)
GROUP BY currency, month, status
"""
# Of accounts in a currency: something open on both sides, which `auto` could put together; or on one side alone.
_BOTH: Final = "open_debit_minor > 0 AND open_credit_minor > 0"
_OPEN: Final = f"""
SELECT currency, CASE WHEN {_BOTH} THEN 'paid_later' WHEN open_debit_minor > 0 THEN 'not_paid' ELSE 'unapplied' END,
  count(*), sum(open_debit_minor), sum(open_credit_minor)
FROM pocket WHERE open_debit_minor > 0 OR open_credit_minor > 0 GROUP BY 1, 2
"""
_OVERDUE: Final = """
SELECT p.currency, 'overdue', count(*), 0, sum(i.amount_minor)
FROM txn t CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL CROSS JOIN pocket p ON p.id = t.pocket_id
WHERE t.state = 1 AND t.replaced_by IS NULL AND t.removed_by IS NULL AND i.amount_minor > 0
  AND coalesce(t.due_date, t.date) < :today
GROUP BY p.currency
"""
_CODES: Final = """
SELECT currency, 'match_code', count(*), sum(debit), sum(credit) FROM (
  SELECT p.currency AS currency, sum(CASE i.side WHEN 1 THEN i.open_minor ELSE 0 END) AS debit,
    sum(CASE i.side WHEN -1 THEN i.open_minor ELSE 0 END) AS credit
  FROM item i CROSS JOIN pocket p ON p.id = i.pocket_id
  WHERE i.side IN (1, -1) AND i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL AND i.match_code IS NOT NULL
  GROUP BY p.currency, i.pocket_id, i.match_code)
GROUP BY currency
"""
_HELD: Final = """
SELECT p.currency, 'held', count(*), sum(CASE i.side WHEN 1 THEN i.open_minor ELSE 0 END),
  sum(CASE i.side WHEN -1 THEN i.open_minor ELSE 0 END)
FROM item i CROSS JOIN pocket p ON p.id = i.pocket_id
WHERE i.held = 1 AND i.removed_by IS NULL AND i.state = 0 AND i.open_minor > 0 GROUP BY p.currency
"""


_ORDER: Final = (Status.RECONCILED, Status.COVERED, Status.PARTIAL, Status.UNRECONCILED)
_FIGURES: Final = 6


def progress(books: Books, *, today: int) -> Progress:
    """How far the books are reconciled: by status, by what stands in the way, by month."""
    one_view(books)
    statuses: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * _FIGURES)
    months: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0] * _FIGURES)
    for currency, month, status, *figures in books.connection.execute(_ITEMS):
        for place, figure in enumerate(figures):
            statuses[currency, status][place] += figure
            months[currency, month][place] += figure
    accounts = _accounts(books)
    lines = []
    for currency in sorted({currency for currency, _status in [*statuses, *accounts]}):
        for status in _ORDER:
            count, figures = accounts.get((currency, status), 0), statuses[currency, status]
            if count or any(figures):
                items, debit, credit, _covered, open_debit, open_credit = figures
                lines.append(StatusLine(currency, status, count, items, debit, credit, open_debit, open_credit))
    return Progress(lines, _obstacles(books, today), [MonthLine(*key, *months[key]) for key in sorted(months)])


def overview(books: Books, *, today: int) -> Overview:
    """The state of the books in short, from the sums of accounts alone."""
    one_view(books)
    connection = books.connection
    counts: dict[str, int] = defaultdict(int)
    for (_currency, status), count in _accounts(books).items():
        counts[status] += count
    (later,) = connection.execute(f"SELECT count(*) FROM pocket WHERE {_BOTH}").fetchone()
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM operation WHERE sealed = 1").fetchone()
    return Overview(
        [(status, counts[status]) for status in _ORDER if counts[status]],
        account_totals(books, Choice(), today=today),
        later,
        last,
        lock_in_force(connection),
    )


def _accounts(books: Books) -> dict[tuple[str, str], int]:
    """How many accounts have a status, by currency."""
    return {(currency, status): count for currency, status, count in books.connection.execute(_ACCOUNTS)}


def _obstacles(books: Books, today: int) -> list[ObstacleLine]:
    order = list(Obstacle)
    lines = [
        ObstacleLine(currency, Obstacle(name), *figures)
        for sql in (_OPEN, _OVERDUE, _CODES, _HELD)
        for currency, name, *figures in books.connection.execute(sql, {"today": today})
    ]
    return sorted(lines, key=lambda line: (line.currency, order.index(line.obstacle)))
