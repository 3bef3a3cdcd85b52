"""The reports as they are typed: keys, periods, formats, and what a person sees."""

from pathlib import Path
from typing import Final

import pytest
from python_calamine import CalamineWorkbook

from reconcile_cli.errors import Exit
from tests.cli.driving import ok, on_terminal, reconcile

TABLE: Final = """\
Register     Ledger code       Amount  Share
───────────────────────────────────────────────
Arena        4010         CAD   90.00   28% ██▊
             4030         CAD   80.00   25% ██▌
Total Arena               CAD  170.00
Web          4020         CAD   60.00   19% █▉
             4040         CAD   50.00   16% █▌
             4050         CAD   40.00   13% █▎
Total Web                 CAD  150.00
───────────────────────────────────────────────
Total                     CAD  320.00
"""

pytestmark = pytest.mark.usefixtures("club")


def _rows(*argv: str) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = ok(reconcile("report", *argv, "-f", "json")).json
    return found


def test_sales_in_json_have_one_key_for_each_of_by() -> None:
    assert _rows("sales", "--by", "month,account", "--to", "2024-01-07") == [
        {"row": "sales", "month": "2024-01", "account": "A-1", "currency": "CAD", "amount": "100.00"},
        {"row": "sales", "month": "2024-01", "account": "B-1", "currency": "CAD", "amount": "50.00"},
        {"row": "sales", "month": "2024-01", "account": "C-1", "currency": "CAD", "amount": "80.00"},
    ]
    assert ok(reconcile("report", "sales", "-f", "csv", "--by", "day")).rows[0] == {
        "row": "sales",
        "day": "2024-01-05",
        "currency": "CAD",
        "amount": "100.00",
    }


def test_payments_in_json_and_what_is_moved() -> None:
    ok(reconcile("lock", "2024-01-31"))
    ok(reconcile("match", "P-1", "I-1"))
    whole = _rows("payments", "--to", "2024-01-31")
    assert [(row["row"], row["ledger_code"], row["currency"], row["amount"]) for row in whole] == [
        ("code", "4030", "CAD", "30.00"),
        ("code", "4040", "CAD", "50.00"),
        ("not_reconciled", None, "CAD", "115.00"),
        ("code", "4010", "JPY", "500"),
    ]
    assert _rows("payments", "--from", "2024-02-01", "--to", "2024-02-29") == [
        {"row": "moved", "ledger_code": "4020", "currency": "CAD", "amount": "60.00", "of": "code"},
        {"row": "moved", "ledger_code": "4050", "currency": "CAD", "amount": "10.00", "of": "code"},
        {"row": "moved", "ledger_code": None, "currency": "CAD", "amount": "-70.00", "of": "not_reconciled"},
    ]


def test_the_ledger_in_json() -> None:
    assert [row for row in _rows("ledger") if row["ledger_code"] == "4030"] == [
        {
            "row": "sales",
            "ledger_code": "4030",
            "currency": "CAD",
            "sold": "80.00",
            "paid": "30.00",
            "offset": "0.00",
            "covered": "50.00",
            "open": "0.00",
        }
    ]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["sales", "--by", "customer"], "--by: customer is not one of: register, ledger_code, month"),
        (["sales", "--by", ""], '"" is not one of'),
        (["sales", "--by", "month,month"], "--by: each key once"),
        (["payments", "--from", "2024-02-01", "--to", "2024-01-31"], "--to: it lies before --from"),
        (["ledger", "--as-of", "yesterday"], "yesterday is not a date"),
        (["profit"], "No command profit"),
        (["sales", "--limit", "-1"], "not a whole number"),
    ],
)
def test_wrong_usage_names_the_option_and_the_report(argv: list[str], said: str) -> None:
    answer = reconcile("report", *argv)
    assert answer.code == Exit.USAGE
    assert said in answer.err
    assert f"See: reconcile report {argv[0]} --help" in answer.err or argv == ["profit"]


