"""How what was sold stands, by ledger code: paid, set off, covered or open, as of a day.

Sold and open are read from the items, the rest from the allocations: that they agree is a proof.
"""

from collections.abc import Iterator
from typing import Final

from reconcile_cli.domain.reporting import Grouping, ReportLine, Row
from reconcile_cli.store import ledger_codes
from reconcile_cli.store.books import Books
from reconcile_cli.store.instalments import AFTER, FIRST_MADE, LATER
from reconcile_cli.store.report_keys import CASH, SALES, account_join, key_columns, key_names, key_order

_PAID, _OFFSET, _COVERED, _OPEN = 1, 2, 3, 4
# What became of an allocation by the day: an instalment that was taken later was still planned then, if it was agreed
# and put there by then, as aging has it.
_BECAME: Final = f"""
CASE WHEN c.state = 1 THEN CASE WHEN c.date <= :last AND o.first_day <= :last THEN {_COVERED} ELSE {_OPEN} END
  WHEN {ledger_codes.EFFECTIVE} <= :last THEN CASE WHEN {{other}}t.kind IN ({CASH}) THEN {_PAID} ELSE {_OFFSET} END
  WHEN s.txn_id IS NOT NULL AND (SELECT f.first_day FROM temp.first_effect f WHERE f.id = {FIRST_MADE}) <= :last
    THEN {_COVERED} ELSE {_OPEN} END"""
_LINKS: Final = f"""
SELECT p.currency AS currency, {_BECAME} AS became, {{sign}}sum({ledger_codes.LINK_AMOUNT}) AS amount {{keys}}
FROM allocation n NOT INDEXED CROSS JOIN item c ON c.id = n.credit_id CROSS JOIN item d ON d.id = n.debit_id
CROSS JOIN txn ct ON ct.id = c.txn_id CROSS JOIN txn dt ON dt.id = d.txn_id
{ledger_codes.JOIN_OPERATION} CROSS JOIN pocket p ON p.id = d.pocket_id {{account}}
{ledger_codes.JOIN_PIECES} LEFT JOIN later s ON s.txn_id = ct.id
WHERE n.removed_by IS NULL AND {{own}}.date <= :last AND {{own}}t.kind IN ({SALES})
GROUP BY currency, became {{names}}
"""
_ITEMS: Final = f"""
SELECT p.currency AS currency, sum(i.side * {ledger_codes.AMOUNT}) AS sold, sum(i.side * {ledger_codes.OPEN}) AS open
{{keys}}
FROM item i NOT INDEXED CROSS JOIN txn t ON t.id = i.txn_id CROSS JOIN pocket p ON p.id = i.pocket_id {{account}}
{ledger_codes.JOIN_PARTS}
WHERE i.removed_by IS NULL AND i.state = 0 AND i.date <= :last AND t.kind IN ({SALES})
GROUP BY currency {{names}}
"""
_LEDGER: Final = f"""
WITH {AFTER.format(pockets="pocket")}, {LATER}
SELECT currency, sum(sold), sum(amount * (became = {_PAID})), sum(amount * (became = {_OFFSET})),
  sum(amount * (became = {_COVERED})), sum(amount * (became = {_OPEN})) {{names}}
FROM (SELECT currency, sold, {_OPEN} AS became, open AS amount {{names}} FROM ({{items}})
  UNION ALL SELECT currency, 0, became, amount {{names}} FROM ({{of_debits}})
  UNION ALL SELECT currency, 0, became, amount {{names}} FROM ({{of_credits}}))
GROUP BY currency {{names}} ORDER BY currency {{order}}
"""


def ledger(books: Books, grouping: Grouping) -> Iterator[ReportLine]:
    """One line for each currency and combination of keys, with what was sold, paid, set off, covered and is open.

    Only the last day of the period counts: what was sold up to it, and how it stood at its end.
    """
    by = grouping.by
    shared = {"account": account_join(by), "names": key_names(by)}
    of_debits = key_columns(by, code=ledger_codes.DEBIT_CODE, day="d.date", item="d", txn="dt")
    of_credits = key_columns(by, code=ledger_codes.CREDIT_CODE, day="c.date", item="c", txn="ct")
    sql = _LEDGER.format(
        items=_ITEMS.format(keys=key_columns(by, code=ledger_codes.CODE, day="i.date"), **shared),
        of_debits=_LINKS.format(own="d", other="c", sign="", keys=of_debits, **shared),
        of_credits=_LINKS.format(own="c", other="d", sign="-", keys=of_credits, **shared),
        names=key_names(by),
        order=key_order(by),
    )
    last = grouping.period.last
    ledger_codes.begin(books)
    row = Row.SALES
    for found in books.connection.execute(sql, {"last": last, "day": last}):
        yield ReportLine(row, found[6:], found[0], found[1:6])
