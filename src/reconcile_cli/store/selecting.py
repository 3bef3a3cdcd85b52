"""The items that a name stands for, and the allocations between or around them."""

from typing import NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import Total
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import Named, find_named

_ITEMS = """
SELECT i.id, i.line, i.side, i.amount_minor, i.open_minor, i.state, i.held, i.pocket_id, p.currency, p.exponent, a.code,
  i.date
FROM item i JOIN pocket p ON p.id = i.pocket_id JOIN account a ON a.id = p.account_id
WHERE i.txn_id = ? AND i.removed_by IS NULL ORDER BY i.line
"""
_AROUND = """
SELECT id FROM allocation WHERE removed_by IS NULL AND debit_id IN ({items})
UNION SELECT id FROM allocation WHERE removed_by IS NULL AND credit_id IN ({items}) ORDER BY id
"""
_BETWEEN = """
SELECT id FROM allocation WHERE removed_by IS NULL AND debit_id IN ({ones}) AND credit_id IN ({others})
UNION SELECT id FROM allocation WHERE removed_by IS NULL AND debit_id IN ({others}) AND credit_id IN ({ones})
ORDER BY id
"""
_OF_ACCOUNT = """
SELECT n.id FROM pocket p CROSS JOIN txn t ON t.pocket_id = p.id AND t.removed_by IS NULL
CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
CROSS JOIN allocation n ON n.debit_id = i.id AND n.removed_by IS NULL
WHERE p.account_id = ? AND i.side = 1 ORDER BY n.id
"""


class SelectedItem(NamedTuple):
    """An item that a name stands for."""

    id: int
    line: int
    side: int
    amount_minor: int
    open_minor: int
    state: int
    held: int
    pocket_id: int
    currency: str
    exponent: int
    account: str
    date: int


class Selection(NamedTuple):
    """A name and its items: those of the line named, else all of the document, as listed."""

    name: str
    """As it was typed, without an amount."""
    named: Named
    items: list[SelectedItem]

    def of_side(self, side: Side) -> list[SelectedItem]:
        """The items of one side."""
        return [item for item in self.items if item.side == side]


def select(books: Books, name: str) -> Selection:
    """The items that `[KIND/]DOCUMENT[:LINE][=AMOUNT]` stands for.

    Raises:
        UnknownName, AmbiguousName: the name means nothing, or more than one document.
    """
    named = find_named(books, name)
    items = [SelectedItem(*row) for row in books.connection.execute(_ITEMS, (named.txn.id,))]
    return Selection(
        name.rpartition("=")[0] if named.amount else name,
        named,
        [item for item in items if named.line in (None, item.line)],
    )


def allocations_around(books: Books, selections: list[Selection]) -> list[int]:
    """The live allocations of all these items."""
    items = _ids(selections)
    return [row[0] for row in books.connection.execute(_AROUND.format(items=items))]


def allocations_between(books: Books, one: Selection, other: Selection) -> list[int]:
    """The live allocations that link the items of two names."""
    sql = _BETWEEN.format(ones=_ids([one]), others=_ids([other]))
    return [row[0] for row in books.connection.execute(sql)]


def allocations_of_account(books: Books, account_id: int) -> list[int]:
    """The live allocations of an account."""
    return [row[0] for row in books.connection.execute(_OF_ACCOUNT, (account_id,))]


def totals(books: Books, allocations: list[int]) -> list[Total]:
    """How many allocations these are, and how much, per currency."""
    sql = f"""SELECT p.currency, count(*), sum(n.amount_minor) FROM allocation n JOIN item d ON d.id = n.debit_id
    JOIN pocket p ON p.id = d.pocket_id WHERE n.id IN ({", ".join(map(str, allocations))}) GROUP BY p.currency"""
    return [Total(*row) for row in books.connection.execute(sql)]


def _ids(selections: list[Selection]) -> str:
    return ", ".join(str(item.id) for selection in selections for item in selection.items)
