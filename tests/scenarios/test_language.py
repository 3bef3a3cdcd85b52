"""The language of the scenarios must not let a line pass that says or checks nothing."""

from pathlib import Path

import pytest

from tests.scenarios.language import NotUnderstoodError
from tests.scenarios.telling import scenarios_in, tell

PAID = ["invoice I1 2024-01-05 100.00", "payment P1 2024-01-06 60.00 to=I1", "load"]


def run(folder: Path, *lines: str) -> None:
    (scenario,) = scenarios_in(["R1. A title", *(f"    {line}" for line in lines)])
    tell(scenario, folder)


@pytest.mark.parametrize(
    "line",
    [
        "pay P1",
        "invoice I2 2024-01-05",
        "invoice I2 2024-01-05 1.00 colour=red",
        "invoice I2 2024-01-05 1.00 CAN",
        "load",
        "load --matching",
        "load twice",
        "auto --by date",
        "today",
        "today 2024",
        "expect",
        "expect P1→I1",
        "expect P1→nothing 3.00",
        "expect P1→I1 60.00, ",
        "expect open I1",
        "expect status I1",
        "expect status I1 ?",
        "expect account A paid",
        "expect balanced A 40.00",
        "expect overdue P1 perhaps",
        "expect unreconciled A",
        "expect same before",
        "expect loaded",
        "expect loaded added",
        "expect loaded subtracted=1",
        "expect freed",
        "expect left-out",
        "expect unmet P1",
        "expect says",
        "expect problem",
        "expect change invoice/I1 date",
        "expect sales 2024-01",
        "expect payments March 4000=60.00",
    ],
)
def test_a_line_that_says_or_checks_nothing_is_not_understood(line: str, tmp_path: Path) -> None:
    with pytest.raises(NotUnderstoodError):
        run(tmp_path, *PAID, line, "expect open I1 40.00")


@pytest.mark.parametrize(
    "line",
    [
        "expect P1→I1 59.00",
        "expect P1→nothing",
        "expect P1→I1 60.0",
        "expect P9→I1 60.00",
        "expect open I1 40.01",
        "expect status I1 ✓",
        "expect state I1 void",
        "expect account A ✓",
        "expect balance A 41.00",
        "expect balance B 40.00",
        "expect debits A 0.00",
        "expect credits A 1.00",
        "expect covered A 1.00",
        "expect held I1 yes",
        "expect overdue P1 yes",
        "expect unreconciled A nothing",
        "expect unreconciled A I1 P1",
        "expect operation 1 load +2 -0",
        "expect operation 2 load +1 -0",
        "expect refused bad-input",
        "expect problems 1",
        "expect left-out I1",
        "expect loaded added=1",
        "expect freed P1→I1 60.00",
        "expect unmet P1 I1",
        "expect change invoice/I1 date 2024-01-01 2024-01-05",
        "expect changes 1",
        "expect made nothing",
        "expect proposed P1→I1 60.00",
        "expect says held",
    ],
)
def test_what_is_not_so_fails(line: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        run(tmp_path, *PAID, line)


def test_what_is_so_passes(tmp_path: Path) -> None:
    run(tmp_path, *PAID, "expect P1→I1 60.00, open I1 40.00, status I1 ◐, balance A 40.00, unreconciled A I1")


def test_a_payment_must_be_told_whole(tmp_path: Path) -> None:
    rows = ["invoice I1 2024-01-05 10.00", "invoice I2 2024-01-05 10.00", "payment P1 2024-01-06 20.00 to=I1;I2"]
    with pytest.raises(AssertionError, match=r"P1 pays I1 10\.00, invoice/I2:1 10\.00"):
        run(tmp_path, *(row.replace("to=I1;I2", 'to="I1;I2"') for row in rows), "load", "expect P1→I1 10.00")


def test_a_refused_step_must_be_expected(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="refused"):
        run(tmp_path, *PAID, "match P1=90.00 I1", "expect open I1 40.00")


def test_a_refusal_at_the_end_must_be_expected(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstoodError, match="end with"):
        run(tmp_path, *PAID, "match P1=90.00 I1")


def test_rows_that_are_never_loaded_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotUnderstoodError, match="never loaded"):
        run(tmp_path, *PAID, "invoice I2 2024-01-05 1.00", "expect open I1 40.00")


def test_a_line_before_any_title_is_told() -> None:
    with pytest.raises(NotUnderstoodError, match="before any title"):
        list(scenarios_in(["    load"]))
