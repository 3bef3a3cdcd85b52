"""What other programs may not do to the books, and that `check` finds what nobody can refuse them (R4, R5, R7, R26)."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.store import guards
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import Damaged
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.hold import hold
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.store.small_books import HEADER, SMALL, STAMP, findings, load_text

Edit = Callable[[sqlite3.Connection], object]
TABLES: Final = guards.PROTECTED


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Books with a history: loaded, changed, matched by hand and by rule, held, and something taken back."""
    path = tmp_path_factory.mktemp("lived-in") / "books.db"
    with Books.open(path, change=True) as books:
        load_text(books, SMALL)
        load_text(books, SMALL.replace("Swimming", "Swimming lessons").replace("Luc Côté", "Luc Cote"))
        load_text(books, SMALL + "C1,Anne Roy,payment,PAY-7,2024-03-06,,,,7.00,CAD,,INV-LATER\n")
        match(books, ["PAY-2", "INV-2:2=10.00"], STAMP)
        hold(books, ["INV-6"], STAMP)
        auto(books, None, STAMP)
        unmatch(books, ["PAY-5"], STAMP, confirm=lambda _removal: True)
        load_text(books, SMALL.replace(",Membership,35.00", ",Membership,36.00"), Rules(update_reconciled=True))
        load_text(books, HEADER + "C2,Luc Cote,invoice,INV-8,2024-05-01,,,Taken back,8.00,CAD,,\n")
        undo(books, None, STAMP, confirm=lambda _removal: True)
        load_text(books, HEADER + "C2,Luc Cote,invoice,INV-9,2024-05-01,,,Kept,8.00,CAD,,\n" * 2)
        load_text(books, HEADER + "C2,Luc Cote,invoice,INV-9,2024-05-01,,,Kept,8.00,CAD,,\n")
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, lived_in: bytes) -> Path:
    path = tmp_path / "books.db"
    path.write_bytes(lived_in)
    return path


