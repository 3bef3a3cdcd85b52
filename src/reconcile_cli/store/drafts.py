"""What a killed first load left: drafts of databases, which hold customers' data and which nobody will finish."""

import sqlite3
from contextlib import closing, suppress
from glob import escape
from pathlib import Path

_SUFFIXES = ("", "-wal", "-shm", "-journal")


def named(path: Path, process: int) -> Path:
    """Where a process writes the draft of a database."""
    return path.with_name(f".{path.name}.{process}.new")


def sweep(path: Path) -> None:
    """Remove the drafts of this database that no process holds any more."""
    for draft in path.parent.glob(f".{escape(path.name)}.*.new"):
        with suppress(OSError):  # somebody else's, or gone already
            if (path.exists() and draft.samefile(path)) or not _is_held(draft):
                remove(draft)


def remove(draft: Path) -> None:
    """Remove a draft, and what SQLite keeps beside it."""
    for suffix in _SUFFIXES:
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _is_held(draft: Path) -> bool:
    """Whether a process writes it: it holds the lock from its first statement until the draft is closed."""
    try:
        with closing(sqlite3.connect(draft, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return (getattr(error, "sqlite_errorname", "") or "").startswith("SQLITE_BUSY")
    return False
