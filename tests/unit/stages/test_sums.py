"""Stage `sum`: one item equals an exact sum of several of the other side."""

import pytest

from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.stages import sums as module
from reconcile_cli.domain.stages.items import Settings
from reconcile_cli.domain.stages.sums import sums
from tests.unit.stages.telling import CAREFUL, items, made


def test_a_payment_of_three_invoices() -> None:
    told = items("""
        invoice INV-14 2026-01-01 50.00
        invoice INV-15 2026-01-02 80.00
        invoice INV-16 2026-01-03 60.00
        invoice INV-17 2026-01-04 110.00
        payment P-1    2026-01-31 240.00
    """)
    links = ["P-1→INV-14 50.00", "P-1→INV-15 80.00", "P-1→INV-17 110.00"]
    assert made(told, Stage.SUM) == made(told, Stage.SUM, CAREFUL) == links
    (proposal,) = sums(told, Settings()).proposals
    parts = ["invoice/INV-14", "invoice/INV-15", "invoice/INV-17"]
    assert (proposal.reason, proposal.choices) == ({"parts": parts, "count": 3, "sum": 24000}, 1)


def test_instalments_of_an_invoice() -> None:
    told = items("""
        invoice INV-1 2026-01-01 100.00
        payment P-1   2026-01-31  33.34
        payment P-2   2026-02-28  33.33
        payment P-3   2026-03-31  33.33
    """)
    assert made(told, Stage.SUM, CAREFUL) == ["P-1→INV-1 33.34", "P-2→INV-1 33.33", "P-3→INV-1 33.33"]


def test_a_run_without_a_gap_comes_first() -> None:
    """INV-1 + INV-4 would be fewer items."""
    told = items("""
        invoice INV-1 2026-01-01 70.11
        invoice INV-2 2026-01-02 40.22
        invoice INV-3 2026-01-03 50.33
        invoice INV-4 2026-01-04 90.55
        payment P-1   2026-01-31 160.66
    """)
    links = ["P-1→INV-1 70.11", "P-1→INV-2 40.22", "P-1→INV-3 50.33"]
    assert made(told, Stage.SUM) == made(told, Stage.SUM, CAREFUL) == links


def test_two_sums_as_good_are_left_open_when_careful() -> None:
    told = items("""
        invoice INV-1 2026-01-05 30.00
        invoice INV-2 2026-01-05 20.00
        invoice INV-3 2026-01-05 30.00
        payment P-1   2026-01-31 50.00
    """)
    assert made(told, Stage.SUM) == ["P-1→INV-1 30.00", "P-1→INV-2 20.00"]
    assert made(told, Stage.SUM, CAREFUL) == ["? P-1: INV-1 INV-2 INV-3"]


def test_two_payments_for_one_sum_are_left_open_when_careful() -> None:
    told = items("""
        invoice INV-1 2026-01-05 30.00
        invoice INV-2 2026-01-06 25.00
        payment P-1   2026-01-31 55.00
        payment P-2   2026-01-31 55.00
    """)
    assert made(told, Stage.SUM) == ["P-1→INV-1 30.00", "P-1→INV-2 25.00"]
    assert made(told, Stage.SUM, CAREFUL) == ["? P-1: INV-1 INV-2"]


def test_a_sum_that_fits_by_chance_is_no_proof() -> None:
    """Round amounts: among a dozen invoices some five always make 250.00."""
    bills = "\n".join(f"invoice INV-{place} 2026-01-{place + 1:02} {10 * place}.00" for place in range(1, 13))
    told = items(f"{bills}\npayment P-1 2026-01-31 250.00")
    assert made(told, Stage.SUM, CAREFUL) == ["? P-1: INV-3 INV-4 INV-5 INV-6 INV-7"]
    assert [link.partition(" ")[0] for link in made(told, Stage.SUM)] == [f"P-1→INV-{place}" for place in range(3, 8)]


def test_whole_documents_before_lines() -> None:
    told = items("""
        invoice INV-1 2026-01-01 30.10 line=1
        invoice INV-1 2026-01-01 20.20 line=2
        invoice INV-2 2026-01-02 44.40
        invoice INV-3 2026-01-03 64.60
        payment P-1   2026-01-31 94.70
    """)
    assert made(told, Stage.SUM) == ["P-1→INV-1 30.10", "P-1→INV-1:2 20.20", "P-1→INV-2 44.40"]


def test_it_says_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEPS", 0)
    told = items("""
        invoice INV-1 2026-01-01 30.00
        invoice INV-2 2026-01-02 77.00
        invoice INV-3 2026-01-03 20.00
        payment P-1   2026-01-31 50.00
    """)
    (doubt,) = made(told, Stage.SUM)
    assert doubt.endswith("bound")
