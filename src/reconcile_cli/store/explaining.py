"""What the books hold of one item: the facts from which `domain/whys.py` concludes why it is open."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Final

from reconcile_cli.domain.cards import ItemCard, TransactionCard
from reconcile_cli.domain.kinds import PLANNABLE, Kind, Side, State
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.naming import readings, stated_kinds, targets
from reconcile_cli.domain.records import ItemName
from reconcile_cli.domain.whys import Candidate, Event, Facts, Happened, Stop, Target
from reconcile_cli.store.books import Books
from reconcile_cli.store.operation_detail import changes_of
from reconcile_cli.store.selecting import SelectedItem
from reconcile_cli.store.stating import find_target

_MOST: Final = 200
_EVENTS: Final = 50
_OPERATION = """
SELECT o.made_at, o.command, o.note, o.undoes, (SELECT max(u.id) FROM operation u WHERE u.undoes = o.id)
FROM operation o WHERE o.id = ?
"""
_MADE = """
SELECT t.id, t.made_by, i.made_by, o.arguments FROM item i JOIN txn t ON t.id = i.txn_id
JOIN operation o ON o.id = i.made_by WHERE i.id = ?
"""
_CHANGERS = """
SELECT changed_by FROM txn_was WHERE txn_id = :txn UNION SELECT changed_by FROM item_was WHERE item_id = :item
"""
_LINKS = """
SELECT n.made_by, n.removed_by, n.amount_minor, n.stage, n.reason, t.kind, t.document, o.line, t.id
FROM allocation n JOIN item o ON o.id = n.{other}_id JOIN txn t ON t.id = o.txn_id
WHERE n.{own}_id = :item AND n.removed_by {removed} ORDER BY n.id DESC LIMIT :limit
"""
_CANDIDATE = """
t.kind, t.document, i.line, CASE i.state WHEN 1 THEN coalesce(t.due_date, t.date) ELSE t.date END, p.currency,
i.amount_minor, i.open_minor, i.held, i.state, t.order_code, i.applies_to, i.id,
t.date, t.due_date
"""
_POCKETS = "(SELECT id FROM pocket WHERE account_id = :account)"
_OPEN = f"""
SELECT {_CANDIDATE} FROM item i JOIN txn t ON t.id = i.txn_id JOIN pocket p ON p.id = i.pocket_id
WHERE i.side = :side AND i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL AND i.pocket_id IN {_POCKETS}
"""
_PLANNED = f"""
SELECT {_CANDIDATE} FROM txn t JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL JOIN pocket p ON p.id = t.pocket_id
WHERE t.state = 1 AND t.replaced_by IS NULL AND t.removed_by IS NULL AND i.side = :side AND i.open_minor > 0
AND t.pocket_id IN {_POCKETS}
"""  # noqa: E501
_SAME_AMOUNT = f"""
SELECT {_CANDIDATE} FROM txn t JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL JOIN pocket p ON p.id = t.pocket_id
WHERE t.removed_by IS NULL AND t.pocket_id = :pocket AND i.side = :side AND i.open_minor = 0 AND i.state = 0 AND i.id NOT IN (
  SELECT {{own}}_id FROM allocation WHERE {{other}}_id = :item AND removed_by IS NULL)
AND (i.amount_minor = :amount OR i.amount_minor = :open) AND i.amount_minor > 0 ORDER BY abs(t.date - :date), t.id LIMIT 3
"""  # noqa: E501
_MATES = f"""
SELECT {_CANDIDATE} FROM pocket p JOIN txn t ON t.pocket_id = p.id JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE p.account_id = :account AND t.order_code = :order AND t.order_code IS NOT NULL AND t.removed_by IS NULL
AND i.side = :side AND i.state <= 1 AND i.amount_minor > 0 ORDER BY t.date, t.id, i.line LIMIT :limit
"""  # noqa: E501
_USED_BY = """
SELECT t.kind, t.document, o.line FROM allocation n JOIN item o ON o.id = n.{other}_id JOIN txn t ON t.id = o.txn_id
WHERE n.{own}_id = ? AND n.removed_by IS NULL ORDER BY n.id LIMIT 1
"""
_CODE_SUMS = """
SELECT coalesce(sum(i.amount_minor * (i.side = 1)), 0), coalesce(sum(i.amount_minor * (i.side = -1)), 0)
FROM txn t JOIN item i ON i.txn_id = t.id AND i.removed_by IS NULL
WHERE t.pocket_id = :pocket AND t.removed_by IS NULL AND i.match_code = :code AND i.state <= 1
"""
_TARGET = """
SELECT a.code, p.currency, coalesce((SELECT sum(i.open_minor) FROM item i
  WHERE i.txn_id = :txn AND i.removed_by IS NULL AND i.side = :side AND i.state <= 1), 0)
