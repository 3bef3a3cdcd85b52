"""Accounts: one row for each account and currency, from the sums that every operation proves (R3, R8, R9)."""

from collections.abc import Iterator
from typing import NamedTuple

from reconcile_cli.domain.lists import AccountLine
from reconcile_cli.domain.status import Status
from reconcile_cli.store.books import Books
from reconcile_cli.store.connection import folded

STATUS = """
CASE WHEN p.items = 0 THEN NULL
  WHEN p.open_items + p.open_planned = 0 THEN CASE WHEN p.planned_items > 0 THEN 'covered' ELSE 'reconciled' END
  WHEN p.allocated_items = 0 THEN 'unreconciled' ELSE 'partial' END
"""
# Planned payments past their due date, item by item; each is a row of `unreconciled` (R9).
_LATE = """
t.state = 1 AND t.replaced_by IS NULL AND t.removed_by IS NULL AND coalesce(t.due_date, t.date) < :today
AND i.state = 1 AND i.amount_minor > 0 AND i.removed_by IS NULL
"""
OVERDUE = f"""
CASE WHEN p.planned_items > 0 THEN (
  SELECT count(*) FROM txn t JOIN item i ON i.txn_id = t.id WHERE t.pocket_id = p.id AND {_LATE}) ELSE 0 END
"""
_USED = "(p.items > 0 OR EXISTS (SELECT 1 FROM txn t WHERE t.pocket_id = p.id AND t.removed_by IS NULL))"
_FROM = f"FROM account a CROSS JOIN pocket p ON p.account_id = a.id WHERE {_USED}"
_COLUMNS = f"""
a.code, a.name, p.currency, {STATUS} AS status, p.debit_minor - p.credit_minor AS balance, p.open_debit_minor,
p.open_credit_minor, p.covered_minor, p.open_items, {OVERDUE} AS overdue, a.held,
p.id, p.items
"""
_CURRENCIES = "SELECT currency FROM total ORDER BY currency"
_OF_ALL = f"""
SELECT s.items OR EXISTS (SELECT 1 FROM pocket p WHERE p.currency = s.currency AND {_USED}),
  s.debit_minor - s.credit_minor, s.open_debit_minor, s.open_credit_minor, s.covered_minor, s.open_items
FROM total s WHERE s.currency = :currency
"""
# One currency at a time: to group them would sort every pocket.
_TOTALS = f"""
SELECT count(*), sum(p.debit_minor - p.credit_minor), sum(p.open_debit_minor), sum(p.open_credit_minor),
  sum(p.covered_minor), sum(p.open_items)
FROM pocket p {{account}} WHERE p.currency = :currency AND {_USED}
"""
_ALL_OVERDUE = f"SELECT count(*) FROM txn t CROSS JOIN item i ON i.txn_id = t.id {{pocket}} WHERE {_LATE}"
_POCKET = "CROSS JOIN pocket p ON p.id = t.pocket_id AND p.currency = :currency"
_ACCOUNT = "CROSS JOIN account a ON a.id = p.account_id"
SORTS = {
    "code": "a.code, p.currency",
    "name": "folded(a.name), a.code, p.currency",
    "balance": "balance DESC, a.code, p.currency",
    "open": "p.open_debit_minor + p.open_credit_minor DESC, a.code, p.currency",
}

Found = tuple[int, int, AccountLine]
"""The number of a pocket, how many items it says that it has, and its line."""


class Choice(NamedTuple):
    """Which accounts a list shows: code or name contains `text`, without case or accents."""

    text: str = ""
    status: Status | None = None
    owing: bool = False
    in_credit: bool = False

    def where(self) -> str:
        """The SQL of this choice."""
        parts = []
        if self.text:
            parts.append("(instr(folded(a.code), :text) OR instr(folded(a.name), :text))")
        if self.status:
            parts.append(f"({STATUS}) = :status")
        if self.owing:
            parts.append("p.debit_minor > p.credit_minor")
        if self.in_credit:
            parts.append("p.debit_minor < p.credit_minor")
        return "".join(f" AND {part}" for part in parts)


def accounts(
    books: Books, choice: Choice, *, today: int, sort: str = "code", limit: int | None = None
) -> Iterator[AccountLine]:
    """One line for each account and currency with transactions; `sort` is a key of `SORTS`."""
    return (line for _pocket, _items, line in found(books, choice, today=today, sort=sort, limit=limit))


def found(books: Books, choice: Choice, *, today: int, sort: str = "code", limit: int | None = None) -> Iterator[Found]:
    """The same, for those that prove them."""
    sql = f"SELECT {_COLUMNS} {_FROM} {choice.where()} ORDER BY {SORTS[sort]} LIMIT :limit"
    parameters = {**_parameters(choice, today), "limit": -1 if limit is None else limit}
    for row in books.connection.execute(sql, parameters):
        status = Status(row[3]) if row[3] else None
        yield *row[11:], AccountLine(*(*row[:3], status, *row[4:8], row[8] + row[9], row[9], bool(row[10])))


def account_totals(books: Books, choice: Choice, *, today: int) -> list[AccountLine]:
    """The sums of the chosen accounts, one line for each currency, without code and name."""
    connection = books.connection
    currencies = connection.execute(_CURRENCIES).fetchall()
    account = _ACCOUNT if choice.text else ""
    totals, pocket = _TOTALS.format(account=account), f"{_POCKET} {account}"
    if choice == Choice():
        totals = _OF_ALL
        pocket *= len(currencies) > 1  # to look up what all of them have takes longer than to count them
    overdue = _ALL_OVERDUE.format(pocket=pocket) + choice.where()
    totals += choice.where()
    lines = []
    for (currency,) in currencies:
        parameters = {**_parameters(choice, today), "currency": currency}
        count, *sums, open_items = connection.execute(totals, parameters).fetchone()
        if count:
            (late,) = connection.execute(overdue, parameters).fetchone()
            lines.append(AccountLine(*("", "", currency, None, *sums, open_items + late, late, False)))
    return lines


def _parameters(choice: Choice, today: int) -> dict[str, object]:
    return {"today": today, "text": folded(choice.text), "status": choice.status}
