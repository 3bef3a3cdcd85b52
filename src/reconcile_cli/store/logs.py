"""What lies beside a database after a crash: its log, which belongs to it, or that of another file, which does not.

SQLite takes in whatever log it finds, and a log says of no file that it is its own. A backup put back while the
log of the file before still lies there would be mixed with it, page by page. So the two are compared first, without
a trace: by the last operation of the file alone, by what file and log say together, and by the number of commits
in the log. Where that is not plain, SQLite's whole integrity check decides.
"""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from reconcile_cli.store.errors import CannotWrite, OtherLog

_HEADER = struct.Struct(">8xI4x8s8x")  # size of a page at 8, salts at 16
_FRAME = struct.Struct(">4xI8s8x")  # size of the file after a commit at 4, else 0; salts at 8
_LAST = "SELECT id, hash FROM operation ORDER BY id DESC LIMIT 1"
_HASH = "SELECT hash FROM operation WHERE id = ?"
_SCHEMA = "PRAGMA schema_version"
_WHOLE = "PRAGMA integrity_check(1)"


def refuse_strange(path: Path) -> None:
    """Let pass only what this database itself left beside it.

    Raises:
        OtherLog: the log is not of this file as it stands; nothing was touched.
        CannotWrite: what lies there cannot be read.
    """
    journal, log = (path.with_name(path.name + suffix) for suffix in ("-journal", "-wal"))
    try:
        if journal.exists() and any(_head(journal)):  # a published file never has one
            raise OtherLog(str(path), journal.name)
        commits = _commits(log) if log.exists() else 0
        if commits and not _belongs(path, commits):  # without one there is nothing to take in
            raise OtherLog(str(path), log.name)
    except FileNotFoundError:  # its owner ended meanwhile
        return
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "") from None


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_HEADER.size)


def _belongs(path: Path, commits: int) -> bool:
    number, kept, schema = _of_the_file(path)
    try:
        with closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as both:
            (last, _hash) = both.execute(_LAST).fetchone()
            if number and both.execute(_HASH, (number,)).fetchone() != (kept,):
                return False
            taken_in = both.execute(_SCHEMA).fetchone() == (schema,)  # every operation counts it up
            if number and (0 < last - number <= commits or taken_in):
                return True
            return bool(both.execute(_WHOLE).fetchone() == ("ok",))
    except sqlite3.OperationalError as error:  # in use, or not to be opened: not for this module to judge
        return getattr(error, "sqlite_errorname", "") != "SQLITE_ERROR"
    except (sqlite3.Error, TypeError):
        return False


def _of_the_file(path: Path) -> tuple[int, bytes, int]:
    """Without the log: number and hash of the last operation, state of the schema; 0 where it was half taken in."""
    try:
        with closing(sqlite3.connect(path.as_uri() + "?immutable=1", uri=True)) as alone:
            number, kept = alone.execute(_LAST).fetchone()
            (schema,) = alone.execute(_SCHEMA).fetchone()
            return int(number), bytes(kept), int(schema)
    except (sqlite3.Error, TypeError, ValueError):
        return 0, b"", 0


def _commits(log: Path) -> int:
    """How many commits a log holds."""
    commits = 0
    with log.open("rb", buffering=0) as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return 0
        page, salts = _HEADER.unpack(head)
        while len(frame := file.read(_FRAME.size)) == _FRAME.size:
            size, own = _FRAME.unpack(frame)
            if own != salts:  # of an earlier round
                break
            commits += size > 0
            file.seek(page, 1)
    return commits
