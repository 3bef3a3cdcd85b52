"""Accounts and transactions in full: what `show` prints, each item proved from its own allocations (R8)."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from reconcile_cli.domain.cards import AccountCard, Balance, Counterpart, ItemCard, TransactionCard
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.records import ItemName
from reconcile_cli.domain.status import Status, item_status, whole_status
from reconcile_cli.store.accounts import STATUS
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.proving import wrong

_TXN = """
t.id, a.code, a.name, t.kind, t.document, t.date, t.due_date,
CASE WHEN t.replaced_by IS NULL THEN t.state ELSE 3 END, p.currency, t.order_code, t.register, t.method, t.replaced_by
"""
TXN_FROM = "FROM txn t JOIN pocket p ON p.id = t.pocket_id JOIN account a ON a.id = p.account_id"
# A planned payment stands at the day it will be taken; of one day, sales come first.
_DAY = "CASE t.state WHEN 1 THEN coalesce(t.due_date, t.date) ELSE t.date END"
_OF_POCKET = f"""
SELECT {_TXN} {TXN_FROM} WHERE t.pocket_id = :pocket AND t.removed_by IS NULL
AND {_DAY} >= :date_from AND {_DAY} <= :date_to
ORDER BY {_DAY}, t.kind, length(t.document), t.document
"""
ONE = f"SELECT {_TXN} {TXN_FROM} WHERE t.id = ?"
_ITEMS = """
SELECT id, line, side, description, ledger_code, amount_minor, open_minor, planned_minor, held, applies_to, match_code
FROM item WHERE txn_id = ? AND removed_by IS NULL ORDER BY line
"""
_COUNTERPARTS = """
SELECT t.kind, t.document, o.line, n.amount_minor, n.made_by, n.stage, n.reason, o.state = 1
FROM allocation n JOIN item o ON o.id = n.{other}_id JOIN txn t ON t.id = o.txn_id
WHERE n.{own}_id = ? AND n.removed_by IS NULL ORDER BY n.id
"""
_OF_DEBIT = _COUNTERPARTS.format(own="debit", other="credit")
_OF_CREDIT = _COUNTERPARTS.format(own="credit", other="debit")
_POCKETS = f"""
SELECT p.id, p.currency, p.debit_minor - p.credit_minor, {STATUS}, p.account_id FROM pocket p
WHERE p.account_id = ? AND EXISTS (SELECT 1 FROM txn t WHERE t.pocket_id = p.id AND t.removed_by IS NULL)
ORDER BY p.currency
"""
_WHOLE = f"""
SELECT {STATUS} FROM (SELECT sum(items) AS items, sum(open_items) AS open_items, sum(open_planned) AS open_planned,
  sum(planned_items) AS planned_items, sum(allocated_items) AS allocated_items FROM pocket WHERE account_id = ?) p
