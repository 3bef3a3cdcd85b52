"""How a database file is opened: one recipe for every command.

A file is ours when its header says so; any other file is refused before SQLite touches it. A new one is written
beside its place, readable by its owner only, and moved there whole when it holds its first operation, so that
neither a half-made nor an empty one ever exists. The journal is a write-ahead log: readers go on while somebody
writes, and a closed database is one file again. A new one has no readers and is written without, each page once;
it gets its log as it is closed. A file in a folder where nothing may be written is read as it stands.
"""

import errno
import os
import sqlite3
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from reconcile_cli.store import drafts, guards, logs
from reconcile_cli.store.atomic import atomic
from reconcile_cli.store.errors import (
    Busy,
    CannotWrite,
    Damaged,
    Foreign,
    Newer,
    NoDatabase,
    Older,
    TooOldSqlite,
    refusal,
)
from reconcile_cli.text import _

APPLICATION_ID = 0x52636E63  # "Rcnc"
SCHEMA_VERSION = 3
BUSY_SECONDS = 10
_MAGIC = b"SQLite format 3\0"
_HEADER = struct.Struct(">16sH42xI4xI28x")  # magic, page_size at 16, user_version at 60, application_id at 68
_HEADER_BYTES = 100
_MALFORMED = "database disk image is malformed"  # as SQLite says it
_CACHE_KIB = 65_536
STEPS_BETWEEN_SIGNALS = 200_000
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"


class Opened(NamedTuple):
    """A connection; `draft` is the file it writes to while the database is still to be made (see `publish`).

    `kept` is the copy made of an older file before it was brought up to date.
    """

    connection: sqlite3.Connection
    draft: Path | None = None
    kept: Path | None = None


def connect(path: Path, *, change: bool, moment: str = "") -> Opened:
    """Open the database at an absolute path; with `change`, begin one where it is missing or empty.

    Raises:
        NoDatabase: nothing is there, and nothing was to be changed.
        Foreign, Newer, Damaged, CannotWrite, TooOldSqlite: the file cannot be used; it was left untouched.
    """
    if sqlite3.sqlite_version_info < (3, 37):
        raise TooOldSqlite(str(path))
    if _is_absent(path):
        if not change:
            raise NoDatabase(str(path))
        return _begin(path)
    version = _version(path)
    if change and os.access(path.parent, os.W_OK):
        drafts.sweep(path)
    logs.refuse_strange(path)
    kept = _bring_up_to_date(path, version, moment) if version < SCHEMA_VERSION else None
    connection = _open(path, change=change)
    try:
        _refuse_other_tables(connection, path)
        _refuse_unsealed(connection, path)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.Error | UnicodeDecodeError):
            raise refusal(error, path) from error
        raise
    return Opened(connection, kept=kept)


