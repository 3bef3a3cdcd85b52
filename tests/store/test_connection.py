"""The recipe by which a file is opened, as a unit: what is ours, what is refused untouched, what is left behind."""

import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from reconcile_cli.errors import BadInput, Exit, ReconcileError
from reconcile_cli.store import connection as recipe
from reconcile_cli.store import guards
from reconcile_cli.store.accounts import Choice, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import (
    Busy,
    CannotWrite,
    Damaged,
    Foreign,
    Newer,
    NoDatabase,
    NoRoom,
    TooOldSqlite,
    Unusable,
    refusal,
)
from tests.store.small_books import HEADER, SMALL, TODAY, findings, load_text, make_small_books

NOBODY = 65534
_INTERRUPT = sqlite3.SQLITE_INTERRUPT
MODES = pytest.mark.parametrize("change", [False, True], ids=["reading", "changing"])


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a sound file."""
    path = tmp_path_factory.mktemp("sealed") / "books.db"
    make_small_books(path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, sealed: bytes) -> Path:
    """A sound file in a folder of its own."""
    path = tmp_path / "books.db"
    path.write_bytes(sealed)
    return path


def listed(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def codes(path: Path) -> list[str]:
    with Books.open(path) as books:
        return [line.account for line in accounts(books, Choice(), today=TODAY)]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


# --- a new file ----------------------------------------------------------------------------------------------


@pytest.fixture
def _umask_0() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
@pytest.mark.usefixtures("_umask_0")
def test_a_new_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with Books.open(path, change=True) as books:
        load_text(books, SMALL)
        assert {mode(entry) for entry in tmp_path.iterdir()} == {0o600}
    assert mode(path) == 0o600


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A mistyped path is told, not followed."""
    with pytest.raises(CannotWrite):
        Books.open(tmp_path / "mistyped" / "books.db", change=True)
    assert listed(tmp_path) == []


def test_a_new_file_says_whose_it_is(path: Path) -> None:
    """The header alone tells: what `file` and other programs look at."""
    head = path.read_bytes()[:100]
    assert head.startswith(b"SQLite format 3\0")
    assert struct.unpack(">I", head[68:72]) == (recipe.APPLICATION_ID,)
    assert struct.unpack(">I", head[60:64]) == (recipe.SCHEMA_VERSION,)
    assert head[18:20] == b"\2\2"  # a write-ahead log


def test_a_closed_database_is_one_file(tmp_path: Path) -> None:
    """The write-ahead log and its index are gone when nobody has it open."""
    path = tmp_path / "books.db"
    make_small_books(path)
    assert listed(tmp_path) == ["books.db"]
    with Books.open(path, change=True) as books:
        load_text(books, SMALL.replace("Hockey", "Ice hockey"))
        assert "books.db-wal" in listed(tmp_path)
    assert listed(tmp_path) == ["books.db"]
    assert codes(path) == ["C1", "C1", "C2"]
    assert listed(tmp_path) == ["books.db"]
    assert findings(path) == []


@pytest.mark.parametrize("name", ["file:books.db?mode=memory", "file:books.db", ":memory:", "a b'%41?#.db"])
def test_a_name_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """No name is taken for a URI or for memory, in the folder where one stands."""
    monkeypatch.chdir(tmp_path)
    make_small_books(Path(name))
    assert listed(tmp_path) == [name]
    assert codes(Path(name)) == ["C1", "C1", "C2"]
    with Books.open(Path(name)) as books:
        assert books.path == tmp_path / name


def test_reading_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase) as refused:
        Books.open(tmp_path / "books.db")
    assert refused.value.exit_code == Exit.REFUSED
    assert "reconcile load" in refused.value.sentence()
    assert listed(tmp_path) == []


@MODES
def test_an_empty_file_counts_as_new(tmp_path: Path, *, change: bool) -> None:
    path = tmp_path / "books.db"
    path.touch()
    if not change:
        with pytest.raises(NoDatabase):
            Books.open(path)
        assert path.read_bytes() == b""
    else:
        make_small_books(path)
        assert codes(path) == ["C1", "C1", "C2"]
        assert mode(path) == 0o600
    assert listed(tmp_path) == ["books.db"]


