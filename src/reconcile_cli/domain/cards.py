"""What the card of an account and the answer about a document show; amounts and dates as in `records`."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.records import ItemName
from reconcile_cli.domain.status import Status


class Counterpart(NamedTuple):
    """An allocation seen from one of its items: the item on the other side, and what was put against it."""

    name: ItemName
    amount_minor: int
    operation: int
    stage: Stage
    reason: str | None
    planned: bool


class ItemCard(NamedTuple):
    """One item with its allocations."""

    line: int
    side: Side
    description: str
    ledger_code: str
    amount_minor: int
    open_minor: int
    status: Status | None
    held: bool
    applies_to: str
    match_code: str
    allocations: tuple[Counterpart, ...]


class TransactionCard(NamedTuple):
    """One transaction with its items. `state` is void where `replaced_by` names the receipt (R14)."""

    account: str
    name: str
    kind: Kind
    document: str
    date: int
    due_date: int | None
    state: State
    currency: str
    amount_minor: int
    open_debit_minor: int
    open_credit_minor: int
    status: Status | None
    overdue: bool
    order: str
    register: str
    method: str
    replaced_by: str
    items: tuple[ItemCard, ...]


class Balance(NamedTuple):
    """What an account owes in one currency (R3); `opening_minor` is that of the rows before the first shown."""

    currency: str
    balance_minor: int
    opening_minor: int


class AccountCard(NamedTuple):
    """An account and its transactions in date order. `transactions` is read once."""

    account: str
    name: str
    held: bool
    status: Status | None
    balances: Sequence[Balance]
    transactions: Iterator[TransactionCard]
