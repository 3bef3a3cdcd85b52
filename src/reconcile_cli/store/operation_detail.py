"""All that one operation did, row by row, and which operations touched an account or a document."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.load_results import FieldChange
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.operations import OperationDetail, TransactionLine
from reconcile_cli.store import allocation_lines, history, locking
from reconcile_cli.store.books import Books
from reconcile_cli.store.bounds import bounds
from reconcile_cli.store.operation_state import now_or_then

_TXN = now_or_then("txn", "t", ("pocket_id", "date", "due_date", "state", "order_code", "register", "method"))
_REPLACED = now_or_then("txn", "t", ("replaced_by",))["replaced_by"]
_ITEM = now_or_then(
    "item", "i", ("side", "amount_minor", "held", "description", "ledger_code", "applies_to", "match_code")
)
_ACCOUNT = now_or_then("account", "a", ("name", "held"))
_MADE = f"""
SELECT t.id, a.code, t.kind, t.document, {_TXN["date"]}, {_TXN["state"]}, p.currency
FROM txn t JOIN pocket p ON p.id = {_TXN["pocket_id"]} JOIN account a ON a.id = p.account_id
WHERE t.id >= :txn AND t.id < :txn_end ORDER BY t.id"""
_MADE_AMOUNTS = f"""
SELECT i.txn_id, sum({_ITEM["side"]} * {_ITEM["amount_minor"]}) FROM item i
WHERE i.id >= :item AND i.id < :item_end AND i.txn_id >= :txn GROUP BY i.txn_id ORDER BY i.txn_id"""
_REMOVED = """
SELECT t.id, a.code, t.kind, t.document, t.date, t.state, p.currency
FROM txn t JOIN pocket p ON p.id = t.pocket_id JOIN account a ON a.id = p.account_id
WHERE t.removed_by = :operation ORDER BY t.id"""
_REMOVED_AMOUNTS = """
SELECT i.txn_id, sum(i.side * i.amount_minor) FROM item i
WHERE i.removed_by = :operation GROUP BY i.txn_id ORDER BY i.txn_id"""
# What changed rows said before, then after, in equal columns.
_TXN_CHANGES = f"""
SELECT t.kind, t.document, a.code, p.currency, w.date, w.due_date, w.state, w.order_code, w.register, w.method,
  r.kind, r.document, b.code, q.currency, {", ".join(_TXN[name] for name in list(_TXN)[1:])}, s.kind, s.document
FROM txn_was w JOIN txn t ON t.id = w.txn_id
JOIN pocket p ON p.id = w.pocket_id JOIN account a ON a.id = p.account_id
JOIN pocket q ON q.id = {_TXN["pocket_id"]} JOIN account b ON b.id = q.account_id
LEFT JOIN txn r ON r.id = w.replaced_by LEFT JOIN txn s ON s.id = {_REPLACED}
WHERE w.changed_by = :operation {{of}} ORDER BY w.txn_id"""
_TXN_FIELDS = ("account", "currency", "date", "due_date", "state", "order", "register", "method", "replaced_by")
_ITEM_CHANGES = f"""
SELECT t.kind, t.document, i.line, p.currency, w.side, w.amount_minor, w.description, w.ledger_code, w.applies_to,
  w.match_code, q.currency, {", ".join(sql for name, sql in _ITEM.items() if name != "held")}
FROM item_was w JOIN item i ON i.id = w.item_id JOIN txn t ON t.id = i.txn_id JOIN pocket p ON p.id = w.pocket_id
JOIN pocket q ON q.id = {now_or_then("item", "i", ("pocket_id",))["pocket_id"]}
WHERE w.changed_by = :operation {{of}} ORDER BY w.item_id"""
_ITEM_FIELDS = ("side", "amount", "description", "ledger_code", "applies_to", "match_code")
_LINES_ADDED = f"""
SELECT t.kind, t.document, i.line, p.currency, {", ".join(sql for name, sql in _ITEM.items() if name != "held")}
FROM item i JOIN txn t ON t.id = i.txn_id JOIN pocket p ON p.id = i.pocket_id
WHERE i.id >= :item AND i.id < :item_end AND i.txn_id < :txn {{of}} ORDER BY i.id"""
_LINES_REMOVED = """
SELECT t.kind, t.document, i.line FROM item i JOIN txn t ON t.id = i.txn_id
WHERE i.removed_by = :operation AND t.removed_by IS NOT :operation {of} ORDER BY i.id"""
_RENAMED = f"""
SELECT a.code, w.name, {_ACCOUNT["name"]} FROM account_was w JOIN account a ON a.id = w.account_id
WHERE w.changed_by = :operation ORDER BY a.code"""
_ACCOUNTS_HELD = f"""
SELECT a.code FROM account_was w JOIN account a ON a.id = w.account_id
WHERE w.changed_by = :operation AND w.held <> :held AND {_ACCOUNT["held"]} = :held ORDER BY a.code"""
_ITEMS_HELD = f"""
SELECT t.kind, t.document, i.line FROM item_was w JOIN item i ON i.id = w.item_id JOIN txn t ON t.id = i.txn_id
JOIN pocket p ON p.id = w.pocket_id
WHERE w.changed_by = :operation AND w.held <> :held AND {_ITEM["held"]} = :held AND p.account_id NOT IN (
  SELECT c.account_id FROM account_was c JOIN account a ON a.id = c.account_id
  WHERE c.changed_by = :operation AND c.held <> :held AND {_ACCOUNT["held"]} = :held)
