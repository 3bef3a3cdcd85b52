"""The proof of an operation before it is sealed: set-wise, over everything that it made or touched (R4, R5, R8)."""

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.store.errors import Damaged
from reconcile_cli.text import _

if TYPE_CHECKING:  # reading commands prove, and make no hash
    from reconcile_cli.store.chain import Counts

_SUM_OF = (
    "coalesce((SELECT sum(n.amount_minor) FROM allocation n WHERE n.{side}_id = i.id AND n.removed_by IS NULL), 0)"
)
ALLOCATED = f"CASE i.side WHEN 1 THEN {_SUM_OF.format(side='debit')} ELSE {_SUM_OF.format(side='credit')} END"
_PLANNED = """
CASE i.side WHEN 1 THEN coalesce((SELECT sum(n.amount_minor) FROM allocation n JOIN item c ON c.id = n.credit_id
  WHERE n.debit_id = i.id AND n.removed_by IS NULL AND c.state = 1), 0) ELSE 0 END"""

# Each finds the first row that breaks a rule: (rule, SQL selecting an id).
_LINKS = """
FROM allocation n LEFT JOIN item d ON d.id = n.debit_id LEFT JOIN item c ON c.id = n.credit_id
WHERE n.removed_by IS NULL"""
_NO_DEBIT, _NO_CREDIT = (
    f"{i}.side IS NOT {side} OR {i}.state > 1 OR {i}.removed_by IS NOT NULL OR {i}.open_minor = {i}.amount_minor"
    for i, side in (("d", 1), ("c", -1))
)
_PAIRS = f"""
SELECT n.id {_LINKS} AND {{which}} AND ({_NO_DEBIT} OR {_NO_CREDIT} OR d.pocket_id IS NOT c.pocket_id)"""
_OPEN = f"SELECT i.id FROM item i WHERE {{which}} AND i.amount_minor - i.open_minor IS NOT {ALLOCATED}"
_COVERED = f"SELECT i.id FROM item i WHERE {{which}} AND i.planned_minor IS NOT {_PLANNED}"
_NO_COPY = """t.id IS NULL OR i.pocket_id <> t.pocket_id OR i.date <> t.date OR t.removed_by IS NOT NULL
  OR i.state <> CASE WHEN t.replaced_by IS NULL THEN t.state ELSE 3 END"""
_WITH_TXN = "FROM item i NOT INDEXED LEFT JOIN txn t ON t.id = i.txn_id"
_COPIES = f"SELECT i.id {_WITH_TXN} WHERE {{which}} AND i.removed_by IS NULL AND ({_NO_COPY})"
_OF_ALLOCATIONS = (("R4", _PAIRS, "n"), ("R5", _OPEN, "i"), ("R8", _COVERED, "c"))
_OF_COPIES = (("R5", _COPIES, "t"),)
# Of everything. Where nothing planned is put against an item and it says so, it is proved (R8) as it stands.
_WHOLE = {
    "n": "true",
    "i": "i.removed_by IS NULL",
    "c": """i.removed_by IS NULL AND (i.planned_minor <> 0 OR i.id IN (
  SELECT n.debit_id FROM item c CROSS JOIN allocation n ON n.credit_id = c.id AND n.removed_by IS NULL
  WHERE c.state = 1))""",
    "t": "true",
}
_ALLOCATED_NEW = "i.id >= :item AND i.open_minor < i.amount_minor"
_NEW = {"n": "n.id >= :allocation", "i": _ALLOCATED_NEW, "c": _ALLOCATED_NEW, "t": "i.id >= :item"}
_MOVED = """
WITH moved AS MATERIALIZED (SELECT m.id FROM temp.touched k CROSS JOIN item m ON m.id = k.item_id
  WHERE (m.pocket_id, m.side, m.state) IS NOT (k.pocket_id, k.side, k.state))
SELECT n.id FROM moved CROSS JOIN allocation n ON n.debit_id = moved.id AND n.removed_by IS NULL
UNION ALL SELECT n.id FROM moved CROSS JOIN allocation n ON n.credit_id = moved.id AND n.removed_by IS NULL"""
_TOUCHED = {"n": f"n.id IN ({_MOVED})", **dict.fromkeys("ict", "i.id IN (SELECT item_id FROM temp.touched)")}
# What `Walked` tells, of items and of allocations.
_BY_NOBODY = "made_by NOT IN (SELECT id FROM operation)"
_WALKS = (
    f"""
SELECT
  count(*) FILTER (WHERE i.removed_by IS NULL AND (i.open_minor IS NOT i.amount_minor OR i.planned_minor IS NOT 0)),
  count(*) FILTER (WHERE i.removed_by IS NULL AND ({_NO_COPY})), count(*) FILTER (WHERE i.{_BY_NOBODY})
{_WITH_TXN}""",
    f"""
SELECT count(*) FILTER (WHERE removed_by IS NULL), count(*) FILTER (WHERE {_BY_NOBODY}) FROM allocation NOT INDEXED""",
)
# R4, R5 and R8 of everything, by one walk along each index of allocations. Every debit and credit that they name is
# proved, with each link; so the books hold where no other item says that something of it is allocated or covered.
_HOLDS = f"""
SELECT count(*) FILTER (WHERE wrong IS NOT 0) = 0 AND coalesce(sum(links), 0) = :links AND count(*) = :items
FROM (
  SELECT count(*) AS links, {_NO_DEBIT} OR count(*) FILTER (WHERE d.pocket_id IS NOT c.pocket_id)
    OR sum(n.amount_minor) IS NOT d.amount_minor - d.open_minor
    OR coalesce(sum(n.amount_minor) FILTER (WHERE c.state = 1), 0) IS NOT d.planned_minor AS wrong
  {_LINKS} GROUP BY n.debit_id
  UNION ALL
  SELECT 0, {_NO_CREDIT} OR n.amount IS NOT c.amount_minor - c.open_minor OR c.planned_minor <> 0
  FROM (SELECT credit_id, sum(amount_minor) AS amount FROM allocation WHERE removed_by IS NULL GROUP BY credit_id) n
  LEFT JOIN item c ON c.id = n.credit_id)
"""
_MADE = """
SELECT (SELECT count(*) FROM txn WHERE id >= o.first_txn),
  (SELECT count(*) FROM txn_was WHERE changed_by = o.id),
  (SELECT count(*) FROM txn WHERE removed_by = o.id),
  (SELECT count(*) FROM allocation WHERE id >= o.first_allocation),
  (SELECT count(*) FROM allocation WHERE removed_by = o.id)
FROM operation o WHERE o.id = ?
"""


