"""How far the books are reconciled: counts and amounts by status, what stands in the way, and the same by month."""

from enum import StrEnum
from typing import NamedTuple

from reconcile_cli.domain.lists import AccountLine
from reconcile_cli.domain.status import Status


class Obstacle(StrEnum):
    """What stands in the way. The first three share out everything that is open; the others are parts of it."""

    PAID_LATER = "paid_later"
    NOT_PAID = "not_paid"
    UNAPPLIED = "unapplied"
    OVERDUE = "overdue"
    MATCH_CODE = "match_code"
    HELD = "held"


class StatusLine(NamedTuple):
    """The accounts of a status, and the posted items of it; an account is one in one currency."""

    currency: str
    status: Status
    accounts: int
    items: int
    debit_minor: int
    credit_minor: int
    open_debit_minor: int
    open_credit_minor: int


class ObstacleLine(NamedTuple):
    """How many accounts, payments, codes or items, and what is open of them; of overdue payments, what was planned."""

    currency: str
    obstacle: Obstacle
    number: int
    debit_minor: int
    credit_minor: int


class MonthLine(NamedTuple):
    """The posted items of a month, 202603: what was owed and how it is paid, what came and what is open of it."""

    currency: str
    month: int
    items: int
    debit_minor: int
    credit_minor: int
    covered_minor: int
    open_debit_minor: int
    open_credit_minor: int

    @property
    def whole_minor(self) -> int:
        """Both sides."""
        return self.debit_minor + self.credit_minor

    @property
    def reconciled_minor(self) -> int:
        """What of both sides is allocated to what is posted."""
        return self.whole_minor - self.open_debit_minor - self.open_credit_minor - self.covered_minor


class Overview(NamedTuple):
    """The state of the books in short: accounts by status; currency by currency what is open, as `accounts` says it.

    `paid_later` counts accounts that are open on both sides.
    """

    statuses: list[tuple[Status, int]]
    totals: list[AccountLine]
    paid_later: int
    last_operation: int
    locked_until: int | None


class Progress(NamedTuple):
    """The whole report."""

    statuses: list[StatusLine]
    obstacles: list[ObstacleLine]
    months: list[MonthLine]
