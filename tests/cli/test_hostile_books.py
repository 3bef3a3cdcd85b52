"""Books that another program filled with what no load lets in: none of it reaches a terminal, by any command."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.errors import Exit
from reconcile_cli.store import guards
from tests.cli.driving import Answer, ok, on_terminal, reconcile

PAYLOAD: Final = (
    "\x1b[31m\x1b]0;title\x07\x1b]8;;http://x\x1b\\\x1bP1$r\x1b\\\x07\x08\r\x00\x7f\x9b31m\x90\x9d\x85"
    "\u202e\u2066\u2069\u200b\u200f\ufeff\u2028\u061c\U000e0041[red][/b][link=file:///etc/passwd]x[/link]:smile:"
)
HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_MARKED: Final = re.compile(r"\[red\]")

# What each command needs to say something; a new one is tried by its name alone until it has lines here.
LINES: Final = {
    "load": [["load", "club.csv"], ["load", "club.csv", "--update-reconciled", "--dry-run"]],
    "show": [["show", "{account}"], ["show", "{account}", "--matches", "--all"], ["show", "{document}", "--matches"]],
    "why": [["why", "{document}"], ["why", "{payment}"]],
    "find": [["find", "Hockey"], ["find", "[red]"]],
    "auto": [["auto", "--all", "--smart", "--dry-run"], ["auto", "--all", "--dry-run"], ["auto", "--all"]],
    "suggest": [["suggest"], ["suggest", "{account}"]],
    "apply": [["apply", "club.csv"]],
    "match": [["match", "{payment}", "{document}"]],
    "unmatch": [["unmatch", "--account", "{account}", "--yes"]],
    "hold": [["hold", "{account}", "--note", PAYLOAD.replace("\x00", "")]],
    "release": [["release", "{account}"]],
    "undo": [["undo", "1", "--yes"], ["undo", "1"]],
    "backup": [["backup", "copy.db"]],
    "lock": [["lock", "2023-01-31"], ["lock"]],
    "unreconciled": [["unreconciled"], ["unreconciled", "--held"]],
}
FORMATS: Final[tuple[list[str], ...]] = ([], ["-f", "json"], ["-f", "csv"])
_WITHOUT_FORMAT: Final = {"export"}


@pytest.fixture
def names(club: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Poison every text of the club's books; give the names that it has now."""
    monkeypatch.chdir(club)
    ok(reconcile("match", "P-1", "I-1:1=10", "--note", "why"))
    ok(reconcile("hold", "C-1"))
    with closing(sqlite3.connect(club / "books.db", isolation_level=None)) as other:
        for guard in guards.GUARDS:
            other.execute(f"DROP TRIGGER {guard}")
        poisoned = sum(_poison(other, table) for table in guards.PROTECTED)
        assert poisoned > 15
        found = {
            "account": other.execute("SELECT code FROM account WHERE id = 1").fetchone()[0],
            "document": other.execute("SELECT document FROM txn WHERE kind = 0 ORDER BY id").fetchone()[0],
            "payment": other.execute("SELECT document FROM txn WHERE kind = 1 ORDER BY id").fetchone()[0],
        }
        guards.put_on(other)
    return found


def _poison(other: sqlite3.Connection, table: str) -> int:
    poisoned = 0
    for _cid, column, kind, *_rest in other.execute(f"PRAGMA table_info({table})").fetchall():
        if kind != "TEXT" or column == "currency":
            continue
        value = PAYLOAD.replace("\x00", "")  # an argument of a command line cannot hold it
        if column in ("arguments", "reason"):
            inside = json.dumps(value)[1:-1]
            sql = f"""UPDATE {table} SET {column} = replace({column}, '": "', '": "' || ?)"""
            other.execute(sql, (inside,))
        else:
            other.execute(f"UPDATE {table} SET {column} = {column} || ?", (value,))
        poisoned += 1
    return poisoned


def _harmless(answer: Answer, what: object) -> None:
    said = answer.out + answer.err
    assert not (found := HARMFUL.search(said)), (what, found, said)
    assert "defect" not in said, (what, answer)
    assert "Traceback" not in said, (what, answer)
    assert answer.code in (Exit.DONE, Exit.REFUSED, Exit.FINDINGS, Exit.UNUSABLE), (what, answer)


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_reaches_the_terminal(command: str, names: dict[str, str]) -> None:
    """A terminal gets none of it in any format; a pipe none in what people read. Data for scripts is as it stands."""
    for line in LINES.get(command, [[command]]):
        for form in [[]] if command in _WITHOUT_FORMAT else FORMATS:
            argv = [*(word.format(**names) if "{" in word else word for word in line), *form]
            _harmless(on_terminal(*argv), (argv, "on a terminal"))
            piped = reconcile(*argv)
            if form == ["-f", "csv"] or command in _WITHOUT_FORMAT:
                assert not HARMFUL.search(piped.err), (argv, piped.err)
            else:
                _harmless(piped, (argv, "on a pipe"))


@pytest.mark.parametrize("command", ["accounts", "show", "unreconciled", "payments", "history"])
def test_markup_is_shown_and_not_obeyed(command: str, names: dict[str, str]) -> None:
    for line in LINES.get(command, [[command]])[:1]:
        argv = [word.format(**names) if "{" in word else word for word in line]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", "400")
            assert _MARKED.search(on_terminal(*argv).out), argv


def test_formulas_in_plain_csv_stay_as_they_are(club: Path) -> None:
    """Scripts read what was loaded; spreadsheets get files of their own."""
    formula = "=HYPERLINK(1+1)"
    rows = f"account,account_name,kind,document,date,amount,description\n@A,+x,invoice,-I,2024-01-01,1.00,{formula}\n"
    db = str(club / "formulas.db")
    ok(reconcile("load", "-", "--db", db, stdin=rows))
    (row,) = ok(reconcile("export", "--db", db)).rows
    assert (row["account"], row["account_name"], row["document"], row["description"]) == ("@A", "+x", "-I", formula)
    assert ok(reconcile("accounts", "-f", "csv", "--db", db)).rows[0]["account"] == "@A"
