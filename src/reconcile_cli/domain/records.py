"""What the books answer: immutable records that the store fills and the screens show.

They are named tuples: to define a dataclass takes several times as long, and every command would wait for it. Those
that only some commands answer with are in `lists`, `outcomes` and `findings`, for the same reason.

Amounts are integers in minor units, dates integers `yyyymmdd`. Item amounts are positive with a side;
a transaction's amount is signed (+ = owed).
"""

from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.matching import Stage


class ItemName(NamedTuple):
    """The name of one item, `KIND/DOCUMENT:LINE` (design, section 5)."""

    kind: Kind
    document: str
    line: int

    def __str__(self) -> str:
        return f"{self.kind.code}/{self.document}:{self.line}"


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
