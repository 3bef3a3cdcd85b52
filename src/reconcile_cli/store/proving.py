"""One account in one currency, proved from its own rows as it is shown (R8)."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

from reconcile_cli.domain.records import AccountLine
from reconcile_cli.domain.status import Status
from reconcile_cli.store.books import Books
from reconcile_cli.store.proof import ALLOCATED
from reconcile_cli.store.sums import CONTRIBUTION, DIFFER

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
  SELECT {CONTRIBUTION} FROM (SELECT 1 AS sign, i.* {_ITEMS}) WHERE state <= 1) now
WHERE p.id = :pocket AND {DIFFER}
"""
_POCKET = "SELECT p.id FROM account a CROSS JOIN pocket p ON p.account_id = a.id WHERE a.code = ? AND p.currency = ?"


def is_wrong(connection: sqlite3.Connection, pocket: int) -> bool:
    """Whether open amounts disagree with allocations, or the sums that are kept with the items."""
    parameters = {"pocket": pocket}
    return any(connection.execute(sql, parameters).fetchone() for sql in (_WRONG_ITEM, _WRONG_SUMS))


def proved(books: Books, lines: Iterable[AccountLine], at_most: int) -> Iterator[AccountLine]:
    """The lines, the first of them proved: one whose figures disagree is in error."""
    source = iter(lines)
    for line in islice(source, at_most):
        pocket = books.connection.execute(_POCKET, (line.account, line.currency)).fetchone()
        yield line._replace(status=Status.ERROR) if pocket and is_wrong(books.connection, pocket[0]) else line
    yield from source
