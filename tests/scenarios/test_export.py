"""`export` writes what `load` takes back into an empty database as equal books (section 5, R11)."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.results import Stamp
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store.books import Books
from reconcile_cli.store.exporting import COLUMNS, exported
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.check import check
from reconcile_cli.workflows.hold import hold
from reconcile_cli.workflows.load import Rules, load
from reconcile_cli.workflows.unmatch import unmatch
from tests.properties.strategies import as_csv, books

STAMP = Stamp(author="tester", made_at="2026-11-24T12:00:00Z", today=20261124)
SAMPLES = Path(__file__).parents[2] / "sample_data"
CREDITS = "SELECT DISTINCT credit_kind || '/' || credit_document || ':' || credit_line FROM v_allocations ORDER BY 1"
EQUAL = (
    """SELECT account, name, currency, status, balance_minor, open_debit_minor, open_credit_minor, covered_minor,
    open_items, held FROM v_accounts""",
    """SELECT account, kind, document, line, date, due_date, state, side, amount_minor, open_minor, status, held,
    description, ledger_code, order_code, register, method, match_code FROM v_items""",
    """SELECT account, currency, debit_kind, debit_document, debit_line, credit_kind, credit_document, credit_line,
    sum(amount_minor) FROM v_allocations GROUP BY 1, 2, 3, 4, 5, 6, 7, 8""",
)


def _dump(path: Path) -> list[list[tuple[object, ...]]]:
    with Books.open(path) as opened:
        return [sorted(opened.connection.execute(sql), key=repr) for sql in EQUAL]


def _load(path: Path, *files: Path, options: ReadOptions = ReadOptions()) -> None:  # noqa: B008 - immutable
    with Books.open(path, change=True) as opened:
        load(opened, [Source(str(file)) for file in files], options, STAMP, Rules(), arguments={})


def _round_trip(source: Path, folder: Path) -> None:
    """Export, load into an empty database, compare; the copy's export is the same again."""
    written = [folder / "first.csv", folder / "second.csv"]
    copy = folder / "copy.db"
    copy.unlink(missing_ok=True)
    for path, file in ((source, written[0]), (copy, written[1])):
        with Books.open(path) as opened, file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([COLUMNS, *exported(opened)])
        if path == source:
            _load(copy, file, options=ReadOptions(decimal="."))
    assert _dump(copy) == _dump(source)
    assert written[0].read_text("utf-8") == written[1].read_text("utf-8")
    with Books.open(copy) as opened:
        assert check(opened) == []


def test_the_sample_season_comes_back_equal(tmp_path: Path) -> None:
    source = tmp_path / "books.db"
    _load(source, SAMPLES / "club_en.csv", SAMPLES / "club_fr.csv")
    _load(source, SAMPLES / "update.csv")
    _round_trip(source, tmp_path)
    with Books.open(source, change=True) as opened:
        auto(opened, None, STAMP)
    _round_trip(source, tmp_path)


@pytest.mark.parametrize("document", ["FA-981", "INV-1001", "FA-988"])
def test_what_was_taken_apart_stays_apart(tmp_path: Path, document: str) -> None:
    """R10, R12: the export says of a credit that it stays open, so that a load does not reconcile it again."""
    source = tmp_path / "books.db"
    _load(source, SAMPLES / "club_en.csv", SAMPLES / "club_fr.csv")
    with Books.open(source, change=True) as opened:
        auto(opened, None, STAMP)
        unmatch(opened, [document], STAMP, confirm=lambda _removal: True)
        hold(opened, [document, "C027"], STAMP)
    _round_trip(source, tmp_path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=books(), automatic=st.booleans(), apart=st.none() | st.integers(0, 50))
def test_any_books_come_back_equal(
    tmp_path: Path, *, rows: list[dict[str, str]], automatic: bool, apart: int | None
) -> None:
    """The best oracle there is: whatever was loaded, matched and taken apart, the copy is equal."""
    source, file = tmp_path / "books.db", tmp_path / "rows.csv"
    source.unlink(missing_ok=True)
    file.write_text(as_csv(rows), "utf-8")
    _load(source, file)
    with Books.open(source, change=True) as opened:
        if automatic:
            auto(opened, None, STAMP)
        names = [row[0] for row in opened.connection.execute(CREDITS)]
        if names and apart is not None:
            unmatch(opened, [names[apart % len(names)]], STAMP, confirm=lambda _removal: True)
    _round_trip(source, tmp_path)
