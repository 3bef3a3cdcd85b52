"""Kinds, sides and states as the design's table words them (section 2; R1, R3, R15)."""

import pytest

from reconcile_cli.domain.kinds import KIND_BY_CODE, PLANNABLE, Kind, Side, State

DEBIT, CREDIT = Side.DEBIT, Side.CREDIT
SALES, CASH = True, False

KINDS = [
    # code, side of a positive amount (R1), column (R3)
    ("invoice", DEBIT, SALES),
    ("payment", CREDIT, CASH),
    ("deposit", CREDIT, CASH),
    ("credit_note", CREDIT, SALES),
    ("cancellation", CREDIT, SALES),
    ("refund", DEBIT, CASH),
    ("adjustment", DEBIT, SALES),
]


@pytest.mark.parametrize(("code", "side", "in_sales"), KINDS)
def test_each_kind_has_its_side_and_its_column(code: str, side: Side, *, in_sales: bool) -> None:
    kind = KIND_BY_CODE[code]
    assert kind.code == code
    assert kind.side is side
    assert kind.in_sales is in_sales


def test_the_table_names_every_kind_in_the_order_that_breaks_ties() -> None:
    """R16 ends with the kind: the order, and the numbers that the books keep, never change."""
    assert [kind.code for kind in sorted(Kind)] == [code for code, _, _ in KINDS]
    assert [int(kind) for kind in sorted(Kind)] == list(range(len(KINDS)))
    assert set(KIND_BY_CODE.values()) == set(Kind)


def test_a_word_that_is_no_kind_is_not_found() -> None:
    """A bare receipt is the sale to some and the payment to others (section 4)."""
    assert "receipt" not in KIND_BY_CODE


def test_a_debit_adds_to_what_is_owed_and_a_credit_takes_from_it() -> None:
    balance_minor = Side.DEBIT * 125_00 + Side.CREDIT * 100_00
    assert balance_minor == 25_00


@pytest.mark.parametrize(
    ("state", "code", "number", "counts"),
    [
        (State.POSTED, "posted", 0, True),
        (State.PLANNED, "planned", 1, True),
        (State.DECLINED, "declined", 2, False),
        (State.VOID, "void", 3, False),
    ],
)
def test_declined_and_void_transactions_do_not_count(state: State, code: str, number: int, *, counts: bool) -> None:
    """R15."""
    assert state.code == code
    assert int(state) == number
    assert state.counts is counts


def test_every_state_is_in_the_table_above() -> None:
    assert len(State) == 4


def test_only_payments_and_deposits_can_be_planned() -> None:
    """Section 2, planned payment."""
    assert {Kind.PAYMENT, Kind.DEPOSIT} == PLANNABLE