def other_program(path: Path, *, foreign_keys: bool) -> sqlite3.Connection:
    """A plain connection, as a script or the sqlite3 shell has one: no recipe, recursive triggers off."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
    assert connection.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    return connection


def everything(path: Path) -> list[list[tuple[object, ...]]]:
    """Every row of every table, and the schema."""
    with closing(sqlite3.connect(path)) as connection:
        return [
            connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("sqlite_schema", *guards.PROTECTED)
        ]


# Rows to aim at. A live allocation: its ids, its debit with something open, and its credit.
_LIVE: Final = "(SELECT min(id) FROM allocation WHERE removed_by IS NULL)"
_DEBIT: Final = f"(SELECT debit_id FROM allocation WHERE id = {_LIVE})"
_CREDIT: Final = f"(SELECT credit_id FROM allocation WHERE id = {_LIVE})"
_OPEN_DEBIT: Final = "(SELECT min(id) FROM item WHERE side = 1 AND open_minor > 0 AND state = 0 AND removed_by IS NULL)"
_TXN: Final = "(SELECT min(id) FROM txn)"
_USD: Final = (
    "(SELECT min(i.id) FROM item i JOIN pocket p ON p.id = i.pocket_id WHERE p.currency = 'USD' AND side = -1)"
)
_LAST: Final = "(SELECT max(id) FROM operation)"
_ALLOCATE: Final = "INSERT INTO allocation (debit_id, credit_id, amount_minor, stage, made_by, origin) VALUES"
_PARTS: Final = "debit_id, credit_id, amount_minor, stage, made_by, origin"
_NEWER: Final = "(SELECT max(id) FROM allocation WHERE origin > 1)"
_REMOVED: Final = "(SELECT max(id) FROM allocation WHERE removed_by < (SELECT max(id) FROM operation))"
_OPERATION: Final = (
    "operation (id, command, arguments, note, author, made_at, first_txn, first_item, first_allocation, sealed, hash) "
    "VALUES"
)

FORBIDDEN: Final = {
    # allocations
    "allocate more than is open": f"{_ALLOCATE} ({_DEBIT}, {_CREDIT}, 99999999, 3, {_LAST}, 1)",
    "allocate what is open, without the sums": f"{_ALLOCATE} ({_OPEN_DEBIT}, {_CREDIT}, 1, 3, {_LAST}, 1)",
    "allocate across currencies": f"{_ALLOCATE} ({_DEBIT}, {_USD}, 100, 3, {_LAST}, 1)",
    "allocate two of the same side": f"{_ALLOCATE} ({_DEBIT}, {_OPEN_DEBIT}, 100, 3, {_LAST}, 1)",
    "allocate an item to itself": f"{_ALLOCATE} ({_DEBIT}, {_DEBIT}, 100, 3, {_LAST}, 1)",
    "allocate to an item that is not there": f"{_ALLOCATE} (99999, {_CREDIT}, 100, 3, {_LAST}, 1)",
    "allocate nothing": f"{_ALLOCATE} ({_DEBIT}, {_CREDIT}, 0, 3, {_LAST}, 1)",
    "allocate a negative amount": f"{_ALLOCATE} ({_DEBIT}, {_CREDIT}, -100, 3, {_LAST}, 1)",
    "link a live pair a second time": (
        f"INSERT INTO allocation ({_PARTS}) SELECT {_PARTS} FROM allocation WHERE id = {_LIVE}"
    ),
    "replace an allocation by its id": (
        f"INSERT OR REPLACE INTO allocation (id, {_PARTS}) SELECT id, {_PARTS} FROM allocation WHERE id = {_LIVE}"
    ),
    "replace an allocation by its pair": (
        f"REPLACE INTO allocation ({_PARTS}) SELECT {_PARTS} FROM allocation WHERE id = {_LIVE}"
    ),
    "replace by an update": f"UPDATE OR REPLACE allocation SET id = id + 1 WHERE id = {_LIVE}",
    "upsert an allocation": (
        f"INSERT INTO allocation SELECT * FROM allocation WHERE id = {_LIVE} "
        "ON CONFLICT (id) DO UPDATE SET amount_minor = 1"
    ),
    "raise an allocation": f"UPDATE allocation SET amount_minor = amount_minor + 1 WHERE id = {_LIVE}",
    "point an allocation at another debit": f"UPDATE allocation SET debit_id = {_OPEN_DEBIT} WHERE id = {_LIVE}",
    "date a removal in the future": f"UPDATE allocation SET removed_by = {_LAST} + 1 WHERE id = {_LIVE}",
    "remove an allocation and leave the open amounts": (
        f"UPDATE allocation SET removed_by = {_LAST} WHERE id = {_LIVE}"
    ),
    "bring a removed one back": "UPDATE allocation SET removed_by = NULL WHERE removed_by IS NOT NULL",
    "change a reason": f"UPDATE allocation SET reason = 'x', stage = 0 WHERE id = {_LIVE}",
    # items
    "flip a side": f"UPDATE item SET side = -side WHERE id = {_DEBIT}",
    "move an item to another account": (
        f"UPDATE item SET pocket_id = (SELECT max(id) FROM pocket) WHERE id = {_DEBIT}"
    ),
    "void an allocated item": f"UPDATE item SET state = 3 WHERE id = {_DEBIT}",
    "reset an open amount": f"UPDATE item SET open_minor = amount_minor WHERE id = {_DEBIT}",
    "close an open amount": f"UPDATE item SET open_minor = 0 WHERE id = {_OPEN_DEBIT}",
    "lower an allocated amount": f"UPDATE item SET amount_minor = 1 WHERE id = {_DEBIT}",
    "make an amount negative": f"UPDATE item SET amount_minor = -1, open_minor = -1 WHERE id = {_OPEN_DEBIT}",
    "remove an allocated item": f"UPDATE item SET removed_by = {_LAST} WHERE id = {_DEBIT}",
    "edit a description": f"UPDATE item SET description = 'x' WHERE id = {_DEBIT}",
    "hold an item": f"UPDATE item SET held = 1 WHERE id = {_OPEN_DEBIT}",
    "replace an item by its id": f"INSERT OR REPLACE INTO item SELECT * FROM item WHERE id = {_DEBIT}",
    "replace an item by its line": (
        "INSERT OR REPLACE INTO item (txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, made_by) "
        f"SELECT txn_id, line, pocket_id, side, date, state, 1, 1, made_by FROM item WHERE id = {_DEBIT}"
    ),
    "take another's line by an update": f"UPDATE OR REPLACE item SET line = 1 WHERE id = {_OPEN_DEBIT}",
    "add an item to a sealed operation": (
        "INSERT INTO item (txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, made_by) "
        f"SELECT txn_id, 99, pocket_id, side, date, state, 5, 5, made_by FROM item WHERE id = {_DEBIT}"
    ),
    # transactions, accounts, sums
    "void a transaction": f"UPDATE txn SET state = 3 WHERE id = (SELECT txn_id FROM item WHERE id = {_DEBIT})",
    "move a transaction": f"UPDATE txn SET pocket_id = (SELECT max(id) FROM pocket) WHERE id = {_TXN}",
    "rename a document": f"UPDATE txn SET document = 'X' WHERE id = {_TXN}",
    "replace a document by its number": (
        "REPLACE INTO txn (kind, document, pocket_id, date, state, digest, made_by) "
        "SELECT kind, document, pocket_id, date, state, digest, made_by FROM txn WHERE id = " + _TXN
    ),
    "rename an account": "UPDATE account SET code = 'C9' WHERE id = 1",
    "replace an account by its code": "INSERT OR REPLACE INTO account (code, name, made_by) VALUES ('C1', 'x', 1)",
    "change a sum": "UPDATE pocket SET open_debit_minor = open_debit_minor + 1, debit_minor = debit_minor + 1",
    "change a currency": "UPDATE pocket SET currency = 'EUR' WHERE id = 1",
    # operations and history
    "forge an operation": f"INSERT INTO {_OPERATION} (99, 'auto', '{{}}', '', 'x', '', 99, 99, 99, 1, zeroblob(32))",
    "begin an operation and leave it": (
        f"INSERT INTO {_OPERATION} (99, 'auto', '{{}}', '', 'x', '', 99, 99, 99, 0, NULL)"
    ),
    "unseal": f"UPDATE operation SET sealed = 0, hash = NULL WHERE id = {_LAST}",
    "change a hash": f"UPDATE operation SET hash = zeroblob(32) WHERE id = {_LAST}",
    "change an author": "UPDATE operation SET author = 'x' WHERE id = 1",
    "change the seal": "UPDATE seal SET id = 0",
    "a second seal": "INSERT INTO seal VALUES (0)",
    "rewrite what a transaction said": "UPDATE txn_was SET date = 20240101",
    "rewrite what an item said": "UPDATE item_was SET amount_minor = 1",
    "rewrite an old name": "UPDATE account_was SET name = 'x'",
    "invent what an item said": (
        "INSERT INTO item_was SELECT item_id, changed_by + 1, pocket_id, side, date, state, amount_minor, held, "
        "description, ledger_code, applies_to, match_code FROM item_was"
    ),
    "forget what is awaited": "UPDATE awaited SET removed_by = 1",
    **{f"delete from {table}": f"DELETE FROM {table}" for table in TABLES},
    **{
        f"delete one of {table}": f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})"
        for table in TABLES
        if "_was" not in table
    },
    **{f"replace all of {table}": f"REPLACE INTO {table} SELECT * FROM {table}" for table in TABLES},
}


@pytest.mark.parametrize("foreign_keys", [True, False], ids=["keys on", "keys off"])
@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_another_program_is_refused(path: Path, statement: str, *, foreign_keys: bool) -> None:
    """R5, R7: refused, and the file is as it was."""
    data, rows = path.read_bytes(), everything(path)
    with closing(other_program(path, foreign_keys=foreign_keys)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="only an operation of reconcile may change"):
            connection.execute(statement)
        assert connection.total_changes == 0
    assert everything(path) == rows
    assert path.read_bytes() == data


def test_the_table_of_the_forbidden_is_long_enough() -> None:
    assert len(FORBIDDEN) >= 22
    assert len(set(FORBIDDEN.values())) == len(FORBIDDEN)


def test_the_books_hold_before_and_after_all_of_it(path: Path) -> None:
    """`check` is clean when everything was tried in one connection, one after the other."""
    assert findings(path) == []
    with closing(other_program(path, foreign_keys=False)) as connection:
        for statement in FORBIDDEN.values():
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)
        for statement in FORBIDDEN.values():  # and inside one transaction, committed
            connection.execute("BEGIN") if not connection.in_transaction else None
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)
        connection.execute("COMMIT")
    assert findings(path) == []


def test_the_fixture_aims_at_something(path: Path) -> None:
    """Every table has rows, and every row aimed at is there: no statement is refused for want of a row."""
    with closing(sqlite3.connect(path)) as connection:
        for table in TABLES:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
        for aim in (_LIVE, _DEBIT, _CREDIT, _OPEN_DEBIT, _USD, _LAST):
            assert connection.execute(f"SELECT {aim}").fetchone()[0] is not None, aim


# --- what the schema refuses even where the guards are off --------------------------------------------------


@pytest.fixture
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """As an operation stands inside: the guards off, foreign keys on; never committed."""
    with closing(other_program(path, foreign_keys=True)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        guards.take_off(connection, str(path))
        yield connection
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    assert findings(path) == []


NEVER: Final = {
    "more open than there is": f"UPDATE item SET open_minor = amount_minor + 1 WHERE id = {_OPEN_DEBIT}",
    "less open than nothing": f"UPDATE item SET open_minor = -1 WHERE id = {_OPEN_DEBIT}",
    "a negative amount": f"UPDATE item SET amount_minor = -5, open_minor = -5 WHERE id = {_OPEN_DEBIT}",
    "an amount below what is allocated": f"UPDATE item SET amount_minor = open_minor - 1 WHERE id = {_OPEN_DEBIT}",
    "more than 10^15": f"UPDATE item SET amount_minor = 1000000000000001 WHERE id = {_OPEN_DEBIT}",
    "more planned than allocated": f"UPDATE item SET planned_minor = amount_minor + 1 WHERE id = {_OPEN_DEBIT}",
    "a third side": f"UPDATE item SET side = 0 WHERE id = {_OPEN_DEBIT}",
    "a fifth state": f"UPDATE item SET state = 4 WHERE id = {_OPEN_DEBIT}",
    "void and allocated": f"UPDATE item SET state = 3 WHERE id = {_DEBIT}",
    "declined and allocated": f"UPDATE item SET state = 2 WHERE id = {_CREDIT}",
    "removed and allocated": f"UPDATE item SET removed_by = {_LAST} WHERE id = {_DEBIT}",
    "a planned debit": f"UPDATE item SET state = 1 WHERE id = {_OPEN_DEBIT}",
    "line 0": f"UPDATE item SET line = 0 WHERE id = {_OPEN_DEBIT}",
    "one line twice": (
        "INSERT INTO item (txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, made_by) "
        f"SELECT txn_id, line, pocket_id, side, date, state, 1, 1, made_by FROM item WHERE id = {_DEBIT}"
    ),
    "a word for an amount": f"UPDATE item SET amount_minor = 'many' WHERE id = {_OPEN_DEBIT}",
    "half a cent": f"UPDATE item SET amount_minor = amount_minor + 0.5 WHERE id = {_OPEN_DEBIT}",
    "no amount": f"UPDATE item SET amount_minor = NULL WHERE id = {_OPEN_DEBIT}",
    "an allocation of nothing": f"{_ALLOCATE} ({_DEBIT}, {_CREDIT}, 0, 3, {_LAST}, 1)",
    "a negative allocation": f"{_ALLOCATE} ({_DEBIT}, {_CREDIT}, -1, 3, {_LAST}, 1)",
    "an allocation of no item": f"{_ALLOCATE} (99999, {_CREDIT}, 1, 3, {_LAST}, 1)",
    "an allocation of no operation": f"{_ALLOCATE} ({_DEBIT}, {_CREDIT}, 1, 3, 99999, 1)",
    "one live link of a pair twice by one operation": (
        f"INSERT INTO allocation ({_PARTS}) SELECT {_PARTS} FROM allocation WHERE id = {_LIVE}"
    ),
    "removed before it was made": (
        "UPDATE allocation SET removed_by = made_by - 1 WHERE id = (SELECT max(id) FROM allocation)"
    ),
    "removed by an operation to come": f"UPDATE allocation SET removed_by = {_LAST} + 1 WHERE id = {_LIVE}",
    "deleted items": f"DELETE FROM item WHERE id = {_DEBIT}",
    "a deleted operation": "DELETE FROM operation WHERE id = 1",
    "one document twice": (
        "INSERT INTO txn (kind, document, pocket_id, date, state, digest, made_by) "
        "SELECT kind, document, pocket_id, date, state, digest, made_by FROM txn WHERE id = " + _TXN
    ),
    "a document without a number": f"UPDATE txn SET document = '' WHERE id = {_TXN}",
    "a planned invoice": "UPDATE txn SET state = 1 WHERE kind = 0",
    "a declined invoice": "UPDATE txn SET state = 2 WHERE kind = 0",
    "a day in the year 9999": f"UPDATE txn SET date = 99991231 WHERE id = {_TXN}",
    "half a digest": f"UPDATE txn SET digest = x'00' WHERE id = {_TXN}",
    "an account twice": "INSERT INTO account (code, name, made_by) VALUES ('C1', '', 1)",
    "a currency of two letters": "UPDATE pocket SET currency = 'CA' WHERE id = 1",
    "a balance that does not add up": "UPDATE pocket SET debit_minor = debit_minor + 1 WHERE id = 1",
    "negative open debits": (
        "UPDATE pocket SET open_debit_minor = -1, open_credit_minor = covered_minor - 1 - debit_minor + credit_minor"
    ),
    "a sealed operation without a hash": "UPDATE operation SET hash = NULL WHERE id = 1",
    "an operation with half a hash": "UPDATE operation SET hash = x'00' WHERE id = 1",
    "a second seal": "INSERT INTO seal VALUES (2)",
    "two operations at once": (
        f"INSERT INTO {_OPERATION} (98, 'a', '', '', '', '', 9, 9, 9, 0, NULL), "
        "(99, 'a', '', '', '', '', 9, 9, 9, 0, NULL)"
    ),
}


@pytest.mark.parametrize("statement", NEVER.values(), ids=NEVER.keys())
def test_the_tables_themselves_refuse_what_must_never_be(unguarded: sqlite3.Connection, statement: str) -> None:
    """R4, R5, R15: CHECKs, keys and STRICT hold for our own programs too."""
    with pytest.raises(sqlite3.IntegrityError) as refused:
        unguarded.execute(statement)
    assert "only an operation" not in str(refused.value)


def test_an_operation_that_is_not_sealed_cannot_be_committed(unguarded: sqlite3.Connection) -> None:
    """R5: the deferred key to the seal."""
    unguarded.execute(f"INSERT INTO {_OPERATION} (99, 'auto', '{{}}', '', 'x', '', 99, 99, 99, 0, NULL)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        unguarded.execute("COMMIT")


# --- what cannot be refused, and is found --------------------------------------------------------------------


def without_guards(connection: sqlite3.Connection, *, edit: str, back: bool) -> None:
    """Edit with the schema altered; `back` restores the guards to the letter."""
    for guard in guards.GUARDS:
        connection.execute(f"DROP TRIGGER {guard}")
    for statement in edit.split(";"):
        before = connection.total_changes
        connection.execute(statement)
        assert connection.total_changes > before, f"aimed at nothing: {statement}"
    if back:
        guards.put_on(connection)


_A_NOTE: Final = "UPDATE operation SET note = 'x' WHERE id = 1"
_SWAPPED: Final = """
UPDATE item SET line = 98 WHERE txn_id = :txn AND line = 1 AND removed_by IS NULL;
UPDATE item SET line = 1 WHERE txn_id = :txn AND line = 2 AND removed_by IS NULL;
UPDATE item SET line = 2 WHERE txn_id = :txn AND line = 98 AND removed_by IS NULL
""".replace(":txn", "(SELECT id FROM txn WHERE document = 'INV-2' AND removed_by IS NULL)")
_IDS_SWAPPED: Final = """
UPDATE item SET id = -1 WHERE txn_id = :txn AND line = 1 AND removed_by IS NULL;
UPDATE item SET id = id - 1 WHERE txn_id = :txn AND line = 2 AND removed_by IS NULL;
UPDATE item SET id = (SELECT id + 1 FROM item WHERE txn_id = :txn AND line = 2 AND removed_by IS NULL) WHERE id = -1
""".replace(":txn", "(SELECT id FROM txn WHERE document = 'INV-2' AND removed_by IS NULL)")

# What is edited, and by which rules `check` tells it, at least.
FOUND: Final = {
    "an amount": (f"UPDATE item SET amount_minor = amount_minor + 1 WHERE id = {_DEBIT}", {"R5", "R26"}),
    "an open amount": (f"UPDATE item SET open_minor = open_minor - 1 WHERE id = {_OPEN_DEBIT}", {"R3", "R5"}),
    "an amount and its open amount": (
        f"UPDATE item SET amount_minor = amount_minor + 1, open_minor = open_minor + 1 WHERE id = {_OPEN_DEBIT}",
        {"R3", "R26"},
    ),
    "a side": (f"UPDATE item SET side = -1 WHERE id = {_DEBIT}", {"R4", "R5"}),
    "an account of an item": (
        f"UPDATE item SET pocket_id = (SELECT max(id) FROM pocket) WHERE id = {_DEBIT}",
        {"R4", "R5"},
    ),
    "a description": (f"UPDATE item SET description = 'x' WHERE id = {_DEBIT}", {"R26"}),
    "a ledger code": (f"UPDATE item SET ledger_code = 'x' WHERE id = {_OPEN_DEBIT}", {"R26"}),
    "a hold": (f"UPDATE item SET held = 1 WHERE id = {_DEBIT}", {"R26"}),
    "a date of a transaction and its items": (
        f"UPDATE txn SET date = 20230101 WHERE id = {_TXN}; UPDATE item SET date = 20230101 WHERE txn_id = {_TXN}",
        {"R26"},
    ),
    "a state": (f"UPDATE txn SET state = 3 WHERE id = {_TXN}", {"R5", "R26"}),
    "a digest": (f"UPDATE txn SET digest = zeroblob(32) WHERE id = {_TXN}", {"R26"}),
    "a name of an account": ("UPDATE account SET name = 'x' WHERE id = 1", {"R26"}),
    "a code of an account": ("UPDATE account SET code = 'C9' WHERE id = 1", {"R26"}),
    "a currency of a whole account": ("UPDATE pocket SET currency = 'EUR' WHERE id = 1", {"R26"}),
    "a sum": (
        "UPDATE pocket SET open_debit_minor = open_debit_minor + 1, open_credit_minor = open_credit_minor + 1",
        {"R3"},
    ),
    "a count": ("UPDATE pocket SET allocated_items = allocated_items + 1 WHERE id = 1", {"R3"}),
    "the count of a currency": ("UPDATE total SET allocated_items = allocated_items + 1", {"R3"}),
    "the sums of a currency": (
        "UPDATE total SET open_debit_minor = open_debit_minor + 1, open_credit_minor = open_credit_minor + 1",
        {"R3"},
    ),
    "a currency without its sums": ("DELETE FROM total WHERE currency = 'USD'", {"R3"}),
    "sums of no currency": ("INSERT INTO total (currency, items) VALUES ('EUR', 1)", {"R3"}),
    "what planned payments cover": (
        "UPDATE item SET planned_minor = planned_minor - 1 WHERE planned_minor > 0",
        {"R8", "R3"},
    ),
    "the amount of an allocation": (
        f"UPDATE allocation SET amount_minor = amount_minor - 1 WHERE id = {_LIVE}",
        {"R5", "R26"},
    ),
    "a reason": (f"UPDATE allocation SET reason = 'x' WHERE id = {_LIVE}", {"R26"}),
    "a removal": (
        "UPDATE allocation SET removed_by = NULL WHERE id = (SELECT max(id) FROM allocation WHERE removed_by > 0)",
        {"R26"},
    ),
    "who removed it": (
        f"UPDATE allocation SET removed_by = {_LAST} WHERE id = {_REMOVED}",
        {"R26"},
    ),
    "who made it": (
        f"UPDATE allocation SET made_by = {_LAST} WHERE id = {_LIVE} AND made_by < {_LAST}",
        {"R26"},
    ),
    "a note of an operation": (_A_NOTE, {"R26"}),
    "an author": ("UPDATE operation SET author = 'x' WHERE id = 2", {"R26"}),
    "a time": (f"UPDATE operation SET made_at = '2020-01-01T00:00:00Z' WHERE id = {_LAST}", {"R26"}),
    "a count of an operation": ("UPDATE operation SET txns_made = txns_made + 1 WHERE id = 1", {"R26"}),
    "a hash": ("UPDATE operation SET hash = zeroblob(32) WHERE id = 3", {"R26"}),
    "the last hash": (f"UPDATE operation SET hash = zeroblob(32) WHERE id = {_LAST}", {"R26"}),
    "an operation": ("DELETE FROM operation WHERE id = 5", {"R26", "file"}),
    "two lines of a document": (_SWAPPED, {"R26"}),
    "two rows of a document": (_IDS_SWAPPED, {"R26"}),
    "what a transaction said": ("UPDATE txn_was SET digest = zeroblob(32)", {"R26"}),
    "what an item said": ("UPDATE item_was SET description = 'x'", {"R26"}),
    "what an item was worth": ("UPDATE item_was SET amount_minor = 1", {"R26"}),
    "whether an item was held": ("UPDATE item_was SET held = 1 - held", {"R26"}),
    "what an account was called": ("UPDATE account_was SET name = 'x'", {"R26"}),
    "history": ("DELETE FROM item_was", {"R26"}),
    "the date that a transaction had": ("UPDATE txn_was SET date = 20240101", {"R26"}),
    "an item that is gone": (
        "UPDATE item SET amount_minor = 900, open_minor = 900 WHERE removed_by IS NOT NULL",
        {"R26"},
    ),
    "a text of an item that is gone": ("UPDATE item SET description = 'x' WHERE removed_by IS NOT NULL", {"R26"}),
    "a transaction that is gone": ("UPDATE txn SET document = 'X' WHERE removed_by IS NOT NULL", {"R26"}),
    "whose work it is": (f"UPDATE allocation SET origin = 1 WHERE id = {_NEWER}", {"R26"}),
    "who made an item": (f"UPDATE item SET made_by = {_LAST} WHERE id = {_DEBIT}", {"R26"}),
    "who made a transaction": (f"UPDATE txn SET made_by = {_LAST} WHERE id = {_TXN}", {"R26"}),
    "who made an account": (f"UPDATE account SET made_by = {_LAST} WHERE id = 1", {"R26"}),
    "who took an item out": (
        f"UPDATE item SET removed_by = {_LAST} WHERE removed_by < {_LAST}",
        {"R26"},
    ),
    "a document": (f"DELETE FROM item WHERE txn_id = {_TXN}; DELETE FROM txn WHERE id = " + _TXN, {"R26"}),
    "an awaited document": ("DELETE FROM awaited", {"R26"}),
    "a document awaited for another": ("UPDATE awaited SET document = 'X'", {"R26"}),
    "an account without transactions": (
        "INSERT INTO account (code, name, made_by) VALUES ('C9', 'x', 1)",
        {"R26"},
    ),
    "a document that nobody loaded": (
        "INSERT INTO txn (kind, document, pocket_id, date, state, digest, made_by) "
        "SELECT kind, 'FORGED', pocket_id, date, state, digest, made_by FROM txn WHERE id = " + _TXN,
        {"R26"},
    ),
}


@pytest.mark.parametrize(("edit", "rules"), FOUND.values(), ids=FOUND.keys())
def test_what_was_edited_behind_the_guards_is_found(path: Path, edit: str, rules: set[str]) -> None:
    """The guards dropped, a row edited, the guards put back to the letter: only the content can tell."""
    with closing(other_program(path, foreign_keys=False)) as connection:
        without_guards(connection, edit=edit, back=True)
    found = {finding.rule for finding in findings(path)}
    assert rules <= found


_BY_HAND: Final = f"""
INSERT INTO {_OPERATION} ((SELECT max(id) + 1 FROM operation), 'auto', '{{}}', '', 'x', '2024-07-01T00:00:00Z',
  (SELECT max(id) + 1 FROM txn), (SELECT max(id) + 1 FROM item), (SELECT max(id) + 1 FROM allocation), 1,
  randomblob(32));
{_ALLOCATE} ({_OPEN_DEBIT}, {_CREDIT}, 1, 3, (SELECT max(id) FROM operation), 1)
"""
UNCHECKED: Final = {
    "an amount below nothing": (f"UPDATE item SET amount_minor = -5 WHERE id = {_OPEN_DEBIT}", {"file", "R5", "R26"}),
    "more open than there is": (f"UPDATE item SET open_minor = amount_minor + 5 WHERE id = {_DEBIT}", {"file", "R5"}),
    "a third side": (f"UPDATE item SET side = 0 WHERE id = {_DEBIT}", {"file", "R4", "R26"}),
    "a kind that is none": (f"UPDATE txn SET kind = 9 WHERE id = {_TXN}", {"file", "R26"}),
    "a balance that does not add up": ("UPDATE pocket SET debit_minor = debit_minor + 1 WHERE id = 1", {"file", "R3"}),
    "an allocation of nothing": (f"UPDATE allocation SET amount_minor = 0 WHERE id = {_LIVE}", {"file", "R5", "R26"}),
    "a bulk operation by hand, sealed with any hash": (_BY_HAND, {"R5", "R26"}),
}


@pytest.mark.parametrize(("edit", "rules"), UNCHECKED.values(), ids=UNCHECKED.keys())
def test_what_was_written_with_all_checks_off_is_found(path: Path, edit: str, rules: set[str]) -> None:
    """Guards dropped and put back, foreign keys and CHECKs switched off."""
    with closing(other_program(path, foreign_keys=False)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        without_guards(connection, edit=edit, back=True)
    assert rules <= {finding.rule for finding in findings(path)}


@pytest.mark.parametrize(
    ("alter", "name"),
    [
        ("DROP TRIGGER guard_item_update", "guard_item_update"),
        ("CREATE TRIGGER mine AFTER INSERT ON item BEGIN SELECT 1; END", "mine"),
        ("CREATE TABLE mine (id)", "mine"),
        ("DROP INDEX allocation_live", "allocation_live"),
        ("DROP VIEW v_items", "v_items"),
        ("ALTER TABLE account ADD COLUMN mine TEXT", "account"),
    ],
)
def test_an_altered_schema_is_found_by_name(path: Path, alter: str, name: str) -> None:
    with closing(other_program(path, foreign_keys=False)) as connection:
        connection.execute(alter)
    assert [(finding.rule, finding.where) for finding in findings(path, quick=True)] == [("R5", name)]


@pytest.mark.parametrize(
    "alter", ["DROP TRIGGER guard_item_update", "CREATE TRIGGER mine AFTER UPDATE ON item BEGIN SELECT 1; END"]
)
def test_nobody_works_on_with_altered_guards(path: Path, alter: str) -> None:
    """A change is refused where another program's trigger could take part, or a guard is missing."""
    with closing(other_program(path, foreign_keys=False)) as connection:
        connection.execute(alter)
    rows = everything(path)
    with pytest.raises(Damaged), Books.open(path, change=True) as books:
        hold(books, ["INV-1"], STAMP)
    assert everything(path) == rows


def test_a_byte_changed_with_a_hex_editor_is_found(path: Path) -> None:
    """No statement and no guard: the bytes themselves."""
    data = path.read_bytes()
    assert data.count(b"Skating") == 1
    path.write_bytes(data.replace(b"Skating", b"Skiing!"))
    assert {finding.rule for finding in findings(path)} == {"R26"}
    assert findings(path, quick=True) == []


def test_bytes_that_are_no_text_are_damage(path: Path) -> None:
    """A text that is not UTF-8 is told in a sentence."""
    path.write_bytes(path.read_bytes().replace(b"Skating", b"Sk\xff\xfeing"))
    with pytest.raises(Damaged):
        findings(path)


def test_a_page_of_an_index_that_lost_a_row_is_found(path: Path) -> None:
    """SQLite's own integrity is part of `check`."""
    with closing(other_program(path, foreign_keys=False)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'item_was_item') "
            "WHERE name = 'txn_was_txn'"
        )
    assert "file" in {finding.rule for finding in findings(path)}
