"""R21: an error at any statement, and a disk that fills up at any moment, leave the books as they were."""

import contextlib
import gc
import resource
import shutil
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from reconcile_cli.errors import Exit
from reconcile_cli.store import connection as recipe
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import NoDatabase
from tests.cli.driving import CLUB, ok, reconcile
from tests.fault.forked import run
from tests.fault.scale import SHARE, number, tell
from tests.store.small_books import Content, content, findings

STEP: Final = 1 if SHARE >= 1 else 41
"""Every statement under `make torture`, each 41st otherwise."""
MOST_PAGES: Final = 400
CHANGES: Final = {
    "a first load": ["load", "club.csv"],
    "load": ["load", "more.csv", "--update-reconciled"],
    "load with rejects": ["load", "bad.csv", "--rejects", "rejects.csv"],
    "auto": ["auto", "--all"],
    "auto with write-offs": ["auto", "--all", "--tolerance", "100", "--write-off", "6590"],
    "apply": ["apply", "plan.csv"],
    "match": ["match", "P-1", "I-1"],
    "match with a write-off": ["match", "P-1", "I-1", "--write-off", "6590"],
    "unmatch": ["unmatch", "--account", "C-1", "--yes"],
    "hold": ["hold", "A-1"],
    "release": ["release", "B-1"],
    "lock": ["lock", "2023-12-31"],
    "undo of a load": ["undo", "1", "--yes"],
    "undo of a hold": ["undo", "2", "--yes"],
}
NOT_CHANGING: Final = {
    "accounts", "show", "find", "why", "unreconciled", "payments", "history", "export", "check", "info",
    "suggest",
}  # fmt: skip
APART: Final = {"backup", "profile"}
"""Commands that write files of their own and never the books; their own tests say how."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The club's books with an operation upon them, and files to load."""
    folder = tmp_path_factory.mktemp("injection")
    (folder / "club.csv").write_text(CLUB, encoding="utf-8")
    more = CLUB.replace("Hockey,4010,90.00", "Hockey,4010,95.00") + "H-1,,invoice,I-8,1,2024-02-01,,,,,9.00,CAD,,\n"
    (folder / "more.csv").write_text(more, encoding="utf-8")
    (folder / "bad.csv").write_text(more.replace("9.00,CAD,,\n", "9.OO,CAD,,\n"), encoding="utf-8")
    plan = "account,currency,credit,debit,amount\nA-1,CAD,payment/P-1:1,invoice/I-1:1,10.00\n"
    (folder / "plan.csv").write_text(plan, encoding="utf-8")
    for name in ("books.db", "loaded.db"):
        ok(reconcile("load", str(folder / "club.csv"), "--db", str(folder / name)))
    ok(reconcile("hold", "B-1", "--db", str(folder / "books.db")))
    return folder


