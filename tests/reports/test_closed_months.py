"""R19, R25: twelve months are closed one by one, and print the same bytes whatever comes later."""

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.domain.results import Stamp
from reconcile_cli.errors import ReconcileError
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.lock import lock
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.cli.driving import ok, reconcile
from tests.store.small_books import load_text

STAMP: Final = Stamp("Anne", "2026-01-05T12:00:00Z", 20260105)
MONTHS: Final = [f"2025-{month:02}" for month in range(1, 13)]
LAST: Final = {"02": 28, "04": 30, "06": 30, "09": 30, "11": 30}
HEADER: Final = "account,kind,document,line,date,due_date,state,ledger_code,amount,applies_to,register,method,order\n"
REPORTS: Final = (
    ["sales", "--by", "register,ledger_code"],
    ["sales", "--by", "day,ledger_code,account"],
    ["payments"],
    ["payments", "--by", "register,method,ledger_code"],
    ["payments", "--by", "day,item"],
    ["payments", "-f", "json", "--by", "month,account,ledger_code"],
)


def rows_of(month: str, draw: random.Random, *, day: str = "") -> Iterator[str]:
    """What happens in a month: invoices with discounts, payments, instalments, credits without a code, refunds."""
    for place in range(8):
        account, when = f"A-{draw.randint(1, 4)}", day or f"{month}-{draw.randint(1, 28):02}"
        number = f"{month}-{place}{day}"
        register, code = draw.choice(["Web", "Rink", ""]), draw.choice(["4000", "4100", ""])
        method = draw.choice(["card", "cash"])
        yield f"{account},invoice,{number},1,{when},,,{code},{draw.randint(1, 9)}0.00,,{register},,"
        yield f"{account},invoice,{number},2,{when},,,4200,{draw.randint(5, 9)}.00,,{register},,"
        yield f"{account},invoice,{number},3,{when},,,4900,-{draw.randint(1, 4)}.00,{number}:2,{register},,"
        yield f"{account},payment,{number},1,{when},,,,{draw.randint(1, 9)}0.00,,{register},{method},"
        if place % 3 == 0:
            named = f"{draw.choice(MONTHS)}-{draw.randint(0, 7)}"
            kind = draw.choice(["cancellation", "credit_note"])
            yield f"{account},{kind},{number},1,{when},,,,{draw.randint(1, 30)}.00,{named},{register},,"
            yield f"{account},refund,{number},1,{when},,,,{draw.randint(1, 9)}.00,{kind}/{number},{register},cash,"
        if place % 4 == 0:
            later = f"2026-0{draw.randint(1, 3)}-15"
            yield f"{account},payment,PP-{number},1,{when},{later},planned,,25.00,,{register},card,"


def last_of(month: str) -> str:
    return f"{month}-{LAST.get(month[5:], 31)}"


def printed(month: str) -> list[str]:
    """What every report prints of a month, as tables and as data."""
    return [ok(reconcile("report", *report, "--from", f"{month}-01", "--to", last_of(month))).out for report in REPORTS]


def match_wildly(path: Path, draw: random.Random) -> int:
    """Match and unmatch at random, undo, auto; what a lock forbids is refused. Tells how much was done."""
    done = 0
    for _ in range(30):
        with Books.open(path, change=True) as books, suppress(ReconcileError):
            _one(books, draw)
            done += 1
    return done


def _one(books: Books, draw: random.Random) -> None:
    act = draw.choice(["match", "match", "match", "unmatch", "unmatch", "undo", "auto"])
    if act == "match":
        sql = "SELECT kind || '/' || document || ':' || line, account, side FROM v_items WHERE open_minor > 0"
        rows = books.connection.execute(sql).fetchall()
        account = draw.choice(rows)[1]
        sides = [[row[0] for row in rows if row[1:] == (account, side)] for side in ("debit", "credit")]
        if all(sides):
            match(books, [draw.choice(names) for names in sides], STAMP)
    elif act == "unmatch":
        rows = books.connection.execute("SELECT credit_kind || '/' || credit_document FROM v_allocations").fetchall()
        if rows:
            unmatch(books, [draw.choice(rows)[0]], STAMP, confirm=lambda _removal: True)
    elif act == "undo":
        last = books.connection.execute("SELECT command FROM operation ORDER BY id DESC LIMIT 1").fetchone()
        assert last is not None
        if last[0] in ("lock", "load"):
            return  # a month that is opened again may change
        undo(books, None, STAMP, confirm=lambda _removal: True)
    else:
        auto(books, [f"A-{draw.randint(1, 4)}"], STAMP, Choice(include_planned=draw.random() < 0.5))


@pytest.mark.parametrize("seed", [2])
def test_twelve_closed_months_print_the_same_bytes_for_ever(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(seed)  # noqa: S311 - a choice that can be repeated
    path = tmp_path / "books.db"
    monkeypatch.setenv("RECONCILE_DB", str(path))
    closed: dict[str, list[str]] = {}
    done = 0
    for month in MONTHS:
        with Books.open(path, change=True) as books:
            load_text(books, HEADER + "\n".join(rows_of(month, draw)) + "\n")
        done += match_wildly(path, draw)
        with Books.open(path, change=True) as books:
            lock(books, int(last_of(month).replace("-", "")), STAMP)
        closed[month] = printed(month)
        done += match_wildly(path, draw)
    with Books.open(path, change=True) as books:
        load_text(books, HEADER + "\n".join(rows_of("2026-01", draw)) + "\n")
        load_text(books, HEADER + "\n".join(rows_of("2026-02", draw, day="2026-02-03")) + "\n")
        auto(books, None, STAMP, Choice(include_planned=True))
    done += match_wildly(path, draw)
    assert done > 250
    for month in MONTHS:
        assert printed(month) == closed[month], month
    ok(reconcile("check"))
    beside = ok(reconcile("report", "payments", "--by", "month,ledger_code", "--to", "2025-12-31", "-f", "csv")).rows
    alone = [
        row
        for month in MONTHS
        for row in ok(
            reconcile(
                *("report", "payments", "--by", "month,ledger_code", "-f", "csv"),
                *("--from", f"{month}-01", "--to", last_of(month)),
            )
        ).rows
    ]
    assert sorted(map(str, beside)) == sorted(map(str, alone)), "months beside each other are the months alone"
