"""Jobs of millions of rows bind only what Python's sqlite3 takes as it is, without a look for an adapter each time."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from reconcile_cli.store.books import Books
from reconcile_cli.workflows.auto import auto
from tests.store.small_books import SMALL, STAMP, load_text

_LARGE = ("INTO txn ", "INTO item ", "INTO temp.plan ", "INTO allocation ")
_AS_IT_IS = {int, str, bytearray}


class Watching(sqlite3.Connection):
    """Notes the types of the values bound where a job writes a row for each row or link, and how often it does."""

    bound: set[type]
    writes: int

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if hasattr(self, "bound") and any(into in sql for into in _LARGE):
            self.bound |= set(map(type, parameters.values() if isinstance(parameters, dict) else parameters))
            self.writes += 1
        return super().execute(sql, parameters)


def test_a_first_load_and_auto_bind_plain_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, factory=Watching, **k))
    with Books.open(tmp_path / "books.db", change=True) as books:
        watching = books.connection
        assert isinstance(watching, Watching)
        watching.bound, watching.writes = set(), 0
        loaded = load_text(books, SMALL.replace(",INV-5\n", ",\n"))  # what sources state is followed one by one
        assert loaded.within_document
        assert loaded.checkout
        assert auto(books, None, STAMP).operation
        assert watching.writes >= 6
        assert watching.bound <= _AS_IT_IS
        assert books.connection.execute("SELECT count(*) FROM item WHERE description = ''").fetchone() == (0,)
