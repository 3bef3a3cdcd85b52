"""Stage `amount`: equal amounts, the nearest in time, the oldest on ties."""

import pytest

from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.stages import amount as module
from reconcile_cli.domain.stages.items import Settings
from tests.unit.stages.telling import CAREFUL, items, made

YEAR = "\n".join(
    f"invoice FEE-{month:02} 2026-{month:02}-01 50.00\npayment P-{month:02} 2026-{month:02}-20 50.00"
    for month in range(1, 13)
)


def test_equal_amounts_go_together_whatever_is_older() -> None:
    told = items("""
        invoice INV-1 2026-01-05 80.00
        invoice INV-2 2026-01-20 50.00
        payment P-1   2026-02-01 50.00
        payment P-2   2026-02-03 79.00
    """)
    assert made(told, Stage.AMOUNT) == made(told, Stage.AMOUNT, CAREFUL) == ["P-1→INV-2 50.00"]


def test_of_several_the_nearest() -> None:
    told = items("""
        invoice INV-1 2026-01-01 50.00
        invoice INV-2 2026-01-10 50.00
        payment P-1   2026-01-12 50.00
    """)
    assert made(told, Stage.AMOUNT) == made(told, Stage.AMOUNT, CAREFUL) == ["P-1→INV-2 50.00"]


def test_of_two_as_near_the_oldest_and_when_careful_none() -> None:
    told = items("""
        invoice INV-1 2026-01-01 50.00
        invoice INV-2 2026-01-11 50.00
        payment P-1   2026-01-06 50.00
    """)
    assert made(told, Stage.AMOUNT) == ["P-1→INV-1 50.00"]
    assert made(told, Stage.AMOUNT, CAREFUL) == ["? P-1: INV-1 INV-2"]


def test_of_two_of_one_day_the_first_and_when_careful_none() -> None:
    told = items("""
        invoice INV-10 2026-01-05 50.00
        invoice INV-9  2026-01-05 50.00
        payment P-1    2026-01-06 50.00
    """)
    assert made(told, Stage.AMOUNT) == ["P-1→INV-9 50.00"]
    assert made(told, Stage.AMOUNT, CAREFUL) == ["? P-1: INV-9 INV-10"]


def test_a_year_of_equal_fees_pairs_off_in_sequence() -> None:
    """The nearest fee of a payment of the 20th would be that of the next month."""
    expected = [f"P-{month:02}→FEE-{month:02} 50.00" for month in range(1, 13)]
    assert made(items(YEAR), Stage.AMOUNT, CAREFUL) == expected


def test_bills_come_first() -> None:
    """12 days before the next fee is not nearer than 19 days after the last; two answers, says the careful."""
    told = items("""
        invoice FEE-1 2026-01-01 50.00
        payment P-1   2026-01-20 50.00
        invoice FEE-2 2026-02-01 50.00
    """)
    assert made(told, Stage.AMOUNT) == ["P-1→FEE-1 50.00"]
    assert made(told, Stage.AMOUNT, CAREFUL) == ["? P-1: FEE-1 FEE-2"]


def test_no_further_apart_than_days_allow() -> None:
    told = items("""
        invoice INV-1 2026-01-01 50.00
        payment P-1   2026-02-01 50.00
        invoice INV-2 2026-03-01 70.00
        payment P-2   2026-03-31 70.00
    """)
    assert made(told, Stage.AMOUNT, Settings(days=30)) == ["P-2→INV-2 70.00"]
    assert made(told, Stage.AMOUNT, Settings(days=0)) == []


def test_days_leave_out_what_spoils_a_sequence() -> None:
    told = items("""
        invoice INV-1 2025-01-01 50.00
        invoice INV-2 2026-01-01 50.00
        payment P-1   2026-01-10 50.00
        payment P-2   2026-09-01 50.00
    """)
    assert made(told, Stage.AMOUNT, Settings(days=60)) == ["P-1→INV-2 50.00"]


def test_a_document_is_paid_whole_its_lines_in_turn() -> None:
    told = items("""
        invoice INV-1 2026-01-01 30.00 line=1
        invoice INV-1 2026-01-01 20.00 line=2
        payment P-1   2026-01-10 50.00
        invoice INV-2 2026-01-02 70.00 line=1
        invoice INV-2 2026-01-02 25.00 line=2
        payment P-2   2026-01-10 25.00
    """)
    assert made(told, Stage.AMOUNT) == ["P-1→INV-1 30.00", "P-1→INV-1:2 20.00", "P-2→INV-2:2 25.00"]


def test_it_says_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAIRS_COMPARED", 1)
    told = items("""
        invoice INV-1 2026-01-01 50.00
        invoice INV-2 2026-01-10 50.00
        payment P-1   2026-01-12 50.00
    """)
    assert made(told, Stage.AMOUNT, CAREFUL) == ["? P-1: bound"]
    assert made(told, Stage.AMOUNT) == ["P-1→INV-1 50.00", "? P-1: bound"]


def test_two_bills_then_two_payments_are_two_answers() -> None:
    """In sequence, or the nearest first: the days between add up to the same."""
    told = items("""
        invoice INV-1 2026-01-01 50.00
        invoice INV-2 2026-01-20 50.00
        payment P-1   2026-01-22 50.00
        payment P-2   2026-03-05 50.00
    """)
    assert made(told, Stage.AMOUNT) == ["P-1→INV-1 50.00", "P-2→INV-2 50.00"]
    assert made(told, Stage.AMOUNT, CAREFUL) == ["? INV-1: P-1 P-2", "? INV-2: P-1 P-2"]


def test_a_regular_delay_is_one_answer() -> None:
    """Paid 35 days later each: the nearest fee is always the next one."""
    told = items("""
        invoice FEE-1 2026-01-01 50.00
        invoice FEE-2 2026-02-01 50.00
        payment P-1   2026-02-05 50.00
        payment P-2   2026-03-08 50.00
    """)
    assert made(told, Stage.AMOUNT, CAREFUL) == ["P-1→FEE-1 50.00", "P-2→FEE-2 50.00"]


def test_a_doubt_about_a_document_of_several_lines_is_told() -> None:
    told = items("""
        invoice INV-1 2026-01-10 60.00
        invoice INV-1 2026-01-10 40.00 line=2
        payment P-1   2026-01-12 100.00
        payment P-2   2026-01-12 100.00
    """)
    assert made(told, Stage.AMOUNT, CAREFUL) == ["? INV-1: P-1 P-2"]
