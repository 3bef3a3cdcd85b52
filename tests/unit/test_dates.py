from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile_cli.domain.dates import day_number, days_between, from_date, iso, next_day, to_date


def test_iso_text() -> None:
    assert iso(20240131) == "2024-01-31"
    assert iso(19000101) == "1900-01-01"


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [(20240101, 20240101, 0), (20240228, 20240301, 2), (20230228, 20230301, 1), (20240110, 20240101, -9)],
)
def test_days_between(first: int, last: int, days: int) -> None:
    assert days_between(first, last) == days


@pytest.mark.parametrize(("day", "after"), [(20240229, 20240301), (20231231, 20240101), (20240101, 20240102)])
def test_next_day(day: int, after: int) -> None:
    assert next_day(day) == after


def test_a_day_that_is_not_in_the_calendar_is_no_date() -> None:
    with pytest.raises(ValueError, match="day"):
        to_date(20240230)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_dates_survive_the_round_trip(day: date) -> None:
    assert to_date(from_date(day)) == day
    assert iso(from_date(day)) == day.isoformat()


def test_a_day_outside_of_the_calendar_is_reckoned_with_all_the_same() -> None:
    assert days_between(20240101, 20241301) == 335  # as the first of December
    assert days_between(20240101, 20240230) == 60
    assert days_between(20240101, 20240001) == 0
    assert day_number(-5) > 0
    assert day_number(20240101) == to_date(20240101).toordinal()
