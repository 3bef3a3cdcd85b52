"""What a command costs depends on what it concerns and not on how much is in the books: work is counted, not timed."""

import gc
import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store import unreconciled as module
from reconcile_cli.store.accounts import Choice, found
from reconcile_cli.store.books import Books
from reconcile_cli.store.proving import proved
from reconcile_cli.store.unreconciled import Wanted, unreconciled
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.check import check
from reconcile_cli.workflows.load import load
from reconcile_cli.workflows.undo import undo
from tests.store.small_books import HEADER, SMALL, STAMP, TODAY, load_text
from tests.store.small_commands import COMMANDS, Act

FEW, MANY = 60, 600
STEPS: Final = 10
REPORTS: Final = (
    "report of sales",
    "report of payments",
    "report of the ledger",
    "report of aging",
    "report of aging, items",
    "report of unapplied money",
    "report of reconciliation",
    "state in short",
)
ALL: Final = (
    "auto of all",
    "auto of all, by stages",
    "auto of all with write-offs",
    "accounts, totals row",
    *REPORTS,
)
"""Commands that concern all accounts: they may cost as much as there are."""


@dataclass
class Work:
    """What SQLite was made to do: statements, those of triggers too, and steps of its machine in tens."""

    statements: int = 0
    steps: int = 0

    def statement(self, _sql: str) -> None:
        self.statements += 1

    def step(self) -> int:
        self.steps += 1
        return 0


@contextmanager
def counted(connection: sqlite3.Connection) -> Iterator[Work]:
    """Count what is done inside."""
    work = Work()
    connection.set_trace_callback(work.statement)
    connection.set_progress_handler(work.step, STEPS)
    yield work
    connection.set_trace_callback(None)
    connection.set_progress_handler(None, STEPS)


def copies(count: int, *, accounts: int | None = None) -> str:
    """The small books so many times over; the first under their own names, the others under longer ones.

    `accounts` is the number of copies after which accounts come again.
    """
    rows = [HEADER]
    for copy in range(count):
        for row in SMALL.removeprefix(HEADER).splitlines():
            cells = row.split(",")
            if copy:
                cells[0] += f"-{copy % (accounts or count)}"
                for column in (3, 10, 11):
                    cells[column] = cells[column] and f"{cells[column]}-{copy}"
            rows.append(",".join(cells) + "\n")
    return "".join(rows)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Books that hold the small ones a few and many times."""
    folder = tmp_path_factory.mktemp("templates")
    paths = {count: folder / f"{count}.db" for count in (FEW, MANY)}
    for count, path in paths.items():
        with Books.open(path, change=True) as books:
            load_text(books, copies(count))
    return paths


def work_of(path: Path, before: list[Act], act: Act) -> Work:
    """What a command costs on these books."""
    with Books.open(path, change=True) as books:
        for step in before:
            step(books)
        with counted(books.connection) as work:
            act(books)
    return work


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ALL])
def test_it_costs_the_same_in_books_of_ten_times_the_size(
    command: str, templates: dict[int, Path], tmp_path: Path
) -> None:
    few, many = (work_of(Path(shutil.copy(template, tmp_path)), *COMMANDS[command]) for template in templates.values())
    assert many.statements == few.statements
    assert many.steps <= few.steps * 1.1 + 10


def test_what_concerns_all_accounts_grows_no_faster_than_they(templates: dict[int, Path], tmp_path: Path) -> None:
    for command in ALL:
        few, many = (
            work_of(Path(shutil.copy(template, tmp_path)), *COMMANDS[command]) for template in templates.values()
        )
        assert many.steps <= few.steps * MANY / FEW * 1.1, command


def test_a_list_of_accounts_does_not_pay_for_the_largest(tmp_path: Path) -> None:
    """R8: small accounts are proved as they are listed, a large one by `show` and `check`."""
    steps = []
    for items in (1_200, 2_400):
        rows = [f"C0,,invoice,{number},2024-01-05,,,,1.00,CAD,,\n" for number in range(items)]
        with Books.open(tmp_path / f"{items}.db", change=True) as books:
            load_text(books, SMALL + "".join(rows))
            with counted(books.connection) as work:
                assert len(list(proved(books, found(books, Choice(), today=TODAY)))) > 1
        steps.append(work.steps)
    assert steps[1] <= steps[0] * 1.1


def test_a_screen_of_accounts_is_proved_at_once(templates: dict[int, Path]) -> None:
    """R8: in as many statements, however many accounts there are; one of them proves."""
    told = []
    for template in templates.values():
        with Books.open(template) as books, counted(books.connection) as work:
            accounts = len(list(proved(books, found(books, Choice(), today=TODAY))))
        told.append((accounts, work.statements))
    (few, statements), (many, as_many) = told
    assert few < many
    assert statements == as_many


def test_the_first_open_row_waits_for_few_days(templates: dict[int, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorted a few days at a time, rows come in the same order, and the first of them early."""
    with Books.open(templates[MANY]) as books:
        whole = list(unreconciled(books, (), Wanted(include_planned=True), today=TODAY))
        monkeypatch.setattr(module, "PART", 100)
        with counted(books.connection) as first:
            next(unreconciled(books, (), Wanted(include_planned=True), today=TODAY))
        with counted(books.connection) as every:
            assert list(unreconciled(books, (), Wanted(include_planned=True), today=TODAY)) == whole
    assert every.statements > 4
    assert first.steps < every.steps / 3


