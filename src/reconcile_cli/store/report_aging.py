"""Aging: what was open on a day, and what planned payments covered then, by age.

It starts from the open amounts that every operation proves, and gives back what was allocated with effect after the
day. So the work follows what is open and what came since, not the age of the books.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Final

from reconcile_cli.domain.aging import AgedItem, AgedLine, Ages, UnappliedLine
from reconcile_cli.domain.dates import days_between, from_date, to_date
from reconcile_cli.domain.kinds import Kind, Side
from reconcile_cli.store.books import Books
from reconcile_cli.store.instalments import AFTER, FIRST_MADE, LATER
from reconcile_cli.store.report_view import one_view

# What is put against something with effect after :day, although both sides may be dated up to it.
_UNDER_A_LOCK: Final = """operation o CROSS JOIN allocation n ON n.id >= o.first_allocation
  AND n.id < coalesce((SELECT x.first_allocation FROM operation x WHERE x.id = o.id + 1), 1 << 62)
  AND n.removed_by IS NULL CROSS JOIN item d ON d.id = n.debit_id CROSS JOIN item c ON c.id = n.credit_id {owns}
WHERE o.locked_until >= :day AND d.date <= :day AND c.date <= :day AND c.state = 0"""
_AFTER: Final = """after came
CROSS JOIN item {after} ON {after}.txn_id = came.id AND {after}.removed_by IS NULL AND {after}.side = {side}
CROSS JOIN allocation n ON n.{own}_id = {after}.id AND n.removed_by IS NULL
CROSS JOIN item {other} ON {other}.id = n.{foreign}_id AND {other}.date <= :day"""
# Parts of items: `planned` is the payment that covers one, `day` that from which its age counts.
_OWN_DUE: Final = "coalesce(own.due_date, own.date)"
_DEBITS: Final = f"""
SELECT i.pocket_id, i.id AS item_id, 1 AS side, NULL AS planned, {_OWN_DUE} AS day, i.open_minor AS amount
FROM item i CROSS JOIN txn own ON own.id = i.txn_id
WHERE i.side = 1 AND i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL AND i.date <= :day
UNION ALL
SELECT d.pocket_id, d.id, 1, CASE WHEN v.day IS NOT NULL THEN v.id END, coalesce(v.day, {_OWN_DUE}), v.amount FROM (
  SELECT t.id, n.debit_id, n.amount_minor AS amount,
    CASE WHEN t.date <= :day AND (o.locked_until IS NULL OR o.locked_until < :day)
      THEN coalesce(t.due_date, t.date) END AS day
  FROM txn t CROSS JOIN item c ON c.txn_id = t.id AND c.removed_by IS NULL
  CROSS JOIN allocation n ON n.credit_id = c.id AND n.removed_by IS NULL CROSS JOIN operation o ON o.id = n.made_by
  WHERE t.state = 1 AND t.replaced_by IS NULL AND t.removed_by IS NULL) v
CROSS JOIN item d ON d.id = v.debit_id CROSS JOIN txn own ON own.id = d.txn_id WHERE d.date <= :day
UNION ALL
SELECT d.pocket_id, d.id, 1, CASE WHEN o.id IS NOT NULL THEN s.planned_id END,
  CASE WHEN o.id IS NOT NULL THEN s.due ELSE {_OWN_DUE} END, n.amount_minor
FROM {_AFTER.format(after="c", side=-1, own="credit", other="d", foreign="debit")}
CROSS JOIN txn own ON own.id = d.txn_id
LEFT JOIN later s ON s.txn_id = came.id
LEFT JOIN operation o ON o.id = {FIRST_MADE} AND s.txn_id IS NOT NULL
  AND (o.locked_until IS NULL OR o.locked_until < :day)
UNION ALL
SELECT d.pocket_id, d.id, 1, NULL, {_OWN_DUE}, n.amount_minor
FROM {_UNDER_A_LOCK.format(owns="CROSS JOIN txn own ON own.id = d.txn_id")}
"""
_CREDITS: Final = f"""
SELECT i.pocket_id, i.id AS item_id, -1 AS side, NULL AS planned, i.date AS day, i.open_minor AS amount
FROM item i WHERE i.side = -1 AND i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL AND i.date <= :day
UNION ALL
SELECT c.pocket_id, c.id, -1, NULL, c.date, n.amount_minor
FROM {_AFTER.format(after="d", side=1, own="debit", other="c", foreign="credit")} WHERE c.state = 0
UNION ALL
SELECT c.pocket_id, c.id, -1, NULL, c.date, n.amount_minor FROM {_UNDER_A_LOCK.format(owns="")}
"""
_WITH: Final = f"WITH {AFTER.format(pockets='pocket')}, {LATER}, part AS ({_DEBITS} UNION ALL {_CREDITS})"
_SUMMED: Final = """
SELECT a.code, a.name, p.currency, summed.* FROM summed CROSS JOIN pocket p ON p.id = summed.pocket_id
CROSS JOIN account a ON a.id = p.account_id ORDER BY a.code, p.currency
"""
_AGED: Final = f"""
{_WITH}, summed AS (SELECT pocket_id, {{columns}},
  sum(CASE WHEN planned IS NOT NULL THEN amount ELSE 0 END) AS covered,
  sum(CASE WHEN side = -1 THEN amount ELSE 0 END) AS credit FROM part GROUP BY pocket_id) {_SUMMED}
