"""The commands that keep the books: history, lock, --known-at, --by; through the whole command line."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer import BadParameter

from reconcile_cli.cli.known import end_of
from reconcile_cli.errors import Exit
from tests.cli.driving import ok, reconcile

pytestmark = pytest.mark.usefixtures("club")


def _author() -> str:
    return str(ok(reconcile("history", "-f", "json", "--limit", "1")).json[0]["author"])


def test_by_names_the_author_on_every_changing_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for argv in (
        ["auto", "A-1", "--author", "Zoë"],
        ["unmatch", "I-1", "--yes", "--by", "Max"],
        ["match", "I-1", "P-1", "--author", "Ida"],
        ["hold", "I-1", "--by", "Léa"],
        ["release", "I-1", "--by", "Bob"],
        ["lock", "2019-12-31", "--by", "Eve"],
        ["undo", "--yes", "--by", "Guy"],
    ):
        ok(reconcile(*argv))
        assert _author() == argv[-1]
    monkeypatch.setenv("RECONCILE_BY", "the night job")
    ok(reconcile("hold", "I-1"))
    assert _author() == "the night job"
    ok(reconcile("release", "I-1", "--by", "Ann"))
    assert _author() == "Ann"
    ok(reconcile("hold", "I-1", "--by", "  "))
    assert _author() not in ("", "  ")


def test_history_says_what_a_lock_and_an_auto_of_all_were_given() -> None:
    ok(reconcile("lock", "2019-12-31"))
    ok(reconcile("lock", "--reopen", "2019-12-01"))
    ok(reconcile("auto", "--all", "--until", "2030-01-01"))
    told = ok(reconcile("history")).out
    assert "2019-12-31" in told
    assert "--reopen 2019-12-01" in told
    assert "Given: --all; until 2030-01-01" in ok(reconcile("history", "show", "4")).out


def test_nothing_known_is_not_everything_reconciled() -> None:
    assert ok(reconcile("unreconciled", "--known-at", "2001-01-01")).out == "Nothing was unreconciled then.\n"


def test_lock_tells_closes_and_opens() -> None:
    assert ok(reconcile("lock")).out == "The books are not locked.\n"
    assert ok(reconcile("lock", "-f", "json")).json["locked_until"] is None
    closed = ok(reconcile("lock", "2024-01-31", "--note", "January", "-f", "json")).json
    assert closed == {"operation": 2, "locked_until": "2024-01-31", "locked_before": None}
    told = ok(reconcile("lock")).out
    assert "locked up to 2024-01-31, that day included" in told
    assert "operation 2" in told
    assert "January" in told
    again = ok(reconcile("lock", "2024-01-31"))
    assert "already" in again.out
    assert len(ok(reconcile("history", "-f", "json")).json) == 2
    assert ok(reconcile("lock", "--reopen", "2024-01-15", "-f", "csv")).rows[0]["locked_until"] == "2024-01-14"
    assert ok(reconcile("lock", "--reopen", "1900-01-01", "-f", "csv")).rows[0]["locked_until"] == ""


def test_a_lock_that_is_still_to_come_is_told() -> None:
    assert "yet to come" in ok(reconcile("lock", "2999-12-31")).err
    assert reconcile("lock", "2024-01-31", "--reopen", "2024-01-31").code == Exit.USAGE
    assert reconcile("lock", "31/01/2024").code == Exit.USAGE


def test_rows_of_a_closed_period_are_bad_rows(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(club)
    ok(reconcile("lock", "2024-01-31"))
    (club / "more.csv").write_text(
        "account,kind,document,date,amount\nA-1,invoice,L-1,2024-01-31,10\nA-1,invoice,L-2,2024-02-01,10\n"
    )
    refused = reconcile("load", "more.csv")
    assert refused.code == Exit.REFUSED
    assert 'more.csv line 2, date "2024-01-31"; expected: a date after 2024-01-31' in refused.err
    assert reconcile("load", "more.csv", "--dry-run").code == Exit.REFUSED
    assert reconcile("load", "more.csv", "--rejects", "bad.csv").code == Exit.FINDINGS
    assert (club / "bad.csv").read_text().count("L-1") == 1


def test_history_of_names_and_of_one_operation() -> None:
    ok(reconcile("match", "I-1", "P-1"))
    ok(reconcile("hold", "G-1"))
    assert [row["operation"] for row in ok(reconcile("history", "A-1", "-f", "csv")).rows] == ["2", "1"]
    assert [row["operation"] for row in ok(reconcile("history", "payment/P-1", "-f", "csv")).rows] == ["2", "1"]
    assert reconcile("history", "nobody").code == Exit.REFUSED
    shown = ok(reconcile("history", "show", "2", "-f", "json")).json
    assert shown["operation"] == 2
    assert shown["transactions"] == {"added": [], "removed": []}
    assert [link["credit"] for link in shown["allocations"]["made"]] == ["payment/P-1:1"] * len(
        shown["allocations"]["made"]
    )
    assert ok(reconcile("history", "show", "3", "-f", "json")).json["held"] == ["G-1"]
    assert {row["effect"] for row in ok(reconcile("history", "show", "1", "-f", "csv")).rows} == {
        "transaction_added",
        "allocation_made",
    }
    assert max(map(len, ok(reconcile("history", "show", "1")).out.splitlines())) <= 100
    assert reconcile("history", "show", "9").code == Exit.REFUSED
    assert reconcile("history", "A-1", "B-1").code == Exit.USAGE


def test_known_at_an_operation_or_a_time() -> None:
    before = {name: ok(reconcile(*name.split(), "-f", "json")).json for name in ("show A-1", "accounts")}
    ok(reconcile("auto", "--all"))
    for name, then in before.items():
        assert ok(reconcile(*name.split(), "-f", "json")).json != then
        answer = ok(reconcile(*name.split(), "--known-at", "1", "-f", "json"))
        assert answer.json == then
        assert "As it was known after operation 1 (load, " in answer.err
    early = ok(reconcile("accounts", "--known-at", "2001-01-01", "-f", "json"))
    assert early.json == []
    assert "Nothing was known then" in early.err
    late = ok(reconcile("show", "I-1", "--known-at", "2999-01-01T00:00Z", "-f", "json"))
    assert "after operation 2 (auto" in late.err
    assert reconcile("unreconciled", "--known-at", "3").code == Exit.REFUSED
    assert reconcile("unreconciled", "--known-at", "0").code == Exit.REFUSED
    assert reconcile("unreconciled", "--known-at", "yesterday").code == Exit.USAGE
    assert reconcile("show", "nobody", "--known-at", "1").code == Exit.REFUSED


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01", "2026-07-02T03:59:59+00:00"),  # the whole local day
        ("2026-07-01T17:30", "2026-07-01T21:30:59+00:00"),  # the whole minute
        ("2026-07-01 17:30:05", "2026-07-01T21:30:05+00:00"),
        ("2026-07-01T17:30Z", "2026-07-01T17:30:59+00:00"),
        ("2026-07-01t17:30:00+02:00", "2026-07-01T15:30:00+00:00"),
        ("2026-11-01", "2026-11-02T04:59:59+00:00"),  # the day on which the clock goes back
    ],
)
def test_a_time_without_a_zone_is_local(text: str, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Toronto")
    time.tzset()
    try:
        assert end_of(text) == datetime.fromisoformat(moment).astimezone(UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["2026-02-30", "2026-01-01T25:00", "20260101x", "9999-12-31", "2026-W01-1", ""])
def test_what_is_no_time_is_wrong_usage(text: str) -> None:
    with pytest.raises(BadParameter):
        end_of(text)


def test_check_finds_a_hash_that_was_written_down() -> None:
    early = str(ok(reconcile("check", "-f", "json")).json["head"])
    ok(reconcile("hold", "I-1"))
    late = ok(reconcile("check", "-f", "json")).json
    assert late["operations"] == 2
    assert late["head"] != early
    assert (
        "The hash given is that of operation 1; 1 operation came since."
        in ok(reconcile("check", "--against", early)).out
    )
    found = ok(reconcile("check", "--against", late["head"].upper(), "-f", "json")).json
    assert (found["ok"], found["found"]) == (True, 2)
    wrong = reconcile("check", "--against", "0" * 64, "-f", "json")
    assert wrong.code == Exit.FINDINGS
    assert [(finding["rule"], finding["where"]) for finding in wrong.json["findings"]] == [("R26", "0" * 64)]
    assert wrong.json["findings"][0]["action"]
    for argv in (["--against", "abc"], ["--against", early, "--quick"]):
        assert reconcile("check", *argv).code == Exit.USAGE


def _damage(path: Path, *statements: str) -> None:
    """Change rows by hand, as another program can that takes the guards off and puts them back."""
    connection = sqlite3.connect(path)
    guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in (*statements, *(sql for _name, sql in guards)):
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE item SET open_minor = open_minor - 1 WHERE id = (SELECT min(item) FROM v_items WHERE document = 'I-1')",
        "UPDATE pocket SET open_items = open_items + 1 WHERE account_id = (SELECT id FROM account WHERE code = 'A-1')",
    ],
    ids=["an open amount", "a sum"],
)
def test_accounts_and_show_tell_what_was_damaged_by_hand(club: Path, statement: str) -> None:
    _damage(club / "books.db", statement)
    lines = {row["account"]: row["status"] for row in ok(reconcile("accounts", "-f", "csv")).rows}
    assert lines["A-1"] == "error"
    assert list(lines.values()).count("error") == 1
    assert "✗ error" in ok(reconcile("accounts", "a-1")).out
    assert [row["account"] for row in ok(reconcile("accounts", "--status", "error", "-f", "csv")).rows] == ["A-1"]
    assert ok(reconcile("show", "A-1", "-f", "json")).json["status"] == "error"
    assert reconcile("check").code == Exit.FINDINGS


def test_check_finds_what_was_done_under_a_lock_by_hand(club: Path) -> None:
    ok(reconcile("hold", "I-1"))
    ok(reconcile("unmatch", "I-3", "--yes"))
    _damage(club / "books.db", "UPDATE operation SET locked_until = 29991231 WHERE id >= 2")
    found = reconcile("check", "-f", "json").json["findings"]
    told = [(finding["where"], finding["message"]) for finding in found if finding["rule"] == "R25"]
    assert told[0] == ("operation 2", "it moved the lock, which it cannot")
    assert told[1][0] == "operation 3"
    assert "while the books were locked up to 2999-12-31" in told[1][1]