class Walked(NamedTuple):
    """Counts of rows that are in the books, and of all that name an operation which is not there."""

    said: int
    """Items that say that something of them is allocated or covered."""
    no_copies: int
    """Items that say otherwise than their transaction."""
    links: int
    """Allocations."""
    by_nobody: int


def prove_operation(
    connection: sqlite3.Connection, number: int, first: tuple[int, int, int], path: str, *, whole: bool = False
) -> None:
    """Prove what the open operation wrote and touched; `whole`: everything that is in the books.

    An item without allocations is proved by its neighbours: no new allocation may name an item that is wholly
    open, and every other item's allocations must add up to what is not open.

    Raises:
        Damaged: something does not add up; the caller rolls back, so the file stays as it was.
    """
    parameters = {"item": first[1], "allocation": first[2]}
    for rule, _scope, sql in of_everything(connection) if whole else _of_operation():
        found = connection.execute(sql + " LIMIT 1", parameters).fetchone()
        if found:
            raise Damaged(
                path,
                _("operation {number} would break {rule} at row {row}").format(number=number, rule=rule, row=found[0]),
            )


def walked(connection: sqlite3.Connection) -> Walked:
    """Walk over all items with their transactions, and over all allocations."""
    items, allocations = (connection.execute(sql).fetchone() for sql in _WALKS)
    (said, no_copies, nobodys), (links, of_nobody) = items, allocations
    return Walked(said, no_copies, links, nobodys + of_nobody)


def of_everything(connection: sqlite3.Connection, known: Walked | None = None) -> Iterator[tuple[str, str, str]]:
    """Rule, scope and SQL of what proves all rows. What is already known to find nothing is left out."""
    known = known or walked(connection)
    (holds,) = connection.execute(_HOLDS, {"links": known.links, "items": known.said}).fetchone()
    for rule, sql, scope in (*(() if holds else _OF_ALLOCATIONS), *(_OF_COPIES if known.no_copies else ())):
        yield rule, scope, sql.format(which=_WHOLE[scope])


def _of_operation() -> Iterator[tuple[str, str, str]]:
    for rule, sql, scope in (*_OF_ALLOCATIONS, *_OF_COPIES):
        for which in (_NEW[scope], _TOUCHED[scope]):
            yield rule, scope, sql.format(which=which)


def counts(connection: sqlite3.Connection, number: int) -> "Counts":
    """Count what the open operation, the newest one, did."""
    from reconcile_cli.store.chain import Counts  # noqa: PLC0415 - see above

    return Counts(*connection.execute(_MADE, (number,)).fetchone())
