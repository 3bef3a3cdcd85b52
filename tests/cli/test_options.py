"""What the options of the commands take, and what the session reads of its surroundings."""

import io
import json
import sys
from datetime import date
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from reconcile_cli.cli.app import COMMANDS, app, run
from reconcile_cli.cli.context import Colour, NeedsYes, Session
from reconcile_cli.cli.options import Day, complete, parse_day
from reconcile_cli.cli.reading_options import mapped
from reconcile_cli.domain.records import Total
from reconcile_cli.domain.results import Removal
from reconcile_cli.errors import Exit
from reconcile_cli.render.look import Format

BOOK = """\
account,account_name,kind,document,date,amount
A-1,Léa Tremblay,invoice,I-1,2026-01-05,100.00
A-1,Léa Tremblay,payment,P-1,2026-01-06,60.00
"""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with an invoice and a payment, named by RECONCILE_DB."""
    file = tmp_path / "books.csv"
    file.write_text(BOOK, encoding="utf-8")
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "r.db"))
    assert CliRunner().invoke(app, ["load", str(file)]).exit_code == Exit.DONE
    return tmp_path


@pytest.mark.parametrize(
    "text",
    ["20260131", "2026-1-31", "31/01/2026", "2026-02-30", "2026-W05-6", "２０２６-01-31", "0999-01-01", "", "today"],
)
def test_a_date_is_iso_or_wrong_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="write it as 2026-01-31"):
        parse_day(text)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_iso_date_is_read(day: date) -> None:
    assert parse_day(day.isoformat()) == day.year * 10_000 + day.month * 100 + day.day


def test_a_wrong_date_is_exit_2_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "A", "--from", "31/01/2026"]) == Exit.USAGE
    assert "31/01/2026 is not a date: write it as 2026-01-31" in capsys.readouterr().err


def test_map_reads_field_and_header() -> None:
    assert mapped(["account=Client no", "amount=a=b", "order="]) == {
        "account": "Client no",
        "amount": "a=b",
        "order": "",
    }
    with pytest.raises(typer.BadParameter, match="not FIELD=HEADER"):
        mapped(["account"])


def test_the_list_of_commands_imports_none_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    for name in [name for name in sys.modules if name.startswith("reconcile_cli.cli.commands.")]:
        del sys.modules[name]
    assert run(["--help"]) == Exit.DONE
    listed = capsys.readouterr().out
    assert all(f"  {name}" in listed for name in COMMANDS)
    assert not [name for name in sys.modules if name.startswith("reconcile_cli.cli.commands.")]
    assert run(["info", "--help"]) == Exit.DONE
    assert [name for name in sys.modules if name.startswith("reconcile_cli.cli.commands.")] == [
        "reconcile_cli.cli.commands.info"
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == Exit.DONE
    assert "Usage: reconcile " + name in capsys.readouterr().out


def test_no_database_is_said_and_made_by_load_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.db"
    for words in (["accounts"], ["auto", "--all"], ["undo", "--yes"], ["check"]):
        assert run([*words, "--db", str(path)]) == Exit.REFUSED
        assert "reconcile load FILE" in capsys.readouterr().err
    assert not path.exists()


def test_the_format_comes_from_the_environment_too(books: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILE_FORMAT", "json")
    assert json.loads(CliRunner().invoke(app, ["accounts"]).stdout)[0]["balance"] == "40.00"
    assert CliRunner().invoke(app, ["accounts", "-f", "csv"]).stdout.startswith("account,")
    assert books.exists()


def test_a_change_keeps_its_data_on_stdout_and_its_words_on_stderr(books: Path) -> None:
    done = CliRunner().invoke(app, ["auto", "--all", "-f", "json"])
    assert json.loads(done.stdout)["totals"] == [{"currency": "CAD", "count": 1, "amount": "60.00"}]
    assert "Reconciled 60.00 CAD in 1 allocation." in done.stderr
    assert "Take it back: reconcile undo 2" in done.stderr
    assert books.exists()


def test_exit_code_tells_whether_anything_is_open(books: Path) -> None:
    assert CliRunner().invoke(app, ["unreconciled"]).exit_code == Exit.DONE
    assert CliRunner().invoke(app, ["unreconciled", "--exit-code"]).exit_code == Exit.FINDINGS
    assert CliRunner().invoke(app, ["unreconciled", "--exit-code", "--held"]).exit_code == Exit.DONE
    assert books.exists()


def test_auto_needs_accounts_or_all_and_not_both() -> None:
    assert run(["auto"]) == Exit.USAGE
    assert run(["auto", "A", "--all"]) == Exit.USAGE


@pytest.mark.parametrize(
    "words",
    [
        ["--stages", "amount,oldest"],
        ["--stages", "amount,amount"],
        ["--stages", ""],
        ["--stages", "amount", "--smart"],
        ["--then-date"],
        ["--stages", "sum", "--days", "3"],
        ["--smart", "--days", "-1"],
    ],
    ids=" ".join,
)
def test_auto_refuses_stages_that_mean_nothing(words: list[str]) -> None:
    assert run(["auto", "--all", *words]) == Exit.USAGE
    assert run(["unmatch"]) == Exit.USAGE


def test_completion_is_silent_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database")
    for path in (tmp_path / "none.db", broken, tmp_path):
        monkeypatch.setenv("RECONCILE_DB", str(path))
        assert complete("account", "A") == []
        assert complete("item", "") == []


def test_completion_offers_accounts_with_their_names(books: Path) -> None:
    assert complete("account", "A") == [("A-1", "Léa Tremblay")]
    assert books.exists()


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class _Latin(_Terminal):
    encoding = "cp1252"


def _confirm(*, yes: bool, count: int, always: bool = False) -> bool:
    removal = Removal("all of A-1", count, [Total("CAD", count, 12_345)])
    return Session().confirm(yes=yes, always=always)(removal)


class TestAsking:
    """It asks only on a terminal, --yes answers, else it refuses (design, section 5)."""

    def test_without_a_terminal_it_refuses_and_names_yes(self) -> None:
        with pytest.raises(NeedsYes, match=r"2 allocations \(123.45 CAD\) would be removed.*--yes"):
            _confirm(yes=False, count=2)

    def test_yes_answers_and_a_single_allocation_is_not_asked_for(self) -> None:
        assert _confirm(yes=True, count=2)
        assert _confirm(yes=False, count=1)

    def test_undo_always_asks(self) -> None:
        with pytest.raises(NeedsYes):
            _confirm(yes=False, count=1, always=True)

    @pytest.mark.parametrize(
        ("answer", "expected"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)]
    )
    def test_on_a_terminal_only_yes_is_yes(
        self, *, answer: str, expected: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdin", _Terminal(answer))
        monkeypatch.setattr(sys, "stderr", _Terminal())
        assert _confirm(yes=False, count=2) is expected


class TestLooks:
    """NO_COLOR, FORCE_COLOR, TERM=dumb, COLUMNS and what a stream can encode are respected."""

    @pytest.mark.parametrize(
        ("environment", "option", "coloured"),
        [
            ({}, Colour.AUTO, True),
            ({"NO_COLOR": "1"}, Colour.AUTO, False),
            ({"NO_COLOR": ""}, Colour.AUTO, True),
            ({"NO_COLOR": "1"}, Colour.ALWAYS, True),
            ({"TERM": "dumb"}, Colour.AUTO, False),
            ({"TERM": "dumb", "FORCE_COLOR": "1"}, Colour.AUTO, True),
            ({}, Colour.NEVER, False),
        ],
    )
    def test_colour(
        self, *, environment: dict[str, str], option: Colour, coloured: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TERM", "xterm")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdout", _Terminal())
        assert Session(colour=option).target().look.colour is coloured

    def test_a_pipe_has_no_colour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NO_COLOR")
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        assert not Session().target().look.colour

    def test_ascii_where_the_stream_cannot_encode_the_symbols(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdout", _Latin())
        assert Session().target().look.ascii
        monkeypatch.setattr(sys, "stdout", _Terminal())
        assert not Session().target().look.ascii
        assert Session(ascii=True).target().look.ascii

    def test_the_width_is_that_of_columns(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        assert Session().target().look.width == 40

    def test_data_is_utf8_with_line_feeds_in_every_locale(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", newline="\r\n"))
        target = Session().target(Format.CSV)
        target.stream.write("é\n")
        target.stream.flush()
        assert raw.getvalue() == "é\n".encode()


def test_days_are_plain_integers() -> None:
    assert parse_day("2026-01-31") == 20260131
    assert isinstance(parse_day("2026-01-31"), Day)
