"""Stage `balance`: everything open up to a day nets to zero."""

from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.stages.balance import balance
from reconcile_cli.domain.stages.items import Settings
from tests.unit.stages.telling import items, made


def test_everything_up_to_a_day_goes_together() -> None:
    told = items("""
        invoice     INV-1 2026-01-05 100.00
        invoice     INV-2 2026-01-20  60.00
        credit_note CN-1  2026-01-25  15.00
        payment     P-1   2026-02-10  90.00
        payment     P-2   2026-03-31  55.00
        invoice     INV-3 2026-04-02  20.00
    """)
    assert made(told, Stage.BALANCE) == [
        "CN-1→INV-1 15.00",
        "P-1→INV-1 85.00",
        "P-1→INV-2 5.00",
        "P-2→INV-2 55.00",
    ]
    (proposal,) = balance(told, Settings()).proposals
    assert proposal.reason == {"until": 20260331, "items": 5}


def test_then_what_follows_up_to_the_next() -> None:
    told = items("""
        invoice INV-1 2026-01-05 100.00
        payment P-1   2026-02-10 100.00
        invoice INV-2 2026-03-01  40.00
        payment P-2   2026-03-31  40.00
    """)
    assert [proposal.reason["until"] for proposal in balance(told, Settings()).proposals] == [20260210, 20260331]


def test_a_day_counts_whole() -> None:
    """In the middle of 10 February it is zero, at its end it is not."""
    told = items("""
        invoice INV-1 2026-01-05 100.00
        payment P-1   2026-02-10 100.00
        payment P-2   2026-02-10  10.00
    """)
    assert made(told, Stage.BALANCE) == []
