"""The totals row of `accounts` is counted in other ways than the rows above it: it is what they add up to."""

from pathlib import Path

import pytest

from reconcile_cli.store.accounts import Choice, account_totals, accounts
from reconcile_cli.store.books import Books
from tests.store.small_books import SMALL, load_text

_LATE = 20241231
_PLANNED = """\
C2,,payment,PP-2,2024-01-11,2024-02-10,planned,,2.00,CAD,,
C2,,payment,PP-3,2024-01-11,2025-02-10,planned,,3.00,CAD,,
"""
_IN_USD = "C2,,payment,PP-4,2024-01-11,2024-02-10,planned,,5.00,USD,,\n"
_IN_CAD = "".join(line for line in SMALL.splitlines(keepends=True) if "USD" not in line)


@pytest.mark.parametrize("choice", [Choice(), Choice(text="c"), Choice(owing=True)], ids=["all", "of a name", "owing"])
@pytest.mark.parametrize("rows", [_IN_CAD, SMALL + _IN_USD], ids=["one currency", "two currencies"])
def test_the_totals_are_those_of_the_rows(tmp_path: Path, rows: str, choice: Choice) -> None:
    with Books.open(tmp_path / "books.db", change=True) as books:
        load_text(books, rows + _PLANNED)
        totals = account_totals(books, choice, today=_LATE)
        lines = list(accounts(books, choice, today=_LATE))
    assert [total.currency for total in totals] == sorted({line.currency for line in lines})
    for total in totals:
        own = [line for line in lines if line.currency == total.currency]
        for field in (
            "balance_minor",
            "open_debit_minor",
            "open_credit_minor",
            "covered_minor",
            "open_items",
            "overdue",
        ):
            assert getattr(total, field) == sum(getattr(line, field) for line in own), field
    assert any(total.overdue for total in totals)
