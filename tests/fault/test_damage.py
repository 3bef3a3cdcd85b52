"""Damaged files, strange logs, hostile schemas: right answers or exit 5, never a crash, never a write."""

import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.errors import Exit
from reconcile_cli.store import guards, logs
from reconcile_cli.store.books import Books
from tests.cli.driving import CLUB, Answer, ok, reconcile
from tests.fault.forked import run
from tests.fault.scale import number, tell
from tests.store.small_books import HEADER, findings, load_text

READING: Final = (
    ["accounts", "-f", "csv"],
    ["show", "A-1", "--matches"],
    ["unreconciled", "-f", "json"],
    ["payments", "-f", "csv"],
    ["find", "Hockey"],
    ["history", "-f", "csv"],
    ["export"],
)
CHANGING: Final = (
    ["auto", "--all"],
    ["hold", "A-1"],
    ["undo", "--yes"],
    ["load", "-", "--update-reconciled"],
)
ENDS: Final = (Exit.DONE, Exit.REFUSED, Exit.FINDINGS, Exit.UNUSABLE)
_SOUND: Final = "sound"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of small books with some history."""
    path = str(tmp_path_factory.mktemp("damage") / "books.db")
    changed = CLUB.replace("Swimming", "Swimming lessons")
    for argv, stdin in (
        (["load", "-"], CLUB),
        (["load", "-"], changed),
        (["match", "P-1", "I-1:1=10"], ""),
        (["hold", "I-3"], ""),
        (["unmatch", "I-2", "--yes"], ""),
        (["undo", "--yes"], ""),
    ):
        ok(reconcile(*argv, "--db", path, stdin=stdin))
    return Path(path).read_bytes()


@pytest.fixture
def path(tmp_path: Path, template: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "books" / "books.db"
    path.parent.mkdir()
    path.write_bytes(template)
    (tmp_path / "sound.db").write_bytes(template)
    monkeypatch.setenv("RECONCILE_DB", str(path))
    return path


def _harmless(answer: Answer, what: object) -> Answer:
    said = answer.out + answer.err
    assert answer.code in ENDS, (what, answer)
    assert "Traceback" not in said, (what, answer)
    assert "defect" not in said, (what, answer)
    assert answer.code in (Exit.DONE, Exit.FINDINGS) or answer.err.count("Error:") == 1, (what, answer)
    return answer


def _answers(folder: Path, what: object) -> list[Answer]:
    return [_harmless(run(*argv, folder=folder), (what, argv)) for argv in READING]


def _books(folder: Path, what: object) -> list[Answer]:
    """What the books say, but for the times of the operations."""
    return [_harmless(run(*argv, folder=folder), (what, argv)) for argv in READING if argv[0] != "history"]


def _tried(path: Path, data: bytes, right: Sequence[Answer], what: object, *, change: Sequence[str]) -> str:
    """Run reading commands, `check` and one changing command over damaged bytes; say how it went."""
    folder = path.parent.parent
    path.write_bytes(data)
    answers = _answers(folder, what)
    found = _harmless(run("check", folder=folder), what)
    assert path.read_bytes() == data, (what, "a reading command wrote")
    wrong = [
        (argv[0], answer)
        for argv, answer, expected in zip(READING, answers, right, strict=True)
        if answer.code != Exit.UNUSABLE and answer != expected
    ]
    assert found.code != Exit.DONE or not wrong, (what, "check is clean and an answer is wrong", wrong)
    changed = _harmless(run(*change, folder=folder), (what, change))
    if changed.code in (Exit.UNUSABLE, Exit.REFUSED) and "The change was made" not in changed.err:
        assert path.read_bytes() == data, (what, change, "refused, and written")
    if changed.code != Exit.UNUSABLE and found.code != Exit.DONE and run("check", folder=folder).code == Exit.DONE:
        after = _books(folder, what)  # an index or a sum was made anew: then nothing of the damage is left
        shutil.copyfile(folder / "sound.db", path)
        _harmless(run(*change, folder=folder), what)
        assert after == _books(folder, what), (what, "the damage was hidden by a change")
    for beside in path.parent.iterdir():
        assert beside == path, (what, beside)
    if found.code == Exit.DONE:
        return "without effect"
    return "answered otherwise, and named by check" if wrong else "refused, or named by check"


def test_a_flipped_bit_is_found_or_has_no_effect(path: Path, template: bytes) -> None:
    """One byte of the file changed by one bit, or to anything; half of them where the file is not empty space."""
    used = [at for at, byte in enumerate(template) if byte]
    folder, right = path.parent.parent, _answers(path.parent.parent, _SOUND)
    rng = random.Random()  # noqa: S311 - no secret
    seen: Counter[str] = Counter()
    for place in range(number(1_000, least=8)):
        at = rng.choice(used) if place % 2 else rng.randrange(100 if place % 10 == 0 else len(template))
        flipped = template[at] ^ (1 << rng.randrange(8) if place % 3 else rng.randrange(1, 256))
        data = template[:at] + bytes([flipped]) + template[at + 1 :]
        change = CHANGING[place % len(CHANGING)]
        seen[_tried(path, data, right, f"byte {at}: {template[at]} -> {flipped}", change=change)] += 1
    assert folder.exists()
    tell(f"one byte flipped in {seen.total()} databases: " + ", ".join(f"{n} {what}" for what, n in seen.items()))


def test_a_truncated_file_is_found(path: Path, template: bytes) -> None:
    right = _answers(path.parent.parent, _SOUND)
    rng = random.Random()  # noqa: S311 - no secret
    seen: Counter[str] = Counter()
    for place in range(number(200, least=4)):
        kept = rng.randrange(1, len(template))
        kept = kept // 4096 * 4096 or 4096 if place % 2 else kept
        seen[_tried(path, template[:kept], right, f"{kept} bytes", change=CHANGING[place % len(CHANGING)])] += 1
    assert set(seen) == {"refused, or named by check"}
    tell(f"{seen.total()} databases cut short: all refused with exit 5, or named by check")


@pytest.mark.parametrize("column", ["type", "name", "sql"])
@pytest.mark.parametrize("name", ["txn_planned", "item_was", "v_items"])
def test_a_text_of_the_schema_that_became_bytes_is_found(name: str, column: str, path: Path) -> None:
    right = _answers(path.parent.parent, _SOUND)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(f"UPDATE sqlite_schema SET {column} = CAST({column} AS BLOB) WHERE name = ?", (name,))
    seen = _tried(path, path.read_bytes(), right, (name, column), change=CHANGING[0])
    assert seen == "refused, or named by check"


# --- logs ----------------------------------------------------------------------------------------------------


def _add(path: Path, *numbers: int, killed: bool) -> None:
    """Add an operation for each number; `killed` leaves them in the log, as kill -9 does."""

    def rows(place: int) -> str:
        return HEADER + f"Z{place},Zed,invoice,Z-{place},2024-01-01,,,x,5.00,CAD,,\n"

    pid = os.fork() if killed else 0
    if pid:
        assert os.waitpid(pid, 0)[1] == 0
        return
    books = Books.open(path, change=True).__enter__()
    for place in numbers:
        load_text(books, rows(place))
    if killed:
        os._exit(0)
    books.__exit__(None, None, None)


def _other_programs(folder: Path, mode: str) -> dict[str, bytes]:
    """The files of another program that was killed while it wrote."""
    path = folder / "other.db"
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        f"c.execute('PRAGMA journal_mode = {mode}'); c.execute('CREATE TABLE t (x)');"
        "c.execute('PRAGMA cache_size = 1'); c.execute('BEGIN');"
        "[c.execute('INSERT INTO t VALUES (randomblob(3000))') for _ in range(50)];"
        + ("c.execute('COMMIT');" if mode == "WAL" else "")
        + "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    return {file.name.removeprefix("other.db"): file.read_bytes() for file in folder.glob("other.db-*")}


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_log_of_another_program_is_not_taken_in(path: Path, tmp_path: Path, mode: str) -> None:
    """SQLite would mix it with our pages, even for a command that only reads."""
    data = path.read_bytes()
    beside = {name: kept for name, kept in _other_programs(tmp_path, mode).items() if name != "-shm"}
    assert beside
    for name, kept in beside.items():
        path.with_name(path.name + name).write_bytes(kept)
    for argv in (*READING, ["check"], *CHANGING):
        answer = reconcile(*argv, stdin=CLUB)
        assert answer.code == Exit.UNUSABLE, (argv, answer)
        assert "belongs to another" in answer.err
        assert path.read_bytes() == data, argv
        assert all(path.with_name(path.name + name).read_bytes() == kept for name, kept in beside.items())


def test_a_log_of_other_books_is_not_taken_in(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    other = tmp_path / "other.db"
    _add(other, 1, killed=False)
    _add(other, 2, 3, killed=True)
    shutil.copy(other.with_name("other.db-wal"), path.with_name("books.db-wal"))
    for argv in (["accounts"], ["check"], ["auto", "--all"]):
        assert reconcile(*argv).code == Exit.UNUSABLE, argv
        assert path.read_bytes() == data
    path.with_name("books.db-wal").unlink()
    assert findings(path) == []


def test_a_backup_put_back_is_not_mixed_with_the_log_of_what_it_replaced(path: Path) -> None:
    """A crash left a log; somebody copies an older file over the newer one, and forgets the log."""
    backup = path.read_bytes()
    _add(path, *range(100, 160), killed=False)
    _add(path, 200, killed=True)
    path.write_bytes(backup)
    answer = reconcile("accounts")
    assert answer.code == Exit.UNUSABLE, answer
    assert "move books.db-wal away" in answer.err
    assert path.read_bytes() == backup
    path.with_name("books.db-wal").unlink()
    path.with_name("books.db-shm").unlink(missing_ok=True)
    assert findings(path) == []


@pytest.mark.parametrize(("share", "torn"), [(0.0, False), (0.3, False), (0.7, False), (1.0, False), (1.0, True)])
def test_its_own_log_is_taken_in_also_when_it_was_half_taken_in(path: Path, share: float, *, torn: bool) -> None:
    """A power cut while SQLite copies the log into the file: pages of both, one torn, and all comes right."""
    _add(path, *range(40), killed=True)
    log = path.with_name("books.db-wal").read_bytes()
    page = struct.unpack(">I", log[8:12])[0]
    newest = {}
    for at in range(32, len(log), 24 + page):
        newest[struct.unpack(">I", log[at : at + 4])[0]] = log[at + 24 : at + 24 + page]
    with path.open("r+b") as file:
        for place in sorted(newest)[: int(share * len(newest))]:
            file.seek((place - 1) * page)
            file.write(newest[place])
        if torn:
            file.truncate(file.tell() - page // 2)
    ok(reconcile("check"))
    assert "Z39" in ok(reconcile("accounts", "-f", "csv")).out
    assert [entry.name for entry in path.parent.iterdir()] == ["books.db"]


def test_who_reads_beside_a_writer_does_not_wait_for_a_whole_check(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log in use is told by its last operation, whether none, some or all of it is in the file."""
    looked: list[str] = []
    monkeypatch.setattr(logs, "_WHOLE", "SELECT looked()")
    with Books.open(path, change=True) as writer:
        for stage in ("open", "committed", "taken in"):
            if stage == "committed":
                load_text(writer, HEADER + "Z1,Zed,invoice,Z-1,2024-01-01,,,x,5.00,CAD,,\n")
            if stage == "taken in":
                writer.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            looked.append(run("accounts", folder=path.parent.parent).err)
    assert looked == ["", "", ""]


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
@pytest.mark.parametrize("content", [b"", b"Dear Anne,\n" * 900, bytes(5_000)], ids=["empty", "text", "zeros"])
def test_rubbish_beside_the_file_does_no_harm(path: Path, template: bytes, suffix: str, content: bytes) -> None:
    path.with_name(path.name + suffix).write_bytes(content)
    answer = reconcile("accounts", "-f", "csv")
    if answer.code != Exit.DONE:
        assert answer.code == Exit.UNUSABLE, answer
        path.with_name(path.name + suffix).unlink()
    assert path.read_bytes() == template
    assert findings(path) == []


