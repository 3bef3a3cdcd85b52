"""One account in one currency, proved from its own rows as it is shown (R8)."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from math import inf
from typing import Final

from reconcile_cli.domain.records import AccountLine
from reconcile_cli.domain.status import Status
from reconcile_cli.store.books import Books
from reconcile_cli.store.proof import ALLOCATED
from reconcile_cli.store.sums import CONTRIBUTION, DIFFER

MOST_LINES: Final = 200
MOST_ITEMS: Final = 1_000
"""How many lines of a list are proved at most, and how many items of them all together."""
_ITEMS = """
FROM txn t CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE t.pocket_id = :pocket AND t.removed_by IS NULL
"""
_WRONG_ITEM = f"""
SELECT 1 {_ITEMS} AND (i.pocket_id <> t.pocket_id OR i.amount_minor - i.open_minor
  IS NOT {ALLOCATED}) LIMIT 1
"""
_WRONG_SUMS = f"""
SELECT 1 FROM pocket p CROSS JOIN (
  SELECT {CONTRIBUTION} FROM (SELECT i.* {_ITEMS}) WHERE state <= 1) now
WHERE p.id = :pocket AND {DIFFER}
"""
_POCKET = (
    "SELECT p.id, p.items FROM account a CROSS JOIN pocket p ON p.account_id = a.id WHERE a.code = ? AND p.currency = ?"
)


def is_wrong(connection: sqlite3.Connection, pocket: int) -> bool:
    """Whether open amounts disagree with allocations, or the sums that are kept with the items."""
    parameters = {"pocket": pocket}
    return any(connection.execute(sql, parameters).fetchone() for sql in (_WRONG_ITEM, _WRONG_SUMS))


def proved(books: Books, lines: Iterable[AccountLine], *, whole: bool = False) -> Iterator[AccountLine]:
    """The lines; one that is proved and whose figures disagree is in error.

    Proved are all, or the first `MOST_LINES` as far as `MOST_ITEMS` go: others stand as they were when an operation
    last changed them and proved them.
    """
    source = iter(lines)
    left: float = inf if whole else MOST_ITEMS
    for line in source if whole else islice(source, MOST_LINES):
        pocket, items = books.connection.execute(_POCKET, (line.account, line.currency)).fetchone()
        fits = items <= left
        left -= items * fits
        yield line._replace(status=Status.ERROR) if fits and is_wrong(books.connection, pocket) else line
    yield from source
