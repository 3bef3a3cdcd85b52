"""The books: an open database file. Everything outside the store holds one of these and never a connection."""

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from reconcile_cli.store import drafts
from reconcile_cli.store.connection import STEPS_BETWEEN_SIGNALS, Opened, connect, publish
from reconcile_cli.store.errors import CannotWrite, Untold, refusal


class Books:
    """One organisation's database, open for reading or for change. Use it in a `with` statement.

    Whatever SQLite refuses inside the statement leaves it as a `ReconcileError`; a signal that ended one of SQLite's
    statements as `KeyboardInterrupt`; rows that no operation writes as damage. A new database comes to be when the
    statement ends well and with an operation in it.
    """

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self.connection = opened.connection
        self.kept = opened.kept
        self._draft = opened.draft
        self.written: int | None = None
        """The last operation that was committed through these books."""
        self._leave: Callable[[], None] | None = None

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

    def watch(self, tick: Callable[[], int], leave: Callable[[], None]) -> None:
        """Call `tick` now and then in the middle of a long statement, which goes on for a 0, and `leave` at the end."""
        self.connection.set_progress_handler(tick, STEPS_BETWEEN_SIGNALS)
        self._leave = leave

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            if self._is_of_damage(error):
                error = sqlite3.DatabaseError(str(error))
            self._close(keep=error is None)
        except sqlite3.Error as closing:
            error = error or closing
        finally:
            if self._draft is not None:
                drafts.remove(self._draft)
            if self._leave is not None:
                self._leave()
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        if isinstance(error, sqlite3.Error):
            if self.written is not None and self._draft is None:
                raise Untold(str(self.path), self.written, str(error)) from error
            raise refusal(error, self.path) from error

    def _is_of_damage(self, error: BaseException | None) -> bool:
        """Whether an error that nobody foresaw comes from rows that no operation writes."""
        if isinstance(error, UnicodeDecodeError):
            return True
        unforeseen = isinstance(error, ValueError | LookupError | TypeError | ArithmeticError | AttributeError)
        try:
            return unforeseen and self.connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",)
        except sqlite3.Error:
            return True

    def _close(self, *, keep: bool) -> None:
        if self._draft is None:
            self.connection.close()
            return
        began = keep and self.connection.execute("SELECT 1 FROM operation LIMIT 1").fetchone()
        if began:  # from now on others read it while somebody writes
            self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.close()
        if began:
            publish(self._draft, self.path)
