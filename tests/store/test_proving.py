"""A screen of accounts is proved at once, and only those that disagree are in error (R8)."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.domain.status import Status
from reconcile_cli.store import guards, proving
from reconcile_cli.store.accounts import Choice, accounts, found
from reconcile_cli.store.books import Books
from reconcile_cli.store.proving import proved, wrong
from tests.store.small_books import HEADER, TODAY, load_text

_ROWS: Final = """\
C{n},,invoice,INV-{n},2024-01-10,,,,100.00,CAD,CMD-{n},
C{n},,payment,PAY-{n},2024-01-10,,,,60.00,CAD,CMD-{n},
C{n},,payment,PP-{n},2024-01-10,2024-09-10,planned,,20.00,CAD,CMD-{n},
C{n},,invoice,VOID-{n},2024-02-02,,void,,9.00,CAD,,
C{n},,invoice,USD-{n},2024-02-02,,,,30.00,USD,,
"""
_ITEM: Final = "(SELECT i.id FROM item i JOIN txn t ON t.id = i.txn_id WHERE t.document = '{document}-{n}')"
_POCKET: Final = """(SELECT p.id FROM pocket p JOIN account a ON a.id = p.account_id
  WHERE a.code = 'C{n}' AND p.currency = 'CAD')"""
DAMAGE: Final = (
    f"UPDATE item SET open_minor = open_minor - 1 WHERE id = {_ITEM.format(document='INV', n='{n}')}",
    f"UPDATE item SET open_minor = open_minor + 1 WHERE id = {_ITEM.format(document='PAY', n='{n}')}",
    f"UPDATE item SET open_minor = 0 WHERE id = {_ITEM.format(document='VOID', n='{n}')}",
    f"UPDATE item SET amount_minor = 1 WHERE id = {_ITEM.format(document='PP', n='{n}')}",
    f"UPDATE item SET side = -side WHERE id = {_ITEM.format(document='INV', n='{n}')}",
    f"UPDATE item SET pocket_id = pocket_id + 1 WHERE id = {_ITEM.format(document='INV', n='{n}')}",
    f"UPDATE allocation SET amount_minor = 1 WHERE credit_id = {_ITEM.format(document='PAY', n='{n}')}",
    *(f"UPDATE pocket SET {column} = {column} + 1 WHERE id = {_POCKET}" for column in ("items", "debit_minor")),
    "UPDATE item SET removed_by = 1 WHERE txn_id = (SELECT id FROM txn WHERE document = 'PP-{n}')",
    # What is void is allocated, and the sums but the last say that it is void.
    f"""UPDATE item SET state = 2 WHERE id = {_ITEM.format(document="INV", n="{n}")};
    UPDATE pocket SET debit_minor = debit_minor - 10000, open_debit_minor = open_debit_minor - 2000,
      covered_minor = covered_minor - 2000, items = items - 1, open_items = open_items - 1 WHERE id = {_POCKET}""",
    # More than can be counted.
    f"UPDATE item SET side = 1, state = 0, amount_minor = 9000000000000000000 WHERE pocket_id = {_POCKET}",
)
"""Each of one account; the others say the truth."""


def _books(path: Path, count: int) -> Books:
    books = Books.open(path, change=True)
    load_text(books, HEADER + "".join(_ROWS.format(n=number) for number in range(count)))
    return books


def _damage(books: Books, sql: str) -> None:
    connection = books.connection
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("BEGIN")
    guards.take_off(connection, "")
    for statement in sql.split(";"):
        connection.execute(statement)
    guards.put_on(connection)
    connection.execute("COMMIT")


def _in_error(books: Books, *, whole: bool) -> set[tuple[str, str]]:
    lines = proved(books, found(books, Choice(), today=TODAY), whole=whole)
    return {(line.account, line.currency) for line in lines if line.status is Status.ERROR}


@pytest.mark.parametrize("whole", [False, True])
def test_of_many_accounts_those_that_disagree_are_in_error(tmp_path: Path, whole: bool) -> None:  # noqa: FBT001
    """Each kind of damage in an account of its own, sound ones between them."""
    with _books(tmp_path / "books.db", 3 * len(DAMAGE)) as books:
        assert _in_error(books, whole=whole) == set()
        for place, sql in enumerate(DAMAGE):
            _damage(books, sql.format(n=3 * place + 1))
        assert _in_error(books, whole=whole) == {(f"C{3 * place + 1}", "CAD") for place in range(len(DAMAGE))}


def test_one_by_one_they_are_the_same(tmp_path: Path) -> None:
    with _books(tmp_path / "books.db", 2 * len(DAMAGE)) as books:
        for place, sql in enumerate(DAMAGE):
            _damage(books, sql.format(n=2 * place))
        pockets = [pocket for (pocket,) in books.connection.execute("SELECT id FROM pocket")]
        alone = {pocket for pocket in pockets if wrong(books.connection, [pocket])}
        assert len(alone) == len(DAMAGE)
        assert wrong(books.connection, pockets) == alone
        assert wrong(books.connection, []) == set()


@pytest.mark.parametrize(("most", "expected"), [(7, {"C0", "C1"}), (6, {"C0"}), (2, set())])
def test_as_many_as_the_items_allow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, expected: set[str]
) -> None:
    """The pockets in CAD have three items that count, those in USD one; every account is damaged."""
    monkeypatch.setattr(proving, "MOST_ITEMS", most)
    with _books(tmp_path / "books.db", 4) as books:
        for number in range(4):
            _damage(books, DAMAGE[1].format(n=number))
        lines = list(proved(books, found(books, Choice(), today=TODAY)))
        assert {line.account for line in lines if line.status is Status.ERROR} == expected
        assert [line._replace(status=None) for line in lines] == [
            line._replace(status=None) for line in accounts(books, Choice(), today=TODAY)
        ]


def test_the_memory_that_the_books_may_take_is_as_before(tmp_path: Path) -> None:
    with _books(tmp_path / "books.db", 2) as books:
        size: Callable[[], object] = lambda: books.connection.execute("PRAGMA cache_size").fetchone()  # noqa: E731
        before = size()
        assert len(list(proved(books, found(books, Choice(), today=TODAY)))) == 4
        assert size() == before
