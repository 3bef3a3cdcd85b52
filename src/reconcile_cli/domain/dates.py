"""Dates as the books keep them: integers yyyymmdd, 20240131."""

from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=4096)
def iso(yyyymmdd: int) -> str:
    """The date as scripts read it: "2024-01-31"."""
    return f"{yyyymmdd // 10000:04}-{yyyymmdd // 100 % 100:02}-{yyyymmdd % 100:02}"


def to_date(yyyymmdd: int) -> date:
    """The day as a date. Raises ValueError where the calendar has no such day."""
    return date(yyyymmdd // 10000, yyyymmdd // 100 % 100, yyyymmdd % 100)


def from_date(day: date) -> int:
    """The inverse of `to_date`."""
    return day.year * 10000 + day.month * 100 + day.day


def days_between(first: int, last: int) -> int:
    """Whole days from one date to another; negative where the first is the later."""
    return day_number(last) - day_number(first)


def day_number(yyyymmdd: int) -> int:
    """The day as a number, to reckon with.

    What the disk made of a day may lie outside of the calendar; it counts from the nearest month of it on, and `check`
    names it.
    """
    year = min(max(yyyymmdd // 10000, 1), 9999)
    month = min(max(yyyymmdd // 100 % 100, 1), 12)
    return date(year, month, 1).toordinal() + yyyymmdd % 100 - 1


def next_day(yyyymmdd: int) -> int:
    """The day after: 20240301 after 20240229."""
    return from_date(to_date(yyyymmdd) + timedelta(days=1))


def previous_day(yyyymmdd: int) -> int:
    """The day before: 20240229 before 20240301."""
    return from_date(to_date(yyyymmdd) - timedelta(days=1))
