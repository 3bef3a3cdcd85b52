"""Guards: the triggers by which the database refuses every write that is not one of our operations (R5, R7).

A guard refuses and computes nothing. An operation takes the guards off inside its own transaction, writes,
proves what it wrote (`proof.py`), and puts them back before it commits; so nobody ever sees the file without
them, and no row pays for them. What is left to other programs is to alter the schema; `check` finds that.
"""

import sqlite3
from collections.abc import Collection

from reconcile_cli.store.errors import Damaged
from reconcile_cli.text import _

PROTECTED = (
    "seal",
    "operation",
    "account",
    "account_was",
    "pocket",
    "total",
    "txn",
    "txn_was",
    "item",
    "item_was",
    "allocation",
    "awaited",
)
_VERBS = ("INSERT", "UPDATE", "DELETE")
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"
_PRESENT = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"


def _statements(table: str) -> dict[str, str]:
    return {
        f"guard_{table}_{verb.lower()}": (
            f"CREATE TRIGGER guard_{table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'R5: only an operation of reconcile may change {table}'); END"
        )
        for verb in _VERBS
    }


GUARDS = {name: sql for table in PROTECTED for name, sql in _statements(table).items()}


def put_on(connection: sqlite3.Connection) -> None:
    """Create all guards; the connection is inside a transaction."""
    for statement in GUARDS.values():
        connection.execute(statement)


def tables(connection: sqlite3.Connection) -> set[str]:
    """The tables that are there."""
    return {name for (name,) in connection.execute(_TABLES)}


def put_on_new(connection: sqlite3.Connection, before: Collection[str]) -> None:
    """Create the guards of tables that were not there before; those that another program took off stay off."""
    new = tables(connection).difference(before)
    for table in filter(new.__contains__, PROTECTED):
        for statement in _statements(table).values():
            connection.execute(statement)


def take_off(connection: sqlite3.Connection, path: str) -> None:
    """Drop all guards inside the caller's transaction.

    Raises:
        Damaged: the file's triggers are not exactly ours, so somebody altered the schema.
    """
    if dict(connection.execute(_PRESENT).fetchall()) != GUARDS:
        raise Damaged(path, _("its guards were altered by another program"))
    for name in GUARDS:
        connection.execute(f"DROP TRIGGER {name}")
