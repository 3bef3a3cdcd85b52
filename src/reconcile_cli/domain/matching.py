"""Matching: which credit pays which debit (R16). One way serves `auto` and every rule of `load`."""

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

_NONE_LEFT = (0, 0)


class Stage(IntEnum):
    """What made an allocation; kept with it, worded when it is shown."""

    WITHIN_DOCUMENT = 0
    STATED = 1
    CHECKOUT = 2
    BY_HAND = 3
    DATE = 4
    REFERENCE = 5
    AMOUNT = 6
    SUM = 7
    BALANCE = 8
    WRITE_OFF = 9

    @property
    def code(self) -> str:
        """The word used in JSON: `within_document`."""
        return self.name.lower()


SMART: Final = (Stage.REFERENCE, Stage.AMOUNT, Stage.SUM, Stage.BALANCE)
"""The careful stages, in their order."""


class Why(StrEnum):
    """Why a stage left something open that it could have linked."""

    EQUALLY_GOOD = "equally_good"
    BY_CHANCE = "by_chance"
    BOUND = "bound"


class Link(NamedTuple):
    """A part of one credit item put against one debit item of the same account and currency (R4)."""

    debit_id: int
    credit_id: int
    amount_minor: int


def matching_key(date: int, document: str, kind: int, line: int) -> tuple[int, int, str, int, int]:
    """The total order of R16: date, document (shorter first, then by code points), kind, line."""
    return date, len(document), document, kind, line


Part = tuple[int, int, int]
"""A link as bare numbers, for runs of millions: debit, credit, amount_minor."""


def chronological(debits: Iterable[Sequence[int]], credits_: Iterable[Sequence[int]]) -> Iterator[Link]:
    """Put credits against debits, first to first: the links of `parts`, by name."""
    return map(Link._make, parts(debits, credits_))


def parts(debits: Iterable[Sequence[int]], credits_: Iterable[Sequence[int]]) -> Iterator[Part]:
    """Put credits against debits, first to first, splitting amounts, until one side has nothing open.

    Each run holds items of one account and currency, in matching order, that begin with (id, open_minor > 0). Both
    are read once and nothing is kept, so the work is linear and the memory constant (R16).
    """
    credit_run = iter(credits_)
    credit_id = credit_open = 0
    for debit in debits:
        debit_id, debit_open = debit[0], debit[1]
        while debit_open:
            if not credit_open:
                credit = next(credit_run, _NONE_LEFT)
                credit_id, credit_open = credit[0], credit[1]
                if not credit_open:
                    return
            if debit_open <= credit_open:
                yield debit_id, credit_id, debit_open
                credit_open -= debit_open
                break
            yield debit_id, credit_id, credit_open
            debit_open -= credit_open
            credit_open = 0
