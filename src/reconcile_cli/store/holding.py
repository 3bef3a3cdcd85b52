"""Held items: kept out of `auto` until released. A held account holds what comes to it later, too."""

from collections.abc import Sequence

from reconcile_cli.store.loading import REMEMBER_ACCOUNT, remember_item
from reconcile_cli.store.operation import Operation

_OF_ACCOUNT = """
SELECT i.id FROM txn t JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE t.removed_by IS NULL AND t.pocket_id IN (SELECT id FROM pocket WHERE account_id = ?) AND i.held <> ?
"""


def set_items(op: Operation, items: Sequence[int], *, held: bool) -> None:
    """Mark items as held or not."""
    for item in items:
        remember_item(op, item)
        op.connection.execute("UPDATE item SET held = ? WHERE id = ?", (held, item))


def set_account(op: Operation, account_id: int, *, held: bool) -> bool:
    """Mark an account and all its items; tells whether that changed anything."""
    connection = op.connection
    items = [row[0] for row in connection.execute(_OF_ACCOUNT, (account_id, held))]
    changed = connection.execute("SELECT 1 FROM account WHERE id = ? AND held <> ?", (account_id, held)).fetchone()
    if changed:
        connection.execute(REMEMBER_ACCOUNT, (op.number, account_id))
        connection.execute("UPDATE account SET held = ? WHERE id = ?", (held, account_id))
    set_items(op, items, held=held)
    return bool(changed or items)
