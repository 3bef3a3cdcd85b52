"""The state of reconciliation against a look at every item, and against what `accounts` and `unreconciled` say."""

from collections import Counter, defaultdict
from contextlib import suppress
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.progress import Obstacle, Progress
from reconcile_cli.domain.status import Status, item_status
from reconcile_cli.errors import ReconcileError
from reconcile_cli.store import known_at
from reconcile_cli.store.accounts import Choice, account_totals, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.report_progress import overview, progress
from reconcile_cli.store.unreconciled import Wanted, unreconciled
from tests.properties.test_known_at import LOADS, STEPS, Step, _folder
from tests.properties.test_report_aging import Row, Slow

TODAY: Final = 20240210
Figures = dict[tuple[str, object], list[int]]


@settings(deadline=None, max_examples=60)
@given(first=LOADS, more=st.lists(STEPS, max_size=7))
def test_the_state_of_any_books(first: Step, more: list[Step]) -> None:
    with _folder() as path:
        with Books.open(path, change=True) as books:
            for step in [first, *more]:
                with suppress(ReconcileError):
                    step(books)
            last = known_at.last_operation(books.connection)
            found = progress(books, today=TODAY)
            slow = Slow(books)
            by_status, by_month = figures(slow)
            assert {(line.currency, line.status): list(line[3:]) for line in found.statuses if line.items} == by_status
            assert {(line.currency, line.month): list(line[2:]) for line in found.months} == by_month
            assert {(line.currency, line.obstacle): list(line[2:]) for line in found.obstacles} == obstacles(slow)
            agrees(books, found)
        with Books.open(path) as books:
            known_at.know_at(books.connection, last)
            assert progress(books, today=TODAY) == found


def agrees(books: Books, found: Progress) -> None:
    """The lists say the same."""
    lines = [line for line in accounts(books, Choice(), today=TODAY) if line.status]
    counts = Counter((line.currency, line.status) for line in lines)
    assert {(line.currency, line.status): line.accounts for line in found.statuses if line.accounts} == counts
    rows = list(unreconciled(books, (), Wanted(), today=TODAY))
    items = sum(line.items for line in found.statuses if line.status in (Status.PARTIAL, Status.UNRECONCILED))
    overdue = sum(line.number for line in found.obstacles if line.obstacle is Obstacle.OVERDUE)
    assert items + overdue == len(rows)
    for total in account_totals(books, Choice(), today=TODAY):
        own = [line for line in found.statuses if line.currency == total.currency]
        apart = [line for line in found.obstacles if line.currency == total.currency][:3]
        apart = [line for line in apart if line.obstacle in list(Obstacle)[:3]]
        opened = (total.open_debit_minor, total.open_credit_minor)
        assert (sum(line.open_debit_minor for line in own), sum(line.open_credit_minor for line in own)) == opened
        assert (sum(line.debit_minor for line in apart), sum(line.credit_minor for line in apart)) == opened
        assert sum(line.debit_minor - line.credit_minor for line in own) == total.balance_minor
    short = overview(books, today=TODAY)
    assert dict(short.statuses) == Counter(line.status for line in lines)
    assert short.paid_later == sum(line.number for line in found.obstacles if line.obstacle is Obstacle.PAID_LATER)


def figures(slow: Slow) -> tuple[Figures, Figures]:
    """Posted items by status (items, debits, credits, open debits, open credits) and month (with covered)."""
    allocated: Counter[int] = Counter()
    planned: Counter[int] = Counter()
    for link in slow.links:
        for own, other in ((link["debit_id"], link["credit_id"]), (link["credit_id"], link["debit_id"])):
            allocated[own] += link["amount_minor"]
            planned[own] += link["amount_minor"] * (slow.items[other]["state"] == 1)
    by_status: Figures = defaultdict(lambda: [0] * 5)
    by_month: Figures = defaultdict(lambda: [0] * 6)
    for key, item in slow.items.items():
        if item["state"] != 0:
            continue
        left = item["amount_minor"] - allocated[key]
        status = item_status(
            amount_minor=item["amount_minor"],
            open_minor=left,
            planned_minor=planned[key],
            state=State.POSTED,
            allocated_minor=allocated[key],
        )
        currency = slow.pockets[item["pocket_id"]][1]
        debit, credit = item["side"] == 1, item["side"] == -1
        amount = item["amount_minor"]
        added = [1, amount * debit, amount * credit, left * debit, left * credit]
        by_month_added = [*added[:3], planned[key], *added[3:]]
        for sums, line in (
            (by_status[currency, status], added),
            (by_month[currency, item["date"] // 100], by_month_added),
        ):
            for place, figure in enumerate(line):
                sums[place] += figure
    return dict(by_status), dict(by_month)


def obstacles(slow: Slow) -> Figures:
    """What stands in the way, from open items alone."""
    found: Figures = defaultdict(lambda: [0] * 3)
    by_pocket: dict[int, list[int]] = defaultdict(lambda: [0] * 2)
    codes: set[tuple[int, str]] = set()
    for item in slow.items.values():
        side = int(item["side"] == -1)
        key = slow.pockets[item["pocket_id"]][1]
        if item["state"] == 0 and item["open_minor"]:
            by_pocket[item["pocket_id"]][side] += item["open_minor"]
            if item["held"]:
                add(found[key, Obstacle.HELD], 1, side, item["open_minor"])
            if item["match_code"]:
                new = (item["pocket_id"], item["match_code"]) not in codes
                codes.add((item["pocket_id"], item["match_code"]))
                add(found[key, Obstacle.MATCH_CODE], int(new), side, item["open_minor"])
        if item["state"] == 1 and item["amount_minor"] and is_late(slow.txns[item["txn_id"]]):
            add(found[key, Obstacle.OVERDUE], 1, 1, item["amount_minor"])
    for pocket, (debit, credit) in by_pocket.items():
        kind = Obstacle.PAID_LATER if debit and credit else Obstacle.NOT_PAID if debit else Obstacle.UNAPPLIED
        add(found[slow.pockets[pocket][1], kind], 1, 0, debit)
        add(found[slow.pockets[pocket][1], kind], 0, 1, credit)
    return dict(found)


def add(sums: list[int], count: int, side: int, amount_minor: int) -> None:
    sums[0] += count
    sums[1 + side] += amount_minor


def is_late(txn: Row) -> bool:
    return bool((txn["due_date"] or txn["date"]) < TODAY)
