"""`backup`: a consistent copy while others write, for its owner only, whole or not at all."""

import os
import resource
import sqlite3
import threading
from pathlib import Path

import pytest

from reconcile_cli.store.backing_up import copy_books
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import CannotWrite, Exists
from reconcile_cli.workflows.hold import hold, release
from tests.store.small_books import STAMP, content, findings, make_small_books


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "books.db"
    make_small_books(path)
    return path


def _copy(path: Path, to: Path, *, force: bool = False) -> None:
    with Books.open(path) as books:
        copy_books(books.connection, books.path, to, force=force)


def test_a_copy_is_the_books_and_private(path: Path, tmp_path: Path) -> None:
    to = tmp_path / "copy.db"
    before = os.umask(0)
    try:
        with Books.open(path) as books:
            result = copy_books(books.connection, books.path, to)
            seen = content(books)
            head = books.connection.execute("SELECT lower(hex(hash)) FROM operation").fetchone()[0]
    finally:
        os.umask(before)
    assert to.stat().st_mode & 0o777 == 0o600
    assert (result.operation, result.head, result.size_bytes) == (1, head, to.stat().st_size)
    with Books.open(to) as books:
        assert content(books) == seen
    assert findings(to) == []
    assert sorted(found.name for found in tmp_path.iterdir()) == ["books.db", "copy.db"]


def test_what_is_there_stays_unless_forced(path: Path, tmp_path: Path) -> None:
    to = tmp_path / "copy.db"
    to.write_text("somebody's")
    with pytest.raises(Exists, match="--force"):
        _copy(path, to)
    assert to.read_text() == "somebody's"
    _copy(path, to, force=True)
    assert findings(to) == []


def test_never_over_itself_nor_over_a_database_in_use(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(path)
    for to in (path, tmp_path / "link.db", tmp_path / "." / "books.db"):
        with pytest.raises(Exists, match="itself"):
            _copy(path, to, force=True)
    other = tmp_path / "other.db"
    make_small_books(other)
    with Books.open(other, change=True) as used:
        hold(used, ["INV-6"], STAMP)
        with pytest.raises(Exists, match="in use"):
            _copy(path, other, force=True)
    with pytest.raises(Exists, match="not a file"):
        _copy(path, tmp_path, force=True)
    assert findings(path) == []


def test_a_folder_that_is_not_there_or_a_full_disk_leaves_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        _copy(path, tmp_path / "absent" / "copy.db")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Books.open(path) as books:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            with pytest.raises(CannotWrite):
                copy_books(books.connection, books.path, tmp_path / "copy.db")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [found.name for found in tmp_path.iterdir()] == ["books.db"]


def test_a_copy_is_of_one_moment_while_others_write(path: Path, tmp_path: Path) -> None:
    """Two marks are always set by one operation; a copy that saw half of one would differ from both."""
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            for act in (hold, release):
                with Books.open(path, change=True) as books:
                    act(books, ["INV-6", "INV-1"], STAMP)
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            began = len(written)
            to = tmp_path / f"copy-{number}.db"
            _copy(path, to)
            while len(written) == began and writer.is_alive():
                pass
    finally:
        stop.set()
        writer.join()
    assert len(written) > 10
    for number in range(10):
        copy = tmp_path / f"copy-{number}.db"
        assert findings(copy) == []
        connection = sqlite3.connect(copy)
        assert connection.execute("SELECT count(*) FROM item WHERE held").fetchone()[0] in (0, 3)
        connection.close()


def test_what_is_told_of_a_copy_is_what_it_holds(path: Path, tmp_path: Path) -> None:
    """Others went on meanwhile: their operations are not in the copy, and not in what is said of it."""

    def meanwhile(_done: int, _total: int) -> None:
        with Books.open(path, change=True) as others:
            hold(others, ["INV-6"], STAMP)
            release(others, ["INV-6"], STAMP)

    with Books.open(path) as books:
        result = copy_books(books.connection, books.path, tmp_path / "copy.db", progress=meanwhile)
    with Books.open(tmp_path / "copy.db") as copy:
        last = copy.connection.execute("SELECT id, lower(hex(hash)) FROM operation ORDER BY id DESC LIMIT 1").fetchone()
    assert (result.operation, result.head) == last == (1, last[1])