def test_global_options_may_stand_behind_a_report(club: Path) -> None:
    assert ok(reconcile("report", "sales", "--ascii", "--by", "month", "--db", str(club / "books.db"))).out.isascii()


def test_without_a_name_the_reports_are_listed() -> None:
    answer = reconcile("report")
    assert answer.code == Exit.USAGE
    assert all(name in answer.err for name in ("sales", "payments", "ledger"))


def test_taxes_are_left_out_and_an_unknown_code_is_said() -> None:
    every, without = (
        _rows("sales", "--by", "ledger_code"),
        _rows("sales", "--by", "ledger_code", "--except", "4020,4050"),
    )
    assert [row for row in every if row["ledger_code"] not in ("4020", "4050")] == without
    assert "No item has the ledger code 9999." in ok(reconcile("report", "sales", "--except", "9999")).err


def test_an_empty_period_is_said() -> None:
    for name in ("sales", "payments"):
        answer = ok(reconcile("report", name, "--to", "1999-12-31"))
        assert answer.out.endswith("in this period.\n")
        assert len(answer.out.splitlines()) == 1
    assert _rows("sales", "--to", "1999-12-31") == []
    assert ok(reconcile("report", "ledger", "--as-of", "1999-12-31")).out == "Nothing was sold up to this day.\n"


def test_a_table_has_subtotals_totals_and_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert ok(reconcile("report", "sales", "--by", "register,ledger_code", "--to", "2024-01-08")).out == TABLE


def test_a_workbook_has_every_line_once_with_all_its_keys(club: Path) -> None:
    """A filter on a register finds all its lines, and a sum of the column counts no subtotal."""
    options = ("sales", "--by", "register,ledger_code", "--to", "2024-01-08")
    ok(reconcile("report", *options, "-o", str(club / "sales.xlsx")))
    _head, *rows, total = CalamineWorkbook.from_path(str(club / "sales.xlsx")).get_sheet_by_index(0).to_python()
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (line["register"], line["ledger_code"], float(line["amount"] or "")) for line in _rows(*options)
    ]
    assert (total[0], total[3]) == ("Total", sum(float(str(row[3])) for row in rows))


def test_the_ledger_says_that_it_adds_up() -> None:
    assert "offset adds up to zero" in ok(reconcile("report", "ledger")).out


def test_a_ledger_that_does_not_add_up_is_no_proof(club: Path) -> None:
    """Another program has taken from an open amount: nothing is said to be proved, and the exit code tells."""
    import sqlite3
    from contextlib import closing

    from reconcile_cli.store import guards

    with closing(sqlite3.connect(club / "books.db", isolation_level=None)) as other:
        for guard in guards.GUARDS:
            other.execute(f"DROP TRIGGER {guard}")
        other.execute("UPDATE item SET open_minor = open_minor - 1 WHERE id = 1")
        guards.put_on(other)
    answer = reconcile("report", "ledger")
    assert answer.code == Exit.FINDINGS
    assert "adds up" not in answer.out
    assert "This does not add up" in answer.err


def test_a_long_report_stops_on_a_terminal_and_its_total_is_that_of_all(club: Path) -> None:
    rows = "".join(f"Z-{place},invoice,Z-{place},2024-03-01,4000,1.00\n" for place in range(230))
    ok(reconcile("load", "-", stdin=f"account,kind,document,date,ledger_code,amount\n{rows}"))
    shown = on_terminal("report", "sales", "--by", "account", "--from", "2024-03-01").out
    assert "The first 200 rows" in shown
    assert "230.00" in shown
    assert len(_rows("sales", "--by", "account", "--from", "2024-03-01")) == 230
    assert club.exists()


def test_known_at_shows_what_a_report_said() -> None:
    before = _rows("payments")
    ok(reconcile("auto", "--all"))
    assert _rows("payments") != before
    assert _rows("payments", "--known-at", "1") == before
