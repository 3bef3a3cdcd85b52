"""R20: a statement is transactions and a balance, whatever was reconciled, against a slow look at every row."""

import io
from contextlib import suppress
from itertools import pairwise
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.reporting import LAST_DAY, Period
from reconcile_cli.domain.statement import Row, StatementLine
from reconcile_cli.errors import ReconcileError
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.statement import write_statement
from reconcile_cli.store import known_at
from reconcile_cli.store.accounts import Choice, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.customer_statement import all_accounts, statement
from reconcile_cli.workflows.auto import Choice as AutoChoice
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.hold import hold
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.unmatch import unmatch
from tests.properties.test_known_at import LOADS, STEPS, Step, _folder
from tests.properties.test_report_aging import Slow, day_of, end_view
from tests.store.small_books import STAMP

PERIODS: Final = st.sampled_from(
    [Period(), Period(20240131), Period(0, 20240131), Period(20240130, 20240202), Period(20240301, 20240401)]
)


def told(books: Books, period: Period, form: Format) -> str:
    """Every statement, as bytes would be written."""
    stream = io.StringIO()
    for account in all_accounts(books):
        write_statement(Target(stream, form), statement(books, account, period), period, Limit(0))
    end_view(books)
    return stream.getvalue()


def lines_of(books: Books, period: Period) -> dict[tuple[str, str], list[StatementLine]]:
    return {
        (account.code, part.currency): [*part.lines, *part.planned]
        for account in all_accounts(books)
        for part in statement(books, account, period).parts
    }


@settings(deadline=None, max_examples=40)
@given(first=LOADS, more=st.lists(STEPS, max_size=5), period=PERIODS)
def test_any_statement_of_any_period(first: Step, more: list[Step], period: Period) -> None:
    with _folder() as path:
        with Books.open(path, change=True) as books:
            for step in [first, *more]:
                with suppress(ReconcileError):
                    step(books)
            last = known_at.last_operation(books.connection)
            slow, found = Slow(books), lines_of(books, period)
            now = {(line.account, line.currency): line.balance_minor for line in accounts(books, Choice(), today=0)}
            for key, lines in found.items():
                by_row = {row: [line for line in lines if line.row is row] for row in Row}
                (opening,), (closing,) = by_row[Row.OPENING], by_row[Row.CLOSING]
                assert lines.index(closing) == len(by_row[Row.TRANSACTION]) + 1
                assert transactions(by_row[Row.TRANSACTION]) == expected(slow, key, period)
                assert sorted((line.due_date, line.document) for line in by_row[Row.PLANNED]) == planned(
                    slow, key, period
                )
                running = [opening, *by_row[Row.TRANSACTION]]
                for before, after in pairwise(running):
                    assert (before.balance_minor or 0) + (after.amount_minor or 0) == after.balance_minor
                assert closing.balance_minor == running[-1].balance_minor
                if period == Period():
                    assert (opening.balance_minor, closing.balance_minor) == (0, now[key])
                else:
                    assert closing.balance_minor == (
                        now[key] if period.last == LAST_DAY else slow.balances(day_of(period.last))[key]
                    )
        with Books.open(path) as books:
            known_at.know_at(books.connection, last)
            assert lines_of(books, period) == found or last == 0


def transactions(lines: list[StatementLine]) -> list[tuple[Any, ...]]:
    return [(line.date, line.kind, line.document, line.amount_minor) for line in lines]


def expected(slow: Slow, key: tuple[str, str], period: Period) -> list[tuple[Any, ...]]:
    """The posted transactions of the period: by date, kind, document (shorter first)."""
    sums = [
        (txn["date"], txn["kind"], len(txn["document"]), txn["document"], net(slow, txn["id"]))
        for txn in slow.txns.values()
        if slow.pockets[txn["pocket_id"]] == key and txn["state"] == 0 and period.first <= txn["date"] <= period.last
    ]
    return [(date, kind, document, amount) for date, kind, _length, document, amount in sorted(sums)]


def net(slow: Slow, txn_id: int) -> int:
    return sum(item["side"] * item["amount_minor"] for item in slow.items.values() if item["txn_id"] == txn_id)


def planned(slow: Slow, key: tuple[str, str], period: Period) -> list[tuple[int, str]]:
    """What was planned on the last day of the period."""
    last = day_of(min(period.last, 29991231))
    found = set()
    for txn in slow.txns.values():
        if slow.pockets[txn["pocket_id"]] == key and not txn["replaced_by"]:
            plan = slow.planned_on(txn, last)
            for name in plan[1] if plan else ():
                found.add((int(plan[0].strftime("%Y%m%d")), slow.txns[name]["document"]))  # type: ignore[index]
    return sorted(found)


@settings(deadline=None, max_examples=25)
@given(first=LOADS, planned_too=st.booleans(), period=PERIODS)
def test_reconciliation_leaves_no_trace(first: Step, planned_too: bool, period: Period) -> None:  # noqa: FBT001
    """The same bytes before and after auto, match, hold and unmatch."""
    with _folder() as path, Books.open(path, change=True) as books:
        with suppress(ReconcileError):
            first(books)
        forms = (Format.TABLE, Format.CSV, Format.JSON)
        before = {form: told(books, period, form) for form in forms}
        items = [f"{kind}/{name}:{line}" for kind, name, line in books.connection.execute(_ITEMS)]
        for one, other in pairwise(items):
            with suppress(ReconcileError):
                match(books, [one, other], STAMP)
        auto(books, None, STAMP, AutoChoice(include_planned=planned_too))
        assert {form: told(books, period, form) for form in forms} == before
        for name in items[::2]:
            with suppress(ReconcileError):
                unmatch(books, [name], STAMP, confirm=lambda _removal: True)
            with suppress(ReconcileError):
                hold(books, [name], STAMP)
        assert {form: told(books, period, form) for form in forms} == before


_ITEMS: Final = "SELECT kind, document, line FROM v_items ORDER BY item"
