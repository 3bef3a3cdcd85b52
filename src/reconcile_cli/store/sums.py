"""The sums of an account in a currency, and of all accounts in it, kept with every operation (R3, R8).

An operation remembers in TEMP `touched` what each existing item was before it first changed; the sums change
by what the touched and the new items are now, less what they were. So the work follows the operation, not the
account.
"""

import sqlite3
from collections.abc import Sequence

COLUMNS = (
    "debit_minor",
    "credit_minor",
    "open_debit_minor",
    "open_credit_minor",
    "covered_minor",
    "items",
    "open_items",
    "open_planned",
    "planned_items",
    "allocated_items",
)
# What an item adds to each column of its pocket, and which items do; none that is declined or void does (R15).
_PARTS = (
    ("amount_minor", "state = 0 AND side = 1"),
    ("amount_minor", "state = 0 AND side = -1"),
    ("open_minor", "state = 0 AND side = 1"),
    ("open_minor", "state = 0 AND side = -1"),
    ("planned_minor", "state = 0"),
    ("1", "state <= 1"),
    ("1", "state = 0 AND open_minor > 0"),
    ("1", "state = 1 AND open_minor > 0"),
    ("1", "state = 1"),
    ("1", "state <= 1 AND open_minor < amount_minor"),
)
CONTRIBUTION = ", ".join(
    f"coalesce(sum({part}) FILTER (WHERE {which}), 0) AS {column}"
    for column, (part, which) in zip(COLUMNS, _PARTS, strict=True)
)
_SIGNED = CONTRIBUTION.replace("sum(", "sum(sign * ")
# The sums that pocket `p` keeps are not those that `now` adds up.
DIFFER = f"""({", ".join("p." + column for column in COLUMNS)})
  IS NOT ({", ".join(f"coalesce(now.{column}, 0)" for column in COLUMNS)})"""
_ITEM = "pocket_id, state, side, amount_minor, open_minor, planned_minor"
_SCRATCH = f"""
CREATE TEMP TABLE IF NOT EXISTS sums_change (pocket_id INTEGER, {", ".join(COLUMNS)})"""
_CHANGE = f"""
INSERT INTO temp.sums_change
  SELECT pocket_id, {_SIGNED} FROM (
    SELECT 1 AS sign, {_ITEM} FROM item WHERE id >= :first AND removed_by IS NULL
    UNION ALL
    SELECT 1, {", ".join("i." + name for name in _ITEM.split(", "))}
      FROM temp.touched CROSS JOIN item i ON i.id = item_id WHERE i.removed_by IS NULL
    UNION ALL
    SELECT -1, {_ITEM} FROM temp.touched
  ) WHERE state <= 1 GROUP BY pocket_id
"""
_CHANGE_POCKETS = f"""
UPDATE pocket SET {", ".join(f"{column} = pocket.{column} + change.{column}" for column in COLUMNS)}
FROM temp.sums_change change WHERE pocket.id = +change.pocket_id
"""
_CHANGE_TOTALS = f"""
UPDATE total SET {", ".join(f"{column} = total.{column} + change.{column}" for column in COLUMNS)}
FROM (SELECT p.currency, {", ".join(f"sum(c.{column}) AS {column}" for column in COLUMNS)}
  FROM temp.sums_change c CROSS JOIN pocket p ON p.id = c.pocket_id GROUP BY p.currency) change
WHERE total.currency = change.currency
"""
_NOW = f"""
LEFT JOIN (
  SELECT pocket_id, {CONTRIBUTION} FROM item NOT INDEXED WHERE removed_by IS NULL AND state <= 1 GROUP BY pocket_id) now
ON now.pocket_id = p.id
WHERE {DIFFER}
"""
_RECOMPUTED = f"SELECT p.id FROM pocket p {_NOW}"
_ADD_UP_AGAIN = f"""
UPDATE pocket SET {", ".join(f"{column} = found.{column}" for column in COLUMNS)}
FROM (SELECT p.id, {", ".join(f"coalesce(now.{column}, 0) AS {column}" for column in COLUMNS)}
  FROM pocket p {_NOW}) found
WHERE pocket.id = found.id
"""
BY_CURRENCY = f"""
SELECT currency, {", ".join(f"sum({column}) AS {column}" for column in COLUMNS)} FROM pocket GROUP BY currency"""
_ADD_UP_TOTALS = f"""
UPDATE total SET {", ".join(f"{column} = now.{column}" for column in COLUMNS)}
FROM ({BY_CURRENCY}) now WHERE total.currency = now.currency
"""
_WRONG_TOTALS = f"""
SELECT p.currency FROM total p LEFT JOIN ({BY_CURRENCY}) now ON now.currency = p.currency WHERE {DIFFER}
UNION SELECT currency FROM pocket WHERE currency NOT IN (SELECT currency FROM total)
"""
_TOUCH = f"""
INSERT OR IGNORE INTO temp.touched (item_id, {_ITEM})
SELECT id, {_ITEM} FROM item WHERE id IN ({{items}}) AND id < :first AND removed_by IS NULL
"""


def touch(
    connection: sqlite3.Connection, first_item: int, items: str, parameters: dict[str, int] | None = None
) -> None:
    """Remember existing items before they change; `items` is SQL that selects their ids."""
    connection.execute(_TOUCH.format(items=items), {"first": first_item, **(parameters or {})})


def bring_up_to_date(connection: sqlite3.Connection, first_item: int) -> None:
    """Add to each account's sums what the operation changed, and to those of its currency."""
    connection.execute(_SCRATCH)
    connection.execute("DELETE FROM temp.sums_change")
    connection.execute(_CHANGE, {"first": first_item})
    connection.execute(_CHANGE_POCKETS)
    connection.execute(_CHANGE_TOTALS)


def add_up_again(connection: sqlite3.Connection) -> None:
    """Add up each account's sums from all items that are in the books."""
    connection.execute(_ADD_UP_AGAIN)
    connection.execute(_ADD_UP_TOTALS)


def wrong_pockets(connection: sqlite3.Connection) -> Sequence[int]:
    """The pockets whose kept sums differ from their items', by looking at every item."""
    return [row[0] for row in connection.execute(_RECOMPUTED)]


def wrong_totals(connection: sqlite3.Connection) -> Sequence[str]:
    """The currencies whose kept sums differ from those of their accounts."""
    return [row[0] for row in connection.execute(_WRONG_TOTALS)]