"""
_OPENING = """
SELECT coalesce(sum(i.side * i.amount_minor), 0) FROM txn t JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE t.pocket_id = ? AND t.date < ? AND t.removed_by IS NULL AND i.state = 0
"""
_REPLACED_BY = "SELECT kind, document FROM txn WHERE id = ?"
_FIRST_DAY, _LAST_DAY = 0, 99_999_999


class Window(NamedTuple):
    """Which transactions of an account are shown: `everything` takes declined and void ones in (R15)."""

    everything: bool = False
    open_only: bool = False
    date_from: int | None = None
    date_to: int | None = None


def account_card(books: Books, code: str, window: Window = Window(), *, today: int) -> AccountCard:  # noqa: B008
    """An account with its transactions, currency by currency, in date order.

    Raises:
        UnknownName: no account has this code.
    """
    account_id = find_account(books, code)
    connection = books.connection
    name, held = connection.execute("SELECT name, held FROM account WHERE id = ?", (account_id,)).fetchone()
    pockets = connection.execute(_POCKETS, (account_id,)).fetchall()
    return AccountCard(
        account=code.strip(),
        name=name,
        held=bool(held),
        status=_account_status(connection, pockets),
        balances=[
            Balance(currency, balance, _opening(connection, pocket, window.date_from))
            for pocket, currency, balance, *_rest in pockets
        ],
        transactions=_transactions(connection, [row[0] for row in pockets], window, today),
    )


def transaction_card(books: Books, txn_id: int, *, today: int) -> TransactionCard:
    """One transaction in full."""
    return _card(books.connection, books.connection.execute(ONE, (txn_id,)).fetchone(), today)


def card_of(books: Books, row: tuple[object, ...], today: int) -> TransactionCard:
    """The card of a row selected with the columns of `ONE`."""
    return _card(books.connection, row, today)


def _account_status(
    connection: sqlite3.Connection, pockets: list[tuple[int, str, int, str | None, int]]
) -> Status | None:
    if wrong(connection, [row[0] for row in pockets]):
        return Status.ERROR
    (status,) = connection.execute(_WHOLE, (pockets[0][4],)).fetchone() if pockets else (None,)
    return Status(status) if status else None


def _opening(connection: sqlite3.Connection, pocket: int, date_from: int | None) -> int:
    return 0 if date_from is None else int(connection.execute(_OPENING, (pocket, date_from)).fetchone()[0])


def _transactions(
    connection: sqlite3.Connection, pockets: list[int], window: Window, today: int
) -> Iterator[TransactionCard]:
    for pocket in pockets:
        parameters = {
            "pocket": pocket,
            "date_from": window.date_from or _FIRST_DAY,
            "date_to": window.date_to or _LAST_DAY,
        }
        for row in connection.execute(_OF_POCKET, parameters):
            if not window.everything and row[7] > State.PLANNED:
                continue
            card = _card(connection, row, today)
            if not window.open_only or card.open_debit_minor or card.open_credit_minor:
                yield card


def _card(connection: sqlite3.Connection, row: tuple, today: int) -> TransactionCard:  # type: ignore[type-arg]
    state = State(row[7])
    items = [_item(connection, item, state) for item in connection.execute(_ITEMS, (row[0],)).fetchall()]
    replaced_by = connection.execute(_REPLACED_BY, (row[12],)).fetchone() if row[12] else None
    counts = state.counts
    return TransactionCard(
        account=row[1],
        name=row[2],
        kind=Kind(row[3]),
        document=row[4],
        date=row[5],
        due_date=row[6],
        state=state,
        currency=row[8],
        amount_minor=sum(item.side * item.amount_minor for item in items),
        open_debit_minor=sum(item.open_minor for item in items if counts and item.side is Side.DEBIT),
        open_credit_minor=sum(item.open_minor for item in items if counts and item.side is Side.CREDIT),
        status=whole_status((item.status, item.amount_minor) for item in items),
        overdue=state is State.PLANNED and (row[6] or row[5]) < today,
        order=row[9] or "",
        register=row[10] or "",
        method=row[11] or "",
        replaced_by=f"{Kind(replaced_by[0]).code}/{replaced_by[1]}" if replaced_by else "",
        items=tuple(items),
    )


def _item(connection: sqlite3.Connection, row: tuple, state: State) -> ItemCard:  # type: ignore[type-arg]
    side = Side(row[2])
    counterparts = tuple(
        Counterpart(ItemName(Kind(part[0]), part[1], part[2]), part[3], part[4], Stage(part[5]), part[6], bool(part[7]))
        for part in connection.execute(_OF_DEBIT if side is Side.DEBIT else _OF_CREDIT, (row[0],))
    )
    return ItemCard(
        line=row[1],
        side=side,
        description=row[3] or "",
        ledger_code=row[4] or "",
        amount_minor=row[5],
        open_minor=row[6],
        status=item_status(
            amount_minor=row[5],
            open_minor=row[6],
            planned_minor=sum(part.amount_minor for part in counterparts if part.planned),
            state=state,
            allocated_minor=sum(part.amount_minor for part in counterparts),
        ),
        held=bool(row[8]),
        applies_to=row[9] or "",
        match_code=row[10] or "",
        allocations=counterparts,
    )
