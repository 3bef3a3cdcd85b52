"""What `history` tells: which operations touched a name, and all that one of them did."""

from pathlib import Path

import pytest

from reconcile_cli.domain.operations import OperationDetail
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import UnknownName
from reconcile_cli.store.operation_detail import detail
from reconcile_cli.store.touching import operations_of
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.hold import hold, release
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.lock import lock, reopen
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.store.small_books import HEADER, SMALL, STAMP, load_text

_UPDATE = Rules(update_reconciled=True)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    books = Books.open(tmp_path / "books.db", change=True)
    load_text(books, SMALL)
    return books


def _undo(books: Books, number: int | None = None) -> None:
    undo(books, number, STAMP, confirm=lambda _removal: True)


def _of(books: Books, number: int) -> OperationDetail:
    found = detail(books, number)
    assert found is not None
    return found


def _links(lines: object) -> list[str]:
    return [f"{link.credit}>{link.debit}={link.amount_minor}" for link in lines]  # type: ignore[attr-defined]


def test_operations_of_an_account_and_of_a_document(books: Books) -> None:
    with books:
        match(books, ["PAY-2", "INV-2:2"], STAMP)  # 2
        hold(books, ["INV-6"], STAMP)  # 3
        unmatch(books, ["PAY-5"], STAMP, confirm=lambda _removal: True)  # 4
        lock(books, 20231231, STAMP)  # 5
        load_text(books, HEADER + "C1,Anna Roy,invoice,INV-7,2024-06-01,,,Ball,12.00,CAD,,\n")  # 6
        assert operations_of(books, "C1") == [1, 2, 6]
        assert operations_of(books, "C2") == [1, 3, 4]
        assert operations_of(books, "PAY-2") == [1, 2]
        assert operations_of(books, "invoice/INV-5") == [1, 4]
        assert operations_of(books, "INV-3") == [1]
        with pytest.raises(UnknownName):
            operations_of(books, "INV-99")


def test_what_was_taken_back_or_moved_away_is_still_found(books: Books) -> None:
    with books:
        load_text(books, HEADER + "C3,,invoice,INV-8,2024-06-01,,,Ball,12.00,CAD,,\n")  # 2
        _undo(books)  # 3
        assert operations_of(books, "INV-8") == [2, 3]
        assert operations_of(books, "C3") == [2, 3]
        load_text(books, HEADER + "C3,,invoice,INV-6,2024-04-01,,,Ball,12.00,CAD,,\n")  # 4: from C2
        assert 4 in operations_of(books, "C2")
        assert 4 in operations_of(books, "C3")


def test_a_load_tells_what_it_added_changed_and_took_apart(books: Books) -> None:
    changed = (
        HEADER
        + "C2,Luc Cote,invoice,INV-5,2024-01-15,,,Skates,70.00,CAD,,\n"
        + "C2,Luc Cote,invoice,INV-5,2024-01-15,,,Laces,5.00,CAD,,\n"
        + "C2,Luc Cote,payment,PAY-7,2024-05-01,,,,3.00,CAD,,\n"
    )
    with books:
        load_text(books, changed, _UPDATE)
        then = _of(books, 2)
        assert [(line.account, line.document, line.amount_minor) for line in then.added] == [("C2", "PAY-7", -300)]
        assert list(then.changes) == [
            ("C2", "account_name", "Luc Côté", "Luc Cote"),
            ("invoice/INV-5:1", "amount", "75.00", "70.00"),
            ("invoice/INV-5:1", "description", "Skating", "Skates"),
            ("invoice/INV-5:2", "side", "", "debit"),
            ("invoice/INV-5:2", "amount", "", "5.00"),
            ("invoice/INV-5:2", "description", "", "Laces"),
        ]
        assert _links(then.allocations_removed) == ["payment/PAY-5:1>invoice/INV-5:1=7500"]
        assert not _links(then.allocations_made)


def test_an_old_operation_tells_what_it_did_then_whatever_came_later(books: Books) -> None:
    with books:
        before = [(line.document, line.amount_minor, line.date) for line in _of(books, 1).added]
        load_text(books, SMALL.replace("Ball,12.00", "Ball,24.00").replace("2024-04-02", "2024-04-09"), _UPDATE)
        assert [(line.document, line.amount_minor, line.date) for line in _of(books, 1).added] == before
        load_text(books, SMALL.replace("Ball,12.00", "Bat,30.00").replace("2024-04-02", "2024-04-08"), _UPDATE)
        assert ("invoice/INV-6:1", "amount", "12.00", "24.00") in list(_of(books, 2).changes)
        assert ("invoice/INV-6:1", "amount", "24.00", "30.00") in list(_of(books, 3).changes)
        assert ("payment/PAY-6", "date", "2024-04-02", "2024-04-09") in list(_of(books, 2).changes)


def test_an_undo_tells_what_left_and_what_came_back(books: Books) -> None:
    with books:
        auto(books, None, STAMP)
        _undo(books)
        assert _links(_of(books, 3).allocations_removed) == _links(_of(books, 2).allocations_made)
        _undo(books)
        assert _links(_of(books, 4).allocations_made) == _links(_of(books, 2).allocations_made)
        _undo(books)
        _undo(books, 1)
        assert len(list(_of(books, 6).removed)) == 12


def test_holds_and_locks(books: Books) -> None:
    with books:
        hold(books, ["C2", "INV-2:1"], STAMP)  # 2
        release(books, ["INV-2:1"], STAMP)  # 3
        lock(books, 20231231, STAMP)  # 4
        reopen(books, 20231201, STAMP)  # 5
        assert list(_of(books, 2).held) == ["C2", "invoice/INV-2:1"]
        assert list(_of(books, 3).released) == ["invoice/INV-2:1"]
        assert _of(books, 3).lock is None
        assert _of(books, 4).lock == (None, 20231231)
        assert _of(books, 5).lock == (20231231, 20231130)
        assert detail(books, 6) is None
