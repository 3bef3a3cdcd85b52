"""Statements on the command line: one on the screen or in a file, those of all in a folder."""

import json
import os
import stat
from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import ok, on_terminal, reconcile

HEADER = "account,account_name,kind,document,date,due_date,state,amount,applies_to\n"


@pytest.mark.usefixtures("club")
def test_a_statement_has_a_balance_and_planned_payments_apart() -> None:
    answer = ok(reconcile("statement", "C-1"))
    assert answer.out == SCREEN


SCREEN = """\
C-1  Zoë Fraser
All transactions.

Date        Kind             Document  Description  Debit  Credit  Balance
──────────────────────────────────────────────────────────────────────────
            opening balance                                           0.00
2024-01-07  invoice          I-3       Choir        80.00            80.00
2024-01-07  payment          P-3                            30.00    50.00
            closing balance                         80.00   30.00    50.00

Planned payments, not in the balance:
To be taken  Kind     Document  Agreed           Amount
───────────────────────────────────────────────────────
2999-01-01   payment  PP-1      2024-01-07  CAD   50.00
"""


@pytest.mark.usefixtures("club")
def test_nothing_of_reconciliation_is_said() -> None:
    """R20: the same bytes in every format before and after everything is reconciled and taken apart."""
    lines = [["statement", "A-1", "-f", form] for form in ("table", "csv", "json")]
    before = [ok(reconcile(*line)).out for line in lines]
    for change in (
        ["auto", "--all"],
        ["hold", "A-1"],
        ["unmatch", "--account", "A-1", "--yes"],
        ["match", "P-1", "I-1"],
    ):
        ok(reconcile(*change))
        assert [ok(reconcile(*line)).out for line in lines] == before
        assert on_terminal("statement", "A-1").code == Exit.DONE


def test_an_instalment_is_planned_until_the_day_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement up to a day says the same before and after the instalment of a later day was posted."""
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    rows = HEADER + "A,,invoice,I-1,2026-01-05,,,100.00,\nA,,payment,PP-1,2026-01-05,2026-03-01,planned,60.00,I-1\n"
    ok(reconcile("load", "-", stdin=rows))
    line = ["statement", "A", "--to", "2026-02-28"]
    before = ok(reconcile(*line)).out
    assert "2026-03-01   payment  PP-1" in before
    ok(reconcile("load", "-", stdin=HEADER + "A,,payment,R-9,2026-03-01,,,60.00,payment/PP-1\n"))
    assert ok(reconcile(*line)).out == before
    after = ok(reconcile("statement", "A", "-f", "json")).json
    assert [(row["row"], row["document"], row["balance"]) for row in after] == [
        ("opening", "", "0.00"),
        ("transaction", "I-1", "100.00"),
        ("transaction", "R-9", "40.00"),
        ("closing", "", "40.00"),
    ]


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Books of accounts whose codes are no names of files; a folder for statements that is not there yet."""
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    codes = ["../x", "/etc/x", "CON", "c-1", "C-1", "L" * 300, "00123", "é/é", "-f", ".."]
    rows = "".join(f"{code},,invoice,I-{place},2026-01-05,,,1.00,\n" for place, code in enumerate(codes))
    ok(reconcile("load", "-", stdin=HEADER + rows))
    return tmp_path / "out" / "statements"


@pytest.mark.parametrize("form", ["table", "csv", "json", "html"])
def test_every_account_has_a_file_of_its_own(strange: Path, form: str) -> None:
    answer = ok(reconcile("statement", "--all", "--into", str(strange), "-f", form))
    assert answer.out == ""
    assert answer.err == f"10 statements written into {strange}\n"
    files = list(strange.iterdir())
    assert len({file.name.casefold() for file in files}) == 10
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(strange.stat().st_mode) == 0o700
    assert [path.name for path in strange.parent.iterdir()] == ["statements"]
    if form == "json":
        assert len({json.loads(file.read_text("utf-8"))[0]["account"] for file in files}) == 10


def test_a_file_in_a_folder_is_what_the_screen_shows(strange: Path) -> None:
    ok(reconcile("statement", "--all", "--into", str(strange)))
    assert (strange / "00123.txt").read_text("utf-8") == ok(reconcile("statement", "00123")).out


def test_no_statement_is_written_over_a_file_unless_forced(strange: Path) -> None:
    strange.mkdir(parents=True)
    (strange / "00123.csv").write_text("mine")
    line = ["statement", "--all", "--into", str(strange), "-f", "csv"]
    answer = reconcile(*line)
    assert answer.code == Exit.REFUSED
    assert "00123.csv was not written: write over it with --force" in answer.err
    assert [file.name for file in strange.iterdir()] == ["00123.csv"]
    ok(reconcile(*line, "--force"))
    assert len(list(strange.iterdir())) == 10
    assert (strange / "00123.csv").read_text("utf-8").startswith("row,account,")


def test_a_folder_that_cannot_be_made_is_said(strange: Path) -> None:
    strange.parent.write_text("a file")
    answer = reconcile("statement", "--all", "--into", str(strange))
    assert (answer.code, answer.err.count("\n")) == (Exit.REFUSED, 1)
    strange.parent.unlink()
    strange.parent.mkdir()
    strange.write_text("a file")
    answer = reconcile("statement", "--all", "--into", str(strange))
    assert answer.err == f"Error: {strange} was not written: it is not a folder. Name another file.\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["A-1", "--all"],
        ["--all"],
        ["A-1", "--into", "x"],
        ["--all", "--into", "x", "-o", "y.csv"],
        ["A-1", "--force"],
    ],
)
@pytest.mark.usefixtures("club")
def test_words_that_do_not_go_together_are_wrong_usage(words: list[str]) -> None:
    answer = reconcile("statement", *words)
    assert answer.code == Exit.USAGE, answer
    assert not os.path.lexists("x")


@pytest.mark.usefixtures("club")
def test_a_statement_of_nobody_names_what_is_near() -> None:
    answer = reconcile("statement", "A-2")
    assert answer.code == Exit.REFUSED
    assert "A-1" in answer.err