# --- hostile schemas -----------------------------------------------------------------------------------------

_ENDLESS: Final = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
HOSTILE: Final = {
    "a trigger that changes more": "CREATE TRIGGER zz AFTER UPDATE ON item BEGIN UPDATE item SET open_minor = 0; END",
    "a trigger that deletes history": "CREATE TRIGGER zz AFTER INSERT ON operation BEGIN DELETE FROM allocation; END",
    "a trigger that calls what may not be called": (
        "CREATE TRIGGER zz AFTER INSERT ON operation BEGIN SELECT load_extension('evil'); END"
    ),
    "a temporary-looking view": f"CREATE VIEW touched AS {_ENDLESS}",
    "an endless view": f"CREATE VIEW evil AS {_ENDLESS}",
    "a view of our name": f"DROP VIEW v_accounts; CREATE VIEW v_accounts AS {_ENDLESS}",
    "a table replaced by a view": (
        "ALTER TABLE account RENAME TO account_of_old; CREATE VIEW account AS SELECT id, 'forged' AS code, name, held,"
        " made_by FROM account_of_old"
    ),
    "a table replaced by an endless view": f"DROP TABLE pocket; CREATE VIEW pocket AS {_ENDLESS}",
    "a virtual table": "DROP TABLE awaited; CREATE VIRTUAL TABLE awaited USING fts4(document, item_id, name)",
    "an index that lies": "CREATE INDEX zz ON item (abs(open_minor)) WHERE open_minor > 5",
}