def _is_absent(path: Path) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from None
    if stat.S_ISDIR(found.st_mode):
        raise CannotWrite(str(path), os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        raise Foreign(str(path))
    return found.st_size == 0


def _version(path: Path) -> int:
    """The schema version of a file that is ours."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from None
    if len(head) < _HEADER_BYTES:
        raise Foreign(str(path))
    magic, page, version, application = _HEADER.unpack(head)
    if magic != _MAGIC or application != APPLICATION_ID:
        raise Foreign(str(path))
    if version > SCHEMA_VERSION:
        raise Newer(str(path))
    if version == 0:
        raise Damaged(str(path), _("its header does not say which schema it has"))
    # SQLite takes what is missing of the last page for zeros; in a file that a log is being taken into, the log has it.
    if page and size % page and not path.with_name(path.name + "-wal").exists():
        raise Damaged(str(path), _MALFORMED)
    return int(version)


def _bring_up_to_date(path: Path, before: int, moment: str) -> Path | None:
    """Migrate a file of the older version `before`; tells where the copy is that was made of it."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise Older(str(path))
    kept = list[Path]()

    def keep(version: int) -> None:
        """Copy what others can read: the write lock is ours, and nothing is written yet."""
        from reconcile_cli.store.backing_up import copy_books, free_name  # noqa: PLC0415 - only old books need it

        drafts.sweep(path, f"{path.stem}.version-")
        copy = free_name(path, f"version-{version}.{moment}".rstrip("."))
        reader = sqlite3.connect(path, isolation_level=None)
        try:
            copy_books(reader, path, copy)
        finally:
            reader.close()
        kept.append(copy)

    connection = _open(path, change=True)
    try:
        _refuse_unsealed(connection, path)
        migrate(connection, keep)
    except sqlite3.Error as error:
        with suppress(sqlite3.Error, OSError):  # a copy of what is still there would come with every attempt
            if kept and connection.execute("PRAGMA user_version").fetchone() == (before,):
                kept[0].unlink()
        raise refusal(error, path) from error
    finally:
        connection.close()
    return kept[0] if kept else None


def _open(path: Path, *, change: bool) -> sqlite3.Connection:
    """Open a file that is ours. One that cannot be written and is at rest is read as it stands, leaving no trace."""
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if change and not writable:
        raise CannotWrite(str(path), _("you may only read it"))
    still = not writable and not path.with_name(path.name + "-wal").exists()
    connection = None
    try:
        if still:
            connection = sqlite3.connect(path.as_uri() + "?immutable=1", uri=True, isolation_level=None)
        else:
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        _configured(connection)
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
        if not change:
            connection.execute("PRAGMA query_only = ON")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if connection:
            connection.close()
        raise refusal(error, path) from error
    return connection


def _configured(connection: sqlite3.Connection) -> sqlite3.Connection:
    for pragma in (
        "foreign_keys = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "synchronous = FULL",
        f"cache_size = -{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("folded", 1, folded, deterministic=True)
    connection.set_progress_handler(_let_signals_in, STEPS_BETWEEN_SIGNALS)
    return connection


def folded(text: str | None) -> str | None:
    """A text without case and accents, for finding; in SQL it is called by the same name."""
    if text is None:
        return None
    if text.isascii():
        return text.lower()
    from unicodedata import combining, normalize  # noqa: PLC0415 - many searches meet ASCII alone

    return "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))


def _let_signals_in() -> int:
    """Give Python a moment inside a long statement. What a signal raises here ends the statement (see `Books`)."""
    return 0


def _refuse_other_tables(connection: sqlite3.Connection, path: Path) -> None:
    """What only looks like a table of ours could say anything, or never end."""
    own = {name for (name,) in connection.execute(_TABLES)}
    if not own.issuperset(guards.PROTECTED):
        raise Damaged(str(path), _("its tables were replaced by another program"))


def _refuse_unsealed(connection: sqlite3.Connection, path: Path) -> None:
    unsealed = connection.execute("SELECT id FROM operation WHERE sealed = 0").fetchone()
    if unsealed:
        raise Damaged(str(path), _("operation {number} was never sealed").format(number=unsealed[0]))


def _begin(path: Path) -> Opened:
    """Begin a new database in a draft beside `path`, readable by its owner only."""
    try:
        draft = drafts.begin(path)
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from None
    connection = None
    try:
        connection = _configured(sqlite3.connect(draft, isolation_level=None))
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # tells a draft at work from one left behind
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        migrate(connection)
    except BaseException as error:
        if connection:
            connection.close()
        drafts.remove(draft)
        if isinstance(error, sqlite3.Error):
            raise refusal(error, path) from error
        raise
    return Opened(connection, draft)


def publish(draft: Path, path: Path) -> None:
    """Move a closed draft to its place, whole; a database that somebody else made meanwhile is left alone.

    Raises:
        Busy: there is one now; nothing of the draft is kept.
    """
    try:
        if path.exists() and path.stat().st_size == 0:
            draft.replace(path)
        else:
            drafts.put(draft, path)
    except FileExistsError:
        raise Busy(str(path)) from None
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from None


def migrations() -> list[tuple[int, str]]:
    """All numbered migrations, as (number, SQL), in order."""
    from importlib import resources  # noqa: PLC0415 - only new or old books need it

    folder = resources.files("reconcile_cli.store") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name.split("_")[0]), (folder / name).read_text(encoding="utf-8")) for name in names]


def statements(script: str) -> Iterator[str]:
    """Cut a script into statements; unlike `executescript`, running them does not commit."""
    part = ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            yield part
            part = ""


def migrate(connection: sqlite3.Connection, keep: Callable[[int], None] | None = None) -> None:
    """Bring an open database to the newest schema: each step and its record in one transaction.

    `keep` is called with the version of an older file, under the write lock and before the first step.
    """
    for number, script in migrations():
        with atomic(connection):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version and number > version and keep:
                keep(version)
                keep = None
            if number > version:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                there = guards.tables(connection)
                for statement in statements(script):
                    connection.execute(statement)
                guards.put_on_new(connection, there)
                connection.execute(f"PRAGMA user_version = {number}")
