"""The books in the shape of a FEC, the French audit file (article A47 A-1 of the LPF), with their lettering."""

import re
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind, Side
from reconcile_cli.domain.lettering import Letter, Lettered, Link, letters
from reconcile_cli.domain.money import plain
from reconcile_cli.errors import ReconcileError
from reconcile_cli.store.books import Books
from reconcile_cli.text import _

COLUMNS: Final = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
_CUSTOMERS: Final = "411"
_THIRD_PARTY: Final = r"4[0-9]{5,}"
"""An account of the ledger itself, as those of suppliers that `load --accounts 401` takes."""

_JOURNALS: Final = {Kind.PAYMENT: "BQ", Kind.DEPOSIT: "BQ", Kind.REFUND: "BQ", Kind.ADJUSTMENT: "OD"}
_SALES: Final = "VE"
_ITEMS = """
SELECT p.id, i.id, i.open_minor, i.match_code, a.code, a.name, t.kind, t.document, t.date, t.register, i.side,
  i.amount_minor, i.description
FROM pocket p CROSS JOIN account a ON a.id = p.account_id
CROSS JOIN txn t ON t.pocket_id = p.id AND t.removed_by IS NULL
CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE p.currency = ? AND t.state = 0 ORDER BY p.id, t.date, t.id, i.line
"""
_LINKS = """
SELECT n.debit_id, n.credit_id, n.id, CAST(replace(substr(o.made_at, 1, 10), '-', '') AS INTEGER)
FROM txn t CROSS JOIN item d ON d.txn_id = t.id AND d.removed_by IS NULL
CROSS JOIN allocation n ON n.debit_id = d.id AND n.removed_by IS NULL CROSS JOIN operation o ON o.id = n.origin
WHERE t.pocket_id = ? AND t.removed_by IS NULL
"""
_CURRENCIES = """
SELECT DISTINCT currency FROM pocket p
WHERE EXISTS (SELECT 1 FROM txn t WHERE t.pocket_id = p.id AND t.removed_by IS NULL) ORDER BY currency
"""


class OneCurrency(ReconcileError):
    """The books hold several currencies, or another one than was asked for."""

    code = "one-currency"

    def __init__(self, currencies: list[str]) -> None:
        super().__init__()
        self.currencies = currencies

    def sentence(self) -> str:
        return _("A FEC is of one currency, and the books hold {currencies}: name one with --currency.").format(
            currencies=", ".join(self.currencies)
        )


class NotInFec(ReconcileError):
    """The code of an account cannot stand in a FEC, which has no quotes."""

    code = "not-in-fec"

    def __init__(self, account: str) -> None:
        super().__init__()
        self.account = account

    def sentence(self) -> str:
        return _("The account {account} cannot stand in a FEC: its code holds a quote.").format(account=self.account)


class _Item(NamedTuple):
    pocket: int
    id: int
    open_minor: int
    match_code: str | None
    account: str
    name: str
    kind: int
    document: str
    date: int
    register: str | None
    side: int
    amount_minor: int
    description: str | None


def fec(books: Books, currency: str | None = None) -> Iterator[tuple[str, ...]]:
    """One line for each posted item, account by account; cells in the order of `COLUMNS`, without tabs and line ends.

    Raises:
        OneCurrency: the books do not have this currency, or several where none is named.
        NotInFec: the code of an account holds a quote.
    """
    connection = books.connection
    currencies = [found for (found,) in connection.execute(_CURRENCIES)]
    if currencies and (currency not in currencies if currency else len(currencies) > 1):
        raise OneCurrency(currencies)
    return _lines(connection, currency or next(iter(currencies), ""))


def _lines(connection: sqlite3.Connection, currency: str) -> Iterator[tuple[str, ...]]:
    rows: Iterator[_Item] = map(_Item._make, connection.execute(_ITEMS, (currency,)))
    for pocket, group in groupby(rows, key=itemgetter(0)):
        items = list(group)
        links = map(Link._make, connection.execute(_LINKS, (pocket,)))
        found = letters([Lettered(item.id, item.open_minor, item.match_code) for item in items], links)
        for item in items:
            yield _line(item, found.get(item.id), currency)


def _line(item: _Item, letter: Letter | None, currency: str) -> tuple[str, ...]:
    if '"' in item.account:
        raise NotInFec(item.account)
    journal = item.register or _JOURNALS.get(Kind(item.kind), _SALES)
    number = _number_in_fec(item)
    from_fec = number is not None
    own = item.account.startswith(_CUSTOMERS) or (from_fec and re.fullmatch(_THIRD_PARTY, item.account) is not None)
    day, amount = _day(item.date), plain(item.amount_minor, currency).replace(".", ",")
    nothing = plain(0, currency).replace(".", ",")
    cells: tuple[Any, ...] = (
        journal,
        journal,
        number or item.document,
        day,
        item.account if own else _CUSTOMERS,
        item.name if own else "Clients",
        "" if own else item.account,
        "" if own else item.name,
        "" if from_fec else item.document,
        day,
        item.description or ("" if from_fec else item.document),
        amount if item.side == Side.DEBIT else nothing,
        nothing if item.side == Side.DEBIT else amount,
        letter.code if letter else "",
        _day(letter.day) if letter else "",
        "",
        "",
        "",
    )
    return tuple(" ".join(cell.replace('"', "'").split()) for cell in cells)


def _number_in_fec(item: _Item) -> str | None:
    """The number of the entry, where the document was named by a FEC: journal, day, number, place."""
    journal = (item.register or "").lstrip("0")
    head = f"{journal}-{_day(item.date)}-"
    number, _hyphen, place = item.document[len(head) :].rpartition("-")
    return number if journal and number and place.isdecimal() and item.document.startswith(head) else None


def _day(date: int) -> str:
    return iso(date).replace("-", "")
