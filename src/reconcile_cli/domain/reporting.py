"""The words of reports: what their figures can be grouped by, and the lines that they consist of (R18, R19)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

NONE: Final = "(none)"
"""What stands for a ledger code, register or method that is not there (R18)."""
FIRST_DAY: Final = 0
LAST_DAY: Final = 99_999_999


class By(StrEnum):
    """What `--by` takes; also the keys of CSV and JSON."""

    REGISTER = "register"
    LEDGER_CODE = "ledger_code"
    MONTH = "month"
    DAY = "day"
    ACCOUNT = "account"
    METHOD = "method"
    ITEM = "item"


class Row(StrEnum):
    """What a line of a report is about."""

    SALES = "sales"
    CODE = "code"
    RETURNED = "returned"
    NOT_RECONCILED = "not_reconciled"
    MOVED = "moved"


class Period(NamedTuple):
    """Days `yyyymmdd`, both included."""

    first: int = FIRST_DAY
    last: int = LAST_DAY


class ReportLine(NamedTuple):
    """One line: its keys in the order of `--by`, and its figures in minor units of `currency`.

    A month is 202603, a day 20260331; None where a key says nothing of the row. `of` is the row whose money a moved
    line speaks of. For tables: `shared` is how many keys, from the first on, are those of the line before; `level` is
    that of a subtotal, the number of keys that the lines which it sums share, 0 of any other line; `share` is that of
    the total, in thousandths.
    """

    row: Row
    keys: tuple[str | int | None, ...]
    currency: str
    figures: tuple[int, ...]
    of: Row | None = None
    shared: int = 0
    level: int = 0
    share: int | None = None


class Grouping(NamedTuple):
    """What a report groups by, of which days, without which ledger codes."""

    by: Sequence[By]
    period: Period = Period()
    without: Sequence[str] = ()
