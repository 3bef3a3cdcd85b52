"""What the books answer: immutable records that the store fills and the screens show.

They are named tuples: to define a dataclass takes several times as long, and every command would wait for it.

Amounts are integers in minor units, dates integers `yyyymmdd`. Item amounts are positive with a side;
a transaction's amount is signed (+ = owed).
"""

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


class Total(NamedTuple):
    """How many, and how much in one currency."""

    currency: str
    count: int  # type: ignore[assignment] # in place of the method of tuples, which nobody needs here
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


class Finding(NamedTuple):
    """Something that `check` found: the rule, the place, and what is wrong."""

    rule: str
    where: str
    message: str
