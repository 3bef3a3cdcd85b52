"""The commands that keep the books: history, lock, --known-at, --by; through the whole command line."""

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
