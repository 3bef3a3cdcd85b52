"""The books: an open database file. Everything outside the store holds one of these and never a connection."""

import errno
import os
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

from reconcile_cli.store.connection import Opened, connect, publish
from reconcile_cli.store.errors import CannotWrite, refusal


class Books:
    """One organisation's database, open for reading or for change. Use it in a `with` statement.

    Whatever SQLite refuses inside the statement leaves it as a `ReconcileError`; a signal that ended one of SQLite's
    statements as `KeyboardInterrupt`. A new database comes to be when
    the statement ends with an operation in it.
    """

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self.connection = opened.connection
        self.kept = opened.kept
        self._draft = opened.draft

    @classmethod
    def open(cls, path: Path, *, change: bool = False, moment: str = "") -> Self:
        """Open the file at `path`; with `change`, make it where it is missing (see `connect` for refusals).

        A file of an older version is brought up to date; `kept` names the copy of it, which bears the `moment`.
        """
        try:
            absolute = path.resolve()
        except (OSError, RuntimeError):  # a link that leads to itself
            raise CannotWrite(str(path), os.strerror(errno.ELOOP)) from None
        return cls(absolute, connect(absolute, change=change, moment=moment))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            self._close()
        except sqlite3.Error as closing:
            error = error or closing
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        if isinstance(error, sqlite3.Error):
            raise refusal(error, self.path) from error

    def _close(self) -> None:
        if self._draft is None:
            self.connection.close()
            return
        began = self.connection.execute("SELECT 1 FROM operation LIMIT 1").fetchone()
        self.connection.close()
        if began:
            publish(self._draft, self.path)
        else:
            self._draft.unlink()