@pytest.mark.parametrize("empty", [False, True], ids=["no file", "an empty file"])
def test_nothing_is_made_where_nothing_was_loaded(tmp_path: Path, *, empty: bool) -> None:
    path = tmp_path / "books.db"
    if empty:
        path.touch()
    before = listed(tmp_path)
    with Books.open(path, change=True):
        pass
    with pytest.raises(BadInput), Books.open(path, change=True) as books:
        load_text(books, SMALL.replace("100.00", "1O0.00"))
    with pytest.raises(KeyboardInterrupt), Books.open(path, change=True):
        raise KeyboardInterrupt
    assert listed(tmp_path) == before
    assert not empty or path.read_bytes() == b""


def _no_space(_connection: sqlite3.Connection) -> NoReturn:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    raise error


def _interrupted(_connection: sqlite3.Connection) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("failure", "raised"), [(_no_space, CannotWrite), (_interrupted, KeyboardInterrupt)])
def test_no_half_made_file_is_left(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Callable[[sqlite3.Connection], NoReturn],
    raised: type[BaseException],
) -> None:
    """R21, from the first moment: the schema fails to be written, or somebody presses Ctrl-C meanwhile."""
    monkeypatch.setattr(recipe, "migrate", failure)
    with pytest.raises(raised):
        Books.open(tmp_path / "books.db", change=True)
    assert listed(tmp_path) == []


def test_a_migration_is_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "migrations", lambda: [(1, "CREATE TABLE seal (id);\nCREATE TABLE seal (id);\n")])
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            recipe.migrate(connection)
        assert connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
        assert not connection.in_transaction


def test_one_that_was_made_meanwhile_is_left_alone(tmp_path: Path, sealed: bytes) -> None:
    """Two loads begin a database in one place at the same time: the first one's stays."""
    path = tmp_path / "books.db"
    books = Books.open(path, change=True).__enter__()
    load_text(books, SMALL)
    path.write_bytes(sealed)
    with pytest.raises(Busy):
        books.__exit__(None, None, None)
    assert path.read_bytes() == sealed
    assert listed(tmp_path) == ["books.db"]


# --- what is not ours ----------------------------------------------------------------------------------------


def _sqlite_file(application_id: int = 0, version: int = 0) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "other.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute(f"PRAGMA application_id = {application_id}")
            other.execute(f"PRAGMA user_version = {version}")
            other.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT)")
        return path.read_bytes()


def _patched(data: bytes, offset: int, value: bytes) -> bytes:
    return data[:offset] + value + data[offset + len(value) :]


_FOREIGN = {
    "text": b"Dear Anne,\n" * 20,
    "a CSV file": SMALL.encode(),
    "one byte": b"x",
    "only the magic": b"SQLite format 3\0",
    "spreadsheet": b"PK\x03\x04" + bytes(200),
    "zeros": bytes(8192),
    "random bytes": random.Random(1).randbytes(8192),  # noqa: S311 - no secret
    "another SQLite file": _sqlite_file(),
    "another program's": _sqlite_file(0x47504B47, 10300),
    "another program's of our version": _sqlite_file(0x47504B47, recipe.SCHEMA_VERSION),
}


def assert_refused_untouched(path: Path, expected: type[Unusable], *, change: bool) -> Unusable:
    """Refused with exit 5; the bytes are the same and nothing was left beside it."""
    data, beside, made = path.read_bytes(), listed(path.parent), path.stat()
    with pytest.raises(ReconcileError) as refused:
        Books.open(path, change=change)
    assert type(refused.value) is expected
    assert refused.value.exit_code == Exit.UNUSABLE
    assert str(path) in refused.value.sentence()
    assert path.read_bytes() == data
    assert listed(path.parent) == beside
    assert (path.stat().st_mode, path.stat().st_ino) == (made.st_mode, made.st_ino)
    assert isinstance(refused.value, Unusable)
    return refused.value


@MODES
@pytest.mark.parametrize("data", _FOREIGN.values(), ids=_FOREIGN.keys())
def test_another_programs_file_is_refused_untouched(tmp_path: Path, data: bytes, *, change: bool) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(data)
    assert_refused_untouched(path, Foreign, change=change)


