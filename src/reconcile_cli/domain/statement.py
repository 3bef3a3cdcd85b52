"""A customer's statement: transactions and balance, no trace of reconciliation (R20)."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind


class Row(StrEnum):
    """What a line of a statement is."""

    OPENING = "opening"
    TRANSACTION = "transaction"
    CLOSING = "closing"
    PLANNED = "planned"


class StatementLine(NamedTuple):
    """One line. Amounts are signed (+ = owed); of a closing line they are what the transactions add up to.

    `balance_minor` is that after the line; None of a planned payment, which counts in no balance (R3). `more` is how
    many items there are besides the one described.
    """

    row: Row
    account: str
    name: str
    currency: str
    date: int | None = None
    due_date: int | None = None
    kind: Kind | None = None
    document: str = ""
    description: str = ""
    more: int = 0
    method: str = ""
    debit_minor: int | None = None
    credit_minor: int | None = None
    balance_minor: int | None = None

    @property
    def amount_minor(self) -> int | None:
        """What a transaction or planned payment adds to what the customer owes."""
        return (self.debit_minor or 0) - (self.credit_minor or 0) if self.kind is not None else None


class StatementPart(NamedTuple):
    """One currency of a statement. `lines`, from opening to closing, are read once."""

    currency: str
    lines: Iterator[StatementLine]
    planned: Sequence[StatementLine]


class Statement(NamedTuple):
    """The statement of an account; `parts` is read once, each before the next."""

    account: str
    name: str
    currencies: int
    parts: Iterator[StatementPart]
