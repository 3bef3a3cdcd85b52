"""Kinds, states and sides of transactions and items (design, section 2; R1, R15)."""

from enum import IntEnum
from typing import Final


class Side(IntEnum):
    """A debit adds to what the customer owes, a credit takes from it."""

    DEBIT = 1
    CREDIT = -1


class Kind(IntEnum):
    """The kinds of transactions, in the order that breaks ties of R16."""

    INVOICE = 0
    PAYMENT = 1
    DEPOSIT = 2
    CREDIT_NOTE = 3
    CANCELLATION = 4
    REFUND = 5
    ADJUSTMENT = 6

    @property
    def code(self) -> str:
        """The word used in CSV, JSON and on the command line: `credit_note`."""
        return _KIND_CODES[self]

    @property
    def side(self) -> Side:
        """The side of a positive amount (R1); a negative amount flips it."""
        return Side.DEBIT if self in _DEBIT_KINDS else Side.CREDIT

    @property
    def in_sales(self) -> bool:
        """Whether it stands in the sales column; the others stand in the cash column (R3)."""
        return self not in _CASH_KINDS


class State(IntEnum):
    """What became of a transaction. Only payments and deposits can be planned or declined."""

    POSTED = 0
    PLANNED = 1
    DECLINED = 2
    VOID = 3

    @property
    def code(self) -> str:
        """The word used in CSV and JSON: `planned`."""
        return self.name.lower()

    @property
    def counts(self) -> bool:
        """Declined and void transactions are kept, never counted and never allocated (R15)."""
        return self <= State.PLANNED


_DEBIT_KINDS: Final = frozenset({Kind.INVOICE, Kind.REFUND, Kind.ADJUSTMENT})
_CASH_KINDS: Final = frozenset({Kind.PAYMENT, Kind.DEPOSIT, Kind.REFUND})
PLANNABLE: Final = frozenset({Kind.PAYMENT, Kind.DEPOSIT})
_KIND_CODES: Final = {kind: kind.name.lower() for kind in Kind}
KIND_BY_CODE: Final = {code: kind for kind, code in _KIND_CODES.items()}
