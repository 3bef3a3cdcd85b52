"""The books as rows that `load` takes back: transactions, holds, and allocations as statements of the credits."""

from collections.abc import Iterator

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.naming import NOTHING_ELSE
from reconcile_cli.domain.records import ItemName
from reconcile_cli.store.books import Books

COLUMNS = (
    "account",
    "account_name",
    "kind",
    "document",
    "line",
    "date",
    "due_date",
    "state",
    "description",
    "ledger_code",
    "debit",
    "credit",
    "currency",
    "order",
    "applies_to",
    "match_code",
    "register",
    "method",
    "held",
)
_ROWS = """
SELECT a.code, a.name, a.held, t.kind, t.document, t.date, t.due_date, t.state, t.order_code, t.register, t.method,
  p.currency, i.line, i.side, i.amount_minor, i.open_minor, i.description, i.ledger_code, i.match_code, i.held,
  i.id, t.id
FROM txn t CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
CROSS JOIN pocket p ON p.id = t.pocket_id CROSS JOIN account a ON a.id = p.account_id
WHERE t.removed_by IS NULL ORDER BY t.id, i.line
"""
_ALLOCATED = """
SELECT t.kind, t.document, d.line, sum(n.amount_minor), p.currency
FROM allocation n JOIN item d ON d.id = n.debit_id JOIN txn t ON t.id = d.txn_id JOIN pocket p ON p.id = d.pocket_id
WHERE n.credit_id = ? AND n.removed_by IS NULL GROUP BY d.id ORDER BY min(n.id)
"""
_REPLACED = "SELECT kind, document FROM txn WHERE replaced_by = ? AND removed_by IS NULL ORDER BY id"
_ANY_REPLACED = "SELECT 1 FROM txn WHERE replaced_by IS NOT NULL LIMIT 1"
_AWAITED = "SELECT name FROM awaited WHERE item_id = ? AND removed_by IS NULL GROUP BY name ORDER BY min(id)"


def exported(books: Books) -> Iterator[tuple[str, ...]]:
    """One row for each item, in the order of loading; cells in the order of `COLUMNS`.

    A credit says what it pays, line by line with amounts, and whether the rest stays open (`-`), so that a load
    into an empty database makes the same books.
    """
    connection = books.connection
    any_replaced = connection.execute(_ANY_REPLACED).fetchone() is not None
    for row in connection.execute(_ROWS):
        code, name, account_held, kind, document, date, due_date, state, order, register, method = row[:11]
        currency, line, side, amount, open_minor, description, ledger_code, match_code, held, item_id, txn_id = row[11:]
        value = plain(amount, currency)
        yield (
            code,
            name,
            Kind(kind).code,
            document,
            str(line),
            iso(date),
            iso(due_date) if due_date else "",
            "" if state == State.POSTED else State(state).code,
            description or "",
            ledger_code or "",
            value if side == Side.DEBIT else "",
            "" if side == Side.DEBIT else value,
            currency,
            order or "",
            _statement(books, item_id, txn_id if any_replaced else None, side, open_minor),
            match_code or "",
            register or "",
            method or "",
            "account" if account_held else "yes" if held else "",
        )


def _statement(books: Books, item_id: int, txn_id: int | None, side: int, open_minor: int) -> str:
    if side == Side.DEBIT:
        return _waiting(books, item_id)
    parts = [
        f"{ItemName(Kind(kind), document, line)}={plain(amount, currency)}"
        for kind, document, line, amount, currency in books.connection.execute(_ALLOCATED, (item_id,))
    ]
    if txn_id is not None:
        parts += [f"{Kind(kind).code}/{document}" for kind, document in books.connection.execute(_REPLACED, (txn_id,))]
    if waiting := _waiting(books, item_id):
        parts.append(waiting)
    return ";".join([*parts, NOTHING_ELSE] if open_minor else parts)


def _waiting(books: Books, item_id: int) -> str:
    """The names that an item still waits for, in its own words."""
    return ";".join(name for (name,) in books.connection.execute(_AWAITED, (item_id,)))
