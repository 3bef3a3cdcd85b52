"""`load --rejects`: what is left out, what is written of it, and that it leaves no trace in the books (R23)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import Answer, ok, reconcile
from tests.unit.intake.workbooks import table

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


def test_rejects_of_files_with_opposite_marks_load_again(club: Path, rejects: Path) -> None:
    """C1 decides once for a file: amounts and dates of the rejects are written plainly, those that can be read."""
    (club / "fr.csv").write_text(
        "Compte;Type;Pièce;Date;Montant;Libellé\n"
        "X-1;Facture;N-1;31/01/2024;1 234,50;Été\nX-1;Facture;N-1;31/01/2024;oups;Été\n"
        "X-1;Facture;N-2;05/01/2024;1,25;\n",
        encoding="utf-8",
    )
    (club / "en.csv").write_text(
        'account,kind,document,date,amount\nX-2,invoice,N-3,01/31/2024,"1,234.50"\nX-2,invoice,N-3,01/31/2024,oops\n',
        encoding="utf-8",
    )
    answer = reconcile("load", str(club / "fr.csv"), str(club / "en.csv"), "--rejects", str(rejects))
    assert answer.code == Exit.FINDINGS, answer
    assert [(row["date"], row["amount"]) for row in _rows(rejects)] == [
        ("2024-01-31", "1234,50"),
        ("2024-01-31", "oups"),
        ("2024-01-31", "1234,50"),
        ("2024-01-31", "oops"),
    ]
    corrected = rejects.read_text(encoding="utf-8").replace("oups", "2").replace("oops", "3")
    rejects.write_text(corrected, encoding="utf-8")
    ok(reconcile("load", str(rejects)))
    assert _documents() == {"N-1", "N-2", "N-3"}
    assert ok(reconcile("show", "X-2", "-f", "json")).json["balances"] == [{"currency": "CAD", "balance": "1237.50"}]


def test_rejects_of_amounts_and_of_debits_do_not_fit_in_one_file(club: Path, rejects: Path) -> None:
    (club / "one.csv").write_text(HEADER + "X-1,,invoice,N-1,2024-01-31,oops\n", encoding="utf-8")
    (club / "two.csv").write_text(
        "account,kind,document,date,debit,credit\nX-1,invoice,N-2,2024-01-31,oops,\nX-1,invoice,N-3,2024-01-31,5,\n",
        encoding="utf-8",
    )
    answer = reconcile("load", str(club / "one.csv"), str(club / "two.csv"), "--rejects", str(rejects))
    assert answer.code == Exit.REFUSED, answer
    assert "one after the other" in answer.err
    assert not rejects.exists()
    assert _documents() == set()


def test_rejects_of_a_workbook_load_again(club: Path, rejects: Path) -> None:
    rows = [["X-1", "invoice", "N-1", date(2024, 2, 1), 1234.5], ["X-1", "invoice", "N-1", date(2024, 2, 1), "x"]]
    book = table(club / "book.xlsx", *rows, ["X-1", "invoice", "N-2", date(2024, 2, 1), 5])
    answer = reconcile("load", str(book), "--rejects", str(rejects))
    assert answer.code == Exit.FINDINGS, answer
    assert [row["amount"] for row in _rows(rejects)] == ["1234.50", "x"]
    rejects.write_text(rejects.read_text(encoding="utf-8").replace(",x", ",0.50"), encoding="utf-8")
    ok(reconcile("load", str(rejects)))
    assert ok(reconcile("show", "X-1", "-f", "json")).json["balances"] == [{"currency": "CAD", "balance": "1240.00"}]
