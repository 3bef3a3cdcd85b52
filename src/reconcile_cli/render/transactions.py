"""Lists of transactions: what `find` and `payments` show, and a transaction as JSON."""

from collections.abc import Iterable
from typing import Any, Final

from reconcile_cli.domain.cards import Counterpart, ItemCard, TransactionCard
from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.money import plain
from reconcile_cli.render import words
from reconcile_cli.render.columns import Column, Listing, Shape
from reconcile_cli.render.data import parsed
from reconcile_cli.render.lists import Limit, or_say, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _


def beside_status(card: TransactionCard) -> str:
    """Say what stands beside the status: overdue, planned, void, declined (R9, R15)."""
    if card.overdue:
        return _("overdue")
    return "" if card.state is State.POSTED else words.state(card.state)


def described(card: TransactionCard) -> str:
    """Say what a transaction is about: its first description, and how many more items there are."""
    texts = [item.description for item in card.items if item.description]
    more = len(card.items) - 1
    if not texts or not more:
        return texts[0] if texts else ""
    return _("{description} (+{count})").format(description=texts[0], count=more)


def _open_minor(card: TransactionCard) -> int:
    return card.open_debit_minor - card.open_credit_minor


_DATA: Final = (
    Column[TransactionCard]("", lambda card: card.state.code, key="state", shown=False),
    Column[TransactionCard]("", lambda card: card.open_debit_minor, Shape.AMOUNT, "open_debit", shown=False),
    Column[TransactionCard]("", lambda card: card.open_credit_minor, Shape.AMOUNT, "open_credit", shown=False),
    Column[TransactionCard]("", lambda card: card.overdue, Shape.FLAG, "overdue", shown=False),
    Column[TransactionCard]("", lambda card: card.replaced_by, key="replaced_by", shown=False),
)
_KEYS: Final = (
    "account name kind document date due_date state currency amount open_debit open_credit status overdue order "
    "register method replaced_by"
)

TRANSACTIONS: Final = Listing[TransactionCard](
    columns=(
        Column(N_("Status"), lambda card: card.status, Shape.STATUS, "status", words=beside_status, rank=2),
        Column(N_("Account"), lambda card: card.account, key="account", floor=14),
        Column(N_("Name"), lambda card: card.name, key="name", floor=10, rank=7, spare=True),
        Column(N_("Kind"), lambda card: card.kind.code, key="kind", words=lambda card: words.kind(card.kind), rank=3),
        Column(N_("Document"), lambda card: card.document, key="document", floor=18),
        Column(N_("Date"), lambda card: card.date, Shape.DATE, "date", rank=1),
        Column(N_("Due"), lambda card: card.due_date, Shape.DATE, "due_date", rank=5, spare=True, hide_empty=True),
        Column("", lambda card: card.currency, key="currency"),
        Column(N_("Amount"), lambda card: card.amount_minor, Shape.AMOUNT, "amount"),
        Column(N_("Open"), _open_minor, Shape.AMOUNT, rank=4),
        Column(N_("Description"), described, floor=14, rank=9, spare=True, hide_empty=True),
        Column(N_("Method"), lambda card: card.method, key="method", rank=10, spare=True, hide_empty=True),
        Column(N_("Order"), lambda card: card.order, key="order", floor=10, rank=11, spare=True, hide_empty=True),
        Column(
            N_("Register"), lambda card: card.register, key="register", floor=10, rank=12, spare=True, hide_empty=True
        ),
        *_DATA,
    ),
    currency=lambda card: card.currency,
    keys=_KEYS,
    title=N_("Transactions"),
)


PAYMENTS: Final = Listing[TransactionCard](
    columns=(
        Column(N_("Status"), lambda card: card.status, Shape.STATUS, "status", words=beside_status, rank=2),
        Column(N_("Account"), lambda card: card.account, key="account", floor=14),
        Column(N_("Name"), lambda card: card.name, key="name", floor=10, rank=7, spare=True),
        Column(
            N_("Kind"),
            lambda card: card.kind.code,
            key="kind",
            words=lambda card: words.kind(card.kind),
            rank=6,
            spare=True,
        ),
        Column(N_("Document"), lambda card: card.document, key="document", floor=18),
        Column(N_("Date"), lambda card: card.date, Shape.DATE, "date", rank=3),
        Column(N_("Due"), lambda card: card.due_date, Shape.DATE, "due_date", rank=1, hide_empty=True),
        Column("", lambda card: card.currency, key="currency"),
        Column(N_("Amount"), lambda card: -card.amount_minor, Shape.AMOUNT),
        Column(N_("Open"), lambda card: -_open_minor(card), Shape.AMOUNT, rank=4),
        Column(N_("Method"), lambda card: card.method, key="method", rank=8, spare=True, hide_empty=True),
        Column(N_("Order"), lambda card: card.order, key="order", floor=10, rank=9, spare=True, hide_empty=True),
        Column(
            N_("Register"), lambda card: card.register, key="register", floor=10, rank=10, spare=True, hide_empty=True
        ),
        Column("", lambda card: card.amount_minor, Shape.AMOUNT, "amount", shown=False),
        *_DATA,
    ),
    currency=lambda card: card.currency,
    keys=_KEYS,
    title=N_("Payments and deposits"),
)


def write_payments(target: Target, cards: Iterable[TransactionCard], limit: Limit) -> int:
    """Write payments and deposits, in tables as money received is read: positive."""
    return or_say(target, write_list(target, PAYMENTS, cards, limit), _("No payment fits."))


def write_transactions(target: Target, cards: Iterable[TransactionCard], limit: Limit, empty: str) -> int:
    """Write transactions, amounts signed (+ = owed), and return how many there were."""
    return or_say(target, write_list(target, TRANSACTIONS, cards, limit), empty)


def transaction_object(card: TransactionCard, *, with_account: bool = False) -> dict[str, Any]:
    """Give a transaction with its items and their allocations as JSON has it (design, section 5)."""
    owner = {"account": card.account, "name": card.name} if with_account else {}
    return owner | {
        "kind": card.kind.code,
        "document": card.document,
        "date": iso(card.date),
        "due_date": None if card.due_date is None else iso(card.due_date),
        "state": card.state.code,
        "currency": card.currency,
        "amount": plain(card.amount_minor, card.currency),
        "open_debit": plain(card.open_debit_minor, card.currency),
        "open_credit": plain(card.open_credit_minor, card.currency),
        "status": card.status,
        "overdue": card.overdue,
        "order": card.order,
        "register": card.register,
        "method": card.method,
        "replaced_by": card.replaced_by,
        "items": [_item_object(item, card.currency) for item in card.items],
    }


def _item_object(item: ItemCard, currency: str) -> dict[str, Any]:
    return {
        "line": item.line,
        "side": item.side.name.lower(),
        "description": item.description,
        "ledger_code": item.ledger_code,
        "amount": plain(item.amount_minor, currency),
        "open": plain(item.open_minor, currency),
        "status": item.status,
        "held": item.held,
        "applies_to": item.applies_to,
        "match_code": item.match_code,
        "allocations": [_counterpart_object(counterpart, currency) for counterpart in item.allocations],
    }


def _counterpart_object(counterpart: Counterpart, currency: str) -> dict[str, Any]:
    return {
        "kind": counterpart.name.kind.code,
        "document": counterpart.name.document,
        "line": counterpart.name.line,
        "amount": plain(counterpart.amount_minor, currency),
        "operation": counterpart.operation,
        "stage": counterpart.stage.code,
        "reason": parsed(counterpart.reason),
        "planned": counterpart.planned,
    }
