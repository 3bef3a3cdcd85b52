"""Reports on any books say what a slow computation by the words of the design says, and agree with each other."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.aging import Ages
from reconcile_cli.domain.reporting import By, Grouping, Period, ReportLine, Row
from reconcile_cli.errors import ReconcileError
from reconcile_cli.reports.ledger import LedgerProof
from reconcile_cli.store import known_at
from reconcile_cli.store.accounts import Choice, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.report_aging import aging_items
from reconcile_cli.store.report_ledger import ledger
from reconcile_cli.store.report_payments import payments
from reconcile_cli.store.report_sales import sales
from tests.properties.test_known_at import LOADS, STEPS, Step, _folder
from tests.reports import dense
from tests.reports.oracle import Pencil, Told

Steps = tuple[Step, list[Step]]
_EVERYTHING = Period()
KEYS = st.lists(st.sampled_from(By), min_size=1, max_size=3, unique=True)
DAYS = st.sampled_from([20240101, 20240129, 20240131, 20240201, 20240202, 20240229, 20240310])
PERIODS = st.just(_EVERYTHING) | st.tuples(DAYS, DAYS).map(lambda days: Period(*sorted(days)))


_DENSE: Final = st.tuples(dense.FIRST, dense.STEPS)
BOOKS: Final = st.one_of(st.tuples(LOADS, st.lists(STEPS, max_size=6)), _DENSE, _DENSE, _DENSE)
"""A first load and the steps upon it."""


@contextmanager
def _books(steps: Steps) -> Iterator[Path]:
    with _folder() as path:
        with Books.open(path, change=True) as books:
            for step in [steps[0], *steps[1]]:
                with suppress(ReconcileError):
                    step(books)
        yield path


def told(lines: Iterator[ReportLine]) -> Told:
    """The lines with what identifies them; each identity once."""
    found: Told = Counter()
    for line in lines:
        key = (line.row.value, line.of and line.of.value, line.currency, line.keys)
        assert key not in found, f"two lines for {key}"
        found[key] = line.figures[0]
    return found


@settings(deadline=None, max_examples=80)
@given(steps=BOOKS, by=KEYS, period=PERIODS, data=st.data())
def test_reports_are_those_of_a_slow_computation(
    steps: Steps, by: list[By], period: Period, data: st.DataObject
) -> None:
    with _books(steps) as path:
        without = data.draw(st.sampled_from([(), ("4000",), ("4100", "(none)")]))
        grouping = Grouping(by, period, without)
        with Books.open(path) as books:
            pencil = Pencil(books)
            assert told(sales(books, grouping)) == pencil.sales(grouping), "R18"
        with Books.open(path) as books:
            assert told(payments(books, grouping)) == pencil.payments(grouping), "R19"
        with Books.open(path) as books:
            lines = {(line.currency, line.keys): list(line.figures) for line in ledger(books, grouping)}
            assert lines == pencil.ledger(grouping)


@settings(deadline=None, max_examples=80)
@given(steps=BOOKS, by=KEYS, period=PERIODS)
def test_reports_agree_with_each_other(steps: Steps, by: list[By], period: Period) -> None:
    with _books(steps) as path, Books.open(path) as books:
        paid = list(payments(books, Grouping(by, period)))
        assert sums(line for line in paid if line.row is not Row.MOVED) == Pencil(books).cash(*period), (
            "R19: cash column"
        )
        assert not any(sums(line for line in paid if line.row is Row.MOVED).values()), "what is moved adds up to zero"
        sold = sums(sales(books, Grouping(by)))
        sold.subtract(sums(line for line in payments(books, Grouping(by)) if line.row is not Row.MOVED))
        balances: Counter[str] = Counter()
        for account in accounts(books, Choice(), today=20240701):
            balances[account.currency] += account.balance_minor
        assert sold == balances, "R3: balance = sales - cash"
        proof = LedgerProof()
        lines = list(proof.proving(ledger(books, Grouping(by, period))))
        assert proof.holds, "sold = paid + offset + covered + open, offset adds up to zero"
        assert sums(lines) == sums(sales(books, Grouping(by, Period(last=period.last)))), "ledger: sold = sales"
        _ledger_is_cash(books)
        covered: Counter[str] = Counter()
        for item in aging_items(books, Ages(min(period.last, 29991231))):
            covered[item.currency] += item.amount_minor * bool(item.planned) * item.kind.in_sales
        assert covered == sums(line._replace(figures=line.figures[3:]) for line in lines), "covered is that of aging"


def _ledger_is_cash(books: Books) -> None:
    """All that was ever paid of a ledger code is what payments of all time say, moves and all; open is open cash."""
    whole = Grouping([By.LEDGER_CODE])
    paid = {(line.currency, line.keys): line.figures[1] for line in ledger(books, whole) if line.figures[1]}
    codes = {
        (line.currency, line.keys): line.figures[0]
        for line in payments(books, whole)
        if line.row is Row.CODE and line.figures[0]
    }
    assert paid == codes


def sums(lines: Iterable[ReportLine]) -> Counter[str]:
    """First figures by currency."""
    found: Counter[str] = Counter()
    for line in lines:
        found[line.currency] += line.figures[0]
    return found


@settings(deadline=None, max_examples=15)
@given(steps=BOOKS, by=KEYS, period=PERIODS)
def test_reports_of_what_was_known_are_those_of_then(steps: Steps, by: list[By], period: Period) -> None:
    grouping = Grouping(by, period)
    shown: dict[int, list[list[ReportLine]]] = {}

    def every(books: Books) -> list[list[ReportLine]]:
        return [list(report(books, grouping)) for report in (sales, payments, ledger)]

    with _folder() as path:
        for step in [steps[0], *steps[1]]:
            with suppress(ReconcileError), Books.open(path, change=True) as books:
                step(books)
            if path.exists():
                with Books.open(path) as books:
                    shown[known_at.last_operation(books.connection)] = every(books)
        for operation, lines in shown.items():
            with Books.open(path) as books:
                known_at.know_at(books.connection, operation)
                assert every(books) == lines, f"after operation {operation}"