FROM pocket p JOIN account a ON a.id = p.account_id WHERE p.id = :pocket
"""
_ACCOUNT = "SELECT a.id, a.held FROM pocket p JOIN account a ON a.id = p.account_id WHERE p.id = ?"


def facts(books: Books, card: TransactionCard, item: ItemCard, row: SelectedItem) -> Facts:
    """Gather what the books hold of an item, of which `row` is the place in them."""
    connection = books.connection
    account, account_held = connection.execute(_ACCOUNT, (row.pocket_id,)).fetchone()
    txn_id, txn_made, item_made, arguments = connection.execute(_MADE, (row.id,)).fetchone()
    asked = {
        "account": account,
        "item": row.id,
        "pocket": row.pocket_id,
        "side": -row.side,
        "order": card.order,
        "code": item.match_code,
        "amount": item.amount_minor,
        "open": item.open_minor,
        "date": card.date,
        "limit": _MOST,
    }
    found = _candidates(connection, card, asked) if item.open_minor and card.state.counts else []
    return Facts(
        card=card,
        item=item,
        account_held=bool(account_held),
        no_match=bool(json.loads(arguments).get("no_match")),
        events=_events(books, row, txn_id, min(txn_made, item_made)),
        targets=list(_targets(connection, item, Side(row.side))),
        code_sums=connection.execute(_CODE_SUMS, asked).fetchone() if item.match_code else (0, 0),
        mates=_found(connection, _MATES, card, asked) if card.order else [],
        candidates=found,
    )


def _candidates(connection: sqlite3.Connection, card: TransactionCard, asked: dict[str, object]) -> list[Candidate]:
    found = _found(connection, _OPEN, card, asked)
    if asked["side"] == Side.CREDIT:
        found += _found(connection, _PLANNED, card, asked)
    return found + _found(connection, _SAME_AMOUNT, card, asked)


def _found(
    connection: sqlite3.Connection, sql: str, card: TransactionCard, asked: dict[str, object]
) -> list[Candidate]:
    own, other = ("debit", "credit") if asked["side"] == Side.DEBIT else ("credit", "debit")
    found = []
    for row in connection.execute(sql.format(own=own, other=other), asked).fetchall():
        kind, document, line, date, currency, amount, open_minor, held, state, order, applies_to, item, *made = row
        made_on, due_date = made
        used = None
        if not open_minor:
            used = connection.execute(_USED_BY.format(own=own, other=other), (item,)).fetchone()
        stops = (
            (Stop.USED_UP, not open_minor),
            (Stop.OTHER_CURRENCY, currency != card.currency),
            (Stop.HELD, bool(held)),
            (Stop.PLANNED, state == State.PLANNED),
        )
        found.append(
            Candidate(
                ItemName(Kind(kind), document, line),
                date,
                currency,
                amount,
                open_minor,
                tuple(stop for stop, stands in stops if stands),
                order or "",
                applies_to or "",
                made_on,
                instalment=state == State.POSTED and kind in PLANNABLE and due_date is not None,
                used_by=ItemName(Kind(used[0]), used[1], used[2]) if used else None,
            )
        )
    return found


def _targets(connection: sqlite3.Connection, item: ItemCard, side: Side) -> Iterator[Target]:
    """What its applies_to names, as R11 reads it today; an instalment that a receipt names has given way (R14)."""
    kinds = stated_kinds(side)
    for name in targets(item.applies_to):
        found = next((one for reading in readings(name) for one in find_target(connection, reading, kinds)), None)
        if found is None:
            yield Target(name, None)
        elif side is Side.DEBIT or found.kind not in PLANNABLE:
            where = {"txn": found.id, "side": -side, "pocket": found.pocket_id}
            yield Target(name, *connection.execute(_TARGET, where).fetchone())


def _events(books: Books, row: SelectedItem, txn_id: int, added: int) -> list[Event]:
    """All that happened to an item, in order; of very many, the last."""
    connection = books.connection
    events = [_event(connection, added, Happened.ADDED)]
    asked = {"txn": txn_id, "item": row.id, "limit": _EVENTS}
    for (number,) in connection.execute(_CHANGERS, asked).fetchall():
        if changes := changes_of(books, number, txn_id):
            events.append(_event(connection, number, Happened.CHANGED)._replace(changes=changes))
    own, other = ("debit", "credit") if row.side == Side.DEBIT else ("credit", "debit")
    for removed in ("IS NULL", "IS NOT NULL"):
        sql = _LINKS.format(own=own, other=other, removed=removed)
        for made_by, removed_by, amount, stage, reason, kind, document, line, other_txn in connection.execute(
            sql, asked
        ).fetchall():
            name = ItemName(Kind(kind), document, line)
            made = _event(connection, made_by, Happened.RECONCILED)
            events.append(made._replace(other=name, amount_minor=amount, stage=Stage(stage), reason=reason))
            if removed_by is not None:
                changes = changes_of(books, removed_by, other_txn)
                gone = _event(connection, removed_by, Happened.REMOVED)
                events.append(gone._replace(other=name, amount_minor=amount, changes=changes))
    return sorted(events, key=_order)[-_EVENTS:]


def _order(event: Event) -> tuple[int, int, str]:
    return event.operation, list(Happened).index(event.what), str(event.other)


def _event(connection: sqlite3.Connection, number: int, what: Happened) -> Event:
    made_at, command, note, undoes, undone_by = connection.execute(_OPERATION, (number,)).fetchone()
    return Event(number, made_at, command, note, what, undoes=undoes, undone_by=undone_by)
