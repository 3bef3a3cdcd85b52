"""Statements of customers (R20): nothing here reads an allocation, an open amount or a hold."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.reporting import Period
from reconcile_cli.domain.statement import Row, Statement, StatementLine, StatementPart
from reconcile_cli.store.books import Books
from reconcile_cli.store.instalments import AFTER, POSTED_LATER
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.report_view import one_view

_SHOWN: Final = """EXISTS (SELECT 1 FROM txn t WHERE t.pocket_id = p.id AND t.removed_by IS NULL
  AND t.state <= 1 AND t.replaced_by IS NULL)"""
_POCKETS: Final = f"SELECT id, currency FROM pocket p WHERE account_id = ? AND {_SHOWN} ORDER BY currency"
_ACCOUNTS: Final = f"""
SELECT a.id, a.code, a.name FROM account a
WHERE EXISTS (SELECT 1 FROM pocket p WHERE p.account_id = a.id AND {_SHOWN}) ORDER BY a.code
"""
_OPENING: Final = """
SELECT coalesce(sum(i.side * i.amount_minor), 0) FROM txn t CROSS JOIN item i ON i.txn_id = t.id
WHERE t.pocket_id = :pocket AND t.date < :first AND t.removed_by IS NULL AND t.state = 0 AND i.removed_by IS NULL
"""
_WHAT: Final = """
t.kind, t.document, t.date, t.due_date, t.method,
(SELECT sum(i.side * i.amount_minor) FROM item i WHERE i.txn_id = t.id AND i.removed_by IS NULL),
(SELECT count(*) FROM item i WHERE i.txn_id = t.id AND i.removed_by IS NULL),
(SELECT i.description FROM item i WHERE i.txn_id = t.id AND i.removed_by IS NULL AND i.description IS NOT NULL
  ORDER BY i.line LIMIT 1)
"""
_TRANSACTIONS: Final = f"""
SELECT {_WHAT} FROM txn t
WHERE t.pocket_id = :pocket AND t.date BETWEEN :first AND :last AND t.removed_by IS NULL AND t.state = 0
ORDER BY t.date, t.kind, length(t.document), t.document
"""
# What was planned on the last day: agreed by then and not taken yet, whatever became of it since.
_PLANNED: Final = f"""
WITH {AFTER.format(pockets="(SELECT :pocket AS id)")}, plan AS (
  SELECT t.id, t.date AS agreed, coalesce(t.due_date, t.date) AS due FROM txn t
  WHERE t.pocket_id = :pocket AND t.state = 1 AND t.replaced_by IS NULL AND t.removed_by IS NULL AND t.date <= :day
  UNION SELECT planned_id, agreed, due FROM ({POSTED_LATER}) WHERE agreed <= :day)
SELECT {_WHAT}, plan.agreed, plan.due FROM plan CROSS JOIN txn t ON t.id = plan.id
ORDER BY plan.due, length(t.document), t.document, t.kind
"""


class AccountName(NamedTuple):
    """An account that has something to state."""

    id: int
    code: str
    name: str


def all_accounts(books: Books) -> list[AccountName]:
    """Every account with a transaction that counts, by code; what is read then is of the same moment."""
    one_view(books)
    return [AccountName(*row) for row in books.connection.execute(_ACCOUNTS)]


def one_account(books: Books, code: str) -> AccountName:
    """The account of this code.

    Raises:
        UnknownName: there is none.
    """
    one_view(books)
    account_id = find_account(books, code)
    (name,) = books.connection.execute("SELECT name FROM account WHERE id = ?", (account_id,)).fetchone()
    return AccountName(account_id, code.strip(), name)


def statement(books: Books, account: AccountName, period: Period) -> Statement:
    """The statement of an account: what it owed before the period, its transactions, what it owes after it.

    Planned payments are those of the last day.
    """
    pockets = books.connection.execute(_POCKETS, (account.id,)).fetchall()
    return Statement(account.code, account.name, len(pockets), _parts(books, account, pockets, period))


def _parts(
    books: Books, account: AccountName, pockets: Sequence[tuple[int, str]], period: Period
) -> Iterator[StatementPart]:
    for pocket, currency in pockets:
        parameters = {"pocket": pocket, "first": period.first, "last": period.last}
        planned = [
            _line(row[:8], Row.PLANNED, account, currency)._replace(date=row[8], due_date=row[9])
            for row in books.connection.execute(_PLANNED, {"pocket": pocket, "day": period.last})
        ]
        yield StatementPart(currency, _lines(books, account, currency, parameters), planned)


def _lines(books: Books, account: AccountName, currency: str, parameters: dict[str, int]) -> Iterator[StatementLine]:
    (balance,) = books.connection.execute(_OPENING, parameters).fetchone()
    bare = StatementLine(Row.OPENING, account.code, account.name, currency)
    yield bare._replace(balance_minor=balance)
    debit = credit = 0
    for row in books.connection.execute(_TRANSACTIONS, parameters):
        line = _line(row, Row.TRANSACTION, account, currency)
        debit += line.debit_minor or 0
        credit += line.credit_minor or 0
        balance += line.amount_minor or 0
        yield line._replace(balance_minor=balance)
    yield bare._replace(row=Row.CLOSING, debit_minor=debit, credit_minor=credit, balance_minor=balance)


def _line(row: tuple, kind_of_row: Row, account: AccountName, currency: str) -> StatementLine:  # type: ignore[type-arg]
    kind, document, date, due_date, method, amount, items, description = row
    return StatementLine(
        row=kind_of_row,
        account=account.code,
        name=account.name,
        currency=currency,
        date=date,
        due_date=due_date,
        kind=Kind(kind),
        document=document,
        description=description or "",
        more=max(0, items - 1),
        method=method or "",
        debit_minor=amount if amount > 0 else None,
        credit_minor=-amount if amount <= 0 else None,
    )
