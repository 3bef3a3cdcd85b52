"""Adjustments that close small differences: found after the plan, made with it, in one operation."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import count
from typing import NamedTuple

from reconcile_cli.domain.canonical import document_digest
from reconcile_cli.domain.dates import next_day
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.records import ItemName
from reconcile_cli.domain.writing_off import WRITTEN_OFF, Difference, Tolerance, WrittenOff
from reconcile_cli.store import allocating, bulk
from reconcile_cli.store.books import Books
from reconcile_cli.store.open_items import NO_DAY_AFTER, Scope
from reconcile_cli.store.operation import Operation

# Items of both sides that are reconciled in part with money that came, TEMP `plan` included, and nearly wholly.
_SMALL = """
SELECT i.id, i.open_minor - coalesce(k.amount, 0), max(i.date, coalesce(k.day, 0))
FROM (SELECT id, exponent FROM pocket WHERE {pockets} ORDER BY id) p
CROSS JOIN item i ON i.side = {side} AND i.pocket_id = p.id CROSS JOIN txn t ON t.id = i.txn_id
LEFT JOIN (SELECT id, sum(amount) AS amount, max(planned) AS planned, max(day) AS day FROM (
  SELECT n.debit_id AS id, n.amount_minor AS amount, n.planned, c.date AS day
  FROM temp.plan n CROSS JOIN item c ON c.id = n.credit_id
  UNION ALL SELECT n.credit_id, n.amount_minor, 0, d.date FROM temp.plan n CROSS JOIN item d ON d.id = n.debit_id)
  GROUP BY id) k ON k.id = i.id
WHERE i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL AND i.held = 0 AND {day} <= :until
AND i.planned_minor = 0 AND coalesce(k.planned, 0) = 0 AND (i.open_minor < i.amount_minor OR k.amount > 0)
AND i.open_minor - coalesce(k.amount, 0) BETWEEN 1
  AND CASE p.exponent WHEN 0 THEN :of_0 WHEN 2 THEN :of_2 WHEN 3 THEN :of_3 ELSE :of_4 END
ORDER BY i.pocket_id, i.date, length(t.document), t.document, t.kind, i.line
"""
_ITEM = """
SELECT t.kind, t.document, i.line, i.side, i.pocket_id, a.code, p.currency, a.held
FROM item i JOIN txn t ON t.id = i.txn_id JOIN pocket p ON p.id = i.pocket_id JOIN account a ON a.id = p.account_id
WHERE i.id = ?
"""
_NAMED = "SELECT document FROM txn WHERE document >= ? AND document < ? AND kind = 6 AND removed_by IS NULL"
_TXN = "txn (id, kind, document, pocket_id, date, state, digest, made_by)"
_MADE = """item (id, txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, held, description,
  ledger_code, made_by)"""


class Posting(NamedTuple):
    """How differences are written off: under which ledger code, on which day, in which words."""

    ledger_code: str
    today: int
    description: str


def small_differences(books: Books, scope: Scope, tolerance: Tolerance) -> list[Difference]:
    """What TEMP `plan` and operations before it leave open of items of the scope, up to the tolerance.

    Only items that are reconciled in part, with nothing planned; held ones are left out. In the order of R16, debits
    before credits.
    """
    limits = {f"of_{exponent}": tolerance.minor(exponent) for exponent in (0, 2, 3, 4)}
    day = "coalesce(t.due_date, t.date)" if scope.by_due else "i.date"
    return [
        Difference(*row)
        for side in (1, -1)
        for row in books.connection.execute(
            _SMALL.format(pockets=scope.pockets("open_items > 0"), side=side, day=day),
            {"until": scope.until or NO_DAY_AFTER, **limits},
        )
    ]


def told(connection: sqlite3.Connection, differences: Iterable[Difference]) -> Iterator[WrittenOff]:
    """The differences as people name them, of which nothing was made."""
    for difference in differences:
        kind, document, line, _side, _pocket, account, currency, _held = _row(connection, difference)
        yield WrittenOff("", ItemName(Kind(kind), document, line), account, currency, difference.rest_minor)


def write_off(op: Operation, differences: Iterable[Difference], posting: Posting) -> list[WrittenOff]:
    """Make an adjustment of one line for each difference, and add to TEMP `plan` what closes it.

    It is on the other side of the item (R1), and dated by the day of the operation, but not before the items that it
    closes, nor in a closed period (R25). The open operation made no other transaction.
    """
    connection, written = op.connection, []
    txns: list[tuple[bulk.Value, ...]] = []
    items: list[tuple[bulk.Value, ...]] = []
    links: list[allocating.PlanRow] = []
    reason = json.dumps({"ledger_code": posting.ledger_code}, ensure_ascii=False)
    names = _free_names(op)
    for place, difference in enumerate(differences):
        kind, document, line, side, pocket, account, currency, held = _row(connection, difference)
        name, rest, other = next(names), difference.rest_minor, -side
        first = 0 if op.locked_until is None else next_day(op.locked_until)
        date = max(posting.today, difference.since, first)
        header = (int(Kind.ADJUSTMENT), name, account, currency, date, None, int(State.POSTED), None, None, None)
        content = (1, other, rest, posting.description, posting.ledger_code, None, None)
        txn, item = op.first.txn + place, op.first.item + place
        digest = document_digest(header, [content])
        txns.append((txn, int(Kind.ADJUSTMENT), name, pocket, date, int(State.POSTED), digest, op.number))
        values = (pocket, other, date, int(State.POSTED), rest, rest, held, posting.description, posting.ledger_code)
        items.append((item, txn, 1, *values, op.number))
        pair = (difference.item_id, item) if side == Side.DEBIT else (item, difference.item_id)
        links.append((*pair, rest, int(Stage.WRITE_OFF), reason, 0))
        written.append(WrittenOff(name, ItemName(Kind(kind), document, line), account, currency, rest))
    bulk.insert(connection, _TXN, 8, txns)
    bulk.insert(connection, _MADE, 13, items)
    allocating.plan(connection, links)
    return written


def _row(connection: sqlite3.Connection, difference: Difference) -> tuple[int, str, int, int, int, str, str, int]:
    row: tuple[int, str, int, int, int, str, str, int] = connection.execute(_ITEM, (difference.item_id,)).fetchone()
    return row


def _free_names(op: Operation) -> Iterator[str]:
    """Names of adjustments that nothing in the books has."""
    between = [WRITTEN_OFF.format(operation=op.number, place=place) for place in ("", "~")]
    taken = {name for (name,) in op.connection.execute(_NAMED, between)}
    names = (WRITTEN_OFF.format(operation=op.number, place=place) for place in count(1))
    return (name for name in names if name not in taken)
