"""What no scenario can tell: work that grows with the books, other programs' edits, figures beyond counting."""

import os
import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.domain.status import Status
from reconcile_cli.store import connection as recipe
from reconcile_cli.store import drafts
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import account_card
from reconcile_cli.store.errors import Busy, CannotWrite, Damaged, TooMuch
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.store.small_books import HEADER, STAMP, TODAY, findings, load_text, make_small_books
from tests.store.test_guards import other_program, without_guards

_STEPS: Final = 100
_MOST_MINOR: Final = "10000000000000.00"
_TOO_MANY: Final = 9_300
HELD: Final = "account,kind,document,date,amount,held\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books.db"


def _steps_of_undo(path: Path, count: int) -> int:
    """The steps that SQLite takes to undo the removal of all that one payment paid, in hundreds."""
    rows = "".join(f"C1,,invoice,I{place},2024-01-05,,,,1.00,CAD,O1,\n" for place in range(count))
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with Books.open(path, change=True) as books:
        load_text(books, f"{HEADER}{rows}C1,,payment,P1,2024-01-05,,,,{count}.00,CAD,O1,\n")
        unmatch(books, ["P1"], STAMP, confirm=lambda _removal: True)
        books.connection.set_progress_handler(step, _STEPS)
        undo(books, None, STAMP, confirm=lambda _removal: True)
        books.connection.set_progress_handler(None, _STEPS)
        (live,) = books.connection.execute("SELECT count(*) FROM allocation WHERE removed_by IS NULL").fetchone()
        assert live == count
    return steps


def test_undo_of_many_removals_takes_work_in_proportion(tmp_path: Path) -> None:
    """R7: twice as many allocations of one payment are no more than about twice the work."""
    once, twice = (_steps_of_undo(tmp_path / f"{count}.db", count) for count in (300, 600))
    assert twice < 3 * once


def test_without_hard_links_what_another_process_made_meanwhile_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R21: two first loads at once, on a file system without hard links."""
    theirs = path.with_name("theirs.db")
    make_small_books(theirs)
    made = theirs.read_bytes()

    def too_late(_draft: Path, place: Path) -> None:
        Path(place).write_bytes(made)
        raise PermissionError

    monkeypatch.setattr(os, "link", too_late)
    with pytest.raises(Busy), Books.open(path, change=True) as books:
        load_text(books, HEADER + "C9,,invoice,I1,2024-01-05,,,,1.00,CAD,,\n")
    assert path.read_bytes() == made
    assert sorted(file.name for file in path.parent.iterdir()) == ["books.db", "theirs.db"]


def test_without_hard_links_new_books_are_made_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_draft: Path, _place: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    make_small_books(path)
    assert findings(path) == []
    assert [file.name for file in path.parent.iterdir()] == ["books.db"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_draft_left_by_a_killed_process_of_our_number_is_no_hindrance(path: Path) -> None:
    path.with_name(f".{path.name}.{os.getpid()}.new").write_bytes(b"half")
    opened = recipe.connect(path, change=True)
    opened.connection.close()
    make_small_books(path)
    assert findings(path) == []


_ONE: Final = "(SELECT min(id) FROM {table} WHERE removed_by IS NULL)"
_ITEM: Final = _ONE.format(table="item")
_TXN: Final = _ONE.format(table="txn")


@pytest.mark.parametrize(
    ("edit", "rule", "where"),
    [
        (f"UPDATE item SET description = 'a' || char(30) || 'b' WHERE id = {_ITEM}", "R26", "item "),
        (f"UPDATE item SET match_code = char(31) WHERE id = {_ITEM}", "R26", "item "),
        (f"UPDATE txn SET method = 'a' || char(31) WHERE id = {_TXN}", "R26", "txn "),
        ("UPDATE item SET description = char(30), removed_by = 1 WHERE open_minor = amount_minor", "R26", "item "),
        (f"UPDATE item SET description = description || char(0) || 'b' WHERE id = {_ITEM}", "R26", "item "),
        (f"UPDATE txn SET document = document || char(0) || 'b' WHERE id = {_TXN}", "R26", "txn "),
        (f"UPDATE item SET ledger_code = '' WHERE id = {_ITEM}", "R26", "item "),
        (f"UPDATE txn SET register = '' WHERE id = {_TXN}", "R26", "txn "),
        ("UPDATE pocket SET exponent = 3 WHERE currency = 'USD'", "R2", "C1 USD"),
        ("UPDATE account SET held = 1 WHERE code = 'C2'", "R26", "operation 1"),
    ],
)
def test_an_edit_that_leaves_digests_or_sums_as_they_are_is_found(path: Path, edit: str, rule: str, where: str) -> None:
    """R26: the guards dropped, a row edited, the guards put back to the letter."""
    make_small_books(path)
    with closing(other_program(path, foreign_keys=False)) as connection:
        without_guards(connection, edit=edit, back=True)
    found = findings(path)
    assert any(finding.rule == rule and finding.where.startswith(where) for finding in found), found


_QUICKLY: Final = {
    "an item of no transaction": (f"UPDATE item SET txn_id = 999 WHERE id = {_ITEM}", {"R5"}),
    "an item of no account": (f"UPDATE item SET pocket_id = 999 WHERE id = {_ITEM}", {"R5"}),
    "an item of no operation": (f"UPDATE item SET made_by = 999 WHERE id = {_ITEM}", {"file"}),
    "an allocation of no item": ("UPDATE allocation SET credit_id = 999 WHERE id = 1", {"R4"}),
    "an allocation of no operation": ("UPDATE allocation SET made_by = 999, removed_by = 999 WHERE id = 1", {"file"}),
    "a removed allocation of no item": ("UPDATE allocation SET removed_by = 1, debit_id = 999 WHERE id = 1", {"file"}),
    "a transaction of no account": (f"UPDATE txn SET pocket_id = 999 WHERE id = {_TXN}", {"file"}),
    "covered by nothing": (
        "UPDATE item SET planned_minor = 1 WHERE id = (SELECT min(debit_id) FROM allocation)",
        {"R8"},
    ),
    "covered, and not said": ("UPDATE item SET planned_minor = 0", {"R8"}),
}


@pytest.mark.parametrize(("edit", "rules"), _QUICKLY.values(), ids=_QUICKLY.keys())
def test_what_names_nothing_is_found_quickly_too(path: Path, edit: str, rules: set[str]) -> None:
    """R4, R5, R8: what is left out of SQLite's own look at foreign keys is found by the proofs."""
    make_small_books(path)
    with closing(other_program(path, foreign_keys=False)) as connection:
        without_guards(connection, edit=edit, back=True)
    assert rules <= {finding.rule for finding in findings(path, quick=True)}


