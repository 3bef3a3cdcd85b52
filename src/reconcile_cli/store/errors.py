"""Why a database file cannot be used, and names that it does not know."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from reconcile_cli.domain.dates import iso
from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.text import _


class NoDatabase(ReconcileError):
    """A reading command found no file."""

    code = "no-database"

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def sentence(self) -> str:
        return _("There is no database at {path} yet. Start one with: reconcile load FILE").format(path=self.path)


class Unusable(ReconcileError):
    """The file cannot be used as it is; it was left untouched."""

    code = "unusable"
    exit_code = Exit.UNUSABLE

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path


class Foreign(Unusable):
    """The file belongs to another program, or is no database."""

    code = "foreign"

    def sentence(self) -> str:
        return _("{path} is not a database of reconcile; it was left untouched. Name another with --db.").format(
            path=self.path
        )


class Newer(Unusable):
    """The file was written by a newer version."""

    code = "newer"

    def sentence(self) -> str:
        return _(
            "{path} was written by a newer version of reconcile; it was left untouched. Upgrade reconcile to use it."
        ).format(path=self.path)


class Damaged(Unusable):
    """The file breaks a promise of the books."""

    code = "damaged"

    def __init__(self, path: str, what: str) -> None:
        super().__init__(path)
        self.what = what

    def sentence(self) -> str:
        return _(
            "{path} is damaged: {what}. It was left untouched; restore a backup, or see what is wrong with:"
            " reconcile check"
        ).format(path=self.path, what=self.what)


class Busy(Unusable):
    """Another process holds the file longer than we wait."""

    code = "busy"

    def sentence(self) -> str:
        return _("{path} is in use by another process. Nothing was changed; try again in a moment.").format(
            path=self.path
        )


class CannotWrite(Unusable):
    """The file or its folder cannot be opened or written."""

    code = "cannot-write"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path)
        self.why = why

    def sentence(self) -> str:
        return _("{path} cannot be opened or written: {why}. Nothing was changed.").format(path=self.path, why=self.why)


class OtherLog(Unusable):
    """A log lies beside the file that is not its own."""

    code = "other-log"

    def __init__(self, path: str, log: str) -> None:
        super().__init__(path)
        self.log = log

    def sentence(self) -> str:
        return _(
            "{log} belongs to another state of {path}; read together they would damage the books. Nothing was changed."
            " If {path} is a copy put back in its place, move {log} away."
        ).format(log=self.log, path=self.path)


class NoRoom(CannotWrite):
    """The disk is full, or a limit of the system is reached: the change failed, the file is sound."""

    code = "no-room"
    exit_code = Exit.REFUSED


class Untold(ReconcileError):
    """The change is in the books; reading it again, to show it, failed."""

    code = "untold"

    def __init__(self, path: str, operation: int, why: str) -> None:
        super().__init__()
        self.path = path
        self.operation = operation
        self.why = why

    def sentence(self) -> str:
        return _(
            "The change was made, as operation {number} of {path}, but then it could not be shown: {why}."
            " Prove the books with: reconcile check. Take it back: reconcile undo {number}"
        ).format(number=self.operation, path=self.path, why=self.why)


class Exists(ReconcileError):
    """A file that is to be written is there already."""

    code = "exists"

    def __init__(self, path: str, why: str) -> None:
        super().__init__()
        self.path = path
        self.why = why

    def sentence(self) -> str:
        return _("{path} was not written: {why}. Name another file.").format(path=self.path, why=self.why)


class Older(Unusable):
    """The file is of an older version and cannot be brought up to date, since it cannot be written."""

    code = "older"

    def sentence(self) -> str:
        return _(
            "{path} was written by an older version of reconcile and must be brought up to date once, but you may only"
            " read it. Copy it to where you may write, and use the copy with --db."
        ).format(path=self.path)


class TooMuch(ReconcileError):
    """The amounts of an account, or of all accounts in a currency, add up to more than can be counted."""

    code = "too-much"

    def sentence(self) -> str:
        return _(
            "The amounts of an account, or of all accounts in a currency, add up to more than can be counted."
            " Nothing was changed."
        )


class TooOldSqlite(Unusable):
    """SQLite itself is too old."""

    code = "old-sqlite"

    def sentence(self) -> str:
        return _("This Python uses an SQLite older than 3.37, which cannot keep the books. Use a newer Python.")


class Locked(ReconcileError):
    """Something in a closed period would change (R25). `effect`: an allocation, and `date` the day it counts from."""

    code = "locked"

    def __init__(self, what: str, date: int, until: int, *, effect: bool = False) -> None:
        super().__init__()
        self.what = what
        self.date = date
        self.until = until
        self.effect = effect

    def sentence(self) -> str:
        text = _(
            "{what} is dated {date}, and the books are locked up to {until}. Nothing was changed. Correct it with a"
            " later document, or reopen the period first: reconcile lock --reopen {date}"
        )
        if self.effect:
            text = _(
                "The allocation {what} counts from {date}, and the books are locked up to {until}. Nothing was changed."
                " Reopen the period first: reconcile lock --reopen {date}"
            )
        return text.format(what=self.what, date=iso(self.date), until=iso(self.until))


class UnknownName(ReconcileError):
    """No account, document or item of that name; the nearest are named. Or an account where an item is meant."""

    code = "unknown-name"

    def __init__(self, name: str, nearest: Sequence[str], *, of_account: bool = False) -> None:
        super().__init__()
        self.name = name
        self.nearest = nearest
        self.of_account = of_account

    def sentence(self) -> str:
        if self.of_account:
            return _("{name} is an account; name one of its documents or items: reconcile show {name}").format(
                name=self.name
            )
        if self.nearest:
            return _("Nothing here is called {name}. Did you mean {nearest}?").format(
                name=self.name, nearest=", ".join(self.nearest)
            )
        return _("Nothing here is called {name}. See the accounts with: reconcile accounts").format(name=self.name)


class AmbiguousName(ReconcileError):
    """A document number that several transactions share."""

    code = "ambiguous-name"

    def __init__(self, name: str, readings: Sequence[str]) -> None:
        super().__init__()
        self.name = name
        self.readings = readings

    def sentence(self) -> str:
        return _("{name} names more than one transaction. Say which: {readings}").format(
            name=self.name, readings=", ".join(self.readings)
        )


def refusal(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> ReconcileError:
    """Turn what SQLite says into a refusal in the user's words."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy(str(path))
    if name.startswith("SQLITE_NOTADB"):
        return Foreign(str(path))
    if "integer overflow" in str(error) or "cannot store REAL value" in str(error):  # what sum() says, and what + does
        return TooMuch()
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")):
        return NoRoom(str(path), _("the disk is full, or a limit of its size is reached"))
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR", "SQLITE_AUTH")):
        return CannotWrite(str(path), str(error))
    return Damaged(str(path), str(error))
