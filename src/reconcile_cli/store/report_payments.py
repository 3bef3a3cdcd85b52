"""Payments by ledger code (R19): where the cash of a period went, as far as it went there within the period.

Every allocation moves an amount from where it was to where it is used: the money of a payment from `not reconciled` to
the ledger code that it pays, or to `returned` where a refund gives it back. Within the period of the money it changes
that row; money of an earlier period is moved, in the period in which the allocation becomes effective. So are credit
notes and cancellations that are used on another ledger code.

By month or day each of them is a period of its own, so that a month prints the same alone and beside others.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.reporting import By, Grouping, ReportLine, Row
from reconcile_cli.store import ledger_codes
from reconcile_cli.store.books import Books
from reconcile_cli.store.ledger_codes import EFFECTIVE
from reconcile_cli.store.report_keys import CASH, account_join, key_columns, key_names, key_order

_GIVEN: Final = f"{int(Kind.CREDIT_NOTE)}, {int(Kind.CANCELLATION)}"
_ROWS: Final = (Row.CODE, Row.RETURNED, Row.NOT_RECONCILED, Row.MOVED)
_CODE, _RETURNED, _NOT_RECONCILED, _MOVED = range(4)
# The allocations that count by the last day, seen from the credit or from a debit of cash; `amount` is what comes to
# `into` and leaves `source`.
_COUNTS: Final = f"""
n.removed_by IS NULL AND d.state = 0 AND c.state = 0 AND max(d.date, c.date) <= :last AND {EFFECTIVE} <= :last"""
_SAME: Final = "{own}.date >= :first AND {period_own} = {period_effect}"
_JOINS: Final = f"""
{ledger_codes.JOIN_OPERATION} CROSS JOIN pocket p ON p.id = d.pocket_id {{account}}
{ledger_codes.JOIN_PIECES}"""
_OF_CREDITS: Final = f"""
SELECT p.currency AS currency, ct.kind IN ({CASH}) AND {_SAME} AS same,
  CASE WHEN dt.kind IN ({CASH}) THEN {_RETURNED} ELSE {_CODE} END AS into_row,
  CASE WHEN dt.kind IN ({CASH}) THEN NULL ELSE {ledger_codes.DEBIT_CODE} END AS into_code,
  CASE WHEN ct.kind IN ({CASH}) THEN {_NOT_RECONCILED} ELSE {_CODE} END AS source_row,
  CASE WHEN ct.kind IN ({CASH}) THEN NULL ELSE {ledger_codes.CREDIT_CODE} END AS source_code,
  sum({ledger_codes.LINK_AMOUNT}) AS amount {{keys}}
FROM allocation n NOT INDEXED CROSS JOIN item c ON c.id = n.credit_id CROSS JOIN item d ON d.id = n.debit_id
CROSS JOIN txn ct ON ct.id = c.txn_id CROSS JOIN txn dt ON dt.id = d.txn_id {_JOINS}
WHERE {_COUNTS} AND (ct.kind IN ({CASH})
  OR ct.kind IN ({_GIVEN}) AND dt.kind NOT IN ({CASH}) AND {ledger_codes.DEBIT_CODE} <> {ledger_codes.CREDIT_CODE})
  AND (ct.kind IN ({CASH}) AND {_SAME} OR {EFFECTIVE} >= :first)
GROUP BY currency, same, into_row, into_code, source_row, source_code {{names}}
"""
_OF_REFUNDS: Final = f"""
SELECT p.currency AS currency, {_SAME} AS same,
  CASE WHEN ct.kind IN ({CASH}) THEN {_RETURNED} ELSE {_CODE} END AS into_row,
  CASE WHEN ct.kind IN ({CASH}) THEN NULL ELSE {ledger_codes.CREDIT_CODE} END AS into_code,
  {_NOT_RECONCILED} AS source_row, NULL AS source_code, -sum({ledger_codes.LINK_AMOUNT}) AS amount {{keys}}
