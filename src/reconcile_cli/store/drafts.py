"""Drafts of files: how they come to their place, and those of killed processes, which hold customers' data."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file."""


def begin(path: Path) -> Path:
    """Make an empty draft of a database; those of killed processes go. Raises OSError."""
    sweep(path)
    return create(path)


def create(path: Path) -> Path:
    """Make an empty draft for its owner only, whatever the umask. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    remove(draft)  # of a killed process that had our number
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    draft.chmod(0o600)  # also where a umask takes away even that
    return draft


def left(path: Path, names: str = "") -> list[Path]:
    """The drafts of a file, or beside it of those whose names begin so."""
    begin = f".{names or path.name + '.'}"
    try:
        with os.scandir(path.parent) as entries:
            found = [entry.name for entry in entries]
    except OSError:  # what is done in the folder next says what is the matter with it
        return []
    return [
        path.with_name(name)
        for name in found
        if name.startswith(begin) and _is_ours(name.removeprefix(begin), whole=not names)
    ]


def _is_ours(rest: str, *, whole: bool) -> bool:
    """Whether the rest of a name is as `create` has it, `123.new`; behind the beginning of a name it only ends so."""
    before, _dot, number = rest.removesuffix(".new").rpartition(".")
    return rest.endswith(".new") and number.isdecimal() and bool(before) != whole


def sweep(path: Path, names: str = "") -> None:
    """Remove the drafts of this database, or of those whose names begin so, that no process holds any more."""
    for draft in left(path, names):
        with suppress(OSError):  # somebody else's, or gone already
            if (path.exists() and draft.samefile(path)) or not _is_held(draft):
                remove(draft)


def remove(draft: Path) -> None:
    """Remove what SQLite keeps beside a draft, then the draft, by which `sweep` finds it where this is cut off."""
    for suffix in (*BESIDE, ""):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def put(draft: Path, path: Path) -> None:
    """Move a closed draft to its place, whole.

    Raises:
        FileExistsError: somebody else made a file there meanwhile.
    """
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: claim the place, then fill it
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        draft.replace(path)


def _is_held(draft: Path) -> bool:
    """Whether a process writes it: it holds the lock from its first statement until the draft is closed."""
    try:
        with closing(sqlite3.connect(draft, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return (getattr(error, "sqlite_errorname", "") or "").startswith("SQLITE_BUSY")
    return False
