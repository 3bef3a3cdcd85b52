"""R26: whatever cell another program writes over, whatever row it takes out or doubles, `check` finds it.

The guards are dropped and put back to the letter, with foreign keys and CHECKs off: only the meaning is left to tell.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from reconcile_cli.errors import ReconcileError
from reconcile_cli.store import checking, documents, guards, proof
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import Damaged
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.check import check
from reconcile_cli.workflows.hold import hold, release
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.lock import lock
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.fault.scale import SHARE, tell
from tests.store.small_books import HEADER, SMALL, STAMP, findings, load_text

Edit = tuple[str, list[Any]]
STEP: Final = max(1, round(0.5 / SHARE))
"""Every edit under `make torture`, each 25th of them otherwise."""
_UPDATE: Final = Rules(update_reconciled=True)
_LATER: Final = (
    SMALL.replace("Swimming,50.00", "Diving,55.00").replace("2024-01-10,2024-09-10,planned", "2024-02-10,2024-09-10,")
    + "C3,Zoé,payment,PAY-9,2024-03-09,,,,9.00,CAD,,LATER-1\n"
    + "C1,Anne Roi,payment,PAY-10,2024-03-09,,,,1.00,CAD,,\n"
    + "C4,Al,payment,PP-9,2024-03-09,2024-09-09,planned,,1.00,CAD,,\n"
)
_WITHOUT_A_LINE: Final = HEADER + "C1,,invoice,INV-2,2024-02-03,,,Diving,55.00,CAD,,\n"
_RECEIPT: Final = HEADER + "C4,Al,payment,R-9,2024-05-09,,,,1.00,CAD,,payment/PP-9\n"
_MORE: Final = (
    HEADER + "C5,,invoice,INV-9,2024-06-01,,,Ice,3.00,CAD,,\nC5,,payment,PAY-11,2024-06-02,,,,3.00,CAD,,INV-9\n"
)


def _yes(_removal: object) -> bool:
    return True


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books in which everything was done once, and most of it taken back."""
    path = tmp_path_factory.mktemp("edited") / "books.db"
    with Books.open(path, change=True) as books:
        load_text(books, SMALL)
        auto(books, ["C1"], STAMP, Choice())
        unmatch(books, ["PAY-2"], STAMP, confirm=_yes)
        hold(books, ["C2"], STAMP)
        release(books, ["INV-6"], STAMP)
        load_text(books, _LATER, _UPDATE)
        load_text(books, _RECEIPT)
        load_text(books, _WITHOUT_A_LINE, _UPDATE)
        undo(books, None, STAMP, confirm=_yes)
        load_text(books, _MORE)
        undo(books, None, STAMP, confirm=_yes)
        lock(books, 20231231, STAMP)
        auto(books, None, STAMP, Choice())
    assert findings(path) == []
    return path


def _others(kind: str, value: Any) -> list[Any]:
    """Values that are not this one, near it and far from it."""
    if kind == "INTEGER":
        return [0, 1, 2] if value is None else [value + 1, value - 1, 10**6, None]
    if kind == "TEXT":
        return ["x", ""] if value is None else [value + "x", value[:-1], value.swapcase(), value + " ", "", None]
    return [b"\0" * 32, None]


def _edits(path: Path) -> Iterator[Edit]:
    with closing(sqlite3.connect(path)) as connection:
        for table in guards.PROTECTED:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            names = [column[1] for column in columns]
            keys = [column[1] for column in columns if column[5]]
            where = " AND ".join(f"{key} = ?" for key in keys)
            for row in connection.execute(f"SELECT * FROM {table}").fetchall():
                values = dict(zip(names, row, strict=True))
                own = [values[key] for key in keys]
                yield f"DELETE FROM {table} WHERE {where}", own
                for _place, name, kind, *_rest in columns:
                    for other in _others(kind, values[name]):
                        if other != values[name]:
                            yield f"UPDATE {table} SET {name} = ? WHERE {where}", [other, *own]
                if keys == ["id"] != names:
                    rest = ", ".join(names[1:])
                    yield f"INSERT INTO {table} ({rest}) SELECT {rest} FROM {table} WHERE id = ?", own