ORDER BY t.document, t.kind, i.line"""


def detail(books: Books, number: int) -> OperationDetail | None:
    """What operation `number` did; None where there is none. Long lists are read as they are asked for."""
    line = history.one(books, number)
    if line is None:
        return None
    connection = books.connection
    parameters = {"operation": number, **bounds(connection, number)}
    made = allocation_lines.made_by(number)
    moved = number in locking.changers(connection, number - 1)
    return OperationDetail(
        line=line,
        lock=(locking.lock_after(connection, number - 1), locking.lock_after(connection, number)) if moved else None,
        added=_transactions(connection, _MADE, _MADE_AMOUNTS, parameters),
        removed=_transactions(connection, _REMOVED, _REMOVED_AMOUNTS, parameters),
        changes=_changes(connection, parameters),
        held=_held(connection, parameters, held=True),
        released=_held(connection, parameters, held=False),
        allocations_made=allocation_lines.AllocationLines(connection, made),
        allocations_removed=allocation_lines.AllocationLines(connection, allocation_lines.REMOVED.format(op=number)),
    )


def _transactions(
    connection: sqlite3.Connection, sql: str, amounts_sql: str, parameters: dict[str, int]
) -> Iterator[TransactionLine]:
    amounts = connection.execute(amounts_sql, parameters)
    amount = amounts.fetchone()
    for txn_id, code, kind, document, date, state, currency in connection.execute(sql, parameters):
        while amount and amount[0] < txn_id:
            amount = amounts.fetchone()
        value = amount[1] if amount and amount[0] == txn_id else 0
        yield TransactionLine(code, Kind(kind), document, date, State(state), currency, value)


def changes_of(books: Books, number: int, txn_id: int) -> tuple[FieldChange, ...]:
    """What operation `number` changed of one transaction and its lines."""
    parameters = {"operation": number, "one": txn_id, **bounds(books.connection, number)}
    return tuple(_document_changes(books.connection, parameters, "AND t.id = :one"))


def _changes(connection: sqlite3.Connection, parameters: dict[str, int]) -> Iterator[FieldChange]:
    for code, before, after in connection.execute(_RENAMED, parameters):
        yield from _different(code, ("account_name",), (before,), (after,))
    yield from _document_changes(connection, parameters, "")


def _document_changes(connection: sqlite3.Connection, parameters: dict[str, int], of: str) -> Iterator[FieldChange]:
    def run(sql: str) -> Iterable[Any]:
        return connection.execute(sql.format(of=of), parameters)

    for kind, document, *values in run(_TXN_CHANGES):
        yield from _different(_name(kind, document), _TXN_FIELDS, _headed(values[:10]), _headed(values[10:]))
    for kind, document, line, *values in run(_ITEM_CHANGES):
        name = _name(kind, document, line)
        yield from _different(name, _ITEM_FIELDS, _lined(values[:7]), _lined(values[7:]))
    for kind, document, line, *values in run(_LINES_ADDED):
        yield from _different(_name(kind, document, line), _ITEM_FIELDS, [""] * len(_ITEM_FIELDS), _lined(values))
    for kind, document, line in run(_LINES_REMOVED):
        yield FieldChange(_name(kind, document, line), "line", str(line), "")


def _different(name: str, fields: Sequence[str], before: Sequence[str], after: Sequence[str]) -> Iterator[FieldChange]:
    for field, old, new in zip(fields, before, after, strict=True):
        if old != new:
            yield FieldChange(name, field, old, new)


def _headed(values: Sequence[Any]) -> list[str]:
    """The fields of `_TXN_FIELDS` in words, from one half of a row of `_TXN_CHANGES`."""
    code, currency, date, due_date, state, order, register, method, kind, document = values
    return [
        code,
        currency,
        iso(date),
        iso(due_date) if due_date else "",
        State(state).code,
        order or "",
        register or "",
        method or "",
        "" if document is None else _name(kind, document),
    ]


def _lined(values: Sequence[Any]) -> list[str]:
    currency, side, amount, *texts = values
    return [Side(side).name.lower(), plain(amount, currency), *(text or "" for text in texts)]


def _name(kind: int, document: str, line: int | None = None) -> str:
    name = f"{Kind(kind).code}/{document}"
    return name if line is None else f"{name}:{line}"


def _held(connection: sqlite3.Connection, parameters: dict[str, int], *, held: bool) -> list[str]:
    """What began to be held, or ended: accounts by code, else items."""
    asked = {**parameters, "held": int(held)}
    accounts = [code for (code,) in connection.execute(_ACCOUNTS_HELD, asked)]
    return [*accounts, *(_name(*row) for row in connection.execute(_ITEMS_HELD, asked))]
