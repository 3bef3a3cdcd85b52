"""Aging on the command line: what is late stands out, and words that mean nothing are refused."""

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import ok, reconcile

pytestmark = pytest.mark.usefixtures("club")


def test_what_is_over_90_days_is_red_and_says_so_without_colour() -> None:
    line = ["report", "aging", "--as-of", "2024-05-15"]
    assert "\x1b[31m100.00" in ok(reconcile(*line, "--color", "always")).out
    plain = ok(reconcile(*line, "--color", "never")).out
    assert "\x1b" not in plain
    assert "> 90" in plain


def test_days_beyond_all_buckets_are_in_the_last_of_those_asked_for() -> None:
    rows = ok(reconcile("report", "aging", "--as-of", "2024-05-15", "--buckets", "15,30", "-f", "csv")).rows
    assert list(rows[0])[4:8] == ["current", "days_1_15", "days_16_30", "over_30"]
    assert {row["account"]: row["over_30"] for row in rows}["A-1"] == "100.00"


@pytest.mark.parametrize(
    "text", ["", "30,30", "60,30", "0,30", "-5", "1.5", "x", "٣", "99999999999", ",".join("123456789")]
)
def test_buckets_that_mean_nothing_are_wrong_usage(text: str) -> None:
    answer = reconcile("report", "aging", "--buckets", text)
    assert (answer.code, answer.out) == (Exit.USAGE, "")
    assert "30,60,90" in answer.err
