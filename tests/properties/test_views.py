"""The views that are promised to other programs say what the program says (docs/database.md)."""

import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.cards import ItemCard, TransactionCard
from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.status import Status
from reconcile_cli.errors import ReconcileError
from reconcile_cli.store.accounts import Choice, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import Window, account_card
from reconcile_cli.workflows.lock import lock, reopen
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.properties.test_known_at import STEPS, Step
from tests.store.small_books import SMALL, STAMP, load_text, make_small_books

_DAY: Final = 20240701
_EVERYTHING: Final = Window(everything=True)
_POCKET: Final = "account name currency exponent"
_ACCOUNT: Final = "account name currency status balance_minor open_debit_minor open_credit_minor covered_minor held"
_TEXTS: Final = ("description", "ledger_code", "order_code", "register", "method")
_ITEM: Final = f"""account kind document line currency date due_date state side amount_minor open_minor status held
  {" ".join(_TEXTS)}"""
_ENDS: Final = "debit_kind debit_document debit_line credit_kind credit_document credit_line"
Row = dict[str, Any]


def _rows(path: Path, sql: str) -> list[Row]:
    """What another program reads: a plain connection without anything of ours."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA trusted_schema = OFF")
        return [dict(row) for row in connection.execute(sql)]


@settings(deadline=None, max_examples=40)
@given(steps=st.lists(STEPS, min_size=2, max_size=9))
def test_the_views_say_what_the_commands_say(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.db"
        with Books.open(path, change=True) as books:
            load_text(books, SMALL)
            for step in steps:
                with suppress(ReconcileError):
                    step(books)
        with Books.open(path) as books:
            _compare(books)
        _compare_dates(path)


def _compare(books: Books) -> None:
    lines = list(accounts(books, Choice(), today=_DAY))
    cards = [account_card(books, code, _EVERYTHING, today=_DAY) for code in sorted({line.account for line in lines})]
    txns = [txn for card in cards for txn in card.transactions]
    seen = _rows(books.path, "SELECT * FROM v_accounts ORDER BY account, currency")
    items = {row["item"]: row for row in _rows(books.path, "SELECT * FROM v_items")}
    assert [_figures(row, _ACCOUNT) for row in seen] == [
        (*line[:3], _word(line.status), *line[4:8], int(line.held)) for line in lines
    ]
    assert sorted(repr(_figures(row, _ITEM)) for row in items.values()) == sorted(
        repr(_said(txn, item)) for txn in txns for item in txn.items
    )
    _compare_links(_rows(books.path, "SELECT * FROM v_allocations"), items, txns)
    for row in seen:
        own = [item for item in items.values() if _figures(item, _POCKET) == _figures(row, _POCKET)]
        assert row["balance_minor"] == sum(item["balance_minor"] for item in own)
        assert row["balance_minor"] == row["debit_minor"] - row["credit_minor"]
        assert row["covered_minor"] == sum(item["covered_minor"] for item in own)
        still = [item["state"] for item in own if item["open_minor"]]
        assert (row["open_items"], row["open_planned_items"]) == (still.count("posted"), still.count("planned"))


def _figures(row: Row, names: str) -> tuple[object, ...]:
    return tuple("" if row[name] is None and name in _TEXTS else row[name] for name in names.split())


def _said(txn: TransactionCard, item: ItemCard) -> tuple[object, ...]:
    head = (txn.account, txn.kind.code, txn.document, item.line, txn.currency, iso(txn.date), _day(txn.due_date))
    figures = (txn.state.code, item.side.name.lower(), item.amount_minor, item.open_minor, _word(item.status))
    return *head, *figures, int(item.held), item.description, item.ledger_code, txn.order, txn.register, txn.method


def _word(status: Status | None) -> str | None:
    return status.value if status else None


def _day(day: int | None) -> str | None:
    return iso(day) if day else None


def _compare_links(links: list[Row], items: dict[int, Row], txns: list[TransactionCard]) -> None:
    seen = []
    for row in links:
        ends = [items[row[f"{side}_item"]] for side in ("debit", "credit")]
        debit, credit = (_figures(end, "kind document line") for end in ends)
        assert debit + credit == _figures(row, _ENDS)
        assert {_figures(end, _POCKET) for end in ends} == {_figures(row, _POCKET)}
        assert row["state"] == ("planned" if "planned" in (ends[0]["state"], ends[1]["state"]) else "posted")
        rest = _figures(row, "amount_minor stage reason operation")
        seen += [(debit, credit, *rest), (credit, debit, *rest)]
    assert sorted(map(repr, seen)) == sorted(
        repr(
            (
                (txn.kind.code, txn.document, item.line),
                (part.name.kind.code, part.name.document, part.name.line),
                part.amount_minor,
                part.stage.code,
                part.reason,
                part.operation,
            )
        )
        for txn in txns
        for item in txn.items
        for part in item.allocations
    )


def _compare_dates(path: Path) -> None:
    """Design, section 2: the later of the items' dates, but not before the day after the lock when it was made."""
    days = {row["item"]: row["date"] for row in _rows(path, "SELECT item, date FROM v_items")}
    locks = {row["id"]: row["locked_until"] for row in _rows(path, "SELECT id, locked_until FROM operation")}
    for row in _rows(path, "SELECT * FROM v_allocations"):
        closed = locks[row["operation"]]
        first_open = date.fromisoformat(iso(closed)) + timedelta(days=1) if closed else date.min
        assert row["date"] == max(days[row["debit_item"]], days[row["credit_item"]], first_open.isoformat())


def test_dates_of_what_was_reconciled_under_a_lock(tmp_path: Path) -> None:
    """R7, R25: old items reconciled after the month was closed count from the day after; so does what comes back."""
    sql = "SELECT debit_document, date FROM v_allocations WHERE credit_document = 'PAY-2' ORDER BY allocation"
    make_small_books(tmp_path / "books.db")
    with Books.open(tmp_path / "books.db", change=True) as books:
        match(books, ["PAY-2", "INV-2:2=10.00"], STAMP)
        lock(books, 20240430, STAMP)
        match(books, ["PAY-2", "INV-2:1=10.00"], STAMP)
        assert [tuple(row.values()) for row in _rows(books.path, sql)] == [
            ("INV-2", "2024-03-05"),
            ("INV-2", "2024-05-01"),
        ]
        reopen(books, 20240101, STAMP)
        unmatch(books, ["PAY-2"], STAMP, confirm=lambda _removal: True)
        lock(books, 20240229, STAMP)
        undo(books, 6, STAMP, confirm=lambda _removal: True)
        assert {row["date"] for row in _rows(books.path, sql)} == {"2024-03-05"}


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_its_word(stage: Stage, tmp_path: Path) -> None:
    make_small_books(tmp_path / "books.db")
    with Books.open(tmp_path / "books.db") as books:
        (sql,) = books.connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'v_allocations'").fetchone()
    assert f"WHEN {stage.value} THEN '{stage.code}'" in sql
