"""On a terminal: it asks, long lists stop, symbols are explained; the window and the colour wishes are respected."""

import re
from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import ok, on_terminal, reconcile

pytestmark = pytest.mark.usefixtures("club")

ESCAPE = "\x1b["
MANY = "account,account_name,kind,document,date,amount\n" + "".join(
    f"L-{number:03},Many,invoice,L{number:03},2024-02-01,1.00\n" for number in range(230)
)


@pytest.mark.parametrize(
    ("argv", "typed", "code", "gone"),
    [
        (["unmatch", "--account", "C-1"], "y\n", Exit.DONE, True),
        (["unmatch", "--account", "C-1"], "n\n", Exit.DONE, False),
        (["unmatch", "--account", "C-1"], "\n", Exit.DONE, False),
        (["unmatch", "--account", "C-1"], "\x04", Exit.DONE, False),
        (["unmatch", "--account", "C-1", "--yes"], "", Exit.DONE, True),
        (["unmatch", "--account", "B-1"], "", Exit.DONE, True),
        (["undo"], "yes\n", Exit.DONE, True),
    ],
)
def test_it_asks_where_more_than_one_allocation_goes(argv: list[str], typed: str, code: int, *, gone: bool) -> None:
    before = ok(reconcile("export")).out
    answer = on_terminal(*argv, typed=typed)
    assert ("Go on? [y/N]" in answer.out) is bool(typed)
    assert (ok(reconcile("export")).out != before) is gone
    assert answer.code == code or not gone


def test_a_no_is_said() -> None:
    answer = on_terminal("undo", typed="n\n")
    assert "Take it back" not in answer.out
    assert "othing" in answer.out.partition("[y/N]")[2]


@pytest.mark.parametrize("argv", [["undo"], ["unmatch", "--account", "C-1"]])
def test_without_a_terminal_and_without_yes_it_refuses(argv: list[str]) -> None:
    answer = reconcile(*argv, stdin="y\n")
    assert answer.code == Exit.REFUSED
    assert "--yes" in answer.err
    assert "Go on?" not in answer.out + answer.err


@pytest.mark.parametrize(
    "argv", [["accounts"], ["unreconciled"], ["find", "L"], ["auto", "--all"], ["auto", "--all", "--dry-run"]]
)
def test_a_long_list_stops_at_200_rows_and_says_how_to_see_the_rest(argv: list[str]) -> None:
    ok(reconcile("load", "-", stdin=MANY + MANY.partition("\n")[2].replace("invoice,L", "payment,LP")))
    answer = on_terminal(*argv)
    assert answer.code == Exit.DONE
    assert len(set(re.findall(r"\bL-\d{3}\b", answer.out))) <= 200
    assert "--limit 0" in answer.out


@pytest.mark.parametrize("argv", [["accounts"], ["unreconciled"], ["find", "L"]])
def test_a_pipe_gets_all_and_so_does_limit_0(argv: list[str]) -> None:
    ok(reconcile("load", "-", stdin=MANY))
    for answer in (reconcile(*argv), on_terminal(*argv, "--limit", "0")):
        assert len(set(re.findall(r"\bL-\d{3}\b", answer.out))) == 230
        assert "--limit" not in answer.out
    assert len(on_terminal(*argv, "-f", "csv").out.splitlines()) >= 231
    assert len(ok(reconcile(*argv, "--limit", "7", "-f", "csv")).rows) == 7


@pytest.mark.parametrize("argv", [["accounts"], ["show", "C-1"], ["show", "C-1", "--matches"], ["unreconciled"]])
def test_a_line_under_each_table_explains_its_symbols_on_a_terminal_alone(argv: list[str]) -> None:
    meanings = ("nothing is allocated", "every cent is allocated", "planned payments will pay it")
    assert any(meaning in " ".join(on_terminal(*argv).out.split()) for meaning in meanings)
    assert not any(meaning in " ".join(reconcile(*argv).out.split()) for meaning in meanings)


def test_a_symbol_never_stands_without_its_word() -> None:
    words = {"✓": "reconciled", "☑": "covered", "⚠": "unreconciled", "◐": "partial", "✗": "error"}
    for argv in (["accounts"], ["show", "C-1"], ["show", "C-1", "--matches"], ["unreconciled"], ["find", ""]):
        for symbol, rest in re.findall("([✓☑⚠◐✗])(.*)", on_terminal(*argv).out):
            assert rest.lstrip().startswith(words[symbol]), (argv, symbol, rest)


class TestColour:
    @pytest.mark.parametrize(
        ("environment", "options", "coloured"),
        [
            ({}, [], True),
            ({"NO_COLOR": "1"}, [], False),
            ({"NO_COLOR": "1"}, ["--color", "always"], True),
            ({"TERM": "dumb"}, [], False),
            ({"FORCE_COLOR": "1"}, [], True),
            ({}, ["--color", "never"], False),
            ({}, ["-f", "csv"], False),
            ({}, ["-f", "json"], False),
        ],
    )
    @pytest.mark.parametrize("argv", [["accounts"], ["show", "C-1"], ["show", "C-1", "--matches"], ["check"]])
    def test_on_a_terminal(
        self,
        *,
        argv: list[str],
        environment: dict[str, str],
        options: list[str],
        coloured: bool,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv("NO_COLOR")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert (ESCAPE in on_terminal(*argv, *options).out) is coloured

    def test_in_a_pipe_on_demand_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NO_COLOR")
        assert ESCAPE not in ok(reconcile("accounts")).out
        assert ESCAPE in ok(reconcile("accounts", "--color", "always")).out
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert ESCAPE in ok(reconcile("accounts")).out
        assert ESCAPE not in ok(reconcile("accounts", "-f", "csv")).out
        assert ESCAPE not in ok(reconcile("accounts", "-f", "json")).out
        assert ESCAPE not in reconcile("show", "Z-9").err


class TestWindow:
    """Nothing is wider than the window, and no amount is cut."""

    @pytest.mark.parametrize("columns", [20, 40, 80, 160])
    @pytest.mark.parametrize(
        "argv",
        [
            ["accounts"],
            ["show", "A-1"],
            ["show", "C-1", "--matches"],
            ["unreconciled"],
            ["payments"],
            ["history"],
            ["info"],
        ],
    )
    def test_fits(self, argv: list[str], columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        if columns >= 40:
            assert max(map(len, on_terminal(*argv).out.splitlines())) <= columns
        else:
            assert on_terminal(*argv).code == Exit.DONE

    def test_amounts_are_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        for argv, amounts in (
            (["show", "A-1"], ("100.00", "70.00", "20.00")),
            (["accounts"], ("10.00", "1,000", "12.345")),
            (["unreconciled"], ("60.00", "40.00", "1,000", "12.345")),
        ):
            assert all(amount in on_terminal(*argv).out for amount in amounts), argv

    @pytest.mark.parametrize("columns", ["0", "-1", "x", "", "99999999999999999999"])
    def test_a_width_that_is_none_is_no_defect(self, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        for argv in (["accounts"], ["show", "C-1", "--matches"], ["accounts", "--help"], ["--help"]):
            assert on_terminal(*argv).code == Exit.DONE
            assert "defect" not in reconcile(*argv).err


def test_ascii_has_no_other_character(club: Path) -> None:
    for argv in (
        ["accounts"],
        ["show", "C-1"],
        ["show", "C-1", "--matches"],
        ["unreconciled"],
        ["find", "I"],
        ["info"],
    ):
        assert on_terminal(*argv, "--ascii").out.isascii(), argv
    assert reconcile("show", "é", "--ascii").err.isascii()
    assert club.exists()
