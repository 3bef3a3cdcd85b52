"""Hold and release: keep items, documents or whole accounts out of `auto`."""

from collections.abc import Sequence

from reconcile_cli.domain.keeping import HoldResult
from reconcile_cli.domain.results import Stamp
from reconcile_cli.store import holding, selecting
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import UnknownName
from reconcile_cli.store.lookup import find_account, unknown
from reconcile_cli.store.operation import Operation, operation
from reconcile_cli.workflows.naming import refuse_amount


def hold(books: Books, names: Sequence[str], stamp: Stamp) -> HoldResult:
    """Keep what the names mean out of `auto`; an account's code means all its items, now and later."""
    return _set(books, names, stamp, held=True)


def release(books: Books, names: Sequence[str], stamp: Stamp) -> HoldResult:
    """Let `auto` take it again."""
    return _set(books, names, stamp, held=False)


def _set(books: Books, names: Sequence[str], stamp: Stamp, *, held: bool) -> HoldResult:
    changed: list[str] = []
    already: list[str] = []
    with operation(books, "hold" if held else "release", {"names": list(names)}, stamp) as op:
        for name in names:
            (changed if _set_one(op, name, held=held) else already).append(name)
        if not changed:
            op.abandon()
    return HoldResult(op.number if changed else None, changed, already)


def _set_one(op: Operation, name: str, *, held: bool) -> bool:
    try:
        selection = refuse_amount(selecting.select(op.books, name))
    except UnknownName:
        try:
            account_id = find_account(op.books, name)
        except UnknownName:
            raise unknown(op.books, name) from None
        return holding.set_account(op, account_id, held=held)
    items = [item.id for item in selection.items if item.held != held]
    holding.set_items(op, items, held=held)
    return bool(items)
