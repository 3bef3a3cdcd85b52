"""What is owed and what has no purpose, by age: its words, and the lines that reports consist of."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import Kind, Side

DAYS: Final = (30, 60, 90)
"""Where buckets end unless others are asked for."""


class Ages(NamedTuple):
    """The buckets of a report as of a day `yyyymmdd`: one up to each of `days` and one beyond the last.

    Debits have one more in front, `current`: what is not past due.
    """

    as_of: int
    days: Sequence[int] = DAYS

    def spans(self) -> list[tuple[int, int | None]]:
        """The first and last day of each bucket after `current`; None where it never ends: (1, 30), ..., (91, None)."""
        return [(first + 1, last) for first, last in zip((0, *self.days), (*self.days, None), strict=True)]


class AgedLine(NamedTuple):
    """One account in one currency as of a day; without code and name, the sum of all of a currency.

    `figures`: what is owed by bucket, current first. Open credits are positive. The sum of the figures less the open
    credits is the balance.
    """

    account: str
    name: str
    currency: str
    figures: tuple[int, ...]
    covered_minor: int
    open_credit_minor: int

    @property
    def debit_minor(self) -> int:
        """All that is owed: open debits and what planned payments cover."""
        return sum(self.figures)

    @property
    def balance_minor(self) -> int:
        """What the account owes as of the day (R3)."""
        return self.debit_minor - self.open_credit_minor


class AgedItem(NamedTuple):
    """What of an item is open as of a day, or what a planned payment covers of it.

    `due` is the day from which its age counts; `planned` names the payment that covers it; `bucket` counts from 0,
    current. The amount is positive, with its side.
    """

    account: str
    name: str
    currency: str
    kind: Kind
    document: str
    line: int
    side: Side
    date: int
    due: int
    days_past_due: int
    bucket: int
    planned: str
    amount_minor: int


class UnappliedLine(NamedTuple):
    """Money of one account in one currency that pays nothing yet, as of a day, by days since it came."""

    account: str
    name: str
    currency: str
    figures: tuple[int, ...]
    items: int

    @property
    def amount_minor(self) -> int:
        """All of it."""
        return sum(self.figures)