@MODES
def test_a_newer_file_is_refused_untouched(path: Path, *, change: bool) -> None:
    path.write_bytes(_patched(path.read_bytes(), 60, struct.pack(">I", recipe.SCHEMA_VERSION + 1)))
    assert_refused_untouched(path, Newer, change=change)


@MODES
def test_a_file_without_a_version_is_refused_untouched(path: Path, *, change: bool) -> None:
    path.write_bytes(_patched(path.read_bytes(), 60, bytes(4)))
    assert_refused_untouched(path, Damaged, change=change)


@MODES
@pytest.mark.parametrize("kept", [100, 1000, 4096, 20_000, -1], ids=lambda kept: f"{kept} bytes")
def test_a_truncated_file_is_refused_untouched(path: Path, kept: int, *, change: bool) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    assert_refused_untouched(path, Damaged, change=change)


@MODES
def test_a_file_whose_schema_is_scribbled_over_is_refused_untouched(path: Path, *, change: bool) -> None:
    path.write_bytes(_patched(path.read_bytes(), 100, b"\xff" * 200))
    assert_refused_untouched(path, Damaged, change=change)


@MODES
def test_ours_by_its_header_without_our_tables_is_refused_untouched(tmp_path: Path, *, change: bool) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(_sqlite_file(recipe.APPLICATION_ID, recipe.SCHEMA_VERSION))
    assert_refused_untouched(path, Damaged, change=change)


@MODES
def test_an_operation_that_was_never_sealed_is_refused_untouched(path: Path, *, change: bool) -> None:
    """R5: what another program declares with the guards gone and foreign keys off is not read as books."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for guard in guards.GUARDS:
            other.execute(f"DROP TRIGGER {guard}")
        other.execute(
            "INSERT INTO operation (id, command, arguments, note, author, made_at, first_txn, first_item, "
            "first_allocation) VALUES (2, 'auto', '{}', '', 'x', '2024-07-01T00:00:00Z', 99, 99, 99)"
        )
    refused = assert_refused_untouched(path, Damaged, change=change)
    assert "2" in refused.sentence()


@MODES
def test_a_folder_is_refused(tmp_path: Path, *, change: bool) -> None:
    with pytest.raises(CannotWrite) as refused:
        Books.open(tmp_path, change=change)
    assert refused.value.exit_code == Exit.UNUSABLE
    assert listed(tmp_path) == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(CannotWrite):
        Books.open(tmp_path / "taken" / "books.db", change=True)
    assert (tmp_path / "taken").read_text() == "x"


def test_an_old_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    assert_refused_untouched_as_old(path)


def assert_refused_untouched_as_old(path: Path) -> None:
    data = path.read_bytes()
    with pytest.raises(TooOldSqlite) as refused:
        Books.open(path)
    assert refused.value.exit_code == Exit.UNUSABLE
    assert "3.37" in refused.value.sentence()
    assert path.read_bytes() == data


# --- how it is opened ----------------------------------------------------------------------------------------


@MODES
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("trusted_schema", 0), ("cell_size_check", 1), ("synchronous", 2), ("busy_timeout", 10_000)],
)
def test_every_connection_has_the_same_settings(path: Path, pragma: str, value: int, *, change: bool) -> None:
    with Books.open(path, change=change) as books:
        assert books.connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)


@pytest.mark.parametrize("pragma", ["foreign_keys", "cell_size_check"])
def test_so_has_the_one_that_makes_the_file(tmp_path: Path, pragma: str) -> None:
    with Books.open(tmp_path / "books.db", change=True) as books:
        assert books.connection.execute(f"PRAGMA {pragma}").fetchone() == (1,)


def test_reading_cannot_write(path: Path) -> None:
    """A reading command changes nothing, whatever its SQL."""
    data = path.read_bytes()
    with pytest.raises(CannotWrite), Books.open(path) as books:
        books.connection.execute("CREATE TABLE mine (id)")
    assert path.read_bytes() == data


# --- others at work ------------------------------------------------------------------------------------------

_HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@contextmanager
def write_lock_held_elsewhere(path: Path) -> Iterator[None]:
    """Another process holds the write lock as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.communicate("\n")
    assert other.returncode == 0


