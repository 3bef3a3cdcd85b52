"""Aging and unapplied money on any day against a slow computation that follows the words of the design."""

from collections import Counter, defaultdict
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.aging import AgedItem, AgedLine, Ages, UnappliedLine
from reconcile_cli.errors import ReconcileError
from reconcile_cli.store import known_at
from reconcile_cli.store.accounts import Choice, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.report_aging import aging, aging_items, unapplied
from reconcile_cli.workflows.lock import lock
from tests.properties.test_known_at import LOADS, STEPS, Step, _folder
from tests.store.small_books import STAMP

DAYS: Final = st.sampled_from([20240128, 20240129, 20240131, 20240202, 20240203, 20240210, 20240301, 20240401])
ANY_STEPS: Final = STEPS | st.sampled_from([20240129, 20240131, 20240203]).map(
    lambda day: lambda books: lock(books, day, STAMP)
)
Row = dict[str, Any]


class Part(NamedTuple):
    """An open or covered part of an item, worked out slowly."""

    account: str
    currency: str
    debit: bool
    due: date
    covered: bool
    amount_minor: int


def day_of(number: int) -> date:
    return date(number // 10000, number // 100 % 100, number % 100)


def rows(books: Books, sql: str) -> list[Row]:
    cursor = books.connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Slow:
    """Everything that the books hold, looked at row by row."""

    def __init__(self, books: Books) -> None:
        self.txns = {row["id"]: row for row in rows(books, "SELECT * FROM txn WHERE removed_by IS NULL")}
        self.items = {row["id"]: row for row in rows(books, "SELECT * FROM item WHERE removed_by IS NULL")}
        self.links = rows(books, "SELECT * FROM allocation WHERE removed_by IS NULL")
        self.gone = rows(books, "SELECT * FROM main.allocation WHERE removed_by IS NOT NULL")
        self.all_items = {row["id"]: row for row in rows(books, "SELECT * FROM main.item")}
        self.operations = {row["id"]: row for row in rows(books, "SELECT * FROM operation")}
        self.remembered = rows(books, "SELECT * FROM txn_was ORDER BY changed_by")
        self.pockets = {
            row["id"]: (row["code"], row["currency"])
            for row in rows(books, "SELECT p.id, a.code, p.currency FROM pocket p JOIN account a ON a.id = account_id")
        }

    def is_money(self, item: Row, day: date) -> bool:
        return bool(item["state"] == 0 and day_of(item["date"]) <= day)

    def made_in_time(self, operation: int, day: date) -> bool:
        """Not before the day after the lock in force when it was made."""
        locked = self.operations[operation]["locked_until"]
        return locked is None or day_of(locked) + timedelta(1) <= day

    def planned_on(self, txn: Row, day: date) -> tuple[date, set[int]] | None:
        """When a payment that was planned on the day was to be taken, and which transactions it was then."""
        if txn["state"] == 1:
            plans = [(txn["date"], txn["due_date"], txn["id"])]
        elif txn["state"] == 0 and day_of(txn["date"]) > day and txn["kind"] in (1, 2):
            said = [
                was
                for was in self.remembered
                if was["txn_id"] == txn["id"]
                and was["state"] == 1
                and was["replaced_by"] is None
                and self.operations[was["changed_by"]]["undoes"] is None
            ]
            plans = [(was["date"], was["due_date"], txn["id"]) for was in said[-1:]]
            plans += [
                (other["date"], other["due_date"], other["id"])
                for other in self.txns.values()
                if other["replaced_by"] == txn["id"]
            ]
            if not plans and txn["due_date"] and txn["order_code"]:
                agreed = [
                    other["date"]
                    for other in self.txns.values()
                    if (other["pocket_id"], other["order_code"]) == (txn["pocket_id"], txn["order_code"])
                    and (other["kind"], other["state"]) == (0, 0)
                ]
                plans = [(min(agreed), txn["due_date"], txn["id"])] if agreed else []
        else:
            plans = []
        known = [(day_of(due or agreed), name) for agreed, due, name in plans if day_of(agreed) <= day]
        if not known:
            return None
        first = min(due for due, _name in known)
        return first, {name for due, name in known if due == first}

    def first_made(self, link: Row, planned: int) -> int:
        """The operation that put it there: of a receipt, the one that put the planned payment there."""
        if self.all_items[link["credit_id"]]["txn_id"] == planned:
            return int(link["made_by"])
        before = [
            gone["made_by"]
            for gone in self.gone
            if (gone["debit_id"], gone["removed_by"]) == (link["debit_id"], link["made_by"])
            and self.all_items[gone["credit_id"]]["txn_id"] == planned
        ]
        return int(min(before, default=link["made_by"]))

    def parts(self, day: date) -> list[Part]:
        """All that is open or covered on a day."""
        left = {key: item["amount_minor"] for key, item in self.items.items() if self.is_money(item, day)}
        found: list[Part] = []
        for link in self.links:
            debit, credit = self.items[link["debit_id"]], self.items[link["credit_id"]]
            if not self.is_money(debit, day):
                continue
            if self.is_money(credit, day):
                if self.made_in_time(link["made_by"], day):
                    left[debit["id"]] -= link["amount_minor"]
                    left[credit["id"]] -= link["amount_minor"]
                continue
            plan = self.planned_on(self.txns[credit["txn_id"]], day)
            if plan and any(self.made_in_time(self.first_made(link, name), day) for name in plan[1]):
                left[debit["id"]] -= link["amount_minor"]
                found.append(self.part(debit, plan[0], link["amount_minor"], covered=True))
        for key, amount in left.items():
            item = self.items[key]
            txn = self.txns[item["txn_id"]]
            due = (txn["due_date"] if item["side"] == 1 else None) or txn["date"]
            if amount:
                found.append(self.part(item, day_of(due), amount, covered=False))
        return found

    def part(self, item: Row, due: date, amount_minor: int, *, covered: bool) -> Part:
        return Part(*self.pockets[item["pocket_id"]], item["side"] == 1, due, covered, amount_minor)

    def balances(self, day: date) -> Counter[tuple[str, str]]:
        sums: Counter[tuple[str, str]] = Counter()
        for item in self.items.values():
            if self.is_money(item, day):
                sums[self.pockets[item["pocket_id"]]] += item["side"] * item["amount_minor"]
        return sums


def end_view(books: Books) -> None:
    """End the view of the file that a report keeps, so that the same books can be changed."""
    if books.connection.in_transaction:
        books.connection.execute("ROLLBACK")


def bucket_of(days: int, ends: list[int]) -> int:
    return sum(days > end for end in ends)


def expected(slow: Slow, ages: Ages) -> tuple[list[AgedLine], list[UnappliedLine]]:
    """The lines of both reports, names left out."""
    day = day_of(ages.as_of)
    owed: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(ages.days) + 2))
    covered: Counter[tuple[str, str]] = Counter()
    unused: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(ages.days) + 1))
    counts: Counter[tuple[str, str]] = Counter()
    for part in slow.parts(day):
        key = (part.account, part.currency)
        late = (day - part.due).days
        if part.debit:
            owed[key][bucket_of(late, [0, *ages.days])] += part.amount_minor
            covered[key] += part.amount_minor * part.covered
        else:
            unused[key][bucket_of(late, list(ages.days))] += part.amount_minor
            counts[key] += 1
    keys = sorted({*owed, *unused})
    return (
        [AgedLine(a, "", c, tuple(owed[a, c]), covered[a, c], sum(unused[a, c])) for a, c in keys],
        [UnappliedLine(a, "", c, tuple(unused[a, c]), counts[a, c]) for a, c in keys if counts[a, c]],
    )


