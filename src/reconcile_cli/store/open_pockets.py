"""The open items of one account and currency at a time, whole, for the stages that look at all of them at once."""

from collections.abc import Iterator
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.matching import matching_key
from reconcile_cli.domain.stages.items import OpenItem
from reconcile_cli.store.books import Books
from reconcile_cli.store.open_items import NO_DAY_AFTER, Scope

_POCKETS = """
SELECT p.id, a.code, p.currency FROM pocket p JOIN account a ON a.id = p.account_id WHERE {pockets} ORDER BY p.id
"""
_ITEM = """
i.id, i.side, t.kind, t.document, i.line, i.open_minor, i.state, t.date, t.due_date, t.order_code, i.description,
t.method
"""
_POSTED = f"""
SELECT {_ITEM}
FROM item i CROSS JOIN txn t ON t.id = i.txn_id
WHERE i.side IN (1, -1) AND i.pocket_id = :pocket AND i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL
AND i.held = 0
"""
_PLANNED = f"""
SELECT {_ITEM}
FROM txn t CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE t.pocket_id = :pocket AND t.state = 1 AND t.replaced_by IS NULL AND t.removed_by IS NULL
AND i.open_minor > 0 AND i.held = 0 AND i.side = -1
"""


class Pocket(NamedTuple):
    """An account in one currency."""

    id: int
    account: str
    currency: str


def open_pockets(books: Books, scope: Scope) -> Iterator[tuple[Pocket, list[OpenItem]]]:
    """Each account and currency with something open on both sides, and its open items; held ones are left out."""
    connection = books.connection
    pockets = connection.execute(_POCKETS.format(pockets=scope.pockets(scope.both_open))).fetchall()
    for pocket in (Pocket(*row) for row in pockets):
        rows = connection.execute(_POSTED, {"pocket": pocket.id}).fetchall()
        if scope.include_planned:
            rows += connection.execute(_PLANNED, {"pocket": pocket.id}).fetchall()
        items = (_open_item(row, by_due=scope.by_due) for row in rows)
        yield pocket, [item for item in items if item.date <= (scope.until or NO_DAY_AFTER)]


def _open_item(row: tuple, *, by_due: bool) -> OpenItem:  # type: ignore[type-arg]
    number, side, kind, document, line, open_minor, state, date, due_date, order, description, method = row
    planned = state == State.PLANNED
    day = due_date or date if by_due or planned else date
    return OpenItem(
        id=number,
        side=Side(side),
        kind=Kind(kind),
        document=document,
        line=line,
        date=day,
        open_minor=open_minor,
        place=(int(planned), *matching_key(day, document, kind, line)),
        order=order or "",
        text=" | ".join(filter(None, (description, method))),
    )
