"""Straight into empty books, or by way of staging: the same books (R22), whatever the file holds."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.load_results import LoadResult
from reconcile_cli.domain.results import Stamp
from reconcile_cli.errors import BadInput
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store import arriving
from reconcile_cli.store.books import Books
from reconcile_cli.store.first_load import FirstLoad
from reconcile_cli.workflows.check import check
from reconcile_cli.workflows.load import load
from tests.properties.strategies import as_csv, books, interleaved

STAMP = Stamp(author="tester", made_at="2026-11-24T12:00:00Z", today=20261124)
VIEWS = (
    "SELECT * FROM v_accounts ORDER BY account, currency",
    """SELECT account, kind, document, line, date, due_date, state, side, amount_minor, open_minor, status, held,
    description, ledger_code, order_code, register, method, applies_to, match_code FROM v_items
    ORDER BY document, kind, line""",
    """SELECT debit_kind, debit_document, debit_line, credit_kind, credit_document, credit_line, amount_minor, stage,
    reason FROM v_allocations ORDER BY 1, 2, 3, 4, 5, 6""",
)


def _loaded(path: Path, file: Path) -> tuple[LoadResult, list[object]]:
    path.unlink(missing_ok=True)
    with Books.open(path, change=True) as opened:
        result = load(opened, [Source(str(file))], ReadOptions(), STAMP, arguments={})
        assert check(opened) == []
        return result, [opened.connection.execute(sql).fetchall() for sql in VIEWS]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), rows=books(), mixed=st.booleans())
def test_both_ways_make_the_same_books(
    tmp_path: Path, *, data: st.DataObject, rows: list[dict[str, str]], mixed: bool
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(as_csv(data.draw(interleaved(rows)) if mixed else rows), "utf-8")
    with pytest.MonkeyPatch.context() as patch:  # many batches, and accounts that are forgotten between them
        patch.setattr("reconcile_cli.intake.text_records.BLOCK_CHARACTERS", data.draw(st.sampled_from([100, 10_000])))
        patch.setattr("reconcile_cli.store.first_load.REMEMBERED_POCKETS", data.draw(st.integers(0, 3)))
        straight, there = _loaded(tmp_path / "straight.db", file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arriving, "books_are_empty", lambda _books: False)
        patch.setattr(FirstLoad, "__init__", lambda *_arguments: pytest.fail("this load was to be staged"))
        staged, here = _loaded(tmp_path / "staged.db", file)
    assert here == there
    for figure in ("rows", "added", "within_document", "stated", "checkout", "removed"):
        assert getattr(staged, figure) == getattr(straight, figure)
    assert sorted(staged.unmet) == sorted(straight.unmet)


def test_a_row_that_disagrees_on_its_account_is_told(tmp_path: Path) -> None:
    """The other account of the document is none that is written, though the batch names it."""
    file = tmp_path / "rows.csv"
    rows = ("A,Anne,invoice,I-1,2026-01-01,5", "B,Bea,invoice,I-1,2026-01-01,6")
    file.write_text("\n".join(("account,account_name,kind,document,date,amount", *rows)), "utf-8")
    with Books.open(tmp_path / "b.db", change=True) as opened, pytest.raises(BadInput) as refused:
        load(opened, [Source(str(file))], ReadOptions(), STAMP, arguments={})
    assert [(problem.line, problem.column) for problem in refused.value.problems] == [(3, "account")]


def test_a_debit_beside_planned_money_is_told(tmp_path: Path) -> None:
    """Rows that disagree on their state would make an item that the books cannot hold."""
    file = tmp_path / "rows.csv"
    rows = ("A,payment,P-1,2026-01-01,planned,10", "A,payment,P-1,2026-01-01,posted,-5")
    file.write_text("\n".join(("account,kind,document,date,state,amount", *rows)), "utf-8")
    with Books.open(tmp_path / "b.db", change=True) as opened, pytest.raises(BadInput) as refused:
        load(opened, [Source(str(file))], ReadOptions(signed=False), STAMP, arguments={})
    assert [(problem.line, problem.column) for problem in refused.value.problems] == [(3, "state")]
