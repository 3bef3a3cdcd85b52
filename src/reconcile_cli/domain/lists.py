"""What the lists of accounts and of open items show; amounts and dates as in `records`."""

from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.status import Status


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