@pytest.mark.parametrize("between", [0, 1, 3])
def test_items_that_changed_places_are_found(path: Path, between: int) -> None:
    """R26: whole rows moved, every document still in order; lines added to older documents may lie between them."""
    added = [f"C1,,invoice,OLD-{place},2024-01-05,,,One,1.00,CAD,,\n" for place in range(between)]
    grown = [row + row.replace("One", "Two") for row in added]
    new = [f"C1,,invoice,{name},2024-01-06,,,{name},2.00,CAD,,\n" for name in ("N-1", "N-2")]
    with Books.open(path, change=True) as books:
        load_text(books, HEADER + "".join(added) + "C1,,invoice,LAST,2024-01-05,,,,1.00,CAD,,\n")
        load_text(books, HEADER + new[0] + "".join(grown) + new[1])
    named = "UPDATE item SET id = {place} WHERE description = '{name}'"
    with closing(other_program(path, foreign_keys=False)) as connection:
        ids = "SELECT id FROM item WHERE description IN ('N-1', 'N-2') ORDER BY id"
        (first,), (second,) = connection.execute(ids).fetchall()
        moves = ((999, "N-1"), (first, "N-2"), (second, "N-1"))
        edit = "; ".join(named.format(place=place, name=name) for place, name in moves)
        without_guards(connection, edit=edit, back=True)
    assert "R26" in {finding.rule for finding in findings(path)}


def test_a_table_named_almost_like_sqlites_own_is_found(path: Path) -> None:
    make_small_books(path)
    with closing(other_program(path, foreign_keys=False)) as connection:
        connection.execute("CREATE TABLE sqlitexx (id)")
    assert [(finding.rule, finding.where) for finding in findings(path, quick=True)] == [("R5", "sqlitexx")]


def test_an_account_that_is_gone_is_told_and_breaks_nothing(path: Path) -> None:
    """Its sums are wrong too, so that its place has to be named without it."""
    make_small_books(path)
    gone = "DELETE FROM account WHERE code = 'C2'; UPDATE pocket SET open_items = open_items + 1"
    with closing(other_program(path, foreign_keys=False)) as connection:
        without_guards(connection, edit=gone, back=True)
    found = findings(path)
    assert {"file", "R3", "R26"} <= {finding.rule for finding in found}