def summed(items: list[AgedItem], buckets: int) -> list[AgedLine]:
    """What --detail adds up to."""
    sums: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0] * (buckets + 2))
    for item in items:
        line = sums[item.account, item.name, item.currency]
        if item.side == 1:
            line[item.bucket] += item.amount_minor
            line[-2] += item.amount_minor if item.planned else 0
        else:
            line[-1] += item.amount_minor
    return [AgedLine(*key, tuple(line[:-2]), *line[-2:]) for key, line in sorted(sums.items())]


@settings(deadline=None, max_examples=60)
@given(
    first=LOADS,
    more=st.lists(ANY_STEPS, max_size=7),
    days=st.lists(DAYS, min_size=1, max_size=4, unique=True),
    buckets=st.sampled_from([(30, 60, 90), (15, 30, 60), (1,), (1, 2, 3, 4)]),
)
def test_any_books_on_any_day(first: Step, more: list[Step], days: list[int], buckets: tuple[int, ...]) -> None:
    """The lines are those of the slow computation and add up to the balances, and items to lines. So it was known."""
    shown: dict[tuple[int, int], list[AgedLine]] = {}
    with _folder() as path:
        with Books.open(path, change=True) as books:
            for step in [first, *more]:
                with suppress(ReconcileError):
                    step(books)
                slow = Slow(books)
                for day in days:
                    ages = Ages(day, buckets)
                    lines, unused = expected(slow, ages)
                    found = list(aging(books, ages))
                    assert [line._replace(name="") for line in found] == lines
                    assert [line._replace(name="") for line in unapplied(books, ages)] == unused
                    assert summed(list(aging_items(books, ages)), len(buckets) + 2) == found
                    balances = {(line.account, line.currency): line.balance_minor for line in found}
                    assert {key: sum_ for key, sum_ in slow.balances(day_of(day)).items() if sum_} == {
                        key: sum_ for key, sum_ in balances.items() if sum_
                    }
                    shown[known_at.last_operation(books.connection), day] = found
                end_view(books)
            late = list(aging(books, Ages(29991231, buckets)))
            now = {(line.account, line.currency): line for line in accounts(books, Choice(), today=0)}
            for line in late:  # when all is dated, aging says what the lists say
                today = now[line.account, line.currency]
                assert (line.balance_minor, line.open_credit_minor) == (today.balance_minor, today.open_credit_minor)
        for (operation, day), lines in shown.items():
            if operation:
                with Books.open(path) as books:
                    known_at.know_at(books.connection, operation)
                    assert list(aging(books, Ages(day, buckets))) == lines, f"after operation {operation}"
