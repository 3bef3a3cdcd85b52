"""What is configured holds where the command line, a variable and a profile say nothing (design, section 5)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from platformdirs import user_config_path

from reconcile_cli.cli import configuration
from tests.cli.driving import ok, program, reconcile

ROW = "account,kind,document,date,amount\nA-1,invoice,I-9,05/02/2024,10\n"

pytestmark = pytest.mark.usefixtures("club", "file")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    configuration.settings.cache_clear()
    yield tmp_path / "config" / "reconcile" / "config.toml"
    configuration.settings.cache_clear()


def test_nothing_is_configured_at_first(file: Path) -> None:
    assert {line["value"] for line in ok(reconcile("config", "-f", "json")).json} == {None}
    assert ok(reconcile("config", "path")).out == f"{file}\n"
    assert not file.exists()


@pytest.mark.parametrize("named", ["", None, "here"], ids=["empty", "not-set", "relative"])
def test_the_folder_is_that_of_the_system_whatever_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME")
    expected = user_config_path("reconcile", appauthor=False)
    if named is not None:
        monkeypatch.setenv("XDG_CONFIG_HOME", named)
    assert configuration.folder() == expected


def test_a_format_holds_for_lists_reports_and_changes_until_something_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ok(reconcile("config", "set", "format", "json"))
    for line in (["accounts"], ["report", "sales"], ["auto", "--all", "--dry-run"]):
        assert ok(reconcile(*line)).json
    monkeypatch.setenv("RECONCILE_FORMAT", "csv")
    assert ok(reconcile("accounts")).out.startswith("account,")
    assert ok(reconcile("accounts", "-f", "json")).json
    monkeypatch.delenv("RECONCILE_FORMAT")
    ok(reconcile("config", "set", "format"))
    assert "Balance" in ok(reconcile("accounts")).out


def test_the_order_of_dates_and_the_currency_come_after_those_of_a_profile(tmp_path: Path) -> None:
    ok(reconcile("config", "set", "date_order", "dmy"))
    ok(reconcile("config", "set", "currency", "eur"))
    ok(reconcile("load", "-", stdin=ROW))
    assert [line["date"] for line in ok(reconcile("show", "I-9", "-f", "json")).json["transactions"]] == ["2024-02-05"]
    profile = tmp_path / "us.toml"
    profile.write_text('date_order = "mdy"\ncurrency = "USD"\n', encoding="utf-8")
    ok(reconcile("load", "-", "--profile", str(profile), stdin=ROW.replace("I-9", "I-10")))
    found = ok(reconcile("show", "I-10", "-f", "json")).json["transactions"]
    assert [(line["date"], line["currency"]) for line in found] == [("2024-05-02", "USD")]
    assert {line["currency"] for line in ok(reconcile("show", "I-9", "-f", "json")).json["transactions"]} == {"EUR"}


def test_buckets_and_the_alphabet() -> None:
    ok(reconcile("config", "set", "buckets", "15,45"))
    ok(reconcile("config", "set", "ascii", "true"))
    told = ok(reconcile("report", "aging")).out
    assert "16-45" in told
    assert told.isascii()
    assert "31-60" in ok(reconcile("report", "aging", "--buckets", "30,60")).out


def test_a_language_holds_until_a_variable_or_an_option_says_otherwise(file: Path) -> None:
    ok(reconcile("config", "set", "language", "fr"))
    kept = {"XDG_CONFIG_HOME": str(file.parents[1]), "RECONCILE_DB": os.environ["RECONCILE_DB"]}
    assert "Solde" in program("accounts", env=kept).out
    assert "Balance" in program("accounts", env=kept | {"RECONCILE_LANG": "en"}).out
    assert "Balance" in program("accounts", "--lang", "en", env=kept).out


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("colour = 1", "colour; expected: one of currency, language"),
        ("ascii = 7", "ascii; expected: true or false"),
        ("format = []", "format; expected: one of table, csv"),
        ('buckets = "9,1"', "buckets; expected: give up to 8 numbers"),
        ("=", "config.toml; expected: not TOML"),
    ],
)
def test_a_file_that_means_nothing_stops_every_command_but_says_where_it_is(file: Path, said: str, told: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(said, encoding="utf-8")
    answer = reconcile("accounts")
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert ok(reconcile("config", "path")).out == f"{file}\n"


@pytest.mark.parametrize("line", [["path", "format"], ["set"], ["set", "nothing", "1"], ["set", "currency", "ZZZ"]])
def test_what_cannot_be_kept_is_refused(file: Path, line: list[str]) -> None:
    answer = reconcile("config", *line)
    assert (answer.code, answer.out) == (2, "")
    assert not file.exists()