def _altered(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for guard in guards.GUARDS:
            other.execute(f"DROP TRIGGER {guard}")
        other.execute("PRAGMA legacy_alter_table = ON")
        other.executescript(script)
        for statement in guards.GUARDS.values():
            try:
                other.execute(statement)
            except sqlite3.OperationalError:  # on a view, or on a table that is gone
                continue


@pytest.mark.parametrize("script", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_schema_neither_steers_nor_hangs(path: Path, script: str) -> None:
    """Right answers or exit 5; nothing is changed in a file whose tables or triggers are not ours; `check` names it."""
    folder = path.parent.parent
    right = _answers(folder, _SOUND)
    _altered(path, script)
    data = path.read_bytes()
    for argv, answer, expected in zip(READING, _answers(folder, script), right, strict=True):
        assert answer.code == Exit.UNUSABLE or answer == expected, (argv, answer)
    found = run("check", folder=folder)
    assert found.code in (Exit.FINDINGS, Exit.UNUSABLE), found
    assert path.read_bytes() == data
    for argv in (["auto", "--all"], ["hold", "A-1"]):
        changed = _harmless(run(*argv, folder=folder), argv)
        assert changed.code == Exit.UNUSABLE or "TRIGGER" not in script.upper().split("DROP")[0], changed
        if changed.code == Exit.UNUSABLE:
            assert path.read_bytes() == data
