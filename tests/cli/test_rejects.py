"""`load --rejects`: what is left out, what is written of it, and that it leaves no trace in the books (R23)."""

import csv
from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import Answer, ok, reconcile

HEADER = "account,account_name,kind,document,date,amount\n"


@pytest.fixture
def rejects(club: Path) -> Path:
    """Where the rejected documents go; the books of the club are there."""
    return club / "rejects.csv"


def _load(rejects: Path, rows: str) -> Answer:
    return reconcile("load", "-", "--rejects", str(rejects), stdin=HEADER + rows)


def _rows(rejects: Path) -> list[dict[str, str]]:
    with rejects.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _documents() -> set[str]:
    return {row["document"] for row in ok(reconcile("find", "N-", "-f", "csv")).rows}


def test_a_quote_that_is_never_closed_refuses_the_whole_file(rejects: Path) -> None:
    """Nobody can tell where the row ends, so that no row after it can be trusted."""
    answer = _load(rejects, 'X-1,,invoice,N-1,2024-02-01,10\nX-1,"Anne,invoice,N-2,2024-02-01,10\n')
    assert answer.code == Exit.REFUSED, answer
    assert not rejects.exists()
    assert _documents() == set()


def test_an_unreadable_row_beside_a_refused_change_takes_its_two_neighbours_alone(rejects: Path) -> None:
    """R24 makes the load begin anew: the rows beside the unreadable one are still the same two."""
    rows = "".join(f"X-1,,invoice,N-{place},2024-02-01,10\n" for place in range(1, 4))
    rows += "X-1,,invoice,,2024-02-01,10\n"
    rows += "".join(f"X-1,,invoice,N-{place},2024-02-01,10\n" for place in range(4, 7))
    answer = _load(rejects, rows + "B-1,Bob Ferland,invoice,I-2,2024-01-06,51.00\n")
    assert answer.code == Exit.FINDINGS, answer
    assert [row["document"] for row in _rows(rejects)] == ["N-3", "", "N-4", "I-2"]
    assert all(row["problem"] for row in _rows(rejects))
    assert _documents() == {"N-1", "N-2", "N-5", "N-6"}


def test_a_rejected_document_renames_no_account_and_makes_none(rejects: Path) -> None:
    before = ok(reconcile("accounts", "-f", "csv")).rows
    answer = _load(
        rejects,
        "B-1,Robert Ferland,invoice,I-2,2024-01-06,51.00\n"
        "A-1,Another,invoice,N-1,2024-02-01,x\n"
        "NEW,Nobody,invoice,N-2,2024-02-01,10\nNEW,Nobody,invoice,N-2,2024-02-01,x\n"
        "C-1,Zoë Fraser,invoice,N-3,2024-02-01,10\n",
    )
    assert answer.code == Exit.FINDINGS, answer
    after = ok(reconcile("accounts", "-f", "csv")).rows
    assert [(row["account"], row["name"]) for row in after] == [(row["account"], row["name"]) for row in before]
    assert _documents() == {"N-3"}
    assert reconcile("show", "NEW").code == Exit.REFUSED


def test_the_reason_stands_in_the_first_column(rejects: Path) -> None:
    _load(rejects, "X-1,,invoice,N-1,2024-02-01,10\nX-1,,invoice,N-2,2024-02-01,x\n")
    assert rejects.read_text(encoding="utf-8").splitlines()[0] == "problem," + HEADER.strip()
    (row,) = _rows(rejects)
    assert row["problem"]
    assert row["amount"] == "x"


def test_a_folder_that_is_not_there_is_refused_before_anything_is_loaded(club: Path) -> None:
    rows = "X-1,,invoice,N-1,2024-02-01,10\n"
    for bad in ("", "X-1,,invoice,N-2,2024-02-01,x\n"):
        answer = _load(club / "missing" / "rejects.csv", rows + bad)
        assert answer.code == Exit.REFUSED, answer
        assert "missing" in answer.err
        assert _documents() == set()


@pytest.mark.usefixtures("club")
def test_an_amount_does_not_find_what_is_free() -> None:
    rows = "X-1,,invoice,FREE,2024-02-01,0.00\nX-1,,invoice,DEAR,2024-02-01,12.00\n"
    ok(reconcile("load", "-", stdin=HEADER + rows))
    assert [row["document"] for row in ok(reconcile("find", "12", "-f", "csv")).rows if "I" not in row["document"]] == [
        "DEAR"
    ]


@pytest.mark.usefixtures("club")
def test_amounts_beyond_counting_are_a_refusal_and_no_damage() -> None:
    rows = "".join(f"X-1,,invoice,N-{place},2024-02-01,10000000000000.00\n" for place in range(9_300))
    answer = reconcile("load", "-", stdin=HEADER + rows)
    assert answer.code == Exit.REFUSED, answer
    assert "more than can be counted" in answer.err
    assert _documents() == set()
    assert reconcile("check").code == Exit.DONE