def test_who_writes_waits_and_then_says_who_is_in_the_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "BUSY_SECONDS", 0.05)
    with write_lock_held_elsewhere(path):
        with pytest.raises(Busy) as refused, Books.open(path, change=True) as books:
            load_text(books, SMALL.replace("Hockey", "Ice hockey"))
        assert refused.value.exit_code == Exit.UNUSABLE
        assert codes(path) == ["C1", "C1", "C2"]  # readers go on
    with Books.open(path, change=True) as books:
        assert load_text(books, SMALL.replace("Hockey", "Ice hockey")).operation == 2


def test_a_reader_keeps_its_view_while_another_writes(path: Path) -> None:
    with Books.open(path) as reader:
        lines = accounts(reader, Choice(), today=TODAY)
        assert next(lines).name == "Anne Roy"
        with Books.open(path, change=True) as writer:
            load_text(writer, SMALL.replace("Anne Roy", "Anne Roy-Dubé").replace("Luc Côté", "Luc Cote"))
        assert [line.name for line in lines] == ["Anne Roy", "Luc Côté"]
    assert listed(path.parent) == ["books.db"]


# --- where nothing may be written ----------------------------------------------------------------------------


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write anywhere: be nobody for the length of the block. Others are already bound by modes."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def public(sealed: bytes) -> Iterator[Path]:
    """A sound file that everybody may reach and, for now, write."""
    if os.name == "nt":
        pytest.skip("modes of POSIX")
    folder = Path(tempfile.mkdtemp())
    path = folder / "books.db"
    path.write_bytes(sealed)
    folder.chmod(0o777)
    path.chmod(0o666)
    yield path
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_folder_is_read_and_not_written(public: Path) -> None:
    data = public.read_bytes()
    public.chmod(0o444)
    public.parent.chmod(0o555)
    with as_nobody():
        assert codes(public) == ["C1", "C1", "C2"]
        assert findings(public) == []
        with pytest.raises(CannotWrite) as refused, Books.open(public, change=True) as books:
            load_text(books, SMALL)
        assert refused.value.exit_code == Exit.UNUSABLE
    assert public.read_bytes() == data
    assert listed(public.parent) == ["books.db"]


def test_a_read_only_folder_takes_no_new_file(public: Path) -> None:
    public.parent.chmod(0o555)
    with as_nobody():
        with pytest.raises(CannotWrite):
            Books.open(public.with_name("new.db"), change=True)
        with pytest.raises(NoDatabase):
            Books.open(public.with_name("new.db"))
    assert listed(public.parent) == ["books.db"]


def test_a_read_only_file_is_read_and_not_written(public: Path) -> None:
    data = public.read_bytes()
    public.chmod(0o444)
    with as_nobody():
        assert codes(public) == ["C1", "C1", "C2"]
        with pytest.raises(CannotWrite), Books.open(public, change=True) as books:
            load_text(books, SMALL.replace("Hockey", "Ice hockey"))
    assert public.read_bytes() == data
    assert listed(public.parent) == ["books.db"]


def test_a_file_that_may_not_be_read_is_refused(public: Path) -> None:
    public.chmod(0o000)
    with as_nobody(), pytest.raises(CannotWrite):
        Books.open(public)