def test_rows_that_nobody_asks_for_any_more_hold_nothing(templates: dict[int, Path], tmp_path: Path) -> None:
    """R21: a list that stops early leaves no view open, and none is missed when the books were closed before it."""
    path = Path(shutil.copy(templates[FEW], tmp_path))
    with Books.open(path, change=True) as books:
        rows = unreconciled(books, (), Wanted(), today=TODAY)
        next(rows)
        assert books.connection.in_transaction
        del rows
        assert not books.connection.in_transaction
        assert list(unreconciled(books, (), Wanted(), today=TODAY, limit=1))
        auto(books, ["C1"], STAMP)
        rows = unreconciled(books, (), Wanted(), today=TODAY)
        next(rows)
    del rows  # what it raises is an error of the test


def test_a_walk_is_counted(templates: dict[int, Path]) -> None:
    """The test bites: a scan of the items costs ten times as much."""
    few, many = (
        work_of(path, [], lambda books: books.connection.execute("SELECT sum(amount_minor) FROM item").fetchone())
        for path in templates.values()
    )
    assert many.steps > few.steps * 5


@pytest.fixture
def _low_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buffers and what is remembered are bounded; here the bounds are low, so that small files reach them."""
    for bound, value in {
        "intake.caches.CACHE_SIZE": 500,
        "intake.survey.BLOCK_BYTES": 1 << 16,
        "intake.source.BLOCK_BYTES": 1 << 16,
        "store.first_load.REMEMBERED_POCKETS": 500,
    }.items():
        monkeypatch.setattr(f"reconcile_cli.{bound}", value)


@pytest.mark.usefixtures("_low_bounds")
def test_memory_does_not_grow_with_the_books(tmp_path: Path) -> None:
    """Four times the rows in the same accounts: the peak of memory stays, whatever is done with all of them."""
    few, many = (peaks(tmp_path / str(count), count) for count in (300, 1_200))
    assert {job: peak for job, peak in many.items() if peak > few[job] * 1.3 + 50_000} == {}, (few, many)


@pytest.mark.usefixtures("_low_bounds")
def test_memory_of_a_first_load_does_not_grow_with_the_accounts(tmp_path: Path) -> None:
    """Accounts that were not named for long are forgotten, and looked up in the books when they come again."""
    few, many = (peak_of_first_load(tmp_path / str(count), count) for count in (300, 1_200))
    assert many < few * 1.1 + 50_000


def peak_of_first_load(folder: Path, accounts: int) -> int:
    """The peak of a load in which every account comes twice, far apart."""
    folder.mkdir()
    rows = folder / "rows.csv"
    rows.write_text(copies(2 * accounts, accounts=accounts), encoding="utf-8")
    return peak_of(
        folder / "books.db",
        lambda books: load(books, [Source(str(rows))], ReadOptions(signed=False), STAMP, arguments={}),
    )


def peaks(folder: Path, count: int) -> dict[str, int]:
    """The peak of each bulk job, in bytes, on so many copies of the small books."""
    folder.mkdir()
    rows = folder / "rows.csv"
    rows.write_text(copies(count, accounts=100), encoding="utf-8")
    sources, options = [Source(str(rows))], ReadOptions(signed=False)
    jobs: dict[str, Act] = {
        "load": lambda books: load(books, sources, options, STAMP, arguments={}),
        "load again": lambda books: load(books, sources, options, STAMP, arguments={}),
        "unreconciled": lambda books: sum(1 for _ in unreconciled(books, (), Wanted(), today=TODAY)),
        "auto of all": lambda books: auto(books, None, STAMP),
        "check": check,
        "undo": lambda books: undo(books, None, STAMP, confirm=lambda _removal: True),
    }
    return {name: peak_of(folder / "books.db", job) for name, job in jobs.items()}


def peak_of(path: Path, job: Act) -> int:
    """The most bytes that Python held at once during a job."""
    with Books.open(path, change=True) as books:
        gc.collect()
        tracemalloc.start()
        try:
            job(books)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
