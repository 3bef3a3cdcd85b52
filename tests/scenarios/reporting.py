"""What a scenario may expect of reports; what is expected must be all that the report says, in CAD.

sales 2024-03 4000=100.00 4900=-10.00       a month, a day, or `all`; `nothing`
payments 2024-03 4000=60.00 not_reconciled=40.00 moved:4000=50.00 moved:not_reconciled=-50.00
aging 2024-03-31 A current=100.00 1-30=50.00 credits=20.00      of an account; also 31-60, 61-90, over_90; `nothing`
ledger 2024-03-31 4000=100.00/60.00/0.00/0.00/40.00     sold/paid/offset/covered/open as of a day, or `all`
"""

from collections.abc import Iterator

from reconcile_cli.domain.aging import AgedLine, Ages
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.reporting import By, Grouping, Period, ReportLine, Row
from reconcile_cli.store.books import Books
from reconcile_cli.store.report_aging import aging
from reconcile_cli.store.report_ledger import ledger
from reconcile_cli.store.report_payments import payments
from reconcile_cli.store.report_sales import sales
from tests.scenarios.language import NotUnderstoodError, Session, day


def expect_sales(session: Session, words: list[str]) -> None:
    """R18."""
    with Books.open(session.path) as books:
        _same(words, (f"{line.keys[0]}={_plain(line)}" for line in sales(books, _grouping(words))))


def expect_payments(session: Session, words: list[str]) -> None:
    """R19."""
    with Books.open(session.path) as books:
        _same(words, map(_paid, payments(books, _grouping(words))))


def expect_ledger(session: Session, words: list[str]) -> None:
    """What was sold up to a day, and how it stood then."""
    with Books.open(session.path) as books:
        lines = ledger(books, _grouping(words))
        _same(words, (f"{line.keys[0]}={'/'.join(plain(minor, 'CAD') for minor in line.figures)}" for line in lines))


def expect_aging(session: Session, words: list[str]) -> None:
    """What an account owed on a day, by days past due, and its open credits; the balance is proved too (R3)."""
    if len(words) < 3:
        raise NotUnderstoodError("a day, an account, then BUCKET=AMOUNT ..., or `nothing`")
    with Books.open(session.path) as books:
        lines = [line for line in aging(books, Ages(day(words[0]))) if line.account == words[1]]
    _same(words[1:], (figure for line in lines for figure in _aged(line)))


def _aged(line: AgedLine) -> Iterator[str]:
    names = ("current", "1-30", "31-60", "61-90", "over_90", "credits")
    for name, minor in zip(names, (*line.figures, line.open_credit_minor), strict=True):
        if minor:
            yield f"{name}={plain(minor, line.currency)}"


def _grouping(words: list[str]) -> Grouping:
    if len(words) < 2:
        raise NotUnderstoodError("a month, a day or `all`, then CODE=AMOUNT ..., or `nothing`")
    if words[0] == "all":
        return Grouping([By.LEDGER_CODE])
    if len(words[0]) == len("2024-03"):
        return Grouping([By.LEDGER_CODE], Period(day(f"{words[0]}-01"), day(f"{words[0]}-31")))
    return Grouping([By.LEDGER_CODE], Period(day(words[0]), day(words[0])))


def _paid(line: ReportLine) -> str:
    row = line.of or line.row
    name = line.keys[0] if row is Row.CODE else row.value
    return f"{'moved:' if line.row is Row.MOVED else ''}{name}={_plain(line)}"


def _plain(line: ReportLine) -> str:
    assert line.currency == "CAD"
    return plain(line.figures[0], line.currency)


def _same(words: list[str], lines: Iterator[str]) -> None:
    found = list(lines)
    assert found == (words[1:] if words[1:] != ["nothing"] else []), f"the report says {' '.join(found) or 'nothing'}"
