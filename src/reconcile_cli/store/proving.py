"""Accounts in one currency, proved from their own rows as they are shown (R8)."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from math import inf
from typing import Final

from reconcile_cli.domain.lists import AccountLine
from reconcile_cli.domain.status import Status
from reconcile_cli.store.accounts import Found
from reconcile_cli.store.books import Books
from reconcile_cli.store.proof import ALLOCATED
from reconcile_cli.store.sums import CONTRIBUTION, DIFFER

MOST_LINES: Final = 200
MOST_ITEMS: Final = 1_000
"""How many lines of a list are proved at most, and how many items of them all together."""
_WRONG = f"""
SELECT p.id FROM pocket p LEFT JOIN (
  SELECT pocket, max(wrong) AS wrong, {CONTRIBUTION} FROM (
    SELECT t.pocket_id AS pocket, i.side, i.state, i.amount_minor, i.open_minor, i.planned_minor,
      i.pocket_id <> t.pocket_id OR i.amount_minor - i.open_minor IS NOT {ALLOCATED} AS wrong
    FROM txn t CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
    WHERE t.pocket_id IN ({{pockets}}) AND t.removed_by IS NULL)
  GROUP BY pocket) now
ON now.pocket = p.id WHERE p.id IN ({{pockets}}) AND (now.wrong OR {DIFFER})
"""

_FEW_KIB: Final = 2_048


def wrong(connection: sqlite3.Connection, pockets: Collection[int]) -> set[int]:
    """Those whose open amounts disagree with allocations, or whose kept sums with the items."""
    sql = _WRONG.format(pockets=",".join(map(str, pockets)))
    try:
        return {pocket for (pocket,) in connection.execute(sql)}
    except sqlite3.OperationalError as error:
        if "integer overflow" not in str(error):
            raise
    # Its items add up to more than can be counted, so to no sum that was kept; the others are not to pay for it.
    return set(pockets) if len(pockets) == 1 else {one for one in pockets if wrong(connection, [one])}


@contextmanager
def _in_little_memory(connection: sqlite3.Connection) -> Iterator[None]:
    """Read pages that are needed once. To be given new memory for each of them takes longer than to read it."""
    (before,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute(f"PRAGMA cache_size = -{_FEW_KIB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {before}")


def proved(books: Books, found: Iterable[Found], *, whole: bool = False) -> Iterator[AccountLine]:
    """The lines; one that is proved and whose figures disagree is in error.

    Proved are all, or the first `MOST_LINES` as far as `MOST_ITEMS` go: others stand as they were when an operation
    last changed them and proved them.
    """
    source = iter(found)
    left: float = inf if whole else MOST_ITEMS
    while lines := list(islice(source, MOST_LINES)):
        chosen = []
        for pocket, items, _line in lines:
            if items <= left:
                left -= items
                chosen.append(pocket)
        with nullcontext() if whole else _in_little_memory(books.connection):
            in_error = wrong(books.connection, chosen)
        for pocket, _items, line in lines:
            yield line._replace(status=Status.ERROR) if pocket in in_error else line
        if not whole:
            break
    yield from (line for _pocket, _items, line in source)
