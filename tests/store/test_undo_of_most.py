"""Undo of an operation that made most of the books: sums and indexes are made anew, all that stays is proved.

Both ways of undo must write the same rows, of which the hash of the operation is a witness (R26).
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.store import undoing
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import Damaged
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.undo import undo
from tests.store.small_books import HEADER, SMALL, STAMP, findings, load_text
from tests.store.test_guards import other_program, without_guards

_STAYS: Final = (
    HEADER
    + """\
C1,Anne Roy,invoice,OLD-1,2023-01-10,,,Ice,10.00,CAD,,
C1,Anne Roy,payment,OLD-2,2023-01-11,,,,4.00,CAD,,OLD-1
C3,Zoe,invoice,OLD-3,2023-01-12,,,Ice,8.00,CAD,,
"""
)
_MORE: Final = (
    SMALL
    + """\
C1,,payment,N-1,2024-05-01,,,,5.00,CAD,,OLD-1
C1,,payment,PP-9,2024-05-01,,planned,,1.00,CAD,,OLD-1
"""
)
_TABLES: Final = (
    "pocket",
    "total",
    "txn",
    "item",
    "allocation",
    "account",
    "account_was",
    "txn_was",
    "item_was",
    "awaited",
)


def _undo(books: Books, number: int | None = None) -> None:
    undo(books, number, STAMP, confirm=lambda _removal: True)


def _all_rows(books: Books) -> list[list[tuple[object, ...]]]:
    hashes = books.connection.execute("SELECT id, hash FROM operation ORDER BY id").fetchall()
    return [hashes, *(books.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _TABLES)]


def _only_load(books: Books) -> None:
    load_text(books, SMALL)
    _undo(books)


def _beside_older(books: Books) -> None:
    load_text(books, _STAYS)
    load_text(books, _MORE)
    _undo(books)


def _built_upon_and_taken_back(books: Books) -> None:
    load_text(books, _STAYS)
    load_text(books, _MORE)
    auto(books, None, STAMP)
    _undo(books)
    _undo(books, 2)


def _line_that_left_and_came_back(books: Books) -> None:
    load_text(books, _STAYS)
    load_text(books, _MORE)
    load_text(books, HEADER + "C1,Anne Roy,invoice,INV-2,2024-02-01,,,Swimming,50.00,CAD,,\n")
    _undo(books)
    _undo(books, 2)


_STORIES: Final = (_only_load, _beside_older, _built_upon_and_taken_back, _line_that_left_and_came_back)


@pytest.mark.parametrize("story", _STORIES, ids=lambda story: story.__name__.strip("_"))
def test_both_ways_write_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: Callable[[Books], None]
) -> None:
    written = []
    for most in (True, False):
        monkeypatch.setattr(undoing, "_is_most", lambda _op, _parameters, most=most: most)
        path = tmp_path / f"{most}.db"
        with Books.open(path, change=True) as books:
            story(books)
            written.append(_all_rows(books))
            indexes = books.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name")
            written[-1].append(indexes.fetchall())
            _undo(books)
            written[-1] += _all_rows(books)
        assert findings(path) == []
    assert written[0] == written[1]


def test_damage_to_what_stays_is_found_before_anything_leaves(tmp_path: Path) -> None:
    """R5: open amounts that somebody changed on both sides would else be added up into sums that look right."""
    path = tmp_path / "books.db"
    with Books.open(path, change=True) as books:
        load_text(books, _STAYS)
        load_text(books, _MORE)
    with closing(other_program(path, foreign_keys=False)) as connection:
        edit = "UPDATE item SET open_minor = open_minor + 100 WHERE txn_id IN (SELECT id FROM txn WHERE document IN {})"
        edit = edit.format(("OLD-1", "OLD-2"))
        without_guards(connection, edit=edit, back=True)
    before = Path(shutil.copy(path, tmp_path / "before.db"))
    with Books.open(path, change=True) as books, pytest.raises(Damaged, match="R5"):
        _undo(books)
    assert findings(path) == findings(before)
