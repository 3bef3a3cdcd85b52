"""No command that concerns a few rows walks a big table: every statement that it runs is explained as it runs."""

import re
import sqlite3
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from reconcile_cli.store.books import Books
from tests.store.small_books import make_small_books
from tests.store.small_commands import COMMANDS, Act

BIG: Final = ("account", "account_was", "pocket", "txn", "txn_was", "item", "item_was", "allocation", "awaited")
_EXPLAINED: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "REPLACE")
_NAMED: Final = re.compile(
    r"(?:\bFROM|\bJOIN|\bINTO|\bUPDATE|,)\s*\(?\s*(?P<schema>temp\.)?(?P<table>[a-z_]+)(?:\s+(?:AS\s+)?(?P<alias>[a-z_]+))?"
)


class Step(NamedTuple):
    """A step of a plan that walks a big table, and the statement that it belongs to."""

    table: str
    plan: str
    statement: str


class Explaining(sqlite3.Connection):
    """Explains every statement at the moment of its run, with its parameters, on the schema as it then is."""

    seen: list[Step]

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if hasattr(self, "seen") and sql.lstrip().upper().startswith(_EXPLAINED):
            for row in super().execute("EXPLAIN QUERY PLAN " + sql, parameters).fetchall():
                table = walked(sql, row[3])
                if table:
                    self.seen.append(Step(table, row[3], " ".join(sql.split())))
        return super().execute(sql, parameters)


def walked(sql: str, plan: str) -> str | None:
    """The big table that a step walks through: a scan, an index made on the spot, or all open items of a side."""
    match_ = re.match(r"(SCAN|SEARCH) (\w+)(.*)", plan)
    if match_ is None:
        return None
    verb, name, how = match_.groups()
    if verb == "SEARCH" and "AUTOMATIC" not in how and not how.endswith("item_open (side=?)"):
        return None
    return next((table for table in tables_called(sql, name) if table in BIG), None)


def tables_called(sql: str, name: str) -> set[str]:
    """The tables that a statement calls by a name or an alias; those in TEMP have other names."""
    found = set()
    for named in _NAMED.finditer(sql):
        if not named["schema"] and name in (named["alias"], named["table"]):
            found.add(named["table"])
    return found


def test_the_explanation_sees_scans() -> None:
    """The test bites: each of these walks a big table."""
    assert walked("SELECT * FROM item i WHERE held", "SCAN i") == "item"
    assert walked("SELECT * FROM txn, pocket p", "SCAN p USING COVERING INDEX x") == "pocket"
    assert walked("UPDATE item SET held = 1", "SCAN item") == "item"
    assert walked("SELECT * FROM temp.plan item", "SCAN item") is None
    assert walked("SELECT * FROM item i", "SEARCH i USING AUTOMATIC COVERING INDEX (txn_id=?)") == "item"
    assert walked("SELECT * FROM item i", "SEARCH i USING INDEX item_line (txn_id=?)") is None
    assert walked("SELECT * FROM item i", "SEARCH i USING INDEX item_open (side=?)") == "item"


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Books:
    """Filled books whose connection explains what runs."""
    path = tmp_path / "books.db"
    make_small_books(path)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, factory=Explaining, **k))
    return Books.open(path, change=True)


# Where a walk is right: (command or all, table, what the plan and its statement hold) and why.
RIGHT: Final = {
    ("", "txn", "SCAN txn: SELECT 1 FROM txn LIMIT 1"): "the first row is enough",
    ("", "awaited", "SELECT 1 FROM awaited WHERE removed_by IS NULL LIMIT 1"): "the first row is enough",
    ("", "item", "WHERE 0 AND i.state"): "never run: the condition is false",
    ("", "txn", "SCAN txn: INSERT INTO txn"): "SQLite's own look for children, skipped while no key is violated",
    ("history of", "txn", "txn_removed"): "what was ever removed, which is little",
    ("history of", "item", "item_removed"): "the same",
    ("history of an account", "txn_was", "FROM txn_was WHERE pocket_id"): "what was ever changed, which is little",
    ("accounts, first screen", "account", "USING INDEX sqlite_autoindex_account_1"): "in order of code, up to LIMIT",
    (
        "accounts, totals row",
        "pocket",
        "SCAN p",
    ): "only in a currency in which nothing counts: to know whether it is used",
    ("accounts, totals row", "txn", "USING INDEX txn_planned"): "the planned payments and no others",
    ("auto of all", "pocket", "pocket_both_open"): "the accounts with something open on both sides, and no others",
    ("auto of all with write-offs", "pocket", "pocket_open"): "the accounts with something open, and no others",
    ("auto of all", "pocket", "AS rest FROM pocket"): "what a plan would leave open in all accounts, one row for each",
    ("report", "item", "SCAN i:"): "a report of all accounts walks the items, once and in their order",
    ("report", "allocation", "SCAN n:"): "and the allocations",
    ("report", "txn", "SCAN dt:"): "and the transactions, for refunds",
    ("report", "pocket", "after AS MATERIALIZED"): "what was posted after the day, account by account",
    ("report", "txn", "SEARCH s USING AUTOMATIC"): "instalments posted later, which are few",
    ("report", "item", "item_open (side=?)"): "what is open, and no others",
    ("report", "txn", "USING INDEX txn_planned"): "the planned payments and no others",
    ("report of reconciliation", "item", "item_held"): "what is held, and no others",
    ("report of reconciliation", "pocket", "SELECT currency"): "one row for each account and currency is summed",
    ("state in short", "pocket", "SCAN p"): "one row for each account and currency is counted",
    ("state in short", "txn", "USING INDEX txn_planned"): "the planned payments and no others",
    ("auto of all", "item", "item_held"): "what is held, and no others",
}


@pytest.mark.parametrize(("before", "act"), COMMANDS.values(), ids=COMMANDS.keys())
def test_it_walks_no_big_table(request: pytest.FixtureRequest, books: Books, before: list[Act], act: Act) -> None:
    command = request.node.callspec.id
    with books:
        for step in before:
            step(books)
        connection = books.connection
        assert isinstance(connection, Explaining)
        connection.seen = []
        act(books)
        found = {step for step in connection.seen if not is_right(command, step)}
    assert not found, "\n".join(f"{step.plan}: {step.statement}" for step in sorted(found))


def is_right(command: str, step: Step) -> bool:
    """Whether a reason was written down for this walk."""
    return any(
        command.startswith(of) and step.table == table and mark in f"{step.plan}: {step.statement}"
        for of, table, mark in RIGHT
    )
