"""Small facts about accounts that the workflows ask for."""

from reconcile_cli.store.operation import Operation

_POCKET = "SELECT a.code, p.currency, a.held FROM pocket p JOIN account a ON a.id = p.account_id WHERE p.id = ?"


def pocket_name(op: Operation, pocket_id: int) -> tuple[str, str]:
    """The account's code and the currency."""
    code, currency, _held = op.connection.execute(_POCKET, (pocket_id,)).fetchone()
    return code, currency


def is_held(op: Operation, pocket_id: int) -> bool:
    """Whether a pocket's account is held."""
    return bool(op.connection.execute(_POCKET, (pocket_id,)).fetchone()[2])
