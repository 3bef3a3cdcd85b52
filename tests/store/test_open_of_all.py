"""What stays open in all accounts is read from the sums of currencies: it is what their accounts add up to."""

from pathlib import Path

from reconcile_cli.domain.kinds import Side
from reconcile_cli.store.books import Books
from reconcile_cli.store.open_items import held_open, still_open
from reconcile_cli.workflows.hold import hold
from reconcile_cli.workflows.match import match
from tests.store.small_books import STAMP, make_small_books


def test_all_accounts_are_each_of_them(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    make_small_books(path)
    with Books.open(path, change=True) as books:
        everyone = [number for (number,) in books.connection.execute("SELECT id FROM account")]
        for amount in ("10.00", "5.00"):
            match(books, ["PAY-2", f"INV-2:2={amount}"], STAMP)
            hold(books, ["INV-2:1", "PAY-6"], STAMP)
            for side in Side:
                assert still_open(books, None, side) == still_open(books, everyone, side) != []
            assert held_open(books, None) == held_open(books, everyone)
