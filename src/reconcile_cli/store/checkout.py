"""What was made together at checkout (R12): the orders of a load, in the order in which they are reconciled."""

import sqlite3
from collections.abc import Iterator

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.load_rules import Mark, OrderItem
from reconcile_cli.store.stating import LOST

_DEBIT = int(Side.DEBIT)
_STAYS_OPEN = "i.applies_to IS NOT NULL AND (i.applies_to = '-' OR i.applies_to LIKE '%;-')"
# What R12 looks at.
_ITEM = f"""SELECT t.pocket_id, t.order_code, i.side, i.id, i.open_minor, t.date, {{known}} * {Mark.KNOWN}
  + (i.side = -1 AND {{lost}}) * {Mark.LOST} + (i.state = 1) * {Mark.PLANNED}
  + (t.kind = 4 OR t.kind IN (1, 2) AND i.state = 0 AND t.due_date IS NOT NULL) * {Mark.ANY_DATE}"""
# Orders by their codes, which are mostly given one after the other: what is written for them lies close together too.
# In each the debits, invoices first, then the credits, planned ones by due date.
_IN_ORDER = """ORDER BY t.order_code, t.pocket_id,
  iif(i.side = 1, t.kind <> 0, 2) * 100000000 + iif(i.state = 1, coalesce(t.due_date, t.date), t.date),
  length(t.document), t.document, t.kind, i.line"""
_ORDERS = f"""
{_ITEM.format(known="(f.txn_id IS NULL)", lost=f"({_STAYS_OPEN} OR f.new IS NOT 1 AND {LOST})")}
FROM (SELECT DISTINCT t.pocket_id, t.order_code FROM temp.fresh f CROSS JOIN txn t ON t.id = f.txn_id
  WHERE t.order_code IS NOT NULL) o
CROSS JOIN txn t ON t.pocket_id = o.pocket_id AND t.order_code = o.order_code AND t.removed_by IS NULL
CROSS JOIN item i ON i.txn_id = t.id
LEFT JOIN temp.fresh f ON f.txn_id = t.id
WHERE i.removed_by IS NULL AND i.open_minor > 0 AND i.state <= 1
{_IN_ORDER}
"""
_ORDERS_OF_ALL = f"""
{_ITEM.format(known="0", lost=_STAYS_OPEN)}
FROM item i NOT INDEXED CROSS JOIN txn t ON t.id = i.txn_id
WHERE t.order_code IS NOT NULL AND i.open_minor > 0 AND i.state <= 1
{_IN_ORDER}
"""


def orders(connection: sqlite3.Connection, *, of_all: bool) -> Iterator[tuple[str, list[OrderItem], list[OrderItem]]]:
    """Every order that the load touched, with its open debits and credits, each in the order of R12.

    `of_all`: where the books hold nothing but this load, its rows are read as they lie, in half the time.
    """
    last_pocket, last_order = 0, ""
    debits: list[OrderItem] = []
    credits_: list[OrderItem] = []
    rows = connection.execute(_ORDERS_OF_ALL if of_all else _ORDERS)
    for pocket, order, side, item_id, open_minor, date, marks in rows:
        if order != last_order or pocket != last_pocket:
            if debits and credits_:
                yield last_order, debits, credits_
            last_pocket, last_order, debits, credits_ = pocket, order, [], []
        (debits if side == _DEBIT else credits_).append((item_id, open_minor, date, marks))
    if debits and credits_:
        yield last_order, debits, credits_