def test_what_a_killed_writer_left_is_not_passed_over(public: Path) -> None:
    """In a read-only folder the file is read as it stands only where no log holds more than it."""
    with closing(sqlite3.connect(public, isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("CREATE TABLE later (id)")
        kept = public.with_name("books.db-wal").read_bytes()
    assert not public.with_name("books.db-wal").exists()
    public.with_name("books.db-wal").write_bytes(kept)
    public.parent.chmod(0o555)
    with as_nobody(), pytest.raises(CannotWrite):
        codes(public)


# --- whatever SQLite says ------------------------------------------------------------------------------------


def _names() -> list[str]:
    """All names of the module that can be codes of errors; an interrupt is no error (Ctrl-C)."""
    numbers = {name: getattr(sqlite3, name) for name in dir(sqlite3) if name.startswith("SQLITE_")}
    return sorted(name for name, number in numbers.items() if isinstance(number, int) and number != _INTERRUPT)


@pytest.mark.parametrize("kind", [sqlite3.OperationalError, sqlite3.IntegrityError, sqlite3.DatabaseError])
def test_every_error_of_sqlite_becomes_a_refusal(path: Path, kind: type[sqlite3.Error]) -> None:
    """Never a traceback, whatever its name: a sentence that names the file, and exit 5."""
    data = path.read_bytes()
    for name in _names():
        error = kind("what SQLite says")
        error.sqlite_errorname = name
        error.sqlite_errorcode = getattr(sqlite3, name)
        assert_becomes_a_refusal(path, error)
    assert path.read_bytes() == data


@pytest.mark.parametrize("kind", [sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.InterfaceError])
def test_so_does_one_of_the_module_itself_which_has_no_code(path: Path, kind: type[sqlite3.Error]) -> None:
    """As for a text that is not UTF-8."""
    assert_becomes_a_refusal(path, kind("Could not decode to UTF-8 column 'code'"))


def test_a_statement_interrupted_is_ctrl_c(path: Path) -> None:
    error = sqlite3.OperationalError("interrupted")
    error.sqlite_errorname, error.sqlite_errorcode = "SQLITE_INTERRUPT", _INTERRUPT
    with pytest.raises(KeyboardInterrupt), Books.open(path):
        raise error


def assert_becomes_a_refusal(path: Path, error: sqlite3.Error) -> None:
    with pytest.raises(ReconcileError) as refused, Books.open(path):
        raise error
    assert refused.value.exit_code == (Exit.REFUSED if isinstance(refused.value, NoRoom) else Exit.UNUSABLE)
    assert str(path) in refused.value.sentence()
    assert refused.value.__cause__ is error


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SQLITE_BUSY", Busy),
        ("SQLITE_BUSY_SNAPSHOT", Busy),
        ("SQLITE_LOCKED_SHAREDCACHE", Busy),
        ("SQLITE_NOTADB", Foreign),
        ("SQLITE_FULL", NoRoom),
        ("SQLITE_IOERR_WRITE", NoRoom),
        ("SQLITE_IOERR_READ", CannotWrite),
        ("SQLITE_CANTOPEN", CannotWrite),
        ("SQLITE_READONLY_DIRECTORY", CannotWrite),
        ("SQLITE_CORRUPT", Damaged),
        ("SQLITE_CORRUPT_VTAB", Damaged),
        ("SQLITE_CONSTRAINT_CHECK", Damaged),
    ],
)
def test_each_is_called_by_its_own_name(name: str, expected: type[ReconcileError]) -> None:
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorname = name
    assert type(refusal(error, Path("/books.db"))) is expected


@contextmanager
def with_room_for(path: Path, *, pages: int) -> Iterator[Books]:
    """Books on a disk that takes so many pages more."""
    with Books.open(path, change=True) as books:
        (there,) = books.connection.execute("PRAGMA page_count").fetchone()
        books.connection.execute(f"PRAGMA max_page_count = {there + pages}")
        yield books


def test_a_full_disk_changes_nothing(path: Path) -> None:
    """R21: the load that does not fit is rolled back whole, and the sentence says why."""
    more = "\n".join(f"C9,,invoice,N-{number},2024-01-01,,,{'x' * 50},1.00,CAD,," for number in range(2_000))
    with pytest.raises(CannotWrite) as refused, with_room_for(path, pages=10) as books:
        load_text(books, HEADER + more + "\n")
    assert refused.value.exit_code == Exit.REFUSED
    assert "full" in refused.value.sentence()
    assert codes(path) == ["C1", "C1", "C2"]
    assert findings(path) == []
    assert listed(path.parent) == ["books.db"]


def test_a_page_half_written_from_the_log_is_no_damage(tmp_path: Path) -> None:
    """A disk fills up while SQLite moves its log into the file: the log still holds all of it."""
    path, copy = tmp_path / "books.db", tmp_path / "copy.db"
    make_small_books(path)
    with closing(sqlite3.connect(path)) as live:
        live.execute(f"PRAGMA user_version = {recipe.SCHEMA_VERSION}")
        shutil.copy(f"{path}-wal", f"{copy}-wal")
        copy.write_bytes(path.read_bytes() + bytes(1_000))
        Books.open(copy).connection.close()
