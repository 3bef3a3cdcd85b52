"""Every command in the poorest surroundings: 40 columns, no terminal, the locale C without Python's UTF-8."""

import re
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.cli.commands import report
from tests.cli.driving import CLUB, ok, on_terminal, program
from tests.cli.test_surroundings import C

NARROW: Final = 40
LINES: Final = {
    "load": ["load", "club.csv", "--dry-run"],
    "profile": ["profile"],
    "show": ["show", "A-1"],
    "why": ["why", "I-1"],
    "find": ["find", "I-"],
    "auto": ["auto", "--all", "--dry-run"],
    "suggest": ["suggest", "A-1"],
    "apply": ["apply", "plan.csv"],
    "match": ["match", "P-1", "I-1"],
    "unmatch": ["unmatch", "I-2"],
    "hold": ["hold", "I-1"],
    "release": ["release", "I-1"],
    "statement": ["statement", "A-1"],
    "undo": ["undo", "--yes"],
    "backup": ["backup", "copy.db"],
    "demo": ["demo", "here"],
    **{f"report {name}": ["report", name] for name in report.MEMBERS},
}
NAMES: Final = [*(name for name in COMMANDS if name != "report"), *(name for name in LINES if " " in name)]
CHANGING: Final = {"apply", "match", "unmatch", "hold", "release", "undo", "backup", "demo"}
DATA: Final = {"export"}
"""What is no table, and is cut and spelled nowhere."""


@pytest.fixture(autouse=True)
def _at_home(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(club)
    (club / "plan.csv").write_text(
        "account,currency,credit,debit,amount\nA-1,CAD,payment/P-1:1,invoice/I-1:1,10.00\n", encoding="utf-8"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_poor_pipe_gets_ascii(name: str) -> None:
    poor = C | {"COLUMNS": str(NARROW), "TERM": "dumb"}
    answer = ok(program(*LINES.get(name, [name]), env=poor, stdin=CLUB.encode()))
    assert answer.out + answer.err
    assert answer.err.isascii()
    assert answer.out.isascii() or name in DATA


@pytest.mark.parametrize("name", [name for name in NAMES if name not in DATA | CHANGING])
def test_a_narrow_window_holds_every_line_but_those_to_copy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(NARROW))
    lines = ok(on_terminal(*LINES.get(name, [name]))).out.splitlines()
    assert [line for line in lines if len(line) > NARROW and not _to_copy(line)] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in DATA | CHANGING])
def test_a_narrow_window_cuts_no_amount(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for columns in (200, NARROW):
        monkeypatch.setenv("COLUMNS", str(columns))
        shown.append(set(re.findall(r"-?\d[\d,]*\.\d\d\d?\b", ok(on_terminal(*LINES.get(name, [name]))).out)))
    assert shown[1] <= shown[0]  # narrow columns give way whole, the least needed first


def _to_copy(line: str) -> bool:
    """Whether a line is said whole since it is to be copied: a command, or the name of a file."""
    return "reconcile " in line or "/" in line
