"""Books of released versions, and a release to come: what the tests of migrations share."""

import sqlite3
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.store import connection as recipe

RELEASED: Final = sorted((Path(__file__).parent / "released").glob("schema_*.sql"))
NEXT: Final = "CREATE VIEW v_next AS SELECT count(*) AS operations FROM operation;\n"


def version(path: Path) -> int:
    """The schema of a dump."""
    return int(path.stem.partition("_")[2])


def restored(dump: Path, folder: Path) -> Path:
    """The books of a dump, as a file of that version."""
    path = folder / "books.db"
    path.touch(0o600)
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text("utf-8"))
    connection.execute(f"PRAGMA application_id = {recipe.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version(dump)}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return path


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release with one more migration."""
    migrations = [*recipe.migrations(), (recipe.SCHEMA_VERSION + 1, NEXT)]
    monkeypatch.setattr(recipe, "migrations", lambda: migrations)
    monkeypatch.setattr(recipe, "SCHEMA_VERSION", recipe.SCHEMA_VERSION + 1)