@pytest.mark.parametrize("held", [("yes", ""), ("", "yes")])
def test_a_hold_on_a_row_of_a_document_in_two_pieces_is_kept(path: Path, held: tuple[str, str]) -> None:
    """R22: the pieces of a document become one; what was said of a row is still said of it."""
    first, last = held
    rows = f"A,invoice,I1,2024-01-05,10,{first}\nA,invoice,I2,2024-01-05,20,\nA,invoice,I1,2024-01-05,30,{last}\n"
    with Books.open(path, change=True) as books:
        load_text(books, HELD + rows)
        found = books.connection.execute("SELECT document, line FROM v_items WHERE held").fetchall()
    assert found == [("I1", 1 if first else 2)]


@pytest.mark.parametrize("before", [True, False])
def test_amounts_beyond_counting_are_refused_and_nothing_is_damaged(path: Path, *, before: bool) -> None:
    """R21: in new books and in books that were there."""
    if before:
        make_small_books(path)
    rows = "".join(f"C1,,invoice,B{place},2024-01-05,,,,{_MOST_MINOR},CAD,,\n" for place in range(_TOO_MANY))
    with pytest.raises(TooMuch), Books.open(path, change=True) as books:
        load_text(books, HEADER + rows)
    assert path.exists() == before
    if before:
        assert findings(path) == []
        with Books.open(path) as books:
            assert books.connection.execute("SELECT max(id) FROM operation").fetchone() == (1,)


def test_accounts_that_together_go_beyond_counting_are_refused(path: Path) -> None:
    """R21: each account can be counted, and so could what two loads bring, alone."""
    for account, refused in (("C1", False), ("C2", True)):
        lines = (
            f"{account},,invoice,{account}-{place},2024-01-05,,,,{_MOST_MINOR},CAD,,\n"
            for place in range(_TOO_MANY // 2 + 1)
        )
        with pytest.raises(TooMuch) if refused else nullcontext(), Books.open(path, change=True) as books:
            load_text(books, HEADER + "".join(lines))
    assert findings(path) == []


def test_an_account_free_in_one_currency_and_unpaid_in_another_is_unreconciled(path: Path) -> None:
    """R8: an item of 0 is ignored, in whatever currency, when telling unreconciled from partial."""
    with Books.open(path, change=True) as books:
        load_text(
            books,
            HEADER + "A,,invoice,I1,2024-01-05,,,,0.00,CAD,,\nA,,invoice,I2,2024-01-05,,,,5.00,USD,,\n",
        )
        assert account_card(books, "A", today=TODAY).status is Status.UNRECONCILED


def test_a_planned_payment_of_nothing_is_covered_in_the_view_too(path: Path) -> None:
    """R8: a planned item is never reconciled."""
    with Books.open(path, change=True) as books:
        load_text(books, HEADER + "A,,payment,PP1,2024-01-05,2024-02-05,planned,,0.00,CAD,,\n")
        (card,) = account_card(books, "A", today=TODAY).transactions
        assert card.status is Status.COVERED
        assert books.connection.execute("SELECT status FROM v_items").fetchall() == [("covered",)]


def test_a_draft_at_work_is_left_alone_and_one_left_behind_is_not(path: Path) -> None:
    """R21: a killed first load leaves customers' data that nobody will finish."""
    left = path.with_name(".books.db.1.new")
    make_small_books(left)
    left.with_name(left.name + "-wal").write_bytes(b"x")
    with Books.open(path, change=True) as mine:
        assert not left.exists()
        drafts.sweep(path)  # as another process does that begins now
        assert len(list(path.parent.glob(".books.db.*.new"))) == 1
        load_text(mine, HEADER + "C9,,invoice,I1,2024-01-05,,,,1.00,CAD,,\n")
    assert [file.name for file in path.parent.iterdir()] == ["books.db"]
    assert findings(path) == []


def test_a_first_load_that_fails_at_its_end_leaves_nothing(path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_READ"
    books = Books.open(path, change=True).__enter__()
    load_text(books, HEADER + "C9,,invoice,I1,2024-01-05,,,,1.00,CAD,,\n")
    with pytest.raises(CannotWrite):
        books.__exit__(type(error), error, None)
    assert list(path.parent.iterdir()) == []


def test_rows_that_no_operation_writes_are_damage(path: Path) -> None:
    """What stumbles over them is no defect of the program, unless the file is sound."""
    make_small_books(path)
    with pytest.raises(LookupError), Books.open(path):
        raise LookupError(9)
    with closing(other_program(path, foreign_keys=False)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        without_guards(connection, edit="UPDATE txn SET kind = 9 WHERE id = (SELECT min(id) FROM txn)", back=True)
    with pytest.raises(Damaged), Books.open(path):
        raise LookupError(9)
