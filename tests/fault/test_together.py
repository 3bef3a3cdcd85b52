"""R5, R21: several processes at one file. What comes of it is what some order of the commands, one by one, makes."""

import shutil
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from bench import generate
from reconcile_cli.cli.main import main
from reconcile_cli.errors import Exit
from reconcile_cli.store import connection as recipe
from reconcile_cli.store.books import Books
from tests.cli.driving import Answer, ok, reconcile
from tests.fault.forked import Running, run, start
from tests.fault.scale import SHARE, number, tell
from tests.store.small_books import HEADER, Content, content, findings
from tests.store.test_connection import write_lock_held_elsewhere

PROCESSES: Final = 8
ROUNDS: Final = number(100, least=3)
HELD_SECONDS: Final = 30 if SHARE >= 1 else 1


def says(path: Path) -> Content:
    with Books.open(path) as books:
        return content(books)


def together(*lines: Sequence[str], folder: Path) -> list[Answer]:
    """Run command lines at the same time."""
    running: list[Running] = [start(*line, folder=folder) for line in lines]
    return [process.ended() for process in running]


def test_an_invoice_is_paid_once_however_many_pay_it(tmp_path: Path) -> None:
    """8 processes, an invoice of 100.00, 500 payments, 1.00 of each: exactly 100 succeed."""
    room = number(100, least=8)
    payments = 5 * room
    rows = "".join(f"C1,,payment,P-{n},2024-02-01,,,,1.00,CAD,,\n" for n in range(payments))
    db = str(tmp_path / "books.db")
    ok(reconcile("load", "-", "--db", db, stdin=f"{HEADER}C1,,invoice,I-1,2024-01-31,,,Ice,{room}.00,CAD,,\n{rows}"))

    def match_share(process: int) -> None:
        """Be one of the processes: its own payments, each against the invoice; write down how each ended."""
        codes = [main(["match", f"P-{n}", "I-1=1.00", "--db", db]) for n in range(process, payments, PROCESSES)]
        (tmp_path / f"codes-{process}").write_text(" ".join(map(str, codes)))

    running = [
        start("info", "--db", db, folder=tmp_path, prepare=partial(match_share, process))
        for process in range(PROCESSES)
    ]
    for process in running:
        process.ended()
    codes = [int(code) for file in tmp_path.glob("codes-*") for code in file.read_text().split()]
    assert len(codes) == payments
    assert codes.count(Exit.DONE) == room
    assert codes.count(Exit.REFUSED) == payments - room
    (line,) = ok(reconcile("show", "I-1", "-f", "json", "--db", db)).json["transactions"]
    assert line["status"] == "reconciled"
    assert findings(Path(db)) == []
    tell(f"{PROCESSES} processes match 1.00 of {payments} payments against an invoice of {room}.00: {room} succeed")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books, and files that make them grow and change."""
    folder = tmp_path_factory.mktemp("together")
    lines = list(generate.lines(400, seed=11))
    (folder / "first.csv").write_text("".join(lines[:250]), encoding="utf-8")
    (folder / "second.csv").write_text("".join(lines), encoding="utf-8")
    ok(reconcile("load", str(folder / "first.csv"), "--db", str(folder / "base.db")))
    shutil.copy(folder / "base.db", folder / "matched.db")
    ok(reconcile("auto", "--all", "--db", str(folder / "matched.db")))
    return folder


def _pairs(folder: Path) -> dict[str, tuple[str, list[str], list[str]]]:
    second = ["load", str(folder / "second.csv")]
    return {
        "load and load": ("base.db", second, second),
        "auto and load": ("base.db", ["auto", "--all"], second),
        "auto and undo": ("matched.db", ["auto", "--all"], ["undo", "2", "--yes"]),
        "load and undo": ("matched.db", second, ["undo", "2", "--yes"]),
    }


@pytest.mark.parametrize("name", ["load and load", "auto and load", "auto and undo", "load and undo"])
def test_two_at_once_are_as_one_after_the_other(name: str, template: Path, tmp_path: Path) -> None:
    """R21: what the books say, and what each command answered about itself, is that of one of the two orders."""
    base, one, other = _pairs(template)[name]
    path = tmp_path / "books.db"
    serial = []
    for order in ((one, other), (other, one)):
        shutil.copy(template / base, path)
        codes = {tuple(line): run(*line, "--db", str(path), folder=tmp_path).code for line in order}
        serial.append((says(path), codes))
    seen = [0, 0]
    for _round in range(ROUNDS):
        shutil.copy(template / base, path)
        lines = [one, other]
        answers = together(*([*line, "--db", str(path)] for line in lines), folder=tmp_path)
        codes = {tuple(line): answer.code for line, answer in zip(lines, answers, strict=True)}
        outcome = (says(path), codes)
        assert outcome in serial, answers
        seen[serial.index(outcome)] += 1
        assert findings(path) == []
        assert not path.with_name("books.db-wal").exists()
    tell(f"{name} at once, {ROUNDS} rounds: as one after the other")


def test_two_first_loads_at_once(template: Path, tmp_path: Path) -> None:
    """Both begin a database in one place: one makes it; the other comes after it, or is told to try again."""
    path = tmp_path / "books.db"
    line = ["load", str(template / "first.csv"), "--db", str(path)]
    expected = says(template / "base.db")
    for _round in range(ROUNDS):
        path.unlink(missing_ok=True)
        answers = together(line, line, folder=tmp_path)
        codes = sorted(answer.code for answer in answers)
        assert codes in ([Exit.DONE, Exit.DONE], [Exit.DONE, Exit.UNUSABLE]), answers
        assert says(path) == expected
        assert findings(path) == []
        assert [entry.name for entry in tmp_path.iterdir()] == ["books.db"]
    tell(f"two first loads at once, {ROUNDS} rounds: one database, never two halves")


def _wait_less() -> None:
    if SHARE < 1:
        recipe.BUSY_SECONDS = HELD_SECONDS // 4


def test_a_writer_that_takes_long_stops_writers_and_no_readers(template: Path, tmp_path: Path) -> None:
    """30 seconds (CI: 1, and the others wait less): exit 5 and a sentence; readers answer at once."""
    path = tmp_path / "books.db"
    shutil.copy(template / "base.db", path)
    with write_lock_held_elsewhere(path):
        began = time.perf_counter()
        refused = [
            run(*line, "--db", str(path), folder=tmp_path, prepare=_wait_less)
            for line in (["auto", "--all"], ["load", str(template / "second.csv")], ["hold", "INV-1"])
        ]
        readers = [
            run(*line, "--db", str(path), folder=tmp_path) for line in (["accounts"], ["check"], ["export"], ["info"])
        ]
        took = time.perf_counter() - began
    for answer in refused:
        assert answer.code == Exit.UNUSABLE, answer
        assert answer.err.startswith("Error: ")
        assert "in use by another process" in answer.err
        assert len(answer.err.splitlines()) == 1
    assert [answer.code for answer in readers] == [Exit.DONE] * 4
    assert says(path) == says(template / "base.db")
    tell(f"a writer that held the lock for {took:.0f} s: other writers exit 5, four readers answered")
