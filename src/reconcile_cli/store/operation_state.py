"""What a row said after an operation, whatever was changed since: the next remembered value, else today's."""

from collections.abc import Iterable

TXN_CONTENT = "pocket_id, date, due_date, state, order_code, register, method, replaced_by, digest"
ITEM_CONTENT = "pocket_id, side, date, state, amount_minor, held, description, ledger_code, applies_to, match_code"
"""All of a row that may change, but for the derived figures: what `txn_was` and `item_was` keep of it."""


def now_or_then(table: str, row: str, columns: Iterable[str], operation: str = ":operation") -> dict[str, str]:
    """SQL for columns of `row`, a row of `table`, as they were after an operation."""
    following = (
        f"FROM {table}_was x WHERE x.{table}_id = {row}.id AND x.changed_by > {operation} ORDER BY x.changed_by LIMIT 1"
    )
    return {
        column: f"CASE WHEN EXISTS (SELECT 1 {following}) THEN (SELECT x.{column} {following}) ELSE {row}.{column} END"
        for column in columns
    }
