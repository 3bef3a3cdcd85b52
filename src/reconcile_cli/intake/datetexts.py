"""Text to dates: one pattern for each way of writing, then the calendar (C1, C3)."""

import re
from typing import Final, NamedTuple

from reconcile_cli.domain.dates import to_date
from reconcile_cli.intake.caches import Cache
from reconcile_cli.intake.conventions import UNDECIDED, Convention
from reconcile_cli.intake.problems import Refused
from reconcile_cli.intake.words import bare
from reconcile_cli.text import _

DAY_FIRST: Final = "dmy"
MONTH_FIRST: Final = "mdy"

_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMBERS: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_DAY_NAME: Final = re.compile(r"([0-9]{1,2})(?:er|st|nd|rd|th)?[ \-./]{0,2}([^\W\d_]+)\.?,?[ \-./]{0,2}([0-9]{4})")
_NAME_DAY: Final = re.compile(r"([^\W\d_]+)\.?[ \-./]{0,2}([0-9]{1,2})(?:er|st|nd|rd|th)?(?:, ?|[ \-./])([0-9]{4})")
_TIME: Final = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2999

_MONTH_NAMES: Final = (
    "january jan janvier janv",
    "february feb février févr fév",
    "march mar mars",
    "april apr avril avr",
    "may mai",
    "june jun juin",
    "july jul juillet juil",
    "august aug août",
    "september sep sept septembre",
    "october oct octobre",
    "november nov novembre",
    "december dec décembre déc",
)
_MONTHS: Final = {bare(name): month for month, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}


class Days(NamedTuple):
    """A text as a date, read with the day first and with the month first; None where that is no day."""

    day_first: int | None
    month_first: int | None


class Dates:
    """The dates of one file."""

    def __init__(self, order: Convention) -> None:
        self._order = order
        self.needed: Cache[int] = Cache(self._read)
        self.optional: Cache[int | None] = Cache(self._read_optional)

    def _read_optional(self, text: str) -> int | None:
        return self._read(text) if text.strip() else None

    def _read(self, text: str) -> int:
        days = take_apart(text)
        if days.day_first is not None and days.day_first == days.month_first:
            return days.day_first
        order = self._order
        if not order.given and not order.refused:
            only = proof(days)
            if only == UNDECIDED:
                order.decide()
            elif only is not None:
                order.prove(only, text)
        if order.refused:
            return 20000101
        day = days.day_first if order.chosen == DAY_FIRST else days.month_first
        if order.chosen == "ymd" or day is None:
            raise Refused(_wrong_order(order.chosen))
        return day


def proof(days: Days) -> str | None:
    """The order that a date proves, UNDECIDED where it reads both ways, None where both are the same day."""
    if days.day_first == days.month_first:
        return None
    if days.day_first is not None and days.month_first is not None:
        return UNDECIDED
    return MONTH_FIRST if days.day_first is None else DAY_FIRST


def take_apart(text: str) -> Days:
    """Both readings of a date; a time of day behind it is not looked at. Raises Refused where it has none."""
    stripped = text.strip()
    if not stripped:
        raise Refused(_("a date is needed"))
    if ":" in stripped and (time := _TIME.search(stripped)) and time.end() == len(stripped):
        stripped = stripped[: time.start()]
    if found := _YEAR_FIRST.fullmatch(stripped):
        year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
        only = _day(int(year), int(month), int(day))
        both = Days(only, only)
    elif found := _NUMBERS.fullmatch(stripped):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        both = Days(_day(year, second, first), _day(year, first, second))
    else:
        only = _with_name(stripped)
        both = Days(only, only)
    if both == (None, None):
        raise Refused(_("a day of the calendar, between 1900 and 2999"))
    return both


def _with_name(text: str) -> int | None:
    found = _DAY_NAME.fullmatch(text)
    day, name, year = (found[1], found[2], found[3]) if found else ("", "", "")
    if found is None and (found := _NAME_DAY.fullmatch(text)):
        day, name, year = found[2], found[1], found[3]
    month = _MONTHS.get(bare(name))
    if month is None:
        raise Refused(
            _("a date such as 2024-01-31, 31/01/2024 or 31 Jan 2024, without a time zone, the year in four digits")
        )
    return _day(int(year), month, int(day))


def _day(year: int, month: int, day: int) -> int | None:
    whole = year * 10000 + month * 100 + day
    try:
        to_date(whole)
    except ValueError:
        return None
    return whole if _FIRST_YEAR <= year <= _LAST_YEAR else None


def _wrong_order(order: str | None) -> str:
    if order == DAY_FIRST:
        return _("a date with the day before the month, as the whole file has")
    if order == MONTH_FIRST:
        return _("a date with the month before the day, as the whole file has")
    return _("a date with the year first")