@pytest.fixture
def books(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database, in a folder of its own where commands are run."""
    for file in template.iterdir():
        if file.suffix == ".csv":
            shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "books.db"
    monkeypatch.setenv("RECONCILE_DB", str(path))
    return path


def restore(name: str, template: Path, path: Path) -> None:
    """Put back the state from which a change of this name starts."""
    for left in path.parent.glob("*.db*"):
        left.unlink()
    (path.parent / "rejects.csv").unlink(missing_ok=True)
    if name != "a first load":
        shutil.copy(template / ("loaded.db" if name == "undo of a load" else "books.db"), path)


def says(path: Path) -> Content:
    """What the books say; nothing where there are none."""
    try:
        with Books.open(path) as books:
            return content(books)
    except NoDatabase:
        return []


def test_every_changing_command_is_tried() -> None:
    from reconcile_cli.cli.app import COMMANDS

    assert {argv[0] for argv in CHANGES.values()} | NOT_CHANGING | APART == set(COMMANDS)


class Failing(sqlite3.Connection):
    """A connection whose n-th statement fails, and every one after it but for ROLLBACK."""

    left = 0

    def _spend(self, statement: str) -> None:
        if statement.startswith(("ROLLBACK", "PRAGMA")):
            return
        Failing.left -= 1
        if Failing.left <= 0:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname, error.sqlite_errorcode = "SQLITE_IOERR", sqlite3.SQLITE_IOERR
            raise error

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        self._spend(sql)
        return super().execute(sql, *arguments)

    def executemany(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        self._spend(sql)
        return super().executemany(sql, *arguments)


@contextlib.contextmanager
def failing(nth: int) -> Iterator[None]:
    """Let the n-th statement of every connection of the block fail."""
    Failing.left = nth
    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, factory=Failing, **named))
        yield


@pytest.mark.parametrize("name", CHANGES)
def test_an_error_at_any_statement_leaves_nothing_partial(name: str, template: Path, books: Path) -> None:
    """From the first statement until a run in which none is left to fail."""
    restore(name, template, books)
    before = says(books)
    nth, tried = 1, 0
    while True:
        restore(name, template, books)
        with failing(nth):
            answer = reconcile(*CHANGES[name])
        if Failing.left > 0:
            break
        tried += 1
        gc.collect()  # in this process an error keeps what it met; a real one ends
        assert "defect" not in answer.err, (nth, answer)
        now = says(books)
        if answer.code == Exit.REFUSED:
            assert "The change was made" in answer.err, (nth, answer)
            assert now != before
        else:
            assert answer.code == Exit.UNUSABLE, (nth, answer)
            assert now == before, (nth, answer)
            assert "Nothing was changed" in answer.err
            assert not (books.parent / "rejects.csv").exists(), (nth, answer)
        assert answer.err.count("Error:") == 1, (nth, answer)
        assert not books.exists() or findings(books, quick=STEP > 1) == [], nth
        assert [path.name for path in books.parent.glob("*.db*")] in ([], ["books.db"])
        assert not list(books.parent.glob(".*")), nth
        nth += STEP
    assert answer.code in (Exit.DONE, Exit.FINDINGS)
    assert tried > 0
    tell(f"an error at the n-th statement of {name}: {tried} places")


def full_after(pages: int) -> None:
    """Let the disk take so many pages more: in a process of its own."""
    configured = recipe._configured

    def limited(connection: sqlite3.Connection) -> sqlite3.Connection:
        configured(connection)
        (there,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {there + pages}")
        return connection

    recipe._configured = limited


def file_limit(size: int) -> None:
    """Let no file grow beyond this size, as a quota does: in a process of its own."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _large(folder: Path) -> None:
    rows = "".join(f"L-{n % 90},,invoice,L-{n},1,2024-02-01,,,{'x' * 60},,9.00,CAD,,\n" for n in range(3_000))
    head = CLUB.splitlines()[0]
    (folder / "large.csv").write_text(f"{head}\n{rows}", encoding="utf-8")


def _limits(most: int, count: int) -> Sequence[int]:
    return [round(most * (place + 0.3) / count) for place in range(count)]


@pytest.mark.parametrize("first", [False, True], ids=["later", "first"])
@pytest.mark.parametrize("way", ["pages", "bytes"])
def test_a_full_disk_changes_nothing_and_is_told(way: str, template: Path, books: Path, *, first: bool) -> None:
    """A sentence, exit 1, the books as before, nothing beside them."""
    _large(books.parent)
    name = "a first load" if first else "load"
    restore(name, template, books)
    before = says(books)
    most = MOST_PAGES if way == "pages" else 1_600_000
    refused = done = 0
    for limit in _limits(most, number(100, least=4)):
        restore(name, template, books)
        start_at = 0 if first or way == "pages" else books.stat().st_size
        prepare = partial(full_after, limit) if way == "pages" else partial(file_limit, start_at + limit)
        answer = run("load", "large.csv", folder=books.parent, prepare=prepare)
        if answer.code == Exit.DONE:
            done += 1
        else:
            refused += 1
            assert answer.code == Exit.REFUSED, (limit, answer)
            assert len(answer.err.splitlines()) == 1, (limit, answer)
            assert answer.err.startswith("Error: "), (limit, answer)
            assert "defect" not in answer.err, (limit, answer)
            assert says(books) == before, limit
        assert not books.exists() or findings(books) == []
        assert [path.name for path in books.parent.glob("*.db*")] in ([], ["books.db"]), limit
        assert not list(books.parent.glob(".*")), limit
    assert refused
    tell(f"a disk full by {way}, a {'first' if first else 'later'} load: {refused} refused, {done} that fitted")


def test_an_export_to_a_full_disk_fails_aloud(template: Path, books: Path) -> None:
    """What cannot be written whole ends with exit 1 and a sentence; the books are not touched."""
    restore("load", template, books)
    _large(books.parent)
    ok(reconcile("load", "large.csv"))
    data = books.read_bytes()
    for limit in (40_000, 100_000, 200_000):  # SQLite's index of its log has 32 KB
        answer = run("export", folder=books.parent, prepare=partial(file_limit, limit))
        assert answer.code == Exit.REFUSED, answer
        assert len(answer.out.encode()) <= limit
        assert len(answer.err.splitlines()) == 1
        assert books.read_bytes() == data


def test_rejects_on_a_full_disk_are_not_left_by_halves(template: Path, books: Path) -> None:
    """R23: the file of rejects appears whole or not at all, and without it nothing is loaded."""
    bad = "".join(f"Z-1,,invoice,Z-{n},1,2024-02-01,,,{'x' * 60},,9.OO,CAD,,\n" for n in range(9_000))
    (books.parent / "bad.csv").write_text(CLUB + bad, encoding="utf-8")
    restore("load", template, books)
    before = says(books)
    limit = 400_000
    argv = CHANGES["load with rejects"]
    answer = run(*argv, folder=books.parent, prepare=lambda: file_limit(limit))
    assert answer.code in (Exit.REFUSED, Exit.UNUSABLE), answer
    assert says(books) == before
    assert not list(books.parent.glob("*rejects*"))
    assert not list(books.parent.glob(".*"))
