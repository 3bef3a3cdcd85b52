"""R26: whatever cell another program writes over, whatever row it takes out or doubles, `check` finds it.

The guards are dropped and put back to the letter, with foreign keys and CHECKs off: only the meaning is left to tell.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from reconcile_cli.errors import ReconcileError
from reconcile_cli.store import checking, guards, proof
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import Damaged
from reconcile_cli.workflows.auto import Choice, auto
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
        for way, told in ((held, {}), ("SELECT 0", {"no_copies": 1, "by_nobody": 1})):
            monkeypatch.setattr(proof, "_HOLDS", way)
            with Books.open(path) as books:
                known = proof.walked(books.connection)._replace(**told)
                found.append((checking.structure(books, known, quick=True), checking.meaning(books, known)))
        assert found[0] == found[1]
        tried += any(found[0])
    assert tried


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
