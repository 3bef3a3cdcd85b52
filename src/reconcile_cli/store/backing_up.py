"""A consistent copy of the file while others work: SQLite's own backup, whole or not at all, for its owner only."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from reconcile_cli.domain.keeping import BackupResult
from reconcile_cli.store import drafts, files
from reconcile_cli.store.errors import CannotWrite, Exists, refusal
from reconcile_cli.text import _

Progress = Callable[[int, int], None]
"""Told how many pages are done, of how many."""

_PAGES_AT_ONCE = 2_000
_LAST = "SELECT id, lower(hex(hash)) FROM operation ORDER BY id DESC LIMIT 1"


def copy_books(
    connection: sqlite3.Connection, source: Path, path: Path, *, force: bool = False, progress: Progress | None = None
) -> BackupResult:
    """Copy the open database at `source` to `path`, as it is at one moment; what others write meanwhile is not in it.

    Raises:
        Exists: something is there and `force` is not given, or it is the database itself, or one in use.
        CannotWrite: the folder or the disk does not take it; nothing is left behind.
    """
    path = path.resolve()
    if path.exists() and source.exists() and path.samefile(source):
        raise Exists(str(path), _("it is the database itself"))
    files.refuse(path, force=force)
    draft = None
    try:
        draft = drafts.begin(path)
        number, head = _copy(connection, draft, path, progress)
        size = draft.stat().st_size
        files.put(draft, path, force=force)
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from None
    finally:
        if draft is not None:
            drafts.remove(draft)
    return BackupResult(str(path), size, number, head)


def free_name(path: Path, mark: str) -> Path:
    """A name beside a file at which nothing is: `books.MARK.db`."""
    names = (f"{path.stem}.{mark}{more}{path.suffix}" for more in ("", *(f".{number}" for number in range(2, 1_000))))
    return next(name for name in map(path.with_name, names) if not name.exists())


def _copy(connection: sqlite3.Connection, draft: Path, path: Path, progress: Progress | None) -> tuple[int, str]:
    """Copy, and tell number and hash of the last operation of the copy."""

    def told(_status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    copy = sqlite3.connect(draft, isolation_level=None)
    reading = not connection.in_transaction
    if reading:
        connection.execute("BEGIN")  # one moment, however long it takes and whatever others write
    try:
        last: tuple[int, str] = connection.execute(_LAST).fetchone() or (0, "")
        connection.backup(copy, pages=_PAGES_AT_ONCE, progress=told)
    except sqlite3.Error as error:
        raise refusal(error, path) from error
    finally:
        if reading:
            connection.execute("ROLLBACK")
        copy.close()
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    return last