"""
_UNAPPLIED: Final = f"""
WITH {AFTER.format(pockets="pocket")}, part AS ({_CREDITS}),
summed AS (SELECT pocket_id, {{columns}}, count(DISTINCT item_id) AS items FROM part GROUP BY pocket_id) {_SUMMED}
"""
_ITEMS: Final = f"""
{_WITH}
SELECT a.code, a.name, p.currency, t.kind, t.document, i.line, part.side, t.date, part.day, n.kind, n.document,
  sum(part.amount)
FROM part CROSS JOIN item i ON i.id = part.item_id CROSS JOIN txn t ON t.id = i.txn_id
CROSS JOIN pocket p ON p.id = part.pocket_id CROSS JOIN account a ON a.id = p.account_id
LEFT JOIN txn n ON n.id = part.planned
GROUP BY part.pocket_id, part.item_id, part.planned, part.day
ORDER BY a.code, p.currency, part.side DESC, part.day, length(t.document), t.document, t.kind, i.line
"""


def aging(books: Books, ages: Ages) -> Iterator[AgedLine]:
    """One line for each account and currency with something open or covered, by code."""
    one_view(books)
    edges, bucket = _buckets(ages)
    sql = _AGED.format(columns=_columns(f"side = 1 AND {bucket}", len(edges) + 1))
    for code, name, currency, _pocket, *figures, covered, credit in books.connection.execute(sql, _on(ages, edges)):
        yield AgedLine(code, name, currency, tuple(figures), covered, credit)


def aging_items(books: Books, ages: Ages) -> Iterator[AgedItem]:
    """What these lines consist of, account by account: debits by due date, then credits by date."""
    one_view(books)

    @cache
    def late(due: int) -> tuple[int, int]:
        past = max(0, days_between(due, ages.as_of))
        return past, sum(past > days for days in (0, *ages.days))

    kinds, sides = {int(kind): kind for kind in Kind}, {int(side): side for side in Side}
    for row in books.connection.execute(_ITEMS, {"day": ages.as_of}):
        code, name, currency, kind, document, line, side, date, due, planned_kind, planned, amount = row
        past, bucket = late(due) if side == Side.DEBIT else (0, 0)
        by = "" if planned is None else f"{kinds[planned_kind].code}/{planned}"
        yield AgedItem(
            code, name, currency, kinds[kind], document, line, sides[side], date, due, past, bucket, by, amount
        )


def unapplied(books: Books, ages: Ages) -> Iterator[UnappliedLine]:
    """One line for each account and currency with an open credit, by code."""
    one_view(books)
    edges, bucket = _buckets(ages)
    edges = edges[1:]
    sql = _UNAPPLIED.format(columns=_columns(bucket, len(edges) + 1))
    for code, name, currency, _pocket, *figures, items in books.connection.execute(sql, _on(ages, edges)):
        yield UnappliedLine(code, name, currency, tuple(figures), items)


def _buckets(ages: Ages) -> tuple[list[int], str]:
    """The first days that are still in each bucket but the last, newest first; and SQL for the bucket of `day`."""
    edges = [from_date(to_date(ages.as_of) - timedelta(days)) for days in (0, *ages.days)]
    return edges, "{first} <= day AND day < {end}"


def _columns(condition: str, count: int) -> str:
    ends = [f":edge_{place}" for place in range(count - 1)]
    spans = zip([*ends, "0"], ["99999999", *ends], strict=True)
    return ", ".join(
        f"sum(CASE WHEN {condition.format(first=first, end=end)} THEN amount ELSE 0 END)" for first, end in spans
    )


def _on(ages: Ages, edges: list[int]) -> dict[str, int]:
    return {"day": ages.as_of, **{f"edge_{place}": edge for place, edge in enumerate(edges)}}