def _edited(path: Path, sql: str, values: list[Any]) -> bool:
    """Make the edit; False where the columns' types or a unique index refuse it even so."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("BEGIN")
        for name in guards.GUARDS:
            connection.execute(f"DROP TRIGGER {name}")
        try:
            connection.execute(sql, values)
        except sqlite3.IntegrityError:
            return False
        for statement in guards.GUARDS.values():
            connection.execute(statement)
        connection.execute("COMMIT")
    return True


def test_every_cell_that_was_written_over_is_found(template: Path, tmp_path: Path) -> None:
    """The file is refused, or `check` has a finding: for every cell, every row taken out, every row doubled."""
    path = tmp_path / "books.db"
    tried, missed = 0, []
    for sql, values in list(_edits(template))[::STEP]:
        path.write_bytes(template.read_bytes())
        if not _edited(path, sql, values):
            continue
        tried += 1
        try:
            found = bool(findings(path))
        except ReconcileError:
            found = True
        if not found:
            missed.append((sql, values))
    assert tried
    assert missed == []
    tell(f"edits of one cell or row behind the guards: {tried}, each found")


def test_one_walk_proves_what_the_proofs_of_each_row_prove(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where allocations and items were written over, one or a few at a time, both ways find the same."""
    path, held = tmp_path / "books.db", proof._HOLDS
    edits = [edit for edit in _edits(template) if " item " in edit[0] or " allocation " in edit[0]]
    chance = random.Random(4)  # noqa: S311 - damage, not secrets
    tried = 0
    for _round in range(round(2_000 * SHARE)):
        path.write_bytes(template.read_bytes())
        if not sum(_edited(path, *edit) for edit in chance.choices(edits, k=chance.randint(1, 3))):
            continue
        found = []
        for way in (held, "SELECT 0"):
            monkeypatch.setattr(proof, "_HOLDS", way)
            with Books.open(path) as books:
                found.append(checking.meaning(books))
        assert found[0] == found[1]
        tried += bool(found[0])
    assert tried


def _texts_with_signs(path: Path) -> Iterator[Edit]:
    """What holds separators, marks or the end of a text, where the form of its document may stay as it is."""
    for table, names in documents._TEXTS.items():
        with closing(sqlite3.connect(path)) as connection:
            ids = [row_id for (row_id,) in connection.execute(f"SELECT id FROM {table}")]
        for row_id in ids:
            for name, following in pairwise((*names, "NULL")):
                if following != "NULL":
                    moved = (
                        f"{name} = coalesce({name}, '') || char(31) || coalesce({following}, ''), {following} = NULL"
                    )
                    yield f"UPDATE {table} SET {moved} WHERE id = ?", [row_id]
                for sign in ("", "\0", "\0x", "\x1d", "\x1d1\x1d", "\x1e", "\x1f"):
                    yield f"UPDATE {table} SET {name} = coalesce({name}, '') || ? WHERE id = ?", [sign, row_id]