FROM txn dt NOT INDEXED CROSS JOIN item d ON d.txn_id = dt.id AND d.removed_by IS NULL
CROSS JOIN allocation n ON n.debit_id = d.id AND n.removed_by IS NULL
CROSS JOIN item c ON c.id = n.credit_id CROSS JOIN txn ct ON ct.id = c.txn_id {_JOINS}
WHERE dt.kind IN ({CASH}) AND dt.removed_by IS NULL AND d.side = 1 AND {_COUNTS} AND ({_SAME} OR {EFFECTIVE} >= :first)
GROUP BY currency, same, into_row, into_code {{names}}
"""
_CASH_ITEMS: Final = f"""
SELECT p.currency AS currency, -sum(i.side * i.amount_minor) AS amount {{keys}}
FROM item i NOT INDEXED CROSS JOIN txn t ON t.id = i.txn_id CROSS JOIN pocket p ON p.id = i.pocket_id {{account}}
WHERE i.removed_by IS NULL AND i.state = 0 AND i.date BETWEEN :first AND :last AND t.kind IN ({CASH})
GROUP BY currency {{names}}
"""
_PAYMENTS: Final = f"""
WITH link AS MATERIALIZED ({{of_credits}} UNION ALL {{of_refunds}}), cash AS ({{cash_items}})
SELECT currency, line, CASE line WHEN {_MOVED} THEN of END AS moved, sum(amount) AS total {{names}} FROM (
  SELECT currency, {_NOT_RECONCILED} AS line, {_NOT_RECONCILED} AS of, amount {{none}} FROM cash
  UNION ALL SELECT currency, CASE WHEN same THEN into_row ELSE {_MOVED} END, into_row, amount {{into}} FROM link
  UNION ALL SELECT currency, CASE WHEN same THEN source_row ELSE {_MOVED} END, source_row, -amount {{source}} FROM link)
GROUP BY currency, line, moved {{names}} HAVING total <> 0 OR line = {_CODE}
ORDER BY line = {_MOVED}, currency {{order}}
"""


def payments(books: Books, grouping: Grouping) -> Iterator[ReportLine]:
    """The cash of the period by row and keys, money received positive; then what was moved, which adds up to zero.

    The key of the ledger code is None in rows that have none.
    """
    by = grouping.by
    sql = _PAYMENTS.format(
        of_credits=_links(_OF_CREDITS, by, "c"),
        of_refunds=_links(_OF_REFUNDS, by, "d"),
        cash_items=_CASH_ITEMS.format(
            keys=key_columns(by, code="NULL", day="i.date"), account=account_join(by), names=key_names(by)
        ),
        names=key_names(by),
        none=key_names(by),
        into=_with_code(by, "into_code"),
        source=_with_code(by, "source_code"),
        order=key_order(by, before_code="coalesce(moved, line)"),
    )
    ledger_codes.begin(books)
    for found in books.connection.execute(sql, grouping.period._asdict()):
        currency, row, moved = found[:3]
        of = None if moved is None else _ROWS[moved]
        yield ReportLine(_ROWS[row], found[4:], currency, found[3:4], of)


def _links(sql: str, by: Sequence[By], own: str) -> str:
    """The allocations from the side of item `own`, whose keys they have; those of days by their effect."""
    return sql.format(
        own=own,
        period_own=_period(by).format(day=f"{own}.date"),
        period_effect=_period(by).format(day=EFFECTIVE),
        keys=key_columns(by, code="NULL", day=EFFECTIVE, item=own, txn=f"{own}t"),
        account=account_join(by),
        names=key_names(by),
    )


def _period(by: Sequence[By]) -> str:
    if By.DAY in by:
        return "{day}"
    return "{day} / 100" if By.MONTH in by else "0"


def _with_code(by: Sequence[By], code: str) -> str:
    return "".join(f", {code}" if name is By.LEDGER_CODE else f", k{place}" for place, name in enumerate(by))
