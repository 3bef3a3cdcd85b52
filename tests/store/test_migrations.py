"""Files of every released version are brought up to date, with a copy of them as they were; newer ones are left alone.

`released/schema_N.sql` is a dump of books written by the release that had schema N. Frozen: never written anew.
"""

import sqlite3
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.store import connection as recipe
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import Newer, Older
from reconcile_cli.workflows.check import check
from tests.store.old_books import NEXT, RELEASED, next_version, restored, version
from tests.store.small_books import SMALL, content, load_text

__all__ = ["next_version"]
_MOMENT: Final = "20261124T120000Z"


def test_every_released_version_has_its_dump() -> None:
    assert [version(path) for path in RELEASED] == list(range(1, recipe.SCHEMA_VERSION + 1))


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.stem)
def test_books_of_a_release_are_brought_up_to_date_and_hold(dump: Path, tmp_path: Path) -> None:
    path = restored(dump, tmp_path)
    with Books.open(path, moment=_MOMENT) as books:
        assert check(books) == []
        seen = content(books)
    assert seen[0]
    assert seen[2]
    with Books.open(path, change=True) as books:
        assert load_text(books, SMALL.replace("INV-6", "INV-66")).operation is not None
        assert check(books) == []


def test_guards_that_were_taken_off_are_not_put_back_unseen(tmp_path: Path) -> None:
    """R5: what another program did to an older file is found in the new one too."""
    path = restored(RELEASED[0], tmp_path)
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TRIGGER guard_item_insert; DROP TRIGGER guard_item_update; DROP TRIGGER guard_item_delete"
    )
    connection.close()
    with Books.open(path, moment=_MOMENT) as books:
        assert {finding.where for finding in check(books)} == {
            "guard_item_insert",
            "guard_item_update",
            "guard_item_delete",
        }


@pytest.mark.usefixtures("next_version")
@pytest.mark.parametrize("change", [False, True], ids=["reading", "changing"])
def test_a_copy_is_kept_before_a_migration(tmp_path: Path, *, change: bool) -> None:
    path = restored(RELEASED[-1], tmp_path)
    before = path.read_bytes()
    with Books.open(path, change=change, moment=_MOMENT) as books:
        kept = books.kept
        assert books.connection.execute("SELECT operations FROM v_next").fetchone()[0] > 0
        assert check(books) == []
        seen = content(books)
    assert kept == tmp_path / f"books.version-{version(RELEASED[-1])}.{_MOMENT}.db"
    assert kept.stat().st_mode & 0o777 == 0o600
    copy = sqlite3.connect(kept)
    assert copy.execute("PRAGMA user_version").fetchone()[0] == version(RELEASED[-1])
    assert copy.execute("SELECT hash FROM operation").fetchall()
    copy.close()
    assert len(before) == kept.stat().st_size
    with Books.open(path, moment=_MOMENT) as books:
        assert books.kept is None, "only once"
        assert content(books) == seen
    assert sorted(found.name for found in tmp_path.iterdir()) == ["books.db", kept.name]


@pytest.mark.usefixtures("next_version")
def test_a_copy_never_takes_the_place_of_another_file(tmp_path: Path) -> None:
    path = restored(RELEASED[-1], tmp_path)
    there = tmp_path / f"books.version-{version(RELEASED[-1])}.{_MOMENT}.db"
    there.write_text("somebody's")
    with Books.open(path, moment=_MOMENT) as books:
        assert books.kept == there.with_name(there.stem + ".2.db")
    assert there.read_text() == "somebody's"


@pytest.mark.usefixtures("next_version")
def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = restored(RELEASED[-1], tmp_path)
    bad = [*recipe.migrations()[:-1], (recipe.SCHEMA_VERSION, NEXT + "CREATE VIEW v_next AS SELECT 1;\n")]
    monkeypatch.setattr(recipe, "migrations", lambda: bad)
    with pytest.raises(Exception, match="v_next"):
        Books.open(path, moment=_MOMENT)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == recipe.SCHEMA_VERSION - 1
    assert not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'v_next'").fetchone()
    connection.close()
    assert [found.name for found in tmp_path.iterdir()] == ["books.db"], "no copy of what is still there"


@pytest.mark.usefixtures("next_version")
def test_an_older_file_that_may_only_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = restored(RELEASED[-1], tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr("os.access", lambda *_words: False)
    with pytest.raises(Older):
        Books.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("change", [False, True], ids=["reading", "changing"])
def test_a_newer_file_is_left_untouched(tmp_path: Path, *, change: bool) -> None:
    path = restored(RELEASED[-1], tmp_path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {recipe.SCHEMA_VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(Newer):
        Books.open(path, change=change)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["books.db"]
