"""A stage takes less than a second for an account with 2,000 open items, whatever they are."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from time import process_time
from typing import Final

import pytest

from reconcile_cli.domain.dates import from_date
from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.matching import Stage, Why, matching_key
from reconcile_cli.domain.stages.items import OpenItem, Settings
from reconcile_cli.domain.stages.run import SEARCHES, smart, staged

MANY: Final = 2_000
AMOUNTS: Final[dict[str, Callable[[random.Random], int]]] = {
    "cents": lambda chance: chance.randrange(100, 200_000),
    "one amount": lambda _chance: 5_000,
    "two amounts": lambda chance: chance.choice([5_000, 10_000]),
    "ten amounts": lambda chance: chance.choice([5_000, 7_500, 3_000, 12_000, 4_500, 9_900, 6_100, 1_000, 8_000]),
    "round amounts": lambda chance: 500 * chance.randrange(1, 100),
    "tiny and large": lambda chance: chance.choice([1, 2, 3, 50_000]),
}


def account(amount: Callable[[random.Random], int]) -> list[OpenItem]:
    """Two invoices to a payment, on a hundred days; each payment names ten invoices."""
    chance = random.Random(8)  # noqa: S311 - repeatable
    found = []
    for number in range(MANY):
        kind = Kind.PAYMENT if number % 3 == 0 else Kind.INVOICE
        day = from_date(date(2024, 1, 1) + timedelta(chance.randrange(100)))
        document = f"INV-{number}"
        named = " ".join(f"INV-{chance.randrange(MANY)}" for _ in range(10))
        place = (0, *matching_key(day, document, kind, 1))
        found.append(OpenItem(number, kind.side, kind, document, 1, day, amount(chance), place, "", named))
    return sorted(found, key=lambda item: item.place)


@pytest.mark.parametrize("careful", [True, False], ids=["careful", "decided"])
def test_one_order_for_all(careful: bool) -> None:  # noqa: FBT001 - a parameter of a test
    items = [item._replace(order="TEAM-2024") for _ in range(5) for item in account(AMOUNTS["cents"])]
    items = [
        item._replace(id=number, document=str(number), place=(*item.place[:3], str(number), *item.place[4:]))
        for number, item in enumerate(items)
    ]
    before = process_time()
    SEARCHES[Stage.REFERENCE](items, Settings(careful=careful))
    assert process_time() - before < 1


def test_where_equal_amounts_are_too_many_a_balance_of_zero_decides_nothing() -> None:
    def paid(number: int, kind: Kind, day: int) -> OpenItem:
        place = (0, *matching_key(day, str(number), kind, 1))
        return OpenItem(number, kind.side, kind, str(number), 1, day, 5_000, place)

    chance = random.Random(8)  # noqa: S311 - repeatable
    days = [from_date(date(2024, 1, 1) + timedelta(chance.randrange(600))) for _ in range(MANY)]
    items = [paid(number, (Kind.INVOICE, Kind.PAYMENT)[number % 2], day) for number, day in enumerate(days)]
    found = staged(items, smart(Settings(), then_date=False))
    assert not found.proposals
    assert [doubt.why for doubt in found.doubts] == [Why.BOUND]


@pytest.mark.parametrize("careful", [True, False], ids=["careful", "decided"])
@pytest.mark.parametrize("amounts", list(AMOUNTS))
def test_less_than_a_second(careful: bool, amounts: str) -> None:  # noqa: FBT001 - a parameter of a test
    items = account(AMOUNTS[amounts])
    for stage, search in SEARCHES.items():
        before = process_time()
        search(items, Settings(careful=careful))
        assert process_time() - before < 1, stage
