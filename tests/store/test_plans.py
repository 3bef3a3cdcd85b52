"""No command that concerns a few rows walks a big table: every statement that it runs is explained as it runs."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import OperationDetail
from reconcile_cli.store import lookup
from reconcile_cli.store.accounts import Choice, account_totals, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import Window, account_card, transaction_card
from reconcile_cli.store.history import history
from reconcile_cli.store.listing import completion_names
from reconcile_cli.store.open_items import Wanted, unreconciled
from reconcile_cli.store.operation_detail import detail
from reconcile_cli.store.touching import operations_of
from reconcile_cli.workflows import auto as auto_workflow
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.hold import hold
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.lock import lock
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.store.small_books import HEADER, SMALL, STAMP, TODAY, load_text, make_small_books

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


Act = Callable[[Books], object]
_MATCH: Final = ["PAY-2", "INV-2:2=10.00"]
_FEW: Final = (
    HEADER + "C3,New,invoice,N-1,2024-05-01,,,Ice,10.00,CAD,CMD-9,\nC1,,payment,N-2,2024-05-01,,,,9.00,CAD,CMD-9,N-1\n"
)
_CHANGED: Final = HEADER + "C2,Luc Cote,invoice,INV-6,2024-04-01,,,Two balls,24.00,CAD,,\n"


def _yes(_removal: object) -> bool:
    return True


def _list(rows: Callable[[Books], Any]) -> Act:
    return lambda books: list(rows(books))


def _account(window: Window) -> Act:
    return lambda books: [*account_card(books, "C1", window, today=TODAY).transactions]


def _document(books: Books) -> object:
    return [transaction_card(books, found.id, today=TODAY) for found in lookup.find_transactions(books, "INV-1")]


def _detail(books: Books) -> OperationDetail:
    found = detail(books, 2)
    assert found is not None
    return found


def _unknown(books: Books) -> object:
    return lookup.unknown(books, "INV-99").sentence()


# What is done before, what is explained.
COMMANDS: Final[dict[str, tuple[list[Act], Act]]] = {
    "match": ([], lambda books: match(books, _MATCH, STAMP)),
    "unmatch of a pair": (
        [lambda books: match(books, _MATCH, STAMP)],
        lambda books: unmatch(books, ["PAY-2", "INV-2:2"], STAMP, confirm=_yes),
    ),
    "unmatch of a document": ([], lambda books: unmatch(books, ["INV-1"], STAMP, confirm=_yes)),
    "unmatch of an account": ([], lambda books: unmatch(books, [], STAMP, account="C1", confirm=_yes)),
    "undo of a match": (
        [lambda books: match(books, _MATCH, STAMP)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of an unmatch": (
        [lambda books: unmatch(books, ["PAY-5"], STAMP, confirm=_yes)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of a hold": (
        [lambda books: hold(books, ["INV-6"], STAMP)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of a small load": (
        [lambda books: load_text(books, _FEW)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "undo of an update": (
        [lambda books: load_text(books, _CHANGED)],
        lambda books: undo(books, None, STAMP, confirm=_yes),
    ),
    "hold an item": ([], lambda books: hold(books, ["INV-6"], STAMP)),
    "hold an account": ([], lambda books: hold(books, ["C2"], STAMP)),
    "auto of an account": ([], lambda books: auto(books, ["C1"], STAMP)),
    "auto of an account, rehearsed": (
        [],
        lambda books: auto(books, ["C1"], STAMP, auto_workflow.Choice(dry_run=True, include_planned=True, by_due=True)),
    ),
    "auto of all": ([], lambda books: auto(books, None, STAMP)),
    "show of an account": ([], _account(Window())),
    "show of an account from a day on": ([], _account(Window(date_from=20240201, date_to=20240301))),
    "show of a document": ([], _document),
    "show of an unknown name": ([], _unknown),
    "unreconciled of an account": (
        [],
        _list(lambda books: unreconciled(books, ["C1"], Wanted(include_planned=True), today=TODAY)),
    ),
    "unreconciled debits of an account": (
        [],
        _list(lambda books: unreconciled(books, ["C1"], Wanted(side=Side.DEBIT), today=TODAY, limit=50)),
    ),
    "held of an account": ([], _list(lambda books: unreconciled(books, ["C1"], Wanted(held=True), today=TODAY))),
    "history of an account": ([], lambda books: operations_of(books, "C1")),
    "history of a document": ([], lambda books: operations_of(books, "INV-1")),
    "history of one operation": (
        [lambda books: match(books, _MATCH, STAMP)],
        lambda books: [list(part) for part in (_detail(books).changes, _detail(books).added, _detail(books).removed)],
    ),
    "lock": ([], lambda books: lock(books, 20231231, STAMP)),
    "match under a lock": (
        [lambda books: lock(books, 20240630, STAMP)],
        lambda books: match(books, _MATCH, STAMP),
    ),
    "load of a change under a lock": (
        [lambda books: lock(books, 20231231, STAMP)],
        lambda books: load_text(books, _CHANGED),
    ),
    "history": ([], _list(lambda books: history(books, limit=50))),
    "accounts, first screen": ([], _list(lambda books: accounts(books, Choice(), today=TODAY, limit=50))),
    "accounts, totals row": ([], lambda books: account_totals(books, Choice(), today=TODAY)),
    "completion of an account": ([], lambda books: completion_names(books, "C", "account")),
    "completion of a document": ([], lambda books: completion_names(books, "INV", "document")),
    "completion of an item": ([], lambda books: completion_names(books, "INV", "item")),
    "load of a few rows": ([], lambda books: load_text(books, _FEW)),
    "load of the same again": ([], lambda books: load_text(books, SMALL)),
    "load of a change": ([], lambda books: load_text(books, _CHANGED)),
    "load of a change of what is reconciled": (
        [],
        lambda books: load_text(
            books, SMALL.replace("Second child,-10.00", "Second child,-9.00"), Rules(update_reconciled=True)
        ),
    ),
}
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
    ("accounts, totals row", "account", "SCAN a"): "every account is summed; pocket is searched by account",
    ("auto of all", "pocket", "pocket_both_open"): "the accounts with something open on both sides, and no others",
    ("auto of all", "pocket", "AS rest FROM pocket"): "what stays open in all accounts, one row for each",
    ("auto of all", "pocket", "count(*) FROM item WHERE held = 1"): "the accounts of held items: all",
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