@pytest.mark.parametrize("block", [1, 3, 500])
def test_many_documents_at_once_prove_what_each_by_itself_proves(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """Where file and sums are in order, and documents and texts were written over, one or a few at a time."""
    path = tmp_path / "books.db"
    monkeypatch.setattr(documents, "_BLOCK", block)
    edits = [edit for edit in _edits(template) if " item " in edit[0] or " txn " in edit[0]]
    edits += _texts_with_signs(template)
    chance = random.Random(5)  # noqa: S311 - damage, not secrets
    tried = 0
    for _round in range(round(2_000 * SHARE)):
        path.write_bytes(template.read_bytes())
        if not sum(_edited(path, *edit) for edit in chance.choices(edits, k=chance.randint(1, 3))):
            continue
        with Books.open(path) as books:
            known = proof.walked(books.connection)
            if checking.structure(books, known) or checking.meaning(books, known):
                continue
            found = checking.chain(books, sound=True)
            assert found == checking.chain(books)
        tried += bool(found)
    assert tried


_ADDED: Final = (
    """INSERT INTO item (txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, made_by)
    SELECT txn_id, line + 1, pocket_id, side, date, state, 0, 0, made_by FROM item ORDER BY id DESC LIMIT 1""",
    "UPDATE pocket SET items = items + 1",
    "UPDATE total SET items = items + 1",
)
_HEAD_TOLD_BY_ANOTHER: Final = (
    """UPDATE txn SET method = (
      SELECT printf('~%s~%s~%s|%s|~|%s||%s|||', id, pocket_id, kind, document, date, state)
      FROM txn WHERE document = 'INV-2') WHERE document = 'INV-1'""",
    "UPDATE txn SET method = replace(replace(method, '~', char(29)), '|', char(31)) WHERE document = 'INV-1'",
    "UPDATE txn SET register = '' WHERE document = 'INV-2'",
)
_LINE_TOLD_BY_ANOTHER: Final = (
    """UPDATE item SET match_code = (
      SELECT printf('~%s|%s|%s|%s|||', line, side, amount_minor, description) FROM item WHERE description = 'x2')
    WHERE description = 'x1'""",
    "UPDATE item SET match_code = replace(replace(match_code, '~', char(30)), '|', char(31)) WHERE description = 'x1'",
    "UPDATE item SET ledger_code = '' WHERE description = 'x2'",
)


@pytest.mark.parametrize(("block", "edits"), [(2, _ADDED), (3, _HEAD_TOLD_BY_ANOTHER), (3, _LINE_TOLD_BY_ANOTHER)])
def test_what_is_read_at_once_is_all_and_says_what_it_is_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, edits: tuple[str, ...]
) -> None:
    """A line after as many as are read; a row that cannot be read at once, whose content another's text holds."""
    path = tmp_path / "books.db"
    text = HEADER + "C1,,invoice,INV-1,2024-06-01,,,Ice,3.00,CAD,,\n"
    text += "".join(f"C1,,invoice,INV-2,2024-06-01,,,x{line},3.00,CAD,,\n" for line in range(2 * documents._LINES - 1))
    with Books.open(path, change=True) as books:
        load_text(books, text)
    monkeypatch.setattr(documents, "_BLOCK", block)
    assert findings(path) == []
    assert all(_edited(path, edit, []) for edit in edits)
    assert {found.rule for found in findings(path)} == {"R26"}


@pytest.mark.parametrize("column", ["description", "order"])
def test_what_is_too_much_to_be_read_at_once_is_read(tmp_path: Path, column: str) -> None:
    """Texts that SQLite does not hold in one piece are proved all the same."""
    path = tmp_path / "books.db"
    long = "x" * 1_000
    texts = f"{long},3.00,CAD,," if column == "description" else f"Ice,3.00,CAD,{long},"
    with Books.open(path, change=True) as books:
        load_text(books, HEADER + "".join(f"C1,,invoice,{number},2024-06-01,,,{texts}\n" for number in range(300)))
        books.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 200_000)
        assert check(books) == []
    assert _edited(path, "UPDATE item SET description = 'Fire' WHERE id = 200", [])
    with Books.open(path) as books:
        books.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 200_000)
        assert {found.rule for found in check(books)} == {"R26"}


def test_a_quick_check_looks_for_what_is_named_in_tables(template: Path, tmp_path: Path) -> None:
    """An account that is gone is missed also where an index, which `--quick` does not prove, still holds it."""
    path = tmp_path / "books.db"
    path.write_bytes(template.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_pocket_1'"
        (page,) = connection.execute(sql).fetchone()
        (named,) = connection.execute("SELECT count(*) FROM txn WHERE pocket_id = 3").fetchone()
    index = slice((page - 1) * size, page * size)
    assert _edited(path, "DELETE FROM pocket WHERE id = 3", [])
    edited = bytearray(path.read_bytes())
    edited[index] = template.read_bytes()[index]
    path.write_bytes(edited)
    assert named
    assert len([found for found in findings(path, quick=True) if found.where.startswith("txn ")]) == named


def test_a_dropped_index_is_named_whichever_it_is(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with closing(sqlite3.connect(template)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql > ''")
        ]
    for name in names:
        path.write_bytes(template.read_bytes())
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"DROP INDEX {name}")
        assert [(found.rule, found.where) for found in findings(path)] == [("R5", name)]


@pytest.mark.parametrize(("table", "column"), [("txn", "document"), ("txn", "register"), ("item", "description")])
def test_a_text_that_is_none_is_told_without_what_read_it(
    template: Path, tmp_path: Path, table: str, column: str
) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(template.read_bytes())
    assert _edited(path, f"UPDATE {table} SET {column} = CAST(X'4143FF' AS TEXT) WHERE id = 2", [])
    with pytest.raises(Damaged, match=f"column '{table}'"):
        findings(path)
