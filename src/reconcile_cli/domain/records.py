"""What the books answer: immutable records that the store fills and the screens show.

Most are named tuples: to define a dataclass takes several times as long, and every command would wait for it. One with
a field `count`, which tuples have as a method, is a dataclass.

Amounts are integers in minor units, dates integers `yyyymmdd`. Item amounts are positive with a side;
a transaction's amount is signed (+ = owed).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.status import Status


class ItemName(NamedTuple):
    """The name of one item, `KIND/DOCUMENT:LINE` (design, section 5)."""

    kind: Kind
    document: str
    line: int

    def __str__(self) -> str:
        return f"{self.kind.code}/{self.document}:{self.line}"


class AccountLine(NamedTuple):
    """One account in one currency. `overdue` counts planned payments past their due date (R9)."""

    account: str
    name: str
    currency: str
    status: Status | None
    balance_minor: int
    open_debit_minor: int
    open_credit_minor: int
    covered_minor: int
    open_items: int
    overdue: int
    held: bool


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


class OpenLine(NamedTuple):
    """One row of `unreconciled`. `days_past_due` is 0 on or before the due date."""

    account: str
    name: str
    kind: Kind
    document: str
    line: int
    side: Side
    date: int
    due_date: int | None
    state: State
    currency: str
    amount_minor: int
    open_minor: int
    status: Status
    ledger_code: str
    description: str
    held: bool
    days_past_due: int


class AllocationLine(NamedTuple):
    """One allocation made, removed or proposed."""

    account: str
    currency: str
    debit: ItemName
    credit: ItemName
    amount_minor: int
    stage: Stage
    reason: str | None


@dataclass(frozen=True, slots=True)
class Total:
    """How many, and how much in one currency."""

    currency: str
    count: int
    amount_minor: int


class Outcome(NamedTuple):
    """What a rehearsal would leave of one account in one currency: reconciled, then what stays open and is held.

    `held` counts open items; planned payments are not in the open amounts. `searched`: what is open on both sides is
    what no stage links.
    """

    account: str
    name: str
    currency: str
    amount_minor: int
    open_debit_minor: int
    open_credit_minor: int
    held: int
    searched: bool = False


class OperationLine(NamedTuple):
    """One change of the books. `arguments` is JSON; `undone_by` names the operation that took it back."""

    number: int
    made_at: str
    author: str
    command: str
    arguments: str
    note: str
    undoes: int | None
    undone_by: int | None
    transactions_made: int
    transactions_changed: int
    transactions_removed: int
    allocations_made: int
    allocations_removed: int
    hash: str


class TransactionLine(NamedTuple):
    """One transaction that an operation added or removed, as it was then. The amount is signed (+ = owed)."""

    account: str
    kind: Kind
    document: str
    date: int
    state: State
    currency: str
    amount_minor: int


class OperationDetail(NamedTuple):
    """All that one operation did. `lock` is the last day closed before and after, where it moved the lock.

    `changes` are (document, field, before, after). Iterators are read once.
    """

    line: OperationLine
    lock: tuple[int | None, int | None] | None
    added: Iterator[TransactionLine]
    removed: Iterator[TransactionLine]
    changes: Iterator[tuple[str, str, str, str]]
    held: Sequence[str]
    released: Sequence[str]
    allocations_made: Sequence[AllocationLine]
    allocations_removed: Sequence[AllocationLine]


class Finding(NamedTuple):
    """Something that `check` found: the rule, the place, and what is wrong."""

    rule: str
    where: str
    message: str
