"""A plan is kept, reviewed and applied, or refused line by line; a suggestion's command works as it is pasted."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import PROGRAM, ok, reconcile

ROWS = """\
account,kind,document,date,amount,description
C 1,invoice,INV 14,2026-01-05,50.00,
C 1,invoice,INV-15,2026-01-12,80.00,
C 1,invoice,INV-16,2026-01-13,60.00,
C 1,invoice,INV-17,2026-01-20,110.00,
C 1,payment,P'1,2026-01-31,240.00,
C 1,payment,P-2,2026-01-16,60.00,
C-3,invoice,INV-30,2026-02-05,75.00,
C-3,invoice,INV-31,2026-02-06,35.00,
C-3,credit_note,CN-1,2026-02-08,20.00,
C-3,payment,P-5,2026-03-08,45.00,
C-3,payment,P-6,2026-03-10,45.00,
"""


@pytest.fixture(autouse=True)
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    monkeypatch.chdir(tmp_path)
    ok(reconcile("load", "-", stdin=ROWS))
    return tmp_path


def links(*words: str) -> list[dict[str, object]]:
    """The allocations that a command reports, without what names the account."""
    found: list[dict[str, object]] = ok(reconcile(*words, "-f", "json")).json["allocations"]
    return found


def test_a_plan_does_exactly_what_the_dry_run_showed(books: Path) -> None:
    shown = links("auto", "--all", "--smart", "--dry-run", "--save", "plan.csv")
    assert (books / "plan.csv").stat().st_mode & 0o777 == 0o600
    made = links("apply", "plan.csv")
    assert made == shown
    assert {link["stage"] for link in made} == {"amount", "sum", "balance"}
    assert all(link["reason"] for link in made)
    assert ok(reconcile("check")).code == Exit.DONE
    ok(reconcile("undo", "--yes"))
    assert links("auto", "--all", "--smart", "--dry-run") == shown


def test_a_plan_says_why_and_may_be_thinned_out(books: Path) -> None:
    ok(reconcile("auto", "--all", "--smart", "--dry-run", "--save", "plan.csv"))
    text = (books / "plan.csv").read_text("utf-8")
    assert text.startswith("account,currency,credit,debit,amount,why,stage,reason\n")
    assert "INV 14 + INV-15 + INV-17 = 240.00" in text
    (books / "plan.csv").write_text(
        "".join(line for line in text.splitlines(keepends=True) if "P-2" not in line), "utf-8"
    )
    assert {link["credit"] for link in links("apply", "plan.csv")} == {
        "payment/P'1:1",
        "credit_note/CN-1:1",
        "payment/P-5:1",
        "payment/P-6:1",
    }


def test_a_plan_of_a_spreadsheet_program(books: Path) -> None:
    """Semicolons, a byte order mark, decimal commas, other columns, another order."""
    rows = "Note;debit;credit;amount;currency;account\nfits;invoice/INV-16:1;payment/P-2:1;60,00;CAD;C 1\n;;;;;\n"
    (books / "plan.csv").write_bytes(b"\xef\xbb\xbf" + rows.encode())
    (link,) = links("apply", "plan.csv")
    assert (link["amount"], link["stage"], link["reason"]) == ("60.00", "by_hand", None)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (["match", "P-2", "INV-16=10"], 'credit "payment/P-2:1"; expected: 60.00 CAD open; 50.00 CAD is left of it'),
        (["hold", "INV-16"], 'debit "invoice/INV-16:1"; expected: an item that is not held; it is held now'),
        (["undo", "1", "--yes"], 'credit "payment/P-2:1"; expected: one item of the books'),
    ],
)
def test_what_changed_since_is_named_and_nothing_is_done(before: list[str], said: str) -> None:
    ok(reconcile("auto", "C 1", "--stages", "amount", "--dry-run", "--save", "plan.csv"))
    ok(reconcile(*before))
    refused = reconcile("apply", "plan.csv")
    assert refused.code == Exit.REFUSED
    assert f"plan.csv line 2, {said}" in refused.err
    assert "1 line of the plan" in refused.err or "2 lines of the plan" in refused.err
    answer = reconcile("apply", "plan.csv", "-f", "json")
    assert answer.json["operation"] is None
    assert answer.json["problems"][0]["line"] == 2


def test_an_item_that_moved_to_another_account() -> None:
    ok(reconcile("auto", "C 1", "--stages", "amount", "--dry-run", "--save", "plan.csv"))
    moved = "account,kind,document,date,amount\nC-3,payment,P-2,2026-01-16,60.00\n"
    ok(reconcile("load", "-", stdin=moved))
    refused = reconcile("apply", "plan.csv")
    assert "expected: an item of account C 1 in CAD; it is in C-3 in CAD" in refused.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("60.00", "0.00"), "amount"),
        (("60.00", "61.00"), "61.00 CAD open"),
        (("payment/P-2:1", "invoice/INV-15:1"), "a credit item"),
        (("payment/P-2:1", "payment/P-2:1=5"), "one item of the books"),
        ((",amount,", ",stated,"), "stage"),
        (('"{""days"": 3}"', "days"), "reason"),
        (("invoice/INV-16:1", ""), "one item of the books"),
    ],
)
def test_a_line_changed_to_what_cannot_be(books: Path, change: tuple[str, str], said: str) -> None:
    ok(reconcile("auto", "C 1", "--stages", "amount", "--dry-run", "--save", "plan.csv"))
    plan = books / "plan.csv"
    text = plan.read_text("utf-8")
    assert change[0] in text
    plan.write_text(text[: text.index("\n") + 1] + text[text.index("\n") + 1 :].replace(*change), "utf-8")
    refused = reconcile("apply", "plan.csv")
    assert refused.code == Exit.REFUSED
    assert said in refused.err


def test_two_lines_may_not_use_the_same_money_twice(books: Path) -> None:
    ok(reconcile("auto", "C 1", "--stages", "amount", "--dry-run", "--save", "plan.csv"))
    lines = (books / "plan.csv").read_text("utf-8").splitlines(keepends=True)
    (books / "plan.csv").write_text("".join([*lines, lines[-1]]), "utf-8")
    assert "line 3, credit" in reconcile("apply", "plan.csv").err


def test_a_file_that_is_no_plan(books: Path) -> None:
    (books / "rows.csv").write_text(ROWS, "utf-8")
    refused = reconcile("apply", "rows.csv")
    assert refused.code == Exit.REFUSED
    assert "the columns currency, credit, debit" in refused.err


def test_save_needs_a_dry_run_and_a_new_name(books: Path) -> None:
    assert reconcile("auto", "--all", "--save", "plan.csv").code == Exit.USAGE
    (books / "plan.csv").touch()
    refused = reconcile("auto", "--all", "--dry-run", "--save", "plan.csv")
    assert refused.code == Exit.REFUSED
    assert "plan.csv exists already" in refused.err
    assert reconcile("suggest", "--save", "plan.csv").code == Exit.REFUSED


def test_suggestions_come_most_certain_first_and_as_a_plan() -> None:
    found = ok(reconcile("suggest", "-f", "json", "--save", "plan.csv")).json
    assert [(one["stage"], one["account"]) for one in found["suggestions"]] == [
        ("amount", "C 1"),
        ("sum", "C 1"),
        ("balance", "C-3"),
    ]
    assert found["doubts"] == []
    proposed = [link for one in found["suggestions"] for link in one["allocations"]]
    made = links("apply", "plan.csv")
    assert sorted(map(json.dumps, made)) == sorted(map(json.dumps, proposed))


def test_each_command_does_its_suggestion_alone() -> None:
    found = ok(reconcile("suggest", "-f", "json")).json["suggestions"]
    for one in found:
        pasted = f'reconcile() {{ {shlex.join(PROGRAM)} "$@"; }}; {one["command"]}'
        subprocess.run(["sh", "-c", pasted], check=True, capture_output=True)
    assert ok(reconcile("suggest", "-f", "json")).json["suggestions"] == []
    assert ok(reconcile("unreconciled", "-f", "json")).json == []


def test_what_is_doubtful_is_told_and_left() -> None:
    ok(
        reconcile(
            "load",
            "-",
            stdin="account,kind,document,date,amount\nC-4,invoice,A-1,2026-01-05,45.00\n"
            "C-4,invoice,A-2,2026-01-05,45.00\nC-4,payment,B-1,2026-01-08,45.00\n",
        )
    )
    found = ok(reconcile("suggest", "C-4", "-f", "json")).json
    assert found["suggestions"] == []
    assert found["doubts"] == [
        {
            "account": "C-4",
            "currency": "CAD",
            "item": "payment/B-1",
            "stage": "amount",
            "why": "equally_good",
            "others": ["invoice/A-1", "invoice/A-2"],
            "choices": 2,
        }
    ]
    shown = ok(reconcile("auto", "C-4", "--smart", "--dry-run"))
    assert "same amount, and none clearly the nearest" in shown.out
