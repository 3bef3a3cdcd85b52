"""The status table of the design, row by row (section 3, Status; R7, R8, R9, R15)."""

from itertools import permutations

import pytest

from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.status import Status, item_status, whole_status

ERROR = Status.ERROR
RECONCILED = Status.RECONCILED
COVERED = Status.COVERED
UNRECONCILED = Status.UNRECONCILED
PARTIAL = Status.PARTIAL
POSTED, PLANNED, DECLINED, VOID = State.POSTED, State.PLANNED, State.DECLINED, State.VOID

ITEMS = [
    # what it shows, amount, open, allocated, of which to planned, state, status
    ("allocated beyond its amount", 100, 0, 101, 0, POSTED, ERROR),
    ("allocated beyond its amount, open kept as negative", 100, -1, 101, 0, POSTED, ERROR),
    ("open kept too small: no green check without proof", 100, 0, 99, 0, POSTED, ERROR),
    ("open kept too small, nothing allocated", 100, 0, 0, 0, POSTED, ERROR),
    ("open kept too large", 100, 1, 100, 0, POSTED, ERROR),
    ("open kept too large, nothing allocated", 100, 101, 0, 0, POSTED, ERROR),
    ("an error goes before covered", 100, 0, 99, 99, PLANNED, ERROR),
    ("an item of 0 with an allocation", 0, 0, 1, 0, POSTED, ERROR),
    ("an item of 0 that is open", 0, 1, 0, 0, POSTED, ERROR),
    ("wholly allocated, all posted", 100, 0, 100, 0, POSTED, RECONCILED),
    ("one cent, wholly allocated", 1, 0, 1, 0, POSTED, RECONCILED),
    ("a free item", 0, 0, 0, 0, POSTED, RECONCILED),
    ("wholly allocated to a planned payment", 100, 0, 100, 100, POSTED, COVERED),
    ("one cent of it to a planned payment", 100, 0, 100, 1, POSTED, COVERED),
    ("a planned payment, wholly allocated", 100, 0, 100, 0, PLANNED, COVERED),
    ("nothing allocated", 100, 100, 0, 0, POSTED, UNRECONCILED),
    ("a planned payment, nothing allocated", 100, 100, 0, 0, PLANNED, UNRECONCILED),
    ("one cent allocated", 100, 99, 1, 0, POSTED, PARTIAL),
    ("one cent open", 100, 1, 99, 0, POSTED, PARTIAL),
    ("R9: planned payments that do not cover it leave it partial", 100, 40, 60, 60, POSTED, PARTIAL),
    ("a planned payment, allocated in part", 100, 40, 60, 0, PLANNED, PARTIAL),
    ("R15: declined", 100, 100, 0, 0, DECLINED, None),
    ("R15: void", 100, 100, 0, 0, VOID, None),
    ("R15: void and free", 0, 0, 0, 0, VOID, None),
    ("R15: a void item is never allocated", 100, 0, 100, 0, VOID, ERROR),
    ("R15: a declined item is never allocated", 100, 60, 40, 0, DECLINED, ERROR),
]


@pytest.mark.parametrize(
    ("amount_minor", "open_minor", "allocated_minor", "planned_minor", "state", "expected"),
    [row[1:] for row in ITEMS],
    ids=[row[0] for row in ITEMS],
)
def test_status_of_an_item(  # noqa: PLR0913 - one parameter for each column of the table
    *,
    amount_minor: int,
    open_minor: int,
    allocated_minor: int,
    planned_minor: int,
    state: State,
    expected: Status | None,
) -> None:
    status = item_status(
        amount_minor=amount_minor,
        open_minor=open_minor,
        planned_minor=planned_minor,
        state=state,
        allocated_minor=allocated_minor,
    )
    assert status is expected


WHOLES: list[tuple[str, list[tuple[Status | None, int]], Status | None]] = [
    ("any item in error", [(ERROR, 100), (RECONCILED, 100)], ERROR),
    ("an error goes before everything", [(ERROR, 1), (COVERED, 1), (UNRECONCILED, 1), (PARTIAL, 1), (None, 1)], ERROR),
    ("an error of 0 is an error", [(ERROR, 0), (RECONCILED, 100)], ERROR),
    ("every item reconciled", [(RECONCILED, 100), (RECONCILED, 50)], RECONCILED),
    ("only free items", [(RECONCILED, 0), (RECONCILED, 0)], RECONCILED),
    ("every item covered", [(COVERED, 100), (COVERED, 50)], COVERED),
    ("one covered, the others reconciled", [(RECONCILED, 100), (COVERED, 50)], COVERED),
    ("covered beside a free item", [(RECONCILED, 0), (COVERED, 50)], COVERED),
    ("no item has an allocation", [(UNRECONCILED, 100), (UNRECONCILED, 50)], UNRECONCILED),
    ("R8: a free item does not make it partial", [(UNRECONCILED, 100), (RECONCILED, 0)], UNRECONCILED),
    ("one item paid, one not", [(RECONCILED, 100), (UNRECONCILED, 50)], PARTIAL),
    ("one item covered, one not", [(COVERED, 100), (UNRECONCILED, 50)], PARTIAL),
    ("one item in part", [(PARTIAL, 100)], PARTIAL),
    ("one item in part beside a free one", [(PARTIAL, 100), (RECONCILED, 0)], PARTIAL),
    ("in part beside reconciled", [(PARTIAL, 100), (RECONCILED, 100)], PARTIAL),
    ("in part beside unreconciled", [(PARTIAL, 100), (UNRECONCILED, 100)], PARTIAL),
    ("R15: void items do not count", [(None, 100), (RECONCILED, 50)], RECONCILED),
    ("R15: void beside open", [(None, 100), (UNRECONCILED, 50)], UNRECONCILED),
    ("R15: nothing but void and declined", [(None, 100), (None, 50)], None),
    ("an account without transactions", [], None),
]


@pytest.mark.parametrize(("items", "expected"), [row[1:] for row in WHOLES], ids=[row[0] for row in WHOLES])
def test_status_of_a_transaction_or_an_account(items: list[tuple[Status | None, int]], expected: Status | None) -> None:
    """The order of the items plays no part."""
    for order in permutations(items):
        assert whole_status(order) is expected


def test_the_items_of_an_account_are_read_once() -> None:
    assert whole_status((status, 1) for status in (RECONCILED, PARTIAL)) is PARTIAL


def test_statuses_are_words_in_the_order_in_which_they_are_tested() -> None:
    assert [str(status) for status in Status] == ["error", "reconciled", "covered", "unreconciled", "partial"]
