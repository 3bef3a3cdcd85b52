"""Transactions across accounts: `find` and `payments`; and names for completion."""

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from reconcile_cli.domain.cards import TransactionCard
from reconcile_cli.domain.kinds import Kind, State
from reconcile_cli.domain.naming import part_amount
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import ONE, card_of, transaction_card
from reconcile_cli.store.connection import folded
from reconcile_cli.store.lookup import find_transactions

_LIVE = ONE.replace("WHERE t.id = ?", "WHERE t.removed_by IS NULL")
_CHRONOLOGICAL = " ORDER BY t.date, length(t.document), t.document, t.kind LIMIT :limit"
_AMOUNT = "CASE p.exponent WHEN 0 THEN :amount_0 WHEN 2 THEN :amount_2 WHEN 3 THEN :amount_3 WHEN 4 THEN :amount_4 END"
_FIND = (
    f"""{_LIVE} AND (
  instr(folded(t.document), :text) OR instr(folded(t.order_code), :text) OR instr(folded(a.name), :text)
  OR instr(folded(t.method), :text)
  OR EXISTS (SELECT 1 FROM item i WHERE i.txn_id = t.id AND i.removed_by IS NULL
    AND (instr(folded(i.description), :text) OR instr(folded(i.match_code), :text)
      OR instr(folded(i.applies_to), :text) OR i.amount_minor = {_AMOUNT}))
  OR (SELECT abs(sum(i.side * i.amount_minor)) FROM item i WHERE i.txn_id = t.id AND i.removed_by IS NULL)
    = {_AMOUNT})
"""
    + _CHRONOLOGICAL
)
_PAYMENTS = (
    f"""{_LIVE} AND t.kind IN (1, 2)
  AND (:state IS NULL OR CASE WHEN t.replaced_by IS NULL THEN t.state ELSE 3 END = :state)
"""
    + _CHRONOLOGICAL
)
_PLANNED = f"""{_LIVE} AND t.state = 1 AND t.replaced_by IS NULL
  AND (NOT :overdue OR coalesce(t.due_date, t.date) < :today)
ORDER BY coalesce(t.due_date, t.date), length(t.document), t.document, t.kind LIMIT :limit"""


def find(books: Books, text: str, *, today: int, limit: int | None = None) -> Iterator[TransactionCard]:
    """Transactions whose document, order, name, description, codes or amount hold a text, by date.

    A text that names a document finds that alone, at once. Else case and accents do not matter, and a text that
    is an amount (`120.00`) finds items and transactions of it.
    """
    if named := find_transactions(books, text):
        yield from (transaction_card(books, txn.id, today=today) for txn in named)
        return
    parameters: dict[str, object] = {"text": folded(text.strip()), "limit": -1 if limit is None else limit}
    for exponent in (0, 2, 3, 4):
        parameters[f"amount_{exponent}"] = part_amount(text.strip().lstrip("-"), exponent)
    for row in books.connection.execute(_FIND, parameters):
        yield card_of(books, row, today)


def payments(
    books: Books, *, today: int, state: State | None = None, overdue: bool = False, limit: int | None = None
) -> Iterator[TransactionCard]:
    """Payments and deposits: all by date, or planned ones by due date (`overdue`: only those past it)."""
    sql = _PLANNED if overdue or state is State.PLANNED else _PAYMENTS
    parameters = {"state": state, "overdue": overdue, "today": today, "limit": -1 if limit is None else limit}
    for row in books.connection.execute(sql, parameters):
        yield card_of(books, row, today)


def completion_names(
    books: Books, prefix: str, what: Literal["account", "document", "item", "operation"], limit: int = 100
) -> list[tuple[str, str]]:
    """Names that begin with a prefix, each with a word of help, for the shell."""
    end = prefix + "\U0010ffff"
    if what == "account":
        sql = "SELECT code, name FROM account WHERE code >= ? AND code < ? ORDER BY code LIMIT ?"
        return [(code, name) for code, name in books.connection.execute(sql, (prefix, end, limit))]
    if what == "operation":
        sql = "SELECT CAST(id AS TEXT), command, substr(made_at, 1, 10) FROM operation ORDER BY id DESC"
        numbers = (row for row in books.connection.execute(sql) if row[0].startswith(prefix))
        return [(number, f"{command} {day}") for number, command, day in islice(numbers, limit)]
    if what == "document":
        sql = """SELECT t.document, t.kind, a.code FROM txn t JOIN pocket p ON p.id = t.pocket_id
        JOIN account a ON a.id = p.account_id
        WHERE t.document >= ? AND t.document < ? AND t.removed_by IS NULL ORDER BY t.document LIMIT ?"""
        rows = books.connection.execute(sql, (prefix, end, limit))
        return [(document, f"{Kind(kind).code} {code}") for document, kind, code in rows]
    sql = """SELECT t.document, i.line, t.kind, i.description FROM txn t JOIN item i ON i.txn_id = t.id
    WHERE t.document >= ? AND t.document < ? AND t.removed_by IS NULL AND i.removed_by IS NULL AND i.open_minor > 0
    AND i.state <= 1 ORDER BY t.document, i.line LIMIT ?"""
    rows = books.connection.execute(sql, (prefix, end, limit))
    return [(f"{document}:{line}", f"{Kind(kind).code} {text or ''}") for document, line, kind, text in rows]
