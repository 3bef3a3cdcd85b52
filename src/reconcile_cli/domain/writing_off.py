"""Small differences: how much may be written off, and what was. Amounts are minor units."""

import re
from typing import Final, NamedTuple

from reconcile_cli.domain.records import ItemName

_SCALE: Final = 4
"""No currency has more decimals."""
_AMOUNT: Final = r"(?P<whole>[0-9]{1,11})(?:\.(?P<part>[0-9]{1,4})|,(?P<comma>[0-9]{1,2}))?"
WRITTEN_OFF: Final = "WO-{operation}-{place}"
"""The document of an adjustment that an operation makes to close a difference."""


class Tolerance(NamedTuple):
    """The largest difference that is written off, in every currency: `text` as typed, `units` of 1/10,000."""

    text: str
    units: int

    def minor(self, exponent: int) -> int:
        """The same in minor units of a currency with so many decimals; what it has not, falls away (R2)."""
        return self.units // int(10 ** (_SCALE - exponent))


def tolerance(text: str) -> Tolerance | None:
    """Read `0.05`, `0,05` or `1`; None for what is none of these, as `1,000`, or is not above 0."""
    found = re.fullmatch(_AMOUNT, text)
    if found is None:
        return None
    units = int(found["whole"] + (found["part"] or found["comma"] or "").ljust(_SCALE, "0"))
    return Tolerance(text, units) if units else None


class WriteOff(NamedTuple):
    """Which differences `auto` closes, and under which ledger code."""

    ledger_code: str
    tolerance: Tolerance

    def given(self) -> dict[str, object]:
        """As the operation keeps it."""
        return {"write_off": self.ledger_code, "tolerance": self.tolerance.text}


class Difference(NamedTuple):
    """What is left open of an item reconciled in part; `since` the latest day of it and its counterparts."""

    item_id: int
    rest_minor: int
    since: int


class WrittenOff(NamedTuple):
    """A difference closed, and the document that closes it; "" where that was only rehearsed."""

    document: str
    item: ItemName
    account: str
    currency: str
    amount_minor: int
